#pragma once

#include "models/ledger/checkpoint.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace countersign::verify {

/// What the command line asks for.
struct Options {
    std::vector<std::string> files;
    std::optional<ledger::NoteKey> key;    ///< --key: whose checkpoints are believed
    std::optional<LedgerId> ledger;        ///< --ledger: the only ledger that is accepted
    std::vector<std::string> checkpoints;  ///< --checkpoint: files with checkpoints that were kept elsewhere
    bool isJson = false;
    bool wantsHelp = false;
    bool wantsVersion = false;
};

/// Reads the arguments after the program's name, GNU style. Invalid says what is wrong with them.
Result<Options> parseOptions(std::span<const std::string> arguments);
std::string helpText();

} // namespace countersign::verify
