#include "models/pushdown/tabledrift.h"

namespace countersign::pushdown {

TableDrift::TableDrift(const predictions::Schema &schema, const computed::Parameters &parameters, const PushOptions &options)
    : m_parameters(parameters), m_options(options), m_schema(schema), m_again(options.isBounded ? 0 : options.comparedRows)
{
    m_tallies.emplace_back(m_schema, parameters.window.unit, computed::DriftTally::Room());
}

void TableDrift::add(const predictions::Chunk &chunk, std::span<const std::uint64_t> counts)
{
    m_again.add(chunk, counts);
    m_tallies.front().add(chunk, counts);
}

Status TableDrift::readReference(predictions::LogReader reader, const predictions::Mapping &mapping)
{
    predictions::ReadOptions options;
    options.threads = m_options.threads;
    options.progress = m_options.progress;
    if (isCounted()) {
        auto passed = computed::passReference(std::move(reader), mapping, options);
        if (!passed)
            return passed.error();
        m_passedReference = *std::move(passed);
        return {};
    }
    auto log = reader.read(computed::referenceMapping(mapping), options);
    if (!log)
        return log.error().in("reference");
    m_reference = *std::move(log);
    return {};
}

Result<computed::Drifts> TableDrift::ofTable(predictions::MergedDictionaries texts, std::vector<std::string> &notes)
{
    if (isCounted()) {
        computed::PassedLog passed{{}, m_schema, std::move(m_tallies), std::move(texts)};
        return computed::driftOf(passed, m_passedReference ? &*m_passedReference : nullptr, m_parameters, notes);
    }
    predictions::PredictionLog rows;
    rows.schema = m_schema;
    rows.chunks = m_again.takeChunks();
    rows.dictionaries = std::move(texts.dictionaries);
    rows.localToGlobal = std::move(texts.localToGlobal);
    return computed::driftOf(rows, m_reference ? &*m_reference : nullptr, m_parameters, {}, m_options.progress);
}

Result<std::optional<computed::Drifts>> TableDrift::ofFeature(const ColumnGroups &column, std::vector<std::string> &notes)
{
    const auto wrapped = [](Result<computed::Drifts> drifts) {
        return drifts ? Result<std::optional<computed::Drifts>>(std::optional(*std::move(drifts))) : Result<std::optional<computed::Drifts>>(drifts.error());
    };
    if (isCounted()) {
        computed::PassedLog passed;
        passed.schema = column.schema();
        passed.texts = column.dictionaries();
        passed.tallies.emplace_back(passed.schema, m_parameters.window.unit, computed::DriftTally::Room());
        passed.tallies.front().add(column.chunk(), column.counts());
        return wrapped(computed::driftOf(passed, m_passedReference ? &*m_passedReference : nullptr, m_parameters, notes));
    }
    if (column.rows > m_options.comparedRows) { // of the table itself there were fewer
        notes.push_back("The column \"" + predictions::shownSample(column.name) + "\" was left out of drift: it has more than " + std::to_string(m_options.comparedRows)
                        + " rows, whose values are compared in memory.");
        return std::optional<computed::Drifts>();
    }
    return wrapped(computed::driftOf(column.log(), m_reference ? &*m_reference : nullptr, m_parameters, {}, m_options.progress));
}

std::optional<predictions::LogFacts> TableDrift::referenceFacts() const
{
    if (m_passedReference)
        return m_passedReference->facts;
    return m_reference ? std::optional(m_reference->facts) : std::nullopt;
}

} // namespace countersign::pushdown
