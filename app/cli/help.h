#pragma once

#include "app/cli/verb.h"

#include <string>

namespace countersign::cli {

/// The help of the whole program (empty path), of a group ("import") or of one command, all made from the table.
std::string helpText(const std::string &path);
/// "countersign-cli import undo ID [--reason TEXT] [OPTION]…"
std::string usageLine(const Verb &verb);

} // namespace countersign::cli
