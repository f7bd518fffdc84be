#include "ui/whatif/whatifplots.h"

#include "models/items/computed/figuretext.h"
#include "models/items/computed/whatiftables.h"
#include "models/report/plots/scoreplots.h"

#include <QCoreApplication>

#include <numeric>

namespace countersign::pages {

namespace {

using computed::ScoreSource;

constexpr int kDensitySteps = 50;
constexpr int kSweepSteps = 200;

std::string tr(const char *text)
{
    return QCoreApplication::translate("WhatIf", text).toStdString();
}

std::string groupName(const ScoreSource &source, std::size_t group)
{
    return items::groupText(source.groups()[group].group).toStdString();
}

/// Groups by size; the one whose threshold moves first.
std::vector<std::size_t> groupsBySize(const WhatIfState &state)
{
    const ScoreSource &source = *state.source();
    std::vector<std::size_t> order(source.groups().size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
        const bool isFirst = state.isPerGroup() && a == state.group();
        const bool isSecond = state.isPerGroup() && b == state.group();
        return isFirst != isSecond ? isFirst : source.groups()[a].rows > source.groups()[b].rows;
    });
    return order;
}

report::DensityGroup densityOf(const ScoreSource &source, std::size_t group, const std::vector<double> &edges)
{
    report::DensityGroup density;
    density.name = groupName(source, group);
    density.n = static_cast<std::int64_t>(source.groups()[group].rows);
    for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
        const double from = source.countsAt(group, edges[i]).selected();
        const bool isLast = i + 2 == edges.size(); // closed above
        density.counts.push_back(from - (isLast ? 0 : source.countsAt(group, edges[i + 1]).selected()));
    }
    return density;
}

/// Everybody's or one group's counts, and all groups' counts, at one threshold.
struct At {
    metrics::Counts counts;
    std::vector<metrics::Group> groups;
};

At countsAt(const WhatIfState &state, double threshold)
{
    const ScoreSource &source = *state.source();
    At at;
    for (std::size_t g = 0; g < source.groups().size(); ++g) {
        const bool isMoved = !state.isPerGroup() || g == state.group();
        const metrics::Counts own = isMoved ? source.countsAt(g, threshold) : state.after().groups[g].counts;
        if (isMoved)
            at.counts += own;
        at.groups.push_back({own, source.groups()[g].isMissing});
    }
    return at;
}

/// The disparity that the constraint limits; without one the ratio of selection rates.
double disparityAt(const WhatIfState &state, const At &at)
{
    metrics::Options options = state.options().options;
    options.intervals = false;
    const auto &part = state.options().participation;
    using metrics::BinaryMetric;
    using metrics::Comparison;
    const auto value = [](const metrics::Disparity &disparity) {
        return disparity.figure.isDefined() ? disparity.figure.value : std::numeric_limits<double>::quiet_NaN();
    };
    if (!state.choice().constraint)
        return value(metrics::disparity(at.groups, BinaryMetric::SelectionRate, Comparison::Ratio, options, part));
    switch (*state.choice().constraint) {
    case metrics::Constraint::DemographicParity: return value(metrics::disparity(at.groups, BinaryMetric::SelectionRate, Comparison::Difference, options, part));
    case metrics::Constraint::EqualOpportunity: return value(metrics::disparity(at.groups, BinaryMetric::Recall, Comparison::Difference, options, part));
    case metrics::Constraint::EqualizedOdds: return value(metrics::equalizedOdds(at.groups, Comparison::Difference, false, options, part));
    }
    return 0;
}

std::string disparityName(const WhatIfState &state)
{
    if (!state.choice().constraint)
        return tr("ratio of selection rates");
    switch (*state.choice().constraint) {
    case metrics::Constraint::DemographicParity: return tr("difference of selection rates");
    case metrics::Constraint::EqualOpportunity: return tr("difference of recalls");
    case metrics::Constraint::EqualizedOdds: return tr("equalized odds difference");
    }
    return {};
}

double rateOf(const metrics::Counts &counts, metrics::BinaryMetric metric)
{
    const metrics::Share share = metrics::share(counts, metric);
    return share.whole > 0 ? share.part / share.whole : std::numeric_limits<double>::quiet_NaN();
}

double drawnThreshold(const WhatIfState &state)
{
    return std::clamp(state.threshold(), state.source()->lowest(), state.source()->highest());
}

} // namespace

double thresholdStep(const ScoreSource &source)
{
    return (source.highest() - source.lowest()) / 1000;
}

