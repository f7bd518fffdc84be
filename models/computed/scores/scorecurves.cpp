#include "models/computed/scores/scorecurves.h"

namespace countersign::computed {

namespace {

using metrics::Counts;

double totalOf(const std::vector<double> &bins)
{
    double sum = 0;
    for (const double weight : bins)
        sum += weight;
    return sum;
}

/// Decisions at every bin's lower edge, in the order of bins: suffix sums.
std::vector<Counts> countsByEdge(const ScoreGroup &group)
{
    std::vector<Counts> counts(group.positives.size());
    double tp = 0;
    double fp = 0;
    for (std::size_t bin = counts.size(); bin-- > 0;) {
        tp += group.positives[bin];
        fp += group.negatives[bin];
        counts[bin].tp = tp;
        counts[bin].fp = fp;
    }
    for (Counts &own : counts) {
        own.fn = std::max(0.0, tp - own.tp);
        own.tn = std::max(0.0, fp - own.fp);
        own.squares = group.squares;
        own.rows = group.rows;
    }
    return counts;
}

Counts countsOf(const metrics::ScoreTable &table, const metrics::CurvePoint &point, const ScoreGroup &group)
{
    Counts counts;
    counts.tp = point.tp;
    counts.fp = point.fp;
    counts.fn = std::max(0.0, table.positives - point.tp);
    counts.tn = std::max(0.0, table.negatives - point.fp);
    counts.squares = group.squares;
    counts.rows = group.rows;
    return counts;
}

/// Every so many bins, about `steps` in all, the lowest among them.
std::vector<std::size_t> spreadBins(std::size_t bins, int steps)
{
    const std::size_t stride = std::max<std::size_t>(1, bins / static_cast<std::size_t>(std::max(1, steps)));
    std::vector<std::size_t> chosen;
    for (std::size_t bin = 0; bin < bins; bin += stride)
        chosen.push_back(bin);
    return chosen;
}

std::optional<double> ratio(double part, double whole) { return whole > 0 ? std::optional(part / whole) : std::nullopt; }

/// Consecutive bins [from, to) that are drawn as one.
struct Run {
    std::size_t from = 0;
    std::size_t to = 0;
};

/// Runs of about equal width; with equal bins of exactly equal width where `steps` divides them.
std::vector<Run> widthRuns(const ScoreSummary &summary, int steps)
{
    const double low = summary.edges.front();
    const double width = (summary.highest - low) / std::max(1, steps);
    const std::size_t stride = std::max<std::size_t>(1, kScoreBins / static_cast<std::size_t>(std::max(1, steps)));
    std::vector<Run> runs;
    for (std::size_t bin = 0; bin < summary.edges.size();) {
        std::size_t end = bin + 1;
        if (summary.binning == Binning::EqualWidth)
            end = std::min(summary.edges.size(), bin + stride);
        else
            for (; end < summary.edges.size() && summary.upperEdge(end - 1) - summary.edges[bin] < width * (1 - 1e-9); ++end) { }
        runs.push_back({bin, end});
        bin = end;
    }
    return runs;
}

} // namespace

CountsAt countsAt(const ScoreSummary &summary, const ScoreGroup &group, double threshold)
{
    CountsAt at;
    // The first bin whose rows are all selected.
    const auto first = static_cast<std::size_t>(std::ranges::lower_bound(summary.edges, threshold) - summary.edges.begin());
    for (std::size_t bin = 0; bin < summary.edges.size(); ++bin) {
        (bin < first ? at.counts.fn : at.counts.tp) += group.positives[bin];
        (bin < first ? at.counts.tn : at.counts.fp) += group.negatives[bin];
    }
    at.counts.squares = group.squares;
    at.counts.rows = group.rows;
    at.threshold = first < summary.edges.size() ? summary.edges[first] : std::numeric_limits<double>::infinity();
    const bool dividesBin = first > 0 && summary.binning != Binning::EveryValue && threshold > summary.edges[first - 1]
                            && (first < summary.edges.size() ? threshold != summary.edges[first] : threshold <= summary.highest);
    if (dividesBin)
        at.uncertain = group.positives[first - 1] + group.negatives[first - 1];
    return at;
}

metrics::ScoreTable scoreTable(const ScoreSummary &summary, const ScoreGroup &group)
{
    metrics::ScoreTable table;
    for (std::size_t bin = summary.edges.size(); bin-- > 0;) {
        if (group.positives[bin] + group.negatives[bin] <= 0)
            continue;
        table.positives += group.positives[bin];
        table.negatives += group.negatives[bin];
        table.points.push_back({summary.edges[bin], table.positives, table.negatives});
    }
    return table;
}

std::vector<RocPoint> rocPoints(const ScoreSummary &summary, const ScoreGroup &group, const metrics::Options &options)
{
    const metrics::ScoreTable table = scoreTable(summary, group);
    if (!summary.hasLabels || table.positives <= 0 || table.negatives <= 0)
        return {};
    std::vector<RocPoint> points{{std::numeric_limits<double>::infinity(), 0, 0}};
    for (const auto &point : table.points)
        points.push_back({point.threshold, point.fp / table.negatives, point.tp / table.positives,
                          metrics::figure(countsOf(table, point, group), metrics::BinaryMetric::Recall, options).interval});
    return points;
}

std::vector<PrecisionRecallPoint> precisionRecallPoints(const ScoreSummary &summary, const ScoreGroup &group, const metrics::Options &options)
{
    const metrics::ScoreTable table = scoreTable(summary, group);
    if (!summary.hasLabels || table.positives <= 0)
        return {};
    std::vector<PrecisionRecallPoint> points;
    for (const auto &point : table.points)
        points.push_back({point.threshold, point.tp / table.positives, point.tp / (point.tp + point.fp),
                          metrics::figure(countsOf(table, point, group), metrics::BinaryMetric::Precision, options).interval});
    return points;
}

std::vector<CalibrationPoint> calibrationPoints(const ScoreSummary &summary, const ScoreGroup &group, int bins, const metrics::Options &options)
{
    std::vector<CalibrationPoint> points;
    const double total = totalOf(group.positives) + totalOf(group.negatives);
    if (!summary.hasLabels || summary.binning != Binning::EqualWidth || total <= 0)
        return points;
    CalibrationPoint open;
    double positives = 0;
    double scores = 0;
    double done = 0;
    for (std::size_t bin = 0; bin < summary.edges.size(); ++bin) {
        const double weight = group.positives[bin] + group.negatives[bin];
        if (open.weight <= 0)
            open.from = summary.edges[bin];
        open.weight += weight;
        positives += group.positives[bin];
        scores += weight * (summary.edges[bin] + summary.upperEdge(bin)) / 2;
        // A share that is reached or passed closes the bin; the last one takes what is left.
        const double due = total * static_cast<double>(points.size() + 1) / std::max(1, bins);
        const bool isLast = bin + 1 == summary.edges.size();
        if (open.weight <= 0 || (!isLast && done + open.weight < due * (1 - 1e-12)))
            continue;
        done += open.weight;
        open.to = summary.upperEdge(bin);
        open.meanScore = scores / open.weight;
        Counts counts; // a share of positives is the prevalence of these counts
        counts.tp = positives;
        counts.tn = open.weight - positives;
        counts.squares = group.rows > 0 ? group.squares * open.weight / total : 0;
        counts.rows = static_cast<std::uint64_t>(std::llround(static_cast<double>(group.rows) * open.weight / total));
        open.observed = metrics::figure(counts, metrics::BinaryMetric::Prevalence, options);
        points.push_back(std::exchange(open, {}));
        positives = scores = 0;
    }
    return points;
}

std::vector<DensityStep> densitySteps(const ScoreSummary &summary, const ScoreGroup &group, int steps)
{
    std::vector<DensityStep> result;
    const double total = totalOf(group.positives) + totalOf(group.negatives);
    if (total <= 0)
        return result;
    for (const Run &run : widthRuns(summary, steps)) {
        DensityStep step;
        step.from = summary.edges[run.from];
        step.to = summary.upperEdge(run.to - 1);
        if (step.to <= step.from) // the highest score alone is drawn as wide as the step before it
            step.to = step.from + (result.empty() ? 1 : result.back().to - result.back().from);
        for (std::size_t bin = run.from; bin < run.to; ++bin)
            step.share += (group.positives[bin] + group.negatives[bin]) / total;
        step.density = step.share / (step.to - step.from);
        result.push_back(step);
    }
    return result;
}

std::vector<ThresholdPoint> thresholdSweep(const ScoreSummary &summary, const ScoreGroup &group, int steps)
{
    const std::vector<Counts> counts = countsByEdge(group);
    std::vector<ThresholdPoint> points;
    for (const std::size_t bin : spreadBins(counts.size(), steps)) {
        const Counts &own = counts[bin];
        ThresholdPoint point{summary.edges[bin], {}, {}, {}, ratio(own.selected(), own.total()), {}};
        if (summary.hasLabels) {
            point.tpr = ratio(own.tp, own.positives());
            point.fpr = ratio(own.fp, own.negatives());
            point.precision = ratio(own.tp, own.selected());
            point.accuracy = ratio(own.tp + own.tn, own.total());
        }
        points.push_back(point);
    }
    return points;
}

std::vector<SpreadPoint> spreadSweep(const ScoreSummary &summary, const std::vector<const ScoreGroup *> &groups, metrics::BinaryMetric metric,
                                     const metrics::Options &options, const metrics::Participation &participation, int steps)
{
    std::vector<std::vector<Counts>> counts;
    std::vector<metrics::Group> at;
    for (const ScoreGroup *group : groups) {
        counts.push_back(countsByEdge(*group));
        at.push_back({{}, group->isMissing});
    }
    const auto valueOf = [](const metrics::Disparity &disparity) {
        return disparity.figure.isDefined() ? std::optional(disparity.figure.value) : std::nullopt;
    };
    std::vector<SpreadPoint> points;
    for (const std::size_t bin : spreadBins(summary.edges.size(), steps)) {
        for (std::size_t g = 0; g < at.size(); ++g)
            at[g].counts = counts[g][bin];
        points.push_back({summary.edges[bin], valueOf(metrics::disparity(at, metric, metrics::Comparison::Difference, options, participation)),
                          valueOf(metrics::disparity(at, metric, metrics::Comparison::Ratio, options, participation))});
    }
    return points;
}

} // namespace countersign::computed
