#include "models/pushdown/groups/gatherer.h"

#include "models/base/text.h"
#include "models/pushdown/groups/groupedrows.h"
#include "models/scoretables/build/tallymerge.h"

namespace countersign::pushdown {

using predictions::Chunk;
using predictions::Plan;
using predictions::RowBuilder;

namespace {

/// At most, of the columns of chunks.
std::uint64_t bytesOfRow(const predictions::Schema &schema)
{
    return schema.numberNames.size() * sizeof(double) + schema.codeNames.size() * sizeof(std::uint32_t) + (schema.hasTime ? sizeof(std::int32_t) : 0);
}

} // namespace

struct Gatherer::Private {
    Private(Plan made, Statement given, const GatherOptions &chosen)
        : plan(std::move(made))
        , statement(std::move(given))
        , options(chosen)
        , isHeld(plan.schema.weight >= 0 && !chosen.mayRound)
        , grouped(plan, statement, chosen.trimsTexts, chosen.keepRejected)
        , builder(grouped.builder())
        , tallies(1, scoretables::Tally(plan.schema, plan.schema.hasTime ? chosen.unit : scoretables::WindowUnit::None,
                                        chosen.mayRound ? thresholdOf() : std::nullopt, 0, chosen.entries))
        , held(predictions::memoryLimit(chosen.memoryLimit) / bytesOfRow(plan.schema))
    {
    }
    Private(const Private &) = delete; // the builder and the tally hold references to the plan
    Private &operator=(const Private &) = delete;

    const Plan plan;
    const Statement statement;
    const GatherOptions options;
    const bool isHeld; ///< rows have weights, and nothing may be rounded
    GroupedRows grouped;
    const RowBuilder &builder;
    std::vector<scoretables::Tally> tallies; ///< one
    RowsAgain held;                          ///< one by one as a file's are: their sums depend on each
    std::vector<predictions::RejectedRow> rejected;
    computed::SeenLabels labels;
    std::uint64_t groups = 0;
    std::uint64_t rows = 0;

    std::optional<double> thresholdOf() const
    {
        return options.threshold || plan.schema.prediction >= 0 ? options.threshold : std::optional(0.5);
    }

    Status put(std::span<const Cell> cells, std::uint64_t times)
    {
        grouped.put(cells, times);
        return grouped.isFull() ? flush() : Status();
    }

    Status flush()
    {
        GroupedRows::Taken taken = grouped.take();
        Chunk &chunk = taken.chunk;
        for (auto &row : taken.rejected)
            rejected.push_back(std::move(row));
        if (rejected.size() > options.keepRejected * 4)
            sortRejected();
        if (options.pass)
            options.pass(chunk, taken.counts);
        if (isHeld) {
            held.add(chunk, taken.counts);
            if (!held.areAll())
                return Error{ErrorKind::Invalid,
                             "Rows with weights are held in memory, and they need more than " + std::to_string(predictions::memoryLimit(options.memoryLimit) >> 20U)
                                 + " MiB. Compute in bounded mode, which adds weights up, or leave the weight out.", {}};
            return {};
        }
        const bool fits = tallies.front().add(chunk, taken.counts);
        if (!fits)
            return Error{ErrorKind::Invalid, "The windows and attribute values make too many combinations. Choose longer windows or fewer attributes.", {}};
        if (tallies.front().step() > 0 && !options.mayRound)
            return Error{ErrorKind::Invalid,
                         "There are more different combinations of score and group than memory is meant for (" + std::to_string(options.entries)
                             + "). Compute in bounded mode, which rounds scores and says how much that matters.", {}};
        return {};
    }

    /// Rows of a table have no order of their own, so the kept ones are the first by column and value.
    void sortRejected()
    {
        const auto place = [&](const predictions::RejectedRow &row) {
            const auto &fields = statement.fields;
            const auto field = std::ranges::find(fields, row.column);
            const auto order = std::ranges::find(statement.order, static_cast<std::size_t>(field - fields.begin()));
            return order - statement.order.begin();
        };
        std::ranges::sort(rejected, [&](const auto &a, const auto &b) {
            const auto left = place(a);
            const auto right = place(b);
            return left != right ? left < right : std::tie(a.problem, a.sample) < std::tie(b.problem, b.sample);
        });
        rejected.erase(std::unique(rejected.begin(), rejected.end(), [](const auto &a, const auto &b) { return a.column == b.column && a.problem == b.problem && a.sample == b.sample; }),
                       rejected.end());
        if (rejected.size() > options.keepRejected)
            rejected.resize(options.keepRejected);
    }

