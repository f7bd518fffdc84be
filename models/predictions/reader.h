#pragma once

#include "models/base/progress.h"
#include "models/predictions/log.h"

#include <functional>
#include <memory>

namespace countersign::predictions {

struct ReadOptions {
    unsigned threads = 0;              ///< 0: one a core
    std::size_t keepRejected = 100;    ///< rejected rows kept in full
    std::uint64_t memoryLimit = 0;     ///< bytes of columns that read() may hold; 0: half of the machine's memory
    Progress progress;                 ///< in bytes as stored, "reading the log"
};

/// Called on the reading threads, one call at a time per thread, with rows in that thread's codes. False stops the reading as if
/// it was cancelled.
using ChunkSink = std::function<bool(unsigned thread, Chunk chunk)>;

/// What threads called by codes of their own, under one code each; as in PredictionLog.
struct MergedDictionaries {
    std::vector<std::vector<std::string>> dictionaries;
    std::vector<std::vector<std::vector<std::uint32_t>>> localToGlobal; ///< [thread][dictionary][code]
};

/// What stream() leaves behind when the chunks are gone.
struct StreamedLog {
    LogFacts facts;
    MergedDictionaries texts;
};

/// Opens a log, shows how it looks, and reads it with the mapping that somebody confirmed. A log can be read once.
/// Rows that can't be taken are counted and the first ones kept; they never stop the reading.
class LogReader
{
public:
    /// Looks at the first 256 KiB of text. What lookAt() and ByteSource refuse.
    static Result<LogReader> open(ByteSource source, const DialectChoice &choice = {}, const Progress &progress = {});
    static Result<LogReader> open(const std::filesystem::path &path, const DialectChoice &choice = {}, const Progress &progress = {});

    LogReader(LogReader &&) noexcept;
    LogReader &operator=(LogReader &&) noexcept;
    ~LogReader();

    /// Columns, dialect and first rows.
    const Sample &sample() const;
    Encoding encoding() const;
    Compression compression() const;
    const std::string &name() const;
    /// Columns of a Parquet file that are lists or structures: not in the sample, and no mapping can name them.
    const std::vector<std::string> &columnsLeftOut() const;

    /// The whole log in memory. Invalid: mapping and header don't fit; more memory needed than allowed. Io, Cancelled.
    Result<PredictionLog> read(const Mapping &mapping, const ReadOptions &options = {});
    /// The log chunk by chunk, in no particular order, in bounded memory. `schema` of the chunks: schemaOf().
    Result<StreamedLog> stream(const Mapping &mapping, const ChunkSink &sink, const ReadOptions &options = {});
    /// How chunks read with this mapping are laid out.
    Result<Schema> schemaOf(const Mapping &mapping) const;

private:
    struct Private;
    explicit LogReader(std::unique_ptr<Private> data);
    std::unique_ptr<Private> d;
};

/// Opens and reads in one go, with the dialect that the mapping says.
Result<PredictionLog> readLog(const std::filesystem::path &path, const Mapping &mapping, const ReadOptions &options = {});

/// How many threads `wanted` means: itself, or the machine's cores for 0; 1 to 64.
unsigned threadCount(unsigned wanted);
/// How many bytes of columns `wanted` means: itself, or half of the machine's memory for 0.
std::uint64_t memoryLimit(std::uint64_t wanted);

} // namespace countersign::predictions
