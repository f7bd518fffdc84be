#include "models/report/plots/driftplots.h"

#include "models/metrics/definition.h"
#include "models/policy/evaluator.h"
#include "models/report/plots/words.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace countersign::report {

namespace {

std::string rankingFinding(const DriftRankingInput &input, const std::vector<const RankedDrift *> &ranked, const std::string &title)
{
    std::vector<std::string> outside;
    std::vector<std::string> watched;
    for (const RankedDrift *column : ranked) {
        if (column->state == VerdictState::Fail)
            outside.push_back(column->column);
        else if (column->state == VerdictState::Watch)
            watched.push_back(column->column);
    }
    if (!outside.empty())
        return title + " is outside its limit for " + listed(outside);
    if (!watched.empty())
        return title + " is close to its limit for " + listed(watched);
    if (ranked.empty() || !ranked.front()->figure.isDefined())
        return title + " by column";
    return title + " is largest for " + ranked.front()->column + " (" + figureText(ranked.front()->figure.value) + (input.limit ? "), inside the limit" : ")");
}

} // namespace

PlotSpec driftRankingPlot(const DriftRankingInput &input)
{
    const std::string title = metrics::define(input.statistic).title;
    std::vector<const RankedDrift *> ranked;
    for (const auto &column : input.columns)
        ranked.push_back(&column);
    std::ranges::stable_sort(ranked, {}, [](const RankedDrift *column) { return std::pair(!column->figure.isDefined(), -column->figure.value); });

    PlotSpec spec;
    spec.id = input.id;
    spec.title = input.title.empty() ? rankingFinding(input, ranked, title) : input.title;
    spec.rows = PlotRows::Positions;
    spec.placeTitle = "Column";
    PlotPanel panel;
    panel.x.title = title + ", 0 is no change";
    panel.x.format = {3};
    panel.x.low = 0;
    panel.y.scale = AxisScale::Categories;
    panel.y.title = "Column";
    panel.y.drawnCategories = input.most;
    PlotSeries bars{.name = title, .mark = PlotMark::Bars, .role = SeriesRole::Reference}; // quiet: the glyph says how it stands
    PlotSeries adjusted{.name = input.isAdjusted ? "p, adjusted" : "p", .mark = PlotMark::TableOnly, .format = pValueFormat()};
    std::vector<std::string> undefined;
    for (const RankedDrift *column : ranked) {
        PlotPoint bar;
        bar.at = static_cast<double>(panel.y.categories.size());
        if (column->figure.isDefined())
            bar.value = column->figure.value;
        else
            undefined.push_back(column->column);
        bar.text = undefinedText(column->figure);
        bar.n = static_cast<std::int64_t>(column->figure.n);
        bar.state = column->state;
        bar.note = column->note;
        PlotPoint p;
        p.at = bar.at;
        if (column->adjustedPValue)
            p.value = *column->adjustedPValue;
        panel.y.categories.push_back({column->column, {}, {}, column->state == VerdictState::Fail || column->state == VerdictState::Watch});
        bars.points.push_back(std::move(bar));
        adjusted.points.push_back(std::move(p));
    }
    const bool hasP = std::ranges::any_of(adjusted.points, &PlotPoint::hasValue);
    panel.series.push_back(std::move(bars));
    if (hasP)
        panel.series.push_back(std::move(adjusted));
    if (input.watch)
        panel.rules.push_back({Along::X, *input.watch, "watch " + policy::valueText(*input.watch), RuleStyle::Reference});
    if (input.limit) {
        panel.rules.push_back({Along::X, *input.limit, "limit " + policy::valueText(*input.limit), RuleStyle::Limit});
        panel.bands.push_back({Along::X, input.limit, {}, "outside the limit", BandStyle::Breach});
    }
    spec.subtitle = counted(ranked.size(), "column") + ", largest first";
    if (hasP && input.isAdjusted)
        spec.sentences.push_back("p-values are adjusted for many tests (Benjamini–Hochberg).");
    if (!input.limit && !input.watch)
        spec.sentences.push_back("No policy sets a limit on " + title + ": nothing is judged here.");
    if (!undefined.empty())
        spec.sentences.push_back("Without a value: " + listed(undefined) + ".");
    if (panel.y.drawn() < panel.y.categories.size())
        spec.sentences.push_back(counted(panel.y.categories.size() - panel.y.drawn(), "more column") + " not drawn; the table lists all.");
    spec.panels.push_back(std::move(panel));
    spec.emptyText = "No column was compared with a reference.";
    return spec;
}

