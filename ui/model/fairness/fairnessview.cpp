#include "ui/model/fairness/fairnessview.h"

#include "models/items/celltext.h"
#include "models/items/computed/figuretext.h"
#include "models/metrics/definition.h"
#include "models/metrics/fairness/fairness.h"
#include "models/metrics/intervals/multiplicity.h"
#include "models/report/plots/words.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <map>

namespace countersign::pages {

using computed::ComputedCell;
using computed::ComputedSet;
using computed::GroupValues;
using items::GroupFigure;
using metrics::Comparison;
using metrics::Figure;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Fairness", text);
}

std::vector<std::string> attributesOf(const GroupValues &group)
{
    std::vector<std::string> names;
    for (const auto &[attribute, value] : group)
        names.push_back(attribute);
    return names;
}

std::string windowOf(const ComputedCell &cell)
{
    return cell.window ? cell.window->name : std::string();
}

bool isMissing(const GroupValues &group)
{
    return std::ranges::any_of(group, [](const auto &pair) { return pair.second == computed::kMissingName; });
}

/// The cells of the chosen groups in a window, everybody's left out.
std::vector<const ComputedCell *> cellsOf(const ComputedSet &set, const std::vector<std::string> &attributes, const std::string &window)
{
    std::vector<const ComputedCell *> cells;
    for (const ComputedCell &cell : set.cells)
        if (!cell.group.empty() && cell.n > 0 && windowOf(cell) == window && attributesOf(cell.group) == attributes)
            cells.push_back(&cell);
    return cells;
}

const ComputedCell *largestOf(const std::vector<const ComputedCell *> &cells)
{
    const ComputedCell *largest = nullptr;
    for (const ComputedCell *cell : cells)
        if (!isMissing(cell->group) && (!largest || cell->n > largest->n))
            largest = cell;
    return largest ? largest : cells.empty() ? nullptr : cells.front();
}

const ComputedCell *referenceCell(const ComputedSet &set, const FairnessChoice &choice, const std::vector<const ComputedCell *> &cells)
{
    if (choice.reference == ReferenceKind::Overall)
        return set.find({}, choice.window);
    if (choice.reference == ReferenceKind::Group) {
        const auto found = std::ranges::find(cells, choice.group, [](const ComputedCell *cell) { return cell->group; });
        if (found != cells.end())
            return *found;
    }
    return largestOf(cells);
}

/// Small groups and rows without a value are shown, and decide nothing.
bool isCompared(const GroupFigure &row)
{
    return !row.isReference && !row.isSmall && !isMissing(row.group);
}

Figure plain(const Figure &group, const Figure &reference, Comparison comparison)
{
    if (!group.isDefined())
        return Figure::undefined(metrics::Reason::GroupUndefined, group.n);
    if (!reference.isDefined())
        return Figure::undefined(metrics::Reason::ReferenceUndefined, group.n);
    if (comparison == Comparison::Difference)
        return Figure::of(group.value - reference.value, group.n + reference.n);
    if (reference.value == 0)
        return Figure::undefined(metrics::Reason::ReferenceZero, group.n);
    return Figure::of(group.value / reference.value, group.n + reference.n);
}

/// A group is part of everybody: intervals for independent groups would be wrong there.
Figure without(Figure figure)
{
    figure.interval.reset();
    return figure;
}

void compareRow(const ComputedSet &set, const FairnessChoice &choice, const ComputedCell &reference, const ComputedCell &cell, GroupFigure &row)
{
    const auto metric = metrics::binaryMetric(choice.metric);
    const bool isOverall = choice.reference == ReferenceKind::Overall;
    if (!metric || !row.hasCounts) {
        const Figure *own = cell.find(choice.metric);
        const Figure *other = reference.find(choice.metric);
        const Figure none = Figure::undefined(metrics::Reason::NoRows);
        row.difference = plain(own ? *own : none, other ? *other : none, Comparison::Difference);
        row.ratio = plain(own ? *own : none, other ? *other : none, Comparison::Ratio);
        return;
    }
    const metrics::Options &options = set.parameters.options;
    row.difference = metrics::compare(cell.counts, reference.counts, *metric, Comparison::Difference, options);
    row.ratio = metrics::compare(cell.counts, reference.counts, *metric, Comparison::Ratio, options);
    if (isOverall) {
        row.difference = without(row.difference);
        row.ratio = without(row.ratio);
    } else if (metrics::isShare(*metric)) {
        row.pValue = metrics::comparisonTest(cell.counts, reference.counts, *metric);
    }
}

void adjust(std::vector<GroupFigure> &rows)
{
    std::vector<double> values;
    std::vector<std::size_t> of;
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows[i].pValue.isDefined() && isCompared(rows[i])) {
            values.push_back(rows[i].pValue.value);
            of.push_back(i);
        }
    const std::vector<double> adjusted = metrics::benjaminiHochberg(values);
    for (std::size_t i = 0; i < of.size(); ++i)
        rows[of[i]].adjustedPValue = adjusted[i];
}

