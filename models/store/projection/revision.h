#pragma once

#include "models/database/connection.h"

namespace countersign::store {

/// Which projector made the tables that panes read. Raised with every change of the projector that makes it say something else of the same
/// ledger (a column, a sentence): workspaces of an earlier program are then projected anew at their next opening, and verification
/// never takes an old program's words for a change behind the program's back.
inline constexpr int kProjectionRevision = 3;

/// Of the tables as they are; 0: made before revisions were told.
Result<int> projectionRevision(database::Connection &connection);

/// Says that the tables are this program's, or will be: they are empty.
Status setProjectionRevision(database::Connection &connection);

/// Empties every projection, inside a transaction that keeps other writers out until it ends. On PostgreSQL as the owner of the schema.
Status clearProjections(database::Connection &connection);
/// Says so, and guards the tables again as they were.
Status finishProjections(database::Connection &connection);

} // namespace countersign::store