std::vector<double> psiContributions(std::span<const double> reference, std::span<const double> current)
{
    const std::size_t bins = std::min(reference.size(), current.size());
    const double before = std::accumulate(reference.begin(), reference.end(), 0.0);
    const double after = std::accumulate(current.begin(), current.end(), 0.0);
    std::vector<double> contributions;
    if (!(before > 0) || !(after > 0))
        return contributions;
    for (std::size_t i = 0; i < bins; ++i) {
        const double expected = reference[i] > 0 ? reference[i] / before : metrics::kZeroShare;
        const double actual = current[i] > 0 ? current[i] / after : metrics::kZeroShare;
        contributions.push_back((actual - expected) * std::log(actual / expected));
    }
    return contributions;
}

namespace {

constexpr double kOpen = std::numeric_limits<double>::infinity();

/// Share, count and edges of one bin of one side.
PlotPoint binPoint(const BinsInput &input, std::span<const double> counts, double total, std::size_t i)
{
    PlotPoint point;
    point.at = static_cast<double>(i);
    if (total > 0)
        point.value = counts[i] / total;
    point.n = std::llround(counts[i]);
    if (!input.categories.empty())
        return point;
    const auto &inner = input.edges.inner;
    if (input.edges.isPerValue) {
        point.from = i == 0 ? input.edges.lowest : inner[i - 1];
        point.to = point.from;
    } else {
        point.from = i == 0 ? -kOpen : inner[i - 1];
        point.to = i < inner.size() ? inner[i] : kOpen;
    }
    return point;
}

PlotSeries sideOf(const BinsInput &input, const std::string &name, std::span<const double> counts, bool isReference)
{
    PlotSeries series;
    series.name = name;
    series.role = isReference ? SeriesRole::Reference : SeriesRole::Main; // neutral: what was
    series.slot = 0;
    series.mark = input.categories.empty() ? PlotMark::Step : PlotMark::Bars;
    series.isFilled = isReference;
    const double total = std::accumulate(counts.begin(), counts.end(), 0.0);
    series.summary = PlotSummary{.n = std::llround(total)};
    for (std::size_t i = 0; i < counts.size(); ++i)
        series.points.push_back(binPoint(input, counts, total, i));
    if (series.mark == PlotMark::Step && !series.points.empty()) {
        PlotPoint closing;
        closing.at = static_cast<double>(counts.size());
        closing.value = series.points.back().value;
        series.points.push_back(std::move(closing));
    }
    return series;
}

PlotSeries countsOf(const std::string &name, std::span<const double> counts)
{
    PlotSeries series{.name = "rows, " + name, .mark = PlotMark::TableOnly, .format = NumberFormat{0}};
    for (std::size_t i = 0; i < counts.size(); ++i) {
        PlotPoint point;
        point.at = static_cast<double>(i);
        point.value = counts[i];
        series.points.push_back(std::move(point));
    }
    return series;
}

/// Decimals that tell all edges apart, at least as short as they can be.
int decimalsFor(const std::vector<double> &edges)
{
    double closest = 0;
    for (std::size_t i = 1; i < edges.size(); ++i) {
        const double gap = edges[i] - edges[i - 1];
        closest = closest == 0 ? gap : std::min(closest, gap);
    }
    if (!(closest > 0) || !std::isfinite(closest))
        return 2;
    const int wanted = 1 - static_cast<int>(std::floor(std::log10(closest)));
    const bool isWhole = std::ranges::all_of(edges, [](double edge) { return edge == std::round(edge); });
    return isWhole ? 0 : std::clamp(wanted, 0, 6);
}

void numberAxes(PlotPanel &panel, const BinsInput &input)
{
    const auto &inner = input.edges.inner;
    panel.x.title = input.column + (input.edges.isPerValue ? "" : ", bins of the reference, equally wide");
    panel.x.low = 0;
    panel.x.high = static_cast<double>(inner.size() + 1);
    panel.x.format = {decimalsFor(inner)};
    if (input.edges.isPerValue)
        panel.x.ticks.push_back({0.5, input.edges.lowest});
    for (std::size_t i = 0; i < inner.size(); ++i)
        panel.x.ticks.push_back({static_cast<double>(i) + (input.edges.isPerValue ? 1.5 : 1), inner[i]});
    panel.y.title = "Share of rows";
    panel.y.low = 0;
    panel.y.format = {1, true};
}

void categoryAxes(PlotPanel &panel, const BinsInput &input)
{
    panel.x.title = "Share of rows";
    panel.x.low = 0;
    panel.x.format = {1, true};
    panel.y.scale = AxisScale::Categories;
    panel.y.title = input.column;
    panel.y.drawnCategories = 40;
    for (std::size_t i = 0; i < input.categories.size(); ++i) {
        const bool isNew = i < input.reference.size() && input.reference[i] == 0 && input.current[i] > 0;
        const bool isGone = i < input.reference.size() && input.reference[i] > 0 && input.current[i] == 0;
        panel.y.categories.push_back({input.categories[i], {}, isNew ? "new category" : isGone ? "gone" : "", isNew});
    }
}

} // namespace