GroupFigure rowOf(const ComputedSet &set, const FairnessChoice &choice, const ComputedCell &cell, const ComputedCell *reference, const FigureJudge &judge)
{
    GroupFigure row;
    row.group = cell.group;
    row.name = items::groupText(cell.group);
    row.n = cell.n;
    row.hasCounts = set.mapping.task == predictions::Task::Binary;
    row.counts = cell.counts;
    const Figure *figure = cell.find(choice.metric);
    row.figure = figure ? *figure : Figure::undefined(metrics::Reason::NoRows, cell.n);
    if (const auto named = std::ranges::find(cell.metrics, choice.metric, &computed::NamedFigure::name); named != cell.metrics.end())
        row.bound = named->bound;
    row.isReference = &cell == reference;
    row.isSmall = cell.n < set.smallestGroup;
    if (reference && !row.isReference)
        compareRow(set, choice, *reference, cell, row);
    std::optional<VerdictState> judged;
    if (judge && row.figure.isDefined())
        judged = judge(cell.group, row.figure);
    const VerdictState state = judged.value_or(VerdictState::NotJudged);
    if (row.isSmall) {
        row.state = VerdictState::NotEnoughData;
        row.stateWord = tr("Not enough data, needs n %1").arg(QLocale().toString(static_cast<qulonglong>(set.smallestGroup)));
        row.note = tr("Shown, not compared");
    } else if (!row.figure.isDefined()) {
        row.state = VerdictState::NotEnoughData;
        row.stateWord = tr("Undefined");
    } else if (isMissing(cell.group)) {
        row.stateWord = tr("Not compared");
    } else if (judged) {
        row.state = state;
        row.stateWord = QString::fromUtf8(verdictTitle(state).data(), static_cast<qsizetype>(verdictTitle(state).size()));
    } else {
        row.stateWord = tr("No limit");
    }
    if (row.isReference)
        row.note = choice.reference == ReferenceKind::Group ? tr("Chosen group") : tr("Largest group");
    else if (isMissing(cell.group))
        row.note = tr("No value of the attribute: shown, not compared");
    return row;
}

/// Furthest from no difference, among those that are compared.
const GroupFigure *furthest(const FairnessView &view)
{
    const GroupFigure *worst = nullptr;
    for (const GroupFigure &row : view.rows) {
        if (!isCompared(row) || !row.difference.isDefined())
            continue;
        if (!worst || std::fabs(row.difference.value) > std::fabs(worst->difference.value))
            worst = &row;
    }
    return worst;
}

bool isSettledByInterval(const Figure &difference)
{
    return difference.interval && (difference.interval->lower > 0 || difference.interval->upper < 0);
}

void describe(const ComputedSet &set, FairnessView &view)
{
    const GroupFigure *worst = furthest(view);
    const QString metric = items::metricTitle(view.choice.metric);
    const QString reference = view.choice.reference == ReferenceKind::Overall ? tr("everybody") : items::groupText(view.reference);
    if (!worst) {
        view.finding = view.rows.size() < 2 ? tr("There is only one group; nothing can be compared.") : tr("No two groups are large enough to be compared.");
        view.state = VerdictState::NotEnoughData;
    } else {
        const QString figures = worst->ratio.isDefined() ? tr("ratio %1").arg(items::figureSentence(worst->ratio)) : tr("difference %1").arg(items::figureSentence(worst->difference));
        const QString sentence = worst->difference.value < 0 ? tr("%1 is lowest for %2: %3 to %4.") : tr("%1 is highest for %2: %3 to %4.");
        view.finding = sentence.arg(metric, worst->name, figures, reference);
        view.state = VerdictState::NotJudged;
        for (const GroupFigure &row : view.rows)
            if (!row.isSmall && row.figure.isDefined() && row.state < view.state)
                view.state = row.state;
        if (view.isComparable && !isSettledByInterval(worst->difference) && worst->difference.interval)
            view.caption = tr("The interval includes no difference.") + QLatin1Char(' ');
    }
    const auto compared = static_cast<int>(std::ranges::count_if(view.rows, [](const GroupFigure &row) { return row.figure.isDefined() && (row.isReference || isCompared(row)); }));
    if (view.small > 0)
        view.caption += (view.small == 1 ? tr("One group is too small to compare (n below %1). ") : tr("%2 groups are too small to compare (n below %1). ").arg(QStringLiteral("%1"), QString::number(view.small)))
                            .arg(QLocale().toString(static_cast<qulonglong>(set.smallestGroup)));
    if (view.undefined > 0)
        view.caption += view.undefined == 1 ? tr("One group has no value. ") : tr("%1 groups have no value. ").arg(view.undefined);
    view.caption += compared > 5 ? tr("%1 groups compared; with more than 5, one may differ by chance.").arg(compared) : tr("%1 groups compared.").arg(std::max(0, compared));
}

