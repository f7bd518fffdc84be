#include "models/pushdown/pushdown.h"

#include "models/computed/comparisons/drifts.h"
#include "models/computed/compute.h"
#include "models/computed/passingrows.h"
#include "models/predictions/formats/numbers.h"
#include "models/pushdown/columngroups.h"
#include "models/pushdown/gatherer.h"
#include "models/pushdown/tabledigest.h"

#include <algorithm>
#include <bit>
#include <charconv>

namespace countersign::pushdown {

namespace {

/// How many rows there are, and from when to when.
struct Span {
    std::uint64_t rows = 0;
    std::optional<Instant> first;
    std::optional<Instant> last;
};

Result<Span> spanOf(Engine &engine, const Statement &statement, const Progress &progress)
{
    Span span;
    const auto status = engine.run(statement.span, false,
                                   [&](std::span<const Cell> cells) {
                                       const std::string_view rows = cells.front().value_or("");
                                       std::from_chars(rows.data(), rows.data() + rows.size(), span.rows);
                                       const auto moment = [&](std::size_t cell) {
                                           return cells.size() > cell && cells[cell] && span.rows > 0
                                                      ? predictions::parseMoment(*cells[cell], statement.mapping.timeFormat)
                                                      : std::optional<Instant>();
                                       };
                                       span.first = moment(1);
                                       span.last = moment(2);
                                       return Status();
                                   },
                                   progress);
    if (!status)
        return status.error();
    return span;
}

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

std::string nameOf(const Location &location, const TableName &table)
{
    return location.isFile() ? location.place() : location.place() + ", table " + table.quoted(Sql::Postgres);
}

predictions::LogFacts factsOf(Gathered &gathered, const Span &span, const Statement &statement)
{
    predictions::LogFacts facts;
    facts.rows = gathered.rows;
    facts.dialect = {predictions::Format::Table, ',', '.', '\n', false};
    facts.query = statement.sql;
    const auto first = span.first ? span.first : gathered.firstTime;
    const auto last = span.last ? span.last : gathered.lastTime;
    facts.hasTimes = first && last;
    if (facts.hasTimes) {
        facts.firstTime = *first;
        facts.lastTime = *last;
    }
    facts.digest = tableDigest(gathered.table, gathered.rejects);
    facts.rejects = std::move(gathered.rejects);
    return facts;
}

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

namespace {

/// What is asked of one table, between beginReading() and endReading().
class Asking
{
public:
    Asking(Engine &engine, const TableName &table, scoretables::WindowUnit unit, const PushOptions &options)
        : m_engine(engine), m_unit(unit), m_options(options), m_name(nameOf(engine.location(), table)), m_from(fromOf(engine.location(), table)), m_sql(sqlOf(engine.location().engine))
    {
    }

    const std::string &name() const { return m_name; }

    Status begin(const predictions::Mapping &mapping)
    {
        auto pushed = pushedMapping(mapping);
        if (!pushed)
            return pushed.error().in(m_name);
        m_mapping = *std::move(pushed);
        auto columns = m_engine.columnsOf(m_from, m_options.progress);
        if (!columns)
            return columns.error();
        m_columns = *std::move(columns);
        return {};
    }