PlotSpec binsPlot(const BinsInput &input)
{
    const std::size_t bins = std::min(input.reference.size(), input.current.size());
    const std::span<const double> reference(input.reference.data(), bins);
    const std::span<const double> current(input.current.data(), bins);
    PlotSpec spec;
    spec.id = input.id;
    spec.rows = PlotRows::Positions;
    spec.placeTitle = input.column;
    spec.title = input.title;
    if (spec.title.empty())
        spec.title = input.column + (input.psi && input.psi->isDefined() ? ": PSI " + figureText(input.psi->value) : ": " + input.currentName + " against " + input.referenceName);
    spec.subtitle = "share of rows by " + std::string(input.categories.empty() ? "bin" : "category");

    PlotPanel panel;
    if (input.categories.empty())
        numberAxes(panel, input);
    else
        categoryAxes(panel, input);
    panel.series.push_back(sideOf(input, input.referenceName, reference, true));
    panel.series.push_back(sideOf(input, input.currentName, current, false));
    PlotSeries adds{.name = "adds to PSI", .mark = PlotMark::TableOnly, .format = NumberFormat{3}};
    const std::vector<double> contributions = psiContributions(reference, current);
    for (std::size_t i = 0; i < contributions.size(); ++i) {
        PlotPoint point;
        point.at = static_cast<double>(i);
        point.value = contributions[i];
        adds.points.push_back(std::move(point));
    }
    panel.series.push_back(std::move(adds));
    panel.series.push_back(countsOf(input.referenceName, reference));
    panel.series.push_back(countsOf(input.currentName, current));
    std::vector<std::string> appeared;
    for (const auto &category : panel.y.categories) {
        if (category.detail == "new category")
            appeared.push_back(category.name);
    }
    if (!appeared.empty())
        spec.sentences.push_back("New since the reference: " + listed(appeared) + ".");
    if (input.psi && !input.psi->isDefined())
        spec.sentences.push_back("PSI is " + undefinedText(*input.psi) + ".");
    if (!contributions.empty()) {
        const auto most = static_cast<std::size_t>(std::ranges::max_element(contributions) - contributions.begin());
        const std::string where = input.categories.empty() ? "bin " + std::to_string(most + 1) : input.categories[std::min(most, input.categories.size() - 1)];
        spec.sentences.push_back("The largest part of PSI, " + figureText(contributions[most]) + ", comes from " + where + ".");
    }
    spec.panels.push_back(std::move(panel));
    spec.emptyText = "The reference or the current window has no values of this column.";
    return spec;
}

HeatGrid driftGrid(const std::string &statistic, std::span<const DriftCell> cells)
{
    HeatGrid grid;
    const std::string title = metrics::define(statistic).title;
    grid.title = title + " by column and window";
    grid.rowTitle = "Column";
    grid.format = {3};
    std::map<std::string, std::size_t> windows;
    std::map<std::string, double> largest;
    for (const auto &cell : cells) {
        if (windows.emplace(cell.window, grid.columns.size()).second)
            grid.columns.push_back(cell.window);
        const auto [known, isNew] = largest.emplace(cell.column, -1);
        if (isNew)
            grid.rows.push_back(cell.column);
        if (cell.figure.isDefined())
            known->second = std::max(known->second, cell.figure.value);
    }
    std::ranges::stable_sort(grid.rows, {}, [&](const std::string &row) { return -largest[row]; });
    std::map<std::string, std::size_t> rows;
    for (std::size_t i = 0; i < grid.rows.size(); ++i)
        rows.emplace(grid.rows[i], i);
    grid.cells.assign(grid.rows.size(), std::vector<HeatCell>(grid.columns.size()));
    std::size_t outside = 0;
    for (const auto &cell : cells) {
        HeatCell &here = grid.cells[rows[cell.column]][windows[cell.window]];
        if (cell.figure.isDefined())
            here.value = cell.figure.value;
        here.state = cell.figure.isDefined() ? cell.state : std::optional(VerdictState::NotEnoughData);
        here.note = undefinedText(cell.figure);
        outside += cell.state == VerdictState::Fail;
    }
    grid.sentences.push_back(title + " of " + counted(grid.rows.size(), "column") + " in " + counted(grid.columns.size(), "window") + "; " + (outside ? counted(outside, "cell") + " outside the limit." : "none outside a limit."));
    return grid;
}

} // namespace countersign::report