    std::string columnOf(const std::string &alias) const
    {
        const auto field = std::ranges::find(statement.fields, alias);
        return field == statement.fields.end() ? alias : statement.columns[static_cast<std::size_t>(field - statement.fields.begin())];
    }

    predictions::Rejects takeRejects()
    {
        predictions::Rejects rejects;
        rejects.total = builder.rejectedTotal();
        sortRejected();
        for (auto &row : rejected) {
            row.row = row.line = 0;
            row.column = text::visible(columnOf(row.column));
            rejects.first.push_back(std::move(row));
        }
        for (const std::size_t field : statement.order)
            for (const auto &[what, count] : builder.counts())
                if (what.first == field) {
                    const std::string &column = statement.columns[field];
                    const auto problem = what.second;
                    const auto known = std::ranges::find_if(rejects.counts, [&](const auto &own) { return own.column == column && own.problem == problem; });
                    if (known == rejects.counts.end())
                        rejects.counts.push_back({column, problem, count});
                    else
                        known->rows += count;
                }
        return rejects;
    }

    Result<scoretables::Table> makeTable(predictions::MergedDictionaries texts)
    {
        const unsigned threads = predictions::threadCount(options.threads);
        if (isHeld) {
            predictions::PredictionLog log;
            log.mapping = statement.mapping;
            log.schema = plan.schema;
            log.chunks = held.takeChunks();
            log.dictionaries = std::move(texts.dictionaries);
            log.localToGlobal = std::move(texts.localToGlobal);
            return scoretables::buildTable(std::move(log), {options.unit, threads, options.progress});
        }
        scoretables::TableParts parts = scoretables::mergeTallies(plan.schema, texts, tallies);
        parts.unit = plan.schema.hasTime ? options.unit : scoretables::WindowUnit::None;
        if (options.mayRound)
            parts.decidedAt = thresholdOf();
        if (parts.scoreStep == 0) {
            // Exact scores say everything; added up in the table's own order, sums have the same last digit as those of a file.
            parts.givenLosses.clear();
            parts.givenBins.clear();
        }
        return scoretables::Table(std::move(parts), threads);
    }
};

Gatherer::Gatherer(std::unique_ptr<Private> data) : d(std::move(data)) {}
Gatherer::Gatherer(Gatherer &&) noexcept = default;
Gatherer &Gatherer::operator=(Gatherer &&) noexcept = default;
Gatherer::~Gatherer() = default;

Result<Gatherer> Gatherer::make(const Statement &statement, const GatherOptions &options)
{
    auto plan = planOf(statement);
    if (!plan)
        return plan.error();
    if (plan->schema.score < 0 && plan->schema.prediction < 0)
        return Error{ErrorKind::Invalid, "The mapping names neither a score nor a prediction, so there is nothing to compute.", {}};
    return Gatherer(std::make_unique<Private>(*std::move(plan), statement, options));
}

const predictions::Schema &Gatherer::schema() const { return d->plan.schema; }

Status Gatherer::add(std::span<const Cell> cells)
{
    const auto counted = d->grouped.rowsOf(cells);
    if (!counted)
        return counted.error();
    const std::uint64_t times = *counted;
    d->rows += times;
    if (++d->groups % GroupedRows::kRowsAChunk == 0)
        d->options.progress(d->rows, 0, "taking counted rows");
    const auto &fields = d->statement.fields;
    const auto label = static_cast<std::size_t>(std::ranges::find(fields, d->statement.mapping.label) - fields.begin());
    if (label < fields.size())
        d->labels.add(cells[label].value_or(""), d->statement.mapping);
    return d->put(cells, times);
}

Result<Gathered> Gatherer::finish()
{
    if (const auto status = d->flush(); !status)
        return status.error();
    Gathered gathered;
    const std::vector<const RowBuilder *> builders{&d->builder};
    gathered.texts = mergeDictionaries(builders, d->plan);
    auto table = d->makeTable(gathered.texts);
    if (!table)
        return table.error();
    gathered.table = *std::move(table);
    gathered.rejects = d->takeRejects();
    gathered.rows = d->rows;
    gathered.labels = std::move(d->labels);
    std::ranges::sort(gathered.labels.values); // groups have no order
    if (d->builder.firstMs() <= d->builder.lastMs()) {
        gathered.firstTime = fromMillis(d->builder.firstMs());
        gathered.lastTime = fromMillis(d->builder.lastMs());
    }
    return gathered;
}

} // namespace countersign::pushdown
