#include "ui/model/drift/driftview.h"

#include "models/items/celltext.h"
#include "models/items/computed/figuretext.h"

#include <QCoreApplication>

#include <algorithm>

namespace countersign::pages {

using computed::ComputedDrift;
using computed::ComputedSet;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Drift", text);
}

constexpr double kFalseDiscoveryRate = 0.05;

std::string windowOf(const ComputedDrift &drift)
{
    return drift.window ? drift.window->name : std::string();
}

/// Of those that have the statistic, the largest first.
std::vector<std::pair<const ComputedDrift *, const metrics::Figure *>> ranked(const ComputedSet &set, const std::string &statistic, const std::string &window)
{
    std::vector<std::pair<const ComputedDrift *, const metrics::Figure *>> rows;
    for (const ComputedDrift &drift : set.drifts)
        if (const metrics::Figure *figure = windowOf(drift) == window ? drift.find(statistic) : nullptr)
            rows.emplace_back(&drift, figure);
    std::ranges::stable_sort(rows, [](const auto &a, const auto &b) {
        const auto size = [](const metrics::Figure *figure) { return figure->isDefined() ? std::fabs(figure->value) : -1.0; };
        return size(a.second) > size(b.second);
    });
    return rows;
}

template<class List>
bool contains(const List &list, const std::string &value)
{
    return std::ranges::find(list, value) != list.end();
}

} // namespace

std::vector<std::string> driftStatisticsOf(const ComputedSet &set)
{
    std::vector<std::string> keys;
    for (const char *key : {"psi", "js_distance", "ks", "wasserstein", "chi_square", "cramers_v", "missing_rate_change", "js_divergence", "missing_rate"})
        if (std::ranges::any_of(set.drifts, [key](const ComputedDrift &drift) { return drift.find(key) != nullptr; }))
            keys.emplace_back(key);
    return keys;
}

QString driftStatisticTitle(const std::string &key)
{
    if (key == "psi")
        return tr("PSI");
    if (key == "js_distance")
        return tr("Jensen–Shannon distance");
    if (key == "js_divergence")
        return tr("Jensen–Shannon divergence");
    if (key == "ks")
        return tr("Kolmogorov–Smirnov");
    if (key == "wasserstein")
        return tr("Wasserstein distance");
    if (key == "chi_square")
        return tr("Chi-square");
    if (key == "cramers_v")
        return tr("Cramér's V");
    if (key == "missing_rate_change")
        return tr("Change of missing values");
    if (key == "missing_rate")
        return tr("Missing values");
    return items::metricTitle(key);
}

std::vector<std::string> driftWindowsOf(const ComputedSet &set)
{
    std::vector<std::pair<Instant, std::string>> windows;
    for (const ComputedDrift &drift : set.drifts) {
        const std::pair<Instant, std::string> window{drift.window ? drift.window->end : Instant::max(), windowOf(drift)};
        if (std::ranges::find(windows, window.second, &std::pair<Instant, std::string>::second) == windows.end())
            windows.push_back(window);
    }
    std::ranges::stable_sort(windows, std::ranges::greater(), &std::pair<Instant, std::string>::first);
    std::vector<std::string> names;
    for (auto &window : windows)
        names.push_back(std::move(window.second));
    return names;
}

std::vector<std::string> driftColumnsOf(const ComputedSet &set, const std::string &statistic, const std::string &window)
{
    std::vector<std::string> names;
    for (const auto &[drift, figure] : ranked(set, statistic, window))
        names.push_back(drift->column);
    for (const ComputedDrift &drift : set.drifts)
        if (windowOf(drift) == window && !contains(names, drift.column))
            names.push_back(drift.column);
    return names;
}

void settleDrift(const ComputedSet &set, std::string &statistic, std::string &window, std::string &column)
{
    const auto statistics = driftStatisticsOf(set);
    if (!contains(statistics, statistic) && !statistics.empty())
        statistic = statistics.front();
    const auto windows = driftWindowsOf(set);
    if (!contains(windows, window) && !windows.empty())
        window = windows.front();
    const auto columns = driftColumnsOf(set, statistic, window);
    if (!contains(columns, column))
        column = columns.empty() ? std::string() : columns.front();
}

QString driftFinding(const ComputedSet &set, const std::string &statistic, const std::string &window)
{
    const auto rows = ranked(set, statistic, window);
    if (rows.empty() || !rows.front().second->isDefined())
        return tr("No column has this statistic in this window.");
    int tested = 0;
    int differing = 0;
    for (const auto &[drift, figure] : rows) {
        tested += drift->adjustedPValue ? 1 : 0;
        differing += drift->adjustedPValue && *drift->adjustedPValue < kFalseDiscoveryRate ? 1 : 0;
    }
    QString finding = tr("%1 has moved furthest: %2 %3.").arg(items::oneLine(rows.front().first->column), driftStatisticTitle(statistic), items::figureValue(*rows.front().second));
    if (tested > 0)
        finding += QLatin1Char(' ') + tr("%1 of %2 columns differ beyond chance.").arg(differing).arg(tested);
    return finding;
}

QString driftReferenceText(const ComputedSet &set)
{
    if (set.referenceLog)
        return tr("another log, %1").arg(items::oneLine(set.referenceLog->name));
    return set.parameters.reference.empty() ? tr("the reference") : items::oneLine(set.parameters.reference);
}

} // namespace countersign::pages
