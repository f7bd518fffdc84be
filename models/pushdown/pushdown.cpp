#include "models/pushdown/pushdown.h"

#include "models/computed/compute.h"
#include "models/predictions/formats/numbers.h"
#include "models/pushdown/gatherer.h"
#include "models/pushdown/tabledigest.h"

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

Result<Pushed> pushDown(Engine &engine, const TableName &table, const predictions::Mapping &mapping, scoretables::WindowUnit unit,
                        const PushOptions &options, std::optional<double> threshold)
{
    const std::string name = nameOf(engine.location(), table);
    const std::string from = fromOf(engine.location(), table);
    auto pushed = pushedMapping(mapping);
    if (!pushed)
        return pushed.error().in(name);
    if (const auto begun = engine.beginReading(); !begun)
        return begun.error();
    const Reading reading(engine);
    const auto columns = engine.columnsOf(from, options.progress);
    if (!columns)
        return columns.error();
    const auto statement = groupingStatement(sqlOf(engine.location().engine), from, *pushed, unit, *columns);
    if (!statement)
        return statement.error().in(name);
    options.progress(0, 0, "waiting for the database");
    const auto span = spanOf(engine, *statement, options.progress);
    if (!span)
        return span.error();

    GatherOptions gather;
    gather.unit = unit;
    gather.entries = options.entries;
    gather.mayRound = options.isBounded;
    gather.threshold = threshold;
    gather.threads = options.threads;
    gather.trimsTexts = !engine.quotesTexts();
    gather.keepRejected = options.keepRejected;
    gather.progress = options.progress;
    if (options.progress.report) // how far it is can be told: the rows are counted
        gather.progress.report = [report = options.progress.report, total = span->rows](std::uint64_t done, std::uint64_t, const std::string &stage) { report(done, total, stage); };
    auto gatherer = Gatherer::make(*statement, gather);
    if (!gatherer)
        return gatherer.error().in(name);
    const bool hasTotals = engine.location().engine == EngineKind::ClickHouse;
    if (const auto status = engine.run(statement->sql, hasTotals, [&](std::span<const Cell> cells) { return gatherer->add(cells); }, options.progress); !status)
        return status.error();
    auto gathered = gatherer->finish();
    if (!gathered)
        return gathered.error().in(name);
    Pushed result;
    result.facts = factsOf(*gathered, *span, *statement);
    result.facts.name = name;
    result.table = std::move(gathered->table);
    result.mapping = *std::move(pushed);
    return result;
}

Result<computed::ComputedSet> computePushed(Engine &engine, const TableName &table, const predictions::Mapping &mapping,
                                            const computed::Parameters &parameters, const PushOptions &options)
{
    if (!parameters.reference.empty())
        return Error{ErrorKind::Unsupported, "Drift needs the columns themselves, which stay where the rows are. Export a log for it, or leave the reference out.", {}};
    auto pushed = pushDown(engine, table, mapping, parameters.window.unit, options, parameters.threshold);
    if (!pushed)
        return pushed.error();
    auto set = computed::compute(pushed->table, parameters, options.progress);
    if (!set)
        return set.error().in(pushed->facts.name);
    set->log = std::move(pushed->facts);
    set->mapping = std::move(pushed->mapping);
    return set;
}

} // namespace countersign::pushdown
