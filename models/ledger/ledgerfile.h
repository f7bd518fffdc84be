#pragma once

#include "models/ledger/proof.h"

#include <functional>
#include <optional>
#include <string>

/// A whole ledger as one file (FORMAT.md, "Ledger file"): evidence, entries, checkpoints, and how many of each. Written
/// and read as a stream, so that its size is nobody's memory.
namespace countersign::ledger {

inline constexpr std::string_view kLedgerFileBeginning = "CSGLEDGER1\n";

/// Writes the parts in the order of the format: evidence by ascending digest, entries from 0, checkpoints by ascending
/// size, the end. Conflict: a part comes out of that order.
class LedgerFileWriter
{
public:
    using Sink = std::function<Status(BytesView)>;
    explicit LedgerFileWriter(Sink sink)
        : m_sink(std::move(sink))
    {
    }

    Status addEvidence(const Digest &digest, std::string_view media, BytesView bytes);
    Status addEntry(BytesView entry);
    Status addCheckpoint(std::uint64_t size, std::string_view note);
    Status finish();

private:
    Status begin(char part);
    Status write(char part, BytesView head, BytesView bytes);

    Sink m_sink;
    char m_part = 0; // the kind of part that was written last
    std::optional<Digest> m_digest;
    std::optional<std::uint64_t> m_size;
    std::uint64_t m_evidence = 0;
    std::uint64_t m_entries = 0;
    std::uint64_t m_checkpoints = 0;
};

/// One part of a ledger file.
struct LedgerFilePart {
    enum class Kind { Evidence, Entry, Checkpoint, End };
    Kind kind = Kind::End;
    Bytes bytes;       ///< of the evidence, the entry or the note
    std::string media; ///< evidence only
    Digest digest;     ///< evidence only: of `bytes`, as they are
};

/// Reads a ledger file part by part. Strict: what is out of order, too long, cut off, or followed by anything is
/// Invalid.
class LedgerFileReader
{
public:
    /// Gives at most `most` bytes; fewer, or none, at the end only.
    using Source = std::function<Result<Bytes>(std::size_t most)>;
    explicit LedgerFileReader(Source source)
        : m_source(std::move(source))
    {
    }

    /// The next part; after End there is none.
    Result<LedgerFilePart> next();

private:
    Result<Bytes> take(std::uint64_t size);
    Result<LedgerFilePart> readPart(char part, Bytes bytes);
    Status mustEnd();

    Source m_source;
    char m_part = 0;
    std::optional<Digest> m_digest;
    std::uint64_t m_counts[3]{};
};

/// Judges a ledger file as the replay of the log would, every entry with its verdict, and its checkpoints. `kept`:
/// checkpoints that somebody kept elsewhere, which the ledger must contain. `believed`: the key that must have signed
/// all of them, and those in the file, of which there must be one then.
ProofReport verifyLedgerFile(LedgerFileReader &reader, std::span<const std::string> kept = {},
                             const std::optional<NoteKey> &believed = {});

} // namespace countersign::ledger
