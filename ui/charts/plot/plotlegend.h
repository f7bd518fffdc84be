#pragma once

#include "models/report/plotspec.h"
#include "ui/charts/history/head.h"

#include <cstdint>
#include <vector>

namespace countersign::charts {

/// What the legend of a plot says: series first, then what lines and grounds mean; each text once. `drawnFrom` is the number of points behind
/// a decimated plot, or 0.
class PlotLegend
{
public:
    PlotLegend(const report::PlotSpec &spec, std::uint64_t drawnFrom);

    std::vector<LegendEntry> series() const { return {m_entries.begin(), m_entries.begin() + static_cast<std::ptrdiff_t>(m_series)}; }
    std::vector<LegendEntry> meanings() const { return {m_entries.begin() + static_cast<std::ptrdiff_t>(m_series), m_entries.end()}; }
    const std::vector<LegendEntry> &all() const { return m_entries; }

private:
    void add(LegendEntry::Kind kind, std::size_t slot, bool isReference, const QString &text);
    void addSeries(const report::PlotSpec &spec);
    void addMeanings(const report::PlotSpec &spec);

    std::vector<LegendEntry> m_entries;
    std::size_t m_series = 0;
};

/// One entry for every series that the handle of the plot's only panel reads, in its order.
std::vector<LegendEntry> readEntries(const report::PlotPanel &panel);

} // namespace countersign::charts
