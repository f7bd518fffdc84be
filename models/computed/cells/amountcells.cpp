#include "models/computed/cells/valuecells.h"
#include "models/computed/cells/valuerows.h"
#include "models/computed/comparisons/disparities.h"
#include "models/computed/comparisons/groupranges.h"
#include "models/computed/comparisons/worst.h"
#include "models/metrics/regression.h"

namespace countersign::computed {

using namespace scoretables;
using metrics::Regression;

namespace {

/// A mean whose difference from everybody is that from the others, diluted.
void addMean(const char *name, metrics::Figure (*figure)(const Regression &, const metrics::Options &), const metrics::Range &range, const ComputedSet &set,
             const std::vector<Regression> &sums, Measures &measures)
{
    EstimateMeasure measure{name, range, {}, {}, {}};
    const metrics::Options options{metrics::Convention::Countersign, set.parameters.options.level, true};
    for (const Regression &own : sums)
        measure.cells.push_back(metrics::Estimate::of(figure(own, options)));
    if (set.parameters.isReferenceOverall) {
        measure.rests.resize(sums.size());
        measure.parts.resize(sums.size());
        for (const GroupRange &groups : groupRanges(set.cells)) {
            // The others of each group: those before it and those behind it.
            std::vector<Regression> behind(groups.end - groups.begin + 1);
            for (std::size_t c = groups.end; c-- > groups.begin;) {
                behind[c - groups.begin] = behind[c - groups.begin + 1];
                behind[c - groups.begin].merge(sums[c]);
            }
            const double all = behind.front().weight.value();
            Regression before;
            for (std::size_t c = groups.begin; c < groups.end; ++c) {
                Regression others = before;
                others.merge(behind[c - groups.begin + 1]);
                measure.rests[c] = metrics::Estimate::of(figure(others, options));
                measure.parts[c] = all > 0 ? sums[c].weight.value() / all : 0;
                before.merge(sums[c]);
            }
        }
    }
    measures.estimates.push_back(std::move(measure));
}

Measures measuresOf(const ComputedSet &set, const std::vector<Regression> &sums)
{
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    Measures measures;
    measures.estimates.push_back({"rmse", {kInfinity, true}, estimatesOf(set, "rmse"), {}, {}});
    addMean("mae", &metrics::mae, {kInfinity, true}, set, sums, measures);
    addMean("mean_error", &metrics::meanError, {kInfinity, false}, set, sums, measures);
    measures.estimates.push_back({"r2", {kInfinity, false}, estimatesOf(set, "r2"), {}, {}});
    return measures;
}

Result<WorstSource> worstSourceOf(const std::vector<double> &actual, const std::vector<double> &predicted, const ValueRows &rows, const std::string &metric)
{
    if (metric != "mae" && metric != "mean_error" && metric != "rmse")
        return Error{ErrorKind::Invalid, "Slices of amounts can be searched by mae, mean_error and rmse.", {}};
    WorstSource source;
    source.isRoot = metric == "rmse";
    source.means.resize(rows.leftOut.size());
    for (std::size_t row = 0; row < actual.size(); ++row) {
        const double error = predicted[row] - actual[row];
        if (rows.isUsable[row])
            source.means[rows.frame.leaf[row]].add(metric == "mae" ? std::abs(error) : metric == "rmse" ? error * error : error, rows.weight(row));
    }
    return source;
}

} // namespace

Result<ComputedSet> computeAmounts(predictions::PredictionLog &&log, const Parameters &parameters, const Progress &progress)
{
    if (log.schema.labelNumber < 0 || log.schema.predictionNumber < 0)
        return Error{ErrorKind::Invalid, "Amounts need a label and a prediction.", log.facts.name};
    auto frame = frameOf(log, parameters.window.unit);
    if (!frame)
        return frame.error().in(log.facts.name);
    ValueRows rows(*std::move(frame));
    const std::vector<double> actual = numbersOf(log, log.schema.labelNumber);
    const std::vector<double> predicted = numbersOf(log, log.schema.predictionNumber);
    log.chunks.clear();
    for (std::size_t row = 0; row < actual.size(); ++row) {
        if (std::isnan(actual[row]))
            rows.leaveOut(row, &LeftOut::noLabel);
        else if (std::isnan(predicted[row]))
            rows.leaveOut(row, &LeftOut::noPrediction);
        else if (std::isinf(actual[row]) || std::isinf(predicted[row]))
            rows.leaveOut(row, &LeftOut::notFinite);
    }
    const auto families = familiesFor(rows.frame.table, parameters);
    std::vector<std::vector<Regression>> sumsOf(families ? families->size() : 0);
    auto set = forEachFamily(rows, parameters, progress, [&](const FamilyCells &cells, std::vector<ComputedCell> &computed, std::size_t f) {
        const RowsByCell byCell = rowsByCell(rows.frame, cells, rows.isUsable);
        const metrics::Options &options = parameters.options;
        for (std::size_t c = 0; c < computed.size() && !progress.isCancelled(); ++c) {
            Regression sums;
            for (const std::uint32_t row : std::span(byCell.rows).subspan(byCell.first[c], byCell.first[c + 1] - byCell.first[c]))
                sums.add(actual[row], predicted[row], rows.weight(row));
            ComputedCell &cell = computed[c];
            cell.n = sums.rows;
            addFigure(cell, "rmse", metrics::rmse(sums, options));
            addFigure(cell, "mae", metrics::mae(sums, options));
            addFigure(cell, "mean_error", metrics::meanError(sums, options));
            addFigure(cell, "r2", metrics::rSquared(sums, options));
            addFigure(cell, "mape", metrics::mape(sums, options));
            addFigure(cell, "wape", metrics::wape(sums, options));
            addFigure(cell, "smape", metrics::smape(sums, options));
            sumsOf[f].push_back(sums);
        }
    });
    if (!set)
        return set;
    std::vector<Regression> sums;
    for (auto &own : sumsOf)
        std::ranges::move(own, std::back_inserter(sums));
    const unsigned threads = predictions::threadCount(parameters.threads);
    if (const auto compared = addDisparities(measuresOf(*set, sums), *set, threads); !compared)
        return compared.error();
    if (!parameters.worstMetric.empty()) {
        const auto source = worstSourceOf(actual, predicted, rows, parameters.worstMetric);
        if (!source)
            return source.error();
        if (const auto searched = addWorst(rows.frame.table, *source, *set, threads, progress); !searched)
            return searched.error();
    }
    return set;
}

} // namespace countersign::computed
