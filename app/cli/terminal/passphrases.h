#pragma once

#include "app/cli/terminal/terminal.h"

#include <optional>
#include <string>

/// Where secrets come from: a file or the terminal, never an argument, which histories and other users would see.
namespace countersign::cli {

/// The first line of a file; "-" is standard input. Warns when others may read the file. Io, NotFound; Invalid: an empty line.
Result<crypto::Secret> secretFromFile(const std::string &file, Terminal &terminal);

/// The file's when there is one, otherwise typed. Denied, with the option to give: there is neither.
Result<crypto::Secret> secretFrom(const std::optional<std::string> &file, const std::string &option, const std::string &question, Terminal &terminal);

/// A new passphrase, typed twice. Invalid: the two differ, or it has fewer than eight characters.
Result<crypto::Secret> newSecretFrom(const std::optional<std::string> &file, const std::string &option, const std::string &whose, Terminal &terminal);

} // namespace countersign::cli
