#include "models/pushdown/asking.h"

#include "models/predictions/formats/numbers.h"
#include "models/pushdown/groups/tabledigest.h"

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

Asking::Asking(Engine &engine, const TableName &table, scoretables::WindowUnit unit, const PushOptions &options)
    : m_engine(engine), m_unit(unit), m_options(options), m_name(nameOf(engine.location(), table)), m_from(fromOf(engine.location(), table)), m_sql(sqlOf(engine.location().engine))
{
}

Status Asking::begin(const predictions::Mapping &mapping)
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

Result<Asking::Counted> Asking::table(std::optional<double> threshold, const Prepare &prepare, const Pass &pass)
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
    if (prepare)
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
    m_refused = result.facts.rejects.total;
    for (const auto &count : result.facts.rejects.counts)
        m_refusing.push_back(count.column);
    return Counted{std::move(result), std::move(gathered->texts), std::move(gathered->labels)};
}

Result<std::optional<ColumnGroups>> Asking::feature(const predictions::FeatureMapping &feature, std::vector<std::string> &notes)
{
    return column(featureStatement(m_sql, m_from, m_mapping, feature, m_unit, m_refusing, m_columns), feature.column, false, notes);
}

Result<std::optional<ColumnGroups>> Asking::delays(std::vector<std::string> &notes)
{
    return column(delayStatement(m_sql, m_from, m_mapping, m_unit, m_refusing, m_columns), m_mapping.labelTime, true, notes);
}

GatherOptions Asking::gatherOptions(std::optional<double> threshold, std::uint64_t rows) const
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

Result<std::optional<ColumnGroups>> Asking::column(const Result<Statement> &statement, const std::string &column, bool areDelays, std::vector<std::string> &notes)
{
    if (!statement)
        return statement.error().in(m_name);
    const std::string shown = "\"" + predictions::shownSample(column) + "\"";
    m_options.progress(0, 0, "waiting for the database");
    m_queries += ";\n" + statement->sql;
    auto groups = groupsOf(m_engine, *statement, column, areDelays, {!m_engine.quotesTexts(), m_options.columnGroups, m_options.progress});
    if (!groups)
        return groups;
    if (*groups) {
        note(**groups, shown, notes);
        return groups;
    }
    notes.push_back("The column " + shown + " was left out: it has more than " + std::to_string(m_options.columnGroups) + " different values by window.");
    // The answer was cut short, which may have ended what had begun.
    m_engine.endReading();
    if (const auto begun = m_engine.beginReading(); !begun)
        return begun.error();
    return groups;
}

void Asking::note(const ColumnGroups &groups, const std::string &shown, std::vector<std::string> &notes) const
{
    if (groups.rows != m_rows)
        notes.push_back("The table changed while it was read: it had " + std::to_string(m_rows) + " rows, and " + std::to_string(groups.rows) + " when the column " + shown + " was counted.");
    else if (groups.refused > m_refused)
        notes.push_back("In " + std::to_string(groups.refused - m_refused) + " rows the column " + shown
                        + " holds something that is no value of it. Other figures have these rows; reading a file would leave them out.");
}

} // namespace countersign::pushdown
