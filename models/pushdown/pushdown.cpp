#include "models/pushdown/pushdown.h"

#include "models/computed/compute.h"
#include "models/computed/passingrows.h"
#include "models/pushdown/asking.h"
#include "models/pushdown/tabledrift.h"
#include "models/pushdown/groups/groupedrows.h"

#include <algorithm>
#include <bit>

namespace countersign::pushdown {

namespace {

/// Ends what beginReading() began, whatever happens in between.
class Reading
{
public:
    explicit Reading(Engine &engine) : m_engine(engine) {}
    ~Reading() { m_engine.endReading(); }
    Reading(const Reading &) = delete;
    Reading &operator=(const Reading &) = delete;

private:
    Engine &m_engine;
};

} // namespace

Result<Statement> statementFor(const Location &location, const TableName &table, const predictions::Mapping &mapping, scoretables::WindowUnit unit)
{
    const auto pushed = pushedMapping(mapping);
    if (!pushed)
        return pushed.error();
    return groupingStatement(sqlOf(location.engine), fromOf(location, table), *pushed, unit);
}

Result<std::vector<Statement>> statementsFor(const Location &location, const TableName &table, const predictions::Mapping &mapping, scoretables::WindowUnit unit,
                                             bool isDrift)
{
    const auto pushed = pushedMapping(mapping);
    if (!pushed)
        return pushed.error();
    const Sql sql = sqlOf(location.engine);
    const std::string from = fromOf(location, table);
    std::vector<Result<Statement>> made{groupingStatement(sql, from, *pushed, unit)};
    for (const auto &feature : isDrift ? mapping.features : std::vector<predictions::FeatureMapping>())
        made.push_back(featureStatement(sql, from, *pushed, feature, unit, {}));
    if (!mapping.labelTime.empty())
        made.push_back(delayStatement(sql, from, *pushed, unit, {}));
    std::vector<Statement> statements;
    for (auto &statement : made) {
        if (!statement)
            return statement.error();
        statements.push_back(*std::move(statement));
    }
    return statements;
}

Result<Pushed> pushDown(Engine &engine, const TableName &table, const predictions::Mapping &mapping, scoretables::WindowUnit unit,
                        const PushOptions &options, std::optional<double> threshold)
{
    if (const auto begun = engine.beginReading(); !begun)
        return begun.error();
    const Reading reading(engine);
    Asking asking(engine, table, unit, options);
    if (const auto begun = asking.begin(mapping); !begun)
        return begun.error();
    auto pushed = asking.table(threshold);
    if (!pushed)
        return pushed.error();
    return std::move(pushed->pushed);
}

namespace {

/// Columns of the table itself under their own names: in a statement they have others.
predictions::Schema renamed(predictions::Schema schema, const predictions::Mapping &mapping)
{
    if (schema.score >= 0)
        schema.numberNames[static_cast<std::size_t>(schema.score)] = mapping.score;
    if (schema.label >= 0)
        schema.codeNames[static_cast<std::size_t>(schema.label)] = mapping.label;
    if (schema.prediction >= 0)
        schema.codeNames[static_cast<std::size_t>(schema.prediction)] = mapping.prediction;
    return schema;
}

bool isNamedAlready(const computed::Drifts &drifts, const predictions::FeatureMapping &feature)
{
    return std::ranges::any_of(drifts.references, [&](const computed::ReferenceColumn &column) {
        return column.column == feature.column && (column.role == computed::DriftRole::Category) == !feature.isNumber;
    });
}

/// Drift and delays of labels, into a set that has everything else.
class Columns
{
public:
    Columns(Asking &asking, const predictions::Mapping &mapping, const PushOptions &options, computed::ComputedSet &set)
        : m_asking(asking), m_mapping(mapping), m_options(options), m_set(set)
    {
    }

    /// `texts`: of the table's chunks.
    Status addDrift(TableDrift &drift, predictions::MergedDictionaries texts)
    {
        auto drifts = drift.ofTable(std::move(texts), m_set.notes);
        if (!drifts)
            return drifts.error().in(m_asking.name());
        std::vector<predictions::FeatureMapping> features = m_mapping.features;
        std::ranges::stable_partition(features, &predictions::FeatureMapping::isNumber); // the order of driftOf()
        for (const auto &feature : features) {
            if (isNamedAlready(*drifts, feature))
                continue;
            auto column = m_asking.feature(feature, m_set.notes);
            if (!column)
                return column.error();
            if (!*column)
                continue;
            auto own = drift.ofFeature(**column, m_set.notes);
            if (!own)
                return own.error().in(m_asking.name());
            if (!*own)
                continue;
            std::ranges::move((*own)->references, std::back_inserter(drifts->references));
            std::ranges::move((*own)->drifts, std::back_inserter(drifts->drifts));
            m_columns.push_back(*std::move(*column));
        }
        std::ranges::copy_if(m_mapping.features, std::back_inserter(m_set.mapping.features), [&](const auto &feature) { return isNamedAlready(*drifts, feature); });
        computed::adjustPValues(drifts->drifts);
        m_set.referenceColumns = std::move(drifts->references);
        m_set.drifts = std::move(drifts->drifts);
        m_set.referenceLog = drift.referenceFacts();
        return {};
    }

