#pragma once

#include "models/services/workspace/session.h"

/// A file beside which lies what a killed program had not finished (database::OpenOptions::mayUndo).
namespace countersign::services {

/// Says whether the workspace at this place may become what undoing makes of it: the same ledger as before, whole, and
/// no less than this computer remembers. Of a journal that was copied away on this very day and put back before anybody
/// here had seen more, nobody can tell.
std::function<Status(database::Connection &undone, database::Connection *found)>
undoneJudge(const Environment &environment, const database::Location &location);

} // namespace countersign::services