report::PlotSpec densityPlotOf(const WhatIfState &state)
{
    const ScoreSource &source = *state.source();
    report::DensityInput input;
    input.id = "whatif/density";
    input.title = tr("How scores are spread");
    input.edges = source.densityEdges(kDensitySteps);
    input.threshold = drawnThreshold(state);
    input.step = thresholdStep(source);
    input.minimumN = metrics::smallestGroup(state.options().participation, state.options().options);
    const auto order = groupsBySize(state);
    // The place among all groups, as in the other charts of them.
    const auto slots = report::slotsOf(std::span(order).first(std::min(order.size(), kMostDrawn)));
    for (std::size_t i = 0; i < order.size(); ++i) {
        input.groups.push_back(densityOf(source, order[i], input.edges));
        if (i < slots.size())
            input.groups.back().slot = slots[i];
    }
    report::PlotSpec spec = report::densityPlot(input);
    auto &series = spec.panels.front().series;
    for (std::size_t i = kMostDrawn; i < series.size(); ++i)
        series[i].mark = report::PlotMark::TableOnly;
    for (std::size_t i = 0; i < series.size() && order.size() > 3; ++i)
        series[i].isFilled = false;
    if (series.size() > kMostDrawn)
        spec.sentences.push_back(QCoreApplication::translate("WhatIf", "The %1 largest of %2 groups are drawn; the table has all.").arg(kMostDrawn).arg(series.size()).toStdString());
    return spec;
}

report::PlotSpec sweepPlotOf(const WhatIfState &state)
{
    const ScoreSource &source = *state.source();
    report::ThresholdInput input;
    input.id = "whatif/sweep";
    input.title = state.isPerGroup()
                      ? QCoreApplication::translate("WhatIf", "%1 by another threshold, the others as they are").arg(items::groupText(source.groups()[state.group()].group)).toStdString()
                      : tr("Everybody by another threshold");
    input.threshold = drawnThreshold(state);
    input.step = thresholdStep(source);
    if (const auto before = state.ruleBefore().of(state.group()))
        input.chosen = before;
    using metrics::BinaryMetric;
    std::vector<std::pair<BinaryMetric, report::ThresholdLine>> rates;
    if (source.hasLabels())
        rates = {{BinaryMetric::Recall, {tr("recall (TPR)"), {}, {}, {}}}, {BinaryMetric::FalsePositiveRate, {tr("FPR"), {}, {}, {}}}};
    rates.push_back({BinaryMetric::SelectionRate, {tr("selection rate"), {}, {}, {}}});
    report::ThresholdLine between{disparityName(state), {}, {}, {}};
    if (state.choice().constraint)
        between.upperLimit = state.choice().tolerance;
    for (const double threshold : source.sweepThresholds(kSweepSteps)) {
        const At at = countsAt(state, threshold);
        for (auto &[metric, line] : rates)
            line.values.emplace_back(threshold, rateOf(at.counts, metric));
        between.values.emplace_back(threshold, disparityAt(state, at));
    }
    for (auto &rate : rates)
        input.lines.push_back(std::move(rate.second));
    if (source.groups().size() > 1)
        input.lines.push_back(std::move(between));
    report::PlotSpec spec = report::thresholdPlot(input);
    spec.panels.front().y.title = tr("Rate");
    return spec;
}

report::PlotSpec frontierPlotOf(const WhatIfState &state, const std::vector<computed::FrontierPoint> &frontier)
{
    report::FrontierInput input;
    input.id = "whatif/frontier";
    input.title = state.isPerGroup() ? tr("The best accuracy for each difference, a threshold for each group") : tr("The best accuracy for each difference, one threshold");
    std::string name = disparityName(state);
    name.front() = static_cast<char>(std::toupper(name.front()));
    input.disparityName = name + tr(", lower is better");
    input.performanceName = tr("Accuracy, higher is better");
    if (!state.choice().constraint)
        return report::frontierPlot(input);
    const auto noteOf = [&](const computed::DecisionRule &rule) {
        if (!rule.isPerGroup())
            return std::string();
        std::string note;
        for (std::size_t g = 0; g < state.source()->groups().size() && g < kMostDrawn; ++g)
            note += (g > 0 ? "; " : "") + groupName(*state.source(), g) + ": " + items::thresholdText(rule.of(g)).toStdString();
        return note;
    };
    for (const computed::FrontierPoint &point : frontier)
        input.points.push_back({point.disparity, point.accuracy, point.rule.byGroup.empty() ? point.rule.threshold : std::nullopt, true, false, false, noteOf(point.rule)});
    const auto add = [&](const computed::WhatIfSide &side, bool isChosen) {
        const auto *disparity = side.disparity(computed::constrainedDisparity(*state.choice().constraint));
        const auto accuracy = computed::accuracyOfMembers(side, state.leftOut());
        if (disparity && disparity->figure.isDefined() && accuracy)
            input.points.push_back({disparity->figure.value, *accuracy, side.rule.byGroup.empty() ? side.rule.threshold : std::nullopt, false, !isChosen, isChosen, noteOf(side.rule)});
    };
    add(state.before(), false);
    if (state.isChanged())
        add(state.after(), true);
    input.disparityLimit = state.choice().tolerance;
    return report::frontierPlot(input);
}

} // namespace countersign::pages
