#pragma once

#include "app/verify/options.h"
#include "models/ledger/proof.h"

#include <string>
#include <vector>

namespace countersign::verify {

enum class FileKind { Report, Bundle, Ledger, Checkpoint, Unknown };
std::string_view fileKindWord(FileKind kind); ///< "report", "bundle" …

/// How one file fared.
struct FileReport {
    std::string file;  ///< as named on the command line
    FileKind kind = FileKind::Unknown;
    std::string unreadable; ///< a sentence; empty when the file could be checked
    ledger::ProofReport proof;

    bool isReadable() const { return unreadable.empty(); }
    bool isValid() const { return isReadable() && proof.worst >= ledger::EntryState::Flagged; }
};

FileReport checkFile(const std::string &file, const Options &options);
/// The same for bytes at hand.
FileReport checkBytes(const std::string &file, BytesView bytes, const Options &options);

} // namespace countersign::verify