    /// Calls prepare(schema), then pass(chunk, counts) with all rows.
    template<class Prepare, class Pass>
    Result<std::pair<Pushed, predictions::MergedDictionaries>> table(std::optional<double> threshold, const Prepare &prepare, const Pass &pass)
    {
        const auto statement = groupingStatement(m_sql, m_from, m_mapping, m_unit, m_columns);
        if (!statement)
            return statement.error().in(m_name);
        m_options.progress(0, 0, "waiting for the database");
        const auto span = spanOf(m_engine, *statement, m_options.progress);
        if (!span)
            return span.error();
        GatherOptions gather = gatherOptions(threshold, span->rows);
        gather.pass = pass;
        auto gatherer = Gatherer::make(*statement, gather);
        if (!gatherer)
            return gatherer.error().in(m_name);
        prepare(gatherer->schema());
        const bool hasTotals = m_engine.location().engine == EngineKind::ClickHouse;
        const auto status = m_engine.run(statement->sql, hasTotals, [&](std::span<const Cell> cells) { return gatherer->add(cells); }, m_options.progress);
        if (!status)
            return status.error();
        auto gathered = gatherer->finish();
        if (!gathered)
            return gathered.error().in(m_name);
        Pushed result;
        result.facts = factsOf(*gathered, *span, *statement);
        result.facts.name = m_name;
        result.table = std::move(gathered->table);
        result.mapping = m_mapping;
        result.mapping.features.clear();
        result.mapping.labelTime.clear();
        m_rows = result.facts.rows;
        m_refusedByTable = result.facts.rejects.total;
        for (const auto &count : result.facts.rejects.counts)
            m_refusing.push_back(count.column);
        return std::pair(std::move(result), std::move(gathered->texts));
    }

    /// Nothing: a note says why.
    Result<std::optional<ColumnGroups>> feature(const predictions::FeatureMapping &feature, std::vector<std::string> &notes)
    {
        return column(featureStatement(m_sql, m_from, m_mapping, feature, m_unit, m_refusing, m_columns), feature.column, false, notes);
    }
    Result<std::optional<ColumnGroups>> delays(std::vector<std::string> &notes)
    {
        return column(delayStatement(m_sql, m_from, m_mapping, m_unit, m_refusing, m_columns), m_mapping.labelTime, true, notes);
    }

    const std::string &furtherQueries() const { return m_queries; }

private:
    GatherOptions gatherOptions(std::optional<double> threshold, std::uint64_t rows) const
    {
        GatherOptions gather;
        gather.unit = m_unit;
        gather.entries = m_options.entries;
        gather.mayRound = m_options.isBounded;
        gather.threshold = threshold;
        gather.threads = m_options.threads;
        gather.trimsTexts = !m_engine.quotesTexts();
        gather.keepRejected = m_options.keepRejected;
        gather.progress = m_options.progress;
        if (m_options.progress.report) // how far it is can be told: the rows are counted
            gather.progress.report = [report = m_options.progress.report, rows](std::uint64_t done, std::uint64_t, const std::string &stage) { report(done, rows, stage); };
        return gather;
    }

    Result<std::optional<ColumnGroups>> column(const Result<Statement> &statement, const std::string &column, bool areDelays, std::vector<std::string> &notes)
    {
        if (!statement)
            return statement.error().in(m_name);
        const std::string shown = "\"" + predictions::shownSample(column) + "\"";
        m_options.progress(0, 0, "waiting for the database");
        m_queries += ";\n" + statement->sql;
        auto groups = groupsOf(m_engine, *statement, column, areDelays, {!m_engine.quotesTexts(), m_options.columnGroups, m_options.progress});
        if (!groups)
            return groups;
        if (!*groups) {
            notes.push_back("The column " + shown + " was left out: it has more than " + std::to_string(m_options.columnGroups) + " different values by window.");
            // The answer was cut short, which may have ended what had begun.
            m_engine.endReading();
            if (const auto begun = m_engine.beginReading(); !begun)
                return begun.error();
            return groups;
        }
        if ((*groups)->rows != m_rows)
            notes.push_back("The table changed while it was read: it had " + std::to_string(m_rows) + " rows, and " + std::to_string((*groups)->rows) + " when the column " + shown
                            + " was counted.");
        if ((*groups)->refused > m_refusedByTable)
            notes.push_back("In " + std::to_string((*groups)->refused - m_refusedByTable) + " rows the column " + shown
                            + " holds something that is no value of it. Other figures have these rows; reading a file would leave them out.");
        return groups;
    }