/// Where groups are furthest apart: what a reviewer looks at first.
std::vector<std::string> worstAttribute(const ComputedSet &set, const std::vector<std::vector<std::string>> &families, FairnessChoice choice)
{
    std::vector<std::string> worst;
    double largest = -1;
    for (const auto &family : families) {
        if (family.size() != 1)
            continue;
        choice.attributes = family;
        const FairnessView view = fairnessOf(set, choice);
        const GroupFigure *row = furthest(view);
        if (row && std::fabs(row->difference.value) > largest) {
            largest = std::fabs(row->difference.value);
            worst = family;
        }
    }
    return worst;
}

} // namespace

std::vector<std::vector<std::string>> familiesOf(const ComputedSet &set)
{
    std::vector<std::vector<std::string>> families;
    for (const ComputedCell &cell : set.cells) {
        auto attributes = attributesOf(cell.group);
        if (!attributes.empty() && std::ranges::find(families, attributes) == families.end())
            families.push_back(std::move(attributes));
    }
    return families;
}

std::vector<std::string> windowsOf(const ComputedSet &set)
{
    std::vector<const computed::ComputedWindow *> windows;
    for (const ComputedCell &cell : set.cells)
        if (cell.window && cell.group.empty())
            windows.push_back(&*cell.window);
    std::ranges::stable_sort(windows, [](const auto *a, const auto *b) { return std::pair(!a->hasTime, a->end) < std::pair(!b->hasTime, b->end); });
    std::vector<std::string> names;
    for (const auto *window : windows)
        names.push_back(window->name);
    return names;
}

std::vector<std::string> metricsOf(const ComputedSet &set)
{
    std::vector<std::string> names;
    if (!set.cells.empty())
        for (const auto &named : set.cells.front().metrics)
            names.push_back(named.name);
    return names;
}

std::optional<FairnessChoice> settled(const ComputedSet &set, FairnessChoice choice)
{
    const auto families = familiesOf(set);
    const auto metrics = metricsOf(set);
    if (families.empty() || metrics.empty())
        return {};
    if (choice.attributes.empty() && std::ranges::find(metrics, choice.metric) != metrics.end())
        choice.attributes = worstAttribute(set, families, choice);
    if (std::ranges::find(families, choice.attributes) == families.end()) {
        std::ranges::reverse(choice.attributes); // crossed the other way round
        if (std::ranges::find(families, choice.attributes) == families.end()) {
            choice.attributes = families.front();
            choice.group.clear();
        }
    }
    if (std::ranges::find(metrics, choice.metric) == metrics.end()) {
        const auto isThere = [&](const char *name) { return std::ranges::find(metrics, name) != metrics.end(); };
        choice.metric = isThere("recall") ? "recall" : isThere("selection_rate") ? "selection_rate" : metrics.front();
    }
    if (cellsOf(set, choice.attributes, choice.window).empty())
        choice.window.clear();
    const auto cells = cellsOf(set, choice.attributes, choice.window);
    const bool isGroupThere = std::ranges::any_of(cells, [&](const ComputedCell *cell) { return cell->group == choice.group; });
    if (choice.reference == ReferenceKind::Group && !isGroupThere)
        choice.reference = ReferenceKind::Largest;
    if (choice.reference != ReferenceKind::Group)
        choice.group.clear();
    return choice;
}

FairnessView fairnessOf(const ComputedSet &set, const FairnessChoice &choice, const FigureJudge &judge)
{
    FairnessView view;
    view.choice = choice;
    view.isComparable = metrics::binaryMetric(choice.metric).has_value() && set.mapping.task == predictions::Task::Binary;
    const auto cells = cellsOf(set, choice.attributes, choice.window);
    const ComputedCell *reference = referenceCell(set, choice, cells);
    if (const ComputedCell *everybody = set.find({}, choice.window))
        if (const Figure *figure = everybody->find(choice.metric))
            view.overall = *figure;
    if (reference)
        view.reference = reference->group;
    for (const ComputedCell *cell : cells) {
        view.rows.push_back(rowOf(set, choice, *cell, reference, judge));
        view.small += view.rows.back().isSmall ? 1 : 0;
        view.undefined += !view.rows.back().isSmall && !view.rows.back().figure.isDefined() ? 1 : 0;
    }
    adjust(view.rows);
    for (const auto &disparity : set.disparities)
        if (disparity.attributes == choice.attributes && (disparity.window ? disparity.window->name : std::string()) == choice.window)
            view.disparities.push_back(disparity);
    describe(set, view);
    return view;
}

