#include "models/crypto/sha256.h"
#include "models/predictions/mapping/guess.h"
#include "tests/fuzz/memoryfile.h"
#include "tests/fuzz/targets.h"

#include <atomic>

namespace fuzz {

using namespace countersign;
using namespace countersign::predictions;

namespace {

Result<PredictionLog> readBy(unsigned threads, const Mapping &mapping, const std::uint8_t *data, std::size_t size)
{
    auto reader = openLog(data, size);
    PROMISE(reader.ok()); // it was opened before
    ReadOptions options;
    options.threads = threads;
    options.memoryLimit = 1U << 30;
    return reader->read(mapping, options);
}

/// All values of all rows, in the order of the log.
std::string contentOf(const PredictionLog &log)
{
    std::string content;
    for (const Chunk &chunk : log.chunks)
        for (std::uint32_t row = 0; row < chunk.rows; ++row) {
            for (const auto &column : chunk.numbers)
                content.append(reinterpret_cast<const char *>(&column[row]), sizeof(double));
            for (int column = 0; column < static_cast<int>(chunk.codes.size()); ++column)
                content += log.text(chunk, column, row) + '\0';
            if (!chunk.hours.empty())
                content.append(reinterpret_cast<const char *>(&chunk.hours[row]), sizeof(std::int32_t));
        }
    return content;
}

void checkFacts(const LogFacts &facts, std::uint64_t taken, const std::uint8_t *data, std::size_t size)
{
    PROMISE(facts.bytes == size);
    PROMISE(facts.digest == crypto::sha256(std::string_view(reinterpret_cast<const char *>(data), size)));
    PROMISE(facts.rows == taken + facts.rejects.total);
    std::uint64_t counted = 0;
    for (const auto &count : facts.rejects.counts)
        counted += count.rows;
    PROMISE(counted == facts.rejects.total);
}

void checkStream(const Mapping &mapping, const PredictionLog &log, const std::uint8_t *data, std::size_t size)
{
    auto reader = openLog(data, size);
    PROMISE(reader.ok());
    std::atomic<std::uint64_t> taken = 0;
    const auto streamed = reader->stream(mapping, [&](unsigned, Chunk chunk) { taken += chunk.rows; return true; });
    PROMISE(streamed.ok());
    PROMISE(taken == log.rowsTaken());
    PROMISE(streamed->facts.digest == log.facts.digest && streamed->facts.rejects.total == log.facts.rejects.total);
}

} // namespace

void logReader(const std::uint8_t *data, std::size_t size)
{
    const auto reader = openLog(data, size);
    if (!reader)
        return;
    const Mapping guessed = guessMapping(reader->sample()).mapping;
    if (!guessed.check())
        return;
    const auto alone = readBy(1, guessed, data, size);
    const auto together = readBy(2, guessed, data, size);
    PROMISE(alone.ok() == together.ok());
    if (!alone)
        return;
    checkFacts(alone->facts, alone->rowsTaken(), data, size);
    PROMISE(alone->facts.rejects == together->facts.rejects);
    PROMISE(contentOf(*alone) == contentOf(*together));
    checkStream(guessed, *alone, data, size);
}

} // namespace fuzz