    Engine &m_engine;
    scoretables::WindowUnit m_unit;
    const PushOptions &m_options;
    std::string m_name;
    std::string m_from;
    Sql m_sql;
    predictions::Mapping m_mapping; ///< with features
    std::vector<TableColumn> m_columns;
    std::vector<std::string> m_refusing; ///< columns for whose cells rows were refused
    std::uint64_t m_rows = 0;
    std::uint64_t m_refusedByTable = 0;
    std::string m_queries; ///< further statements
};

} // namespace

Result<Pushed> pushDown(Engine &engine, const TableName &table, const predictions::Mapping &mapping, scoretables::WindowUnit unit,
                        const PushOptions &options, std::optional<double> threshold)
{
    if (const auto begun = engine.beginReading(); !begun)
        return begun.error();
    const Reading reading(engine);
    Asking asking(engine, table, unit, options);
    if (const auto begun = asking.begin(mapping); !begun)
        return begun.error();
    auto pushed = asking.table(threshold, [](const predictions::Schema &) {}, [](const predictions::Chunk &, std::span<const std::uint64_t>) {});
    if (!pushed)
        return pushed.error();
    return std::move(pushed->first);
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

    /// `rows`: of the table itself.
    Status addDrift(const predictions::PredictionLog &rows)
    {
        auto drifts = computed::driftOf(rows, nullptr, m_set.parameters, {}, m_options.progress);
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
            auto own = computed::driftOf((*column)->log(), nullptr, m_set.parameters, {}, m_options.progress);
            if (!own)
                return own.error().in(m_asking.name());
            std::ranges::move(own->references, std::back_inserter(drifts->references));
            std::ranges::move(own->drifts, std::back_inserter(drifts->drifts));
            m_columns.push_back(*std::move(*column));
        }
        std::ranges::copy_if(m_mapping.features, std::back_inserter(m_set.mapping.features), [&](const auto &feature) { return isNamedAlready(*drifts, feature); });
        computed::adjustPValues(drifts->drifts);
        m_set.referenceColumns = std::move(drifts->references);
        m_set.drifts = std::move(drifts->drifts);
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
                                            const computed::Parameters &parameters, const PushOptions &options)
{
    if (const auto begun = engine.beginReading(); !begun)
        return begun.error();
    const Reading reading(engine);
    Asking asking(engine, table, parameters.window.unit, options);
    if (const auto begun = asking.begin(mapping); !begun)
        return begun.error();
    std::optional<computed::PassingRows> passing;
    predictions::PredictionLog rows;
    RowsAgain again(parameters.reference.empty() ? 0 : options.comparedRows);
    auto pushed = asking.table(
        parameters.threshold,
        [&](const predictions::Schema &schema) {
            passing.emplace(schema, parameters, 1, 0, computed::PassingRows::Room{options.entries, 0, {}}, computed::PassingRows::Drift::Elsewhere);
            rows.schema = renamed(schema, mapping);
        },
        [&](const predictions::Chunk &chunk, std::span<const std::uint64_t> counts) {
            passing->add(0, chunk, counts);
            if (!parameters.reference.empty())
                again.add(chunk, counts);
        });
    if (!pushed)
        return pushed.error();
    auto &[counted, texts] = *pushed;
    auto set = computed::compute(counted.table, parameters, options.progress);
    if (!set)
        return set.error().in(counted.facts.name);
    set->isBounded = options.isBounded;
    if (const auto completed = passing->complete(counted.table, texts, *set); !completed)
        return completed.error().in(counted.facts.name);
    set->log = std::move(counted.facts);
    set->mapping = std::move(counted.mapping);
    Columns columns(asking, mapping, options, *set);
    if (!parameters.reference.empty() && !again.areAll()) {
        set->notes.push_back("Drift was not computed: the table has more than " + std::to_string(options.comparedRows) + " rows, whose values are compared in memory. Ask a view of fewer.");
    } else if (!parameters.reference.empty()) {
        rows.chunks = again.takeChunks();
        rows.dictionaries = std::move(texts.dictionaries);
        rows.localToGlobal = std::move(texts.localToGlobal);
        if (const auto compared = columns.addDrift(rows); !compared)
            return compared.error();
    }
    if (!mapping.labelTime.empty())
        if (const auto added = columns.addDelays(); !added)
            return added.error();
    columns.addToDigest();
    set->log.query += asking.furtherQueries();
    return set;
}

} // namespace countersign::pushdown