ComputedSet withComparison(const ComputedSet &set, const FairnessView &view)
{
    ComputedSet shown;
    shown.log = set.log;
    shown.mapping = set.mapping;
    shown.parameters = set.parameters;
    shown.smallestGroup = set.smallestGroup;
    for (const ComputedCell &cell : set.cells)
        if (windowOf(cell) == view.choice.window && (cell.group.empty() || attributesOf(cell.group) == view.choice.attributes))
            shown.cells.push_back(cell);
    computed::ComputedComparison comparison;
    if (!shown.cells.empty())
        comparison.window = shown.cells.front().window;
    comparison.attributes = view.choice.attributes;
    comparison.metric = view.choice.metric;
    comparison.reference = view.reference;
    for (const GroupFigure &row : view.rows)
        if (!row.isReference)
            comparison.pairs.push_back({row.group, row.difference, row.ratio, row.pValue, row.adjustedPValue});
    shown.comparisons.push_back(std::move(comparison));
    return shown;
}

std::size_t placeOf(const ComputedSet &set, const GroupValues &group)
{
    const auto cells = cellsOf(set, attributesOf(group), {});
    return static_cast<std::size_t>(std::ranges::find(cells, group, [](const ComputedCell *cell) { return cell->group; }) - cells.begin());
}

report::ChartSpec groupsOverTime(const ComputedSet &set, const FairnessView &view)
{
    report::ChartSpec spec;
    const metrics::Definition definition = metrics::define(view.choice.metric);
    const QString attributes = items::attributesText(view.choice.attributes);
    spec.id = "fairness/" + view.choice.metric + "/" + attributes.toStdString();
    spec.title = tr("%1 by %2 over time").arg(items::metricTitle(view.choice.metric), attributes).toStdString();
    spec.subtitle = std::string(metrics::directionText(definition.better));
    spec.yTitle = definition.title;
    spec.hollowName = tr("n below %1").arg(QLocale().toString(static_cast<qulonglong>(set.smallestGroup))).toStdString();
    spec.minimumN = static_cast<std::int64_t>(set.smallestGroup);
    // The reference first; of the others those furthest from it, as more lines than a few cannot be told apart.
    std::vector<const GroupFigure *> shown;
    for (const GroupFigure &row : view.rows)
        if (!row.isReference)
            shown.push_back(&row);
    std::ranges::stable_sort(shown, [](const GroupFigure *a, const GroupFigure *b) {
        const auto distance = [](const GroupFigure *row) { return row->difference.isDefined() && !row->isSmall ? std::fabs(row->difference.value) : -1.0; };
        return distance(a) > distance(b);
    });
    const std::size_t all = shown.size();
    if (shown.size() > kMostGroupLines - 1)
        shown.resize(kMostGroupLines - 1);
    std::vector<std::pair<GroupValues, report::SeriesRole>> lines;
    for (const GroupFigure *row : shown)
        lines.emplace_back(row->group, report::SeriesRole::Main);
    lines.emplace_back(view.reference, report::SeriesRole::Reference);
    std::vector<std::size_t> places;
    for (const auto &[group, role] : lines)
        places.push_back(placeOf(set, group));
    const auto slots = report::slotsOf(places);
    std::size_t drawn = 0;
    for (const auto &[group, role] : lines) {
        report::ChartSeries series;
        series.name = items::groupText(group).toStdString();
        series.role = role;
        series.slot = slots[drawn++];
        std::vector<Figure> figures;
        for (const ComputedCell &cell : set.cells) {
            if (!cell.window || !cell.window->hasTime || cell.group != group)
                continue;
            const Figure *figure = cell.find(view.choice.metric);
            report::ChartPoint point;
            point.time = cell.window->end;
            point.n = static_cast<std::int64_t>(cell.n);
            point.isHollow = cell.n < set.smallestGroup;
            if (figure && figure->isDefined()) {
                figures.push_back(*figure);
                point.value = figure->value;
                if (figure->interval) {
                    point.lower = figure->interval->lower;
                    point.upper = figure->interval->upper;
                }
            } else if (figure) {
                point.note = std::string(metrics::reasonText(figure->reason));
            }
            series.points.push_back(std::move(point));
        }
        series.intervalName = report::intervalName(figures);
        std::ranges::sort(series.points, {}, &report::ChartPoint::time);
        if (!series.points.empty())
            spec.series.push_back(std::move(series));
    }
    if (all > shown.size())
        spec.sentences.push_back(tr("Shown are the reference and the %1 groups furthest from it, of %2.").arg(shown.size()).arg(all).toStdString());
    if (!spec.series.empty())
        spec.sentences.push_back(tr("Thick: %1, the reference. The table has every interval.").arg(items::groupText(view.reference)).toStdString());
    return spec;
}

} // namespace countersign::pages