    Status addDelays()
    {
        auto column = m_asking.delays(m_set.notes);
        if (!column)
            return column.error();
        if (!*column)
            return {};
        predictions::Schema schema;
        schema.numberNames = {"delay"};
        schema.labelDelay = 0;
        schema.hasTime = (*column)->hasTime;
        std::vector<computed::DelayTally> tallies;
        tallies.emplace_back(schema, m_set.parameters.window.unit, std::bit_ceil((*column)->groups.size() + 2048) * 2);
        if (!tallies.front().add((*column)->chunk(), (*column)->counts())) {
            m_set.notes.emplace_back("How long labels took was not computed: there are too many windows. Choose longer ones.");
            return {};
        }
        const predictions::MergedDictionaries noTexts{{}, {{}}};
        addLabelDelays(labelDelaysOf(tallies, noTexts, m_set.parameters), m_set);
        m_set.mapping.labelTime = m_mapping.labelTime;
        m_columns.push_back(*std::move(*column));
        return {};
    }

    void addToDigest() const
    {
        if (!m_columns.empty())
            m_set.log.digest = digestWith(m_set.log.digest, m_columns);
    }

private:
    Asking &m_asking;
    const predictions::Mapping &m_mapping;
    const PushOptions &m_options;
    computed::ComputedSet &m_set;
    std::vector<ColumnGroups> m_columns;
};

} // namespace

Result<computed::ComputedSet> computePushed(Engine &engine, const TableName &table, const predictions::Mapping &mapping,
                                            const computed::Parameters &parameters, const PushOptions &options, std::optional<predictions::LogReader> reference)
{
    const bool hasDrift = reference || !parameters.reference.empty();
    if (reference && !parameters.reference.empty())
        return Error{ErrorKind::Invalid, "The reference of drift is a window of the table or a log: name one of them.", {}};
    if (const auto begun = engine.beginReading(); !begun)
        return begun.error();
    const Reading reading(engine);
    Asking asking(engine, table, parameters.window.unit, options);
    if (const auto begun = asking.begin(mapping); !begun)
        return begun.error();
    std::optional<computed::PassingRows> passing;
    std::optional<TableDrift> drift;
    auto pushed = asking.table(
        parameters.threshold,
        [&](const predictions::Schema &schema) {
            passing.emplace(schema, parameters, 1, 0, computed::PassingRows::Room{options.entries, 0, {}}, computed::PassingRows::Drift::Elsewhere);
            if (hasDrift)
                drift.emplace(renamed(schema, mapping), parameters, options);
        },
        [&](const predictions::Chunk &chunk, std::span<const std::uint64_t> counts) {
            passing->add(0, chunk, counts);
            if (drift)
                drift->add(chunk, counts);
        });
    if (!pushed)
        return pushed.error();
    auto &[counted, texts, labels] = *pushed; // the table and its facts, what codes mean, what the label says
    auto set = computed::compute(counted.table, parameters, options.progress);
    if (!set)
        return set.error().in(counted.facts.name);
    set->isBounded = options.isBounded;
    if (const auto completed = passing->complete(counted.table, texts, *set); !completed)
        return completed.error().in(counted.facts.name);
    set->log = std::move(counted.facts);
    set->mapping = std::move(counted.mapping);
    Columns columns(asking, mapping, options, *set);
    if (reference)
        if (const auto read = drift->readReference(*std::move(reference), mapping); !read)
            return read.error();
    if (drift)
        if (const auto compared = columns.addDrift(*drift, std::move(texts)); !compared)
            return compared.error();
    if (!mapping.labelTime.empty())
        if (const auto added = columns.addDelays(); !added)
            return added.error();
    noteOneOutcome(labels, *set);
    columns.addToDigest();
    set->log.query += asking.furtherQueries();
    return set;
}

} // namespace countersign::pushdown
