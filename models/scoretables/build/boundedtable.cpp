#include "models/scoretables/build/boundedtable.h"

#include "models/scoretables/build/tallymerge.h"

#include <bit>

namespace countersign::scoretables {

Result<BoundedTable> buildBoundedTable(predictions::LogReader &reader, const predictions::Mapping &mapping, const BoundedOptions &options)
{
    if (mapping.task != predictions::Task::Binary)
        return Error{ErrorKind::Invalid, "Score tables are for logs with two outcomes.", reader.name()};
    if (options.scoreStep < 0 || (options.scoreStep > 0 && std::exp2(std::round(std::log2(options.scoreStep))) != options.scoreStep))
        return Error{ErrorKind::Invalid, "The score step has to be a power of two, for example 0.0009765625.", {}};
    const auto schema = reader.schemaOf(mapping);
    if (!schema)
        return schema.error();
    if (schema->score < 0 && schema->prediction < 0)
        return Error{ErrorKind::Invalid, "The mapping names neither a score nor a prediction, so there is nothing to compute.", reader.name()};
    if (options.threshold && schema->score < 0)
        return Error{ErrorKind::Invalid, "A threshold needs a score column; the log has decisions only.", reader.name()};
    const unsigned threads = predictions::threadCount(options.read.threads);
    // A step that was recorded has to do again, also where one thread gets what several had.
    const unsigned sharing = options.scoreStep > 0 ? 1 : threads;
    const std::size_t entries = std::bit_floor(std::max<std::size_t>(4096, options.entryBytes / sharing / Tally::slotSize(*schema)));
    const WindowUnit unit = schema->hasTime ? options.unit : WindowUnit::None;
    std::optional<double> threshold = options.threshold;
    if (!threshold && schema->prediction < 0)
        threshold = 0.5;
    std::vector<Tally> tallies(threads, Tally(*schema, unit, threshold, options.scoreStep, entries));
    std::atomic<bool> isFull = false;
    auto streamed = reader.stream(
        mapping,
        [&](unsigned thread, const predictions::Chunk &chunk) {
            if (options.pass)
                options.pass(thread, chunk);
            isFull = isFull || !tallies[thread].add(chunk);
            return !isFull;
        },
        options.read);
    const Error tooMany{ErrorKind::Invalid,
                        "The windows and attribute values make too many combinations for bounded mode. Choose longer windows or fewer attributes.",
                        reader.name()};
    if (isFull)
        return tooMany;
    if (!streamed)
        return streamed.error();
    TableParts parts = mergeTallies(*schema, streamed->texts, tallies);
    if (parts.leaves.size() > Tally::kMostLeaves)
        return tooMany;
    parts.unit = unit;
    parts.decidedAt = threshold;
    return BoundedTable{Table(std::move(parts), threads), std::move(streamed->facts), std::move(streamed->texts)};
}

} // namespace countersign::scoretables
