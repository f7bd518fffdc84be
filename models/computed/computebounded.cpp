#include "models/computed/compute.h"
#include "models/computed/passingrows.h"
#include "models/scoretables/build/boundedtable.h"

namespace countersign::computed {

using namespace scoretables;

Result<ComputedSet> computeBounded(predictions::LogReader reader, const predictions::Mapping &mapping, const Parameters &parameters,
                                   const predictions::ReadOptions &options, double scoreStep, const TableUse &use,
                                   std::optional<predictions::LogReader> reference)
{
    const auto schema = reader.schemaOf(mapping);
    if (!schema)
        return schema.error();
    const SeenLabels labels = SeenLabels::in(reader.sample(), mapping.label, mapping);
    std::optional<PassedLog> passed;
    if (reference) {
        auto read = passReference(*std::move(reference), mapping, options);
        if (!read)
            return read.error();
        passed = *std::move(read);
    }
    PassingRows rows(*schema, parameters, predictions::threadCount(options.threads), scoreStep, {}, PassingRows::Drift::Counted, std::move(passed));
    BoundedOptions bounded;
    bounded.unit = parameters.window.unit;
    bounded.threshold = parameters.threshold;
    bounded.scoreStep = scoreStep;
    bounded.read = options;
    bounded.pass = [&rows](unsigned thread, const predictions::Chunk &chunk) { rows.add(thread, chunk); };
    const auto table = buildBoundedTable(reader, mapping, bounded);
    if (!table)
        return table.error();
    auto set = compute(table->table, parameters, options.progress);
    if (!set)
        return set;
    if (use)
        use(table->table);
    set->isBounded = true;
    if (const auto completed = rows.complete(table->table, table->texts, *set); !completed)
        return completed.error().in(table->facts.name);
    set->log = table->facts;
    set->mapping = mapping;
    noteOneOutcome(labels, *set);
    return set;
}

} // namespace countersign::computed
