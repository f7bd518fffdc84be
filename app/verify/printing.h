#pragma once

#include "models/ledger/filereport.h"

#include <span>
#include <string>

namespace countersign::verify {

/// What people read: per file a line for everything that holds and everything that does not, and the result in a sentence.
/// No character of a file reaches the terminal unescaped that could steer it.
std::string sentences(std::span<const ledger::FileReport> reports);
/// What programs read: one line of canonical JSON.
std::string jsonText(std::span<const ledger::FileReport> reports);

} // namespace countersign::verify
