#pragma once

#include "models/ledger/filereport.h"

#include <span>
#include <string>
#include <vector>

namespace countersign::verify {

/// What the command line asks for.
struct Options {
    std::vector<std::string> files;
    ledger::FileWishes wishes; ///< --key, --ledger, --checkpoint
    bool isJson = false;
    bool wantsHelp = false;
    bool wantsVersion = false;
};

/// Reads the arguments after the program's name, GNU style. Invalid says what is wrong with them.
Result<Options> parseOptions(std::span<const std::string> arguments);
std::string helpText();

} // namespace countersign::verify
