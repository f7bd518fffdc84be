#include "ui/charts/plot/plotlegend.h"

#include "ui/charts/canvas/wording.h"
#include "ui/charts/plot/plotwording.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>

namespace countersign::charts {

namespace {

using report::PlotMark;
using report::PlotPanel;
using report::PlotSeries;
using report::PlotSpec;

LegendEntry::Kind kindOf(const PlotSeries &series)
{
    switch (series.mark) {
    case PlotMark::Points:
        return !series.points.empty() && std::ranges::all_of(series.points, &report::PlotPoint::isHollow) ? LegendEntry::Kind::TooFew : LegendEntry::Kind::Marks;
    case PlotMark::Bars: return LegendEntry::Kind::Bars;
    case PlotMark::Step: return series.hasMarks ? LegendEntry::Kind::Series : LegendEntry::Kind::Outline;
    default: return series.hasMarks ? LegendEntry::Kind::Series : LegendEntry::Kind::Outline;
    }
}

} // namespace

PlotLegend::PlotLegend(const PlotSpec &spec, std::uint64_t drawnFrom)
{
    addSeries(spec);
    m_series = m_entries.size();
    addMeanings(spec);
    if (drawnFrom > 0)
        add(LegendEntry::Kind::Decimated, 0, false, QCoreApplication::translate("Chart", "drawn from %1 points").arg(QLocale().toString(static_cast<qulonglong>(drawnFrom))));
}

void PlotLegend::add(LegendEntry::Kind kind, std::size_t slot, bool isReference, const QString &text)
{
    const bool isKnown = std::ranges::any_of(m_entries, [&](const LegendEntry &entry) { return entry.text == text && entry.kind == kind; });
    if (!isKnown && !text.isEmpty())
        m_entries.push_back({kind, slot, isReference, text, {}});
}

void PlotLegend::addSeries(const PlotSpec &spec)
{
    for (const PlotPanel &panel : spec.panels) {
        const auto drawn = std::ranges::count_if(panel.series, [](const PlotSeries &series) { return series.mark != PlotMark::TableOnly; });
        for (std::size_t i = 0; i < panel.series.size(); ++i) {
            const PlotSeries &series = panel.series[i];
            const bool isOnlyOne = drawn == 1 && !panel.handle && !series.summary && !panel.isEqualAspect; // title and axis name it
            if (series.mark != PlotMark::TableOnly && !isOnlyOne)
                add(kindOf(series), series.slot.value_or(i), series.role == report::SeriesRole::Reference, legendText(panel, series));
        }
    }
}

void PlotLegend::addMeanings(const PlotSpec &spec)
{
    bool hasHollow = false;
    bool hasTooFew = false;
    for (const PlotPanel &panel : spec.panels) {
        for (std::size_t i = 0; i < panel.series.size(); ++i) {
            const PlotSeries &series = panel.series[i];
            if (series.mark == PlotMark::TableOnly)
                continue;
            if (series.mark == PlotMark::Line)
                add(series.hasCaps ? LegendEntry::Kind::Interval : LegendEntry::Kind::Band, series.slot.value_or(i), series.role == report::SeriesRole::Reference, shown(series.intervalName));
            const bool isAnyHollow = std::ranges::any_of(series.points, &report::PlotPoint::isHollow);
            hasTooFew = hasTooFew || (series.mark == PlotMark::Points && isAnyHollow);
            hasHollow = hasHollow || (series.hasMarks && isAnyHollow);
        }
        if (panel.hasDiagonal)
            add(LegendEntry::Kind::Rule, 0, false, shown(panel.diagonalName));
        for (const report::PlotBand &band : panel.bands)
            add(band.style == report::BandStyle::Accepted ? LegendEntry::Kind::Accepted : LegendEntry::Kind::Breach, 0, false,
                band.style == report::BandStyle::Accepted ? shown(band.label) : QString());
    }
    if (hasHollow)
        add(LegendEntry::Kind::Hollow, 0, false, shown(spec.hollowName));
    if (hasTooFew)
        add(LegendEntry::Kind::TooFew, 0, false, shown(spec.hollowName));
}

std::vector<LegendEntry> readEntries(const PlotPanel &panel)
{
    std::vector<LegendEntry> entries;
    for (const report::Reading &reading : report::readingsAt(panel, panel.handle->at)) {
        const PlotSeries &series = panel.series[reading.series];
        entries.push_back({kindOf(series), series.slot.value_or(reading.series), series.role == report::SeriesRole::Reference, legendText(panel, series), {}});
    }
    return entries;
}

} // namespace countersign::charts
