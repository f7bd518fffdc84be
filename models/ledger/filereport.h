#pragma once

#include "models/ledger/checkpoint.h"
#include "models/ledger/proof.h"

#include <optional>
#include <string>
#include <vector>

/// One file from somebody else, judged alone: a report, a proof bundle, a whole ledger, or a checkpoint. countersign-verify and the window say the same.
namespace countersign::ledger {

enum class FileKind { Report, Bundle, Ledger, Checkpoint, Unknown };
std::string_view fileKindWord(FileKind kind); ///< "report", "bundle" …

/// What else whoever asks knows, and wants a file to agree with.
struct FileWishes {
    std::optional<NoteKey> key;           ///< whose checkpoints are believed
    std::optional<LedgerId> ledger;       ///< the only ledger that is accepted
    std::vector<std::string> checkpoints; ///< files with checkpoints that were kept elsewhere
};

/// How one file fared.
struct FileReport {
    std::string file; ///< as it was named
    FileKind kind = FileKind::Unknown;
    std::string unreadable; ///< a sentence; empty when the file could be checked
    ProofReport proof;

    bool isReadable() const { return unreadable.empty(); }
    bool isValid() const { return isReadable() && proof.worst >= EntryState::Flagged; }
};

/// Reads a ledger as a stream; of the other kinds at most 512 MiB. Any thread.
FileReport checkFile(const std::string &file, const FileWishes &wishes = {});
/// The same for bytes at hand, which are no ledger.
FileReport checkBytes(const std::string &file, BytesView bytes, const FileWishes &wishes = {});

/// In a sentence, what a valid file of that kind is.
std::string_view validSentence(FileKind kind);
/// What even a valid file does not prove, as the rest of "It does not show …"; nothing of one that is not valid.
std::vector<std::string> notShownBy(const FileReport &report);

} // namespace countersign::ledger
