#include "ui/charts/plot/scale.h"

#include "models/report/ticks.h"
#include "ui/charts/canvas/wording.h"

#include <QFontMetricsF>
#include <algorithm>
#include <cmath>
#include <span>

namespace countersign::charts {

using report::AxisScale;

double Scale::unit(double value) const
{
    if (kind != AxisScale::Log)
        return value;
    return value > 0 ? std::log10(value) : -1e6;
}

double Scale::pixel(double value) const
{
    if (kind == AxisScale::Categories) {
        const auto row = std::clamp<std::ptrdiff_t>(std::lround(value), 0, static_cast<std::ptrdiff_t>(rowEdges.size()) - 2);
        return (rowEdges[static_cast<std::size_t>(row)] + rowEdges[static_cast<std::size_t>(row) + 1]) / 2;
    }
    const auto [first, last] = units();
    const double share = (unit(value) - first) / (last - first);
    return from + std::clamp(share, -50.0, 50.0) * (to - from);
}

double Scale::valueAt(double at) const
{
    if (kind == AxisScale::Categories) {
        const auto edge = std::ranges::upper_bound(rowEdges, at);
        return std::clamp(static_cast<double>(edge - rowEdges.begin()) - 1, 0.0, std::max(0.0, static_cast<double>(rowEdges.size()) - 2));
    }
    const auto [first, last] = units();
    const double share = std::clamp((at - from) / (to - from), 0.0, 1.0);
    const double value = first + share * (last - first);
    return kind == AxisScale::Log ? std::pow(10.0, value) : value;
}

bool Scale::holds(double value) const
{
    if (kind == AxisScale::Categories)
        return value > -0.5 && value < static_cast<double>(rowEdges.size()) - 1.5;
    const double slack = (high - low) * 1e-9;
    return value >= low - slack && value <= high + slack;
}

namespace {

/// Gathers what an axis must show.
class Extent
{
public:
    explicit Extent(bool isLog) : m_isLog(isLog) {}

    void add(double value)
    {
        if (!std::isfinite(value) || (m_isLog && value <= 0))
            return;
        m_low = std::min(m_low, value);
        m_high = std::max(m_high, value);
    }
    void add(const std::optional<double> &value)
    {
        if (value)
            add(*value);
    }
    bool isEmpty() const { return m_low > m_high; }
    double low() const { return m_low; }
    double high() const { return m_high; }

private:
    bool m_isLog;
    double m_low = std::numeric_limits<double>::infinity();
    double m_high = -std::numeric_limits<double>::infinity();
};

bool isDrawn(const report::PlotPanel &panel, const report::PlotPoint &point)
{
    return !panel.isSideways() || point.at < static_cast<double>(panel.y.drawn());
}

void addLines(Extent &extent, const report::PlotPanel &panel, report::Along along)
{
    for (const auto &rule : panel.rules) {
        if (rule.along == along)
            extent.add(rule.at);
    }
    for (const auto &band : panel.bands) {
        if (band.along == along) {
            extent.add(band.from);
            extent.add(band.to);
        }
    }
}

std::pair<double, double> ended(const report::PlotAxis &axis, Extent &extent)
{
    const bool isLog = axis.scale == AxisScale::Log;
    if (extent.isEmpty())
        return {axis.low.value_or(isLog ? 0.5 : 0), axis.high.value_or(isLog ? 2 : 1)};
    double low = axis.low.value_or(extent.low());
    double high = axis.high.value_or(extent.high());
    if (high <= low) {
        low = isLog ? low / 1.5 : low - 0.5;
        high = isLog ? high * 1.5 : low + 1;
    }
    return {low, high};
}

} // namespace

std::pair<double, double> valueRange(const report::PlotPanel &panel)
{
    const report::PlotAxis &axis = panel.valueAxis();
    const bool isLog = axis.scale == AxisScale::Log;
    Extent values(isLog);
    Extent all(isLog);
    for (const auto &series : panel.series) {
        if (series.mark == report::PlotMark::TableOnly)
            continue;
        if (series.mark == report::PlotMark::Bars || series.isFilled)
            all.add(0);
        for (const auto &point : series.points) {
            if (!point.hasValue() || !isDrawn(panel, point))
                continue;
            values.add(point.value);
            all.add(point.value);
        }
    }
    addLines(all, panel, panel.isSideways() ? report::Along::X : report::Along::Y);
    // The ends of intervals too, but none so far away that the values come to lie on one spot: those run out of the plot.
    const double reach = isLog ? 0 : 2 * (values.isEmpty() ? 0 : std::max(values.high() - values.low(), (all.high() - all.low()) * 0.5));
    for (const auto &series : panel.series) {
        if (series.mark == report::PlotMark::TableOnly)
            continue;
        for (const auto &point : series.points) {
            if (!point.hasInterval() || !isDrawn(panel, point))
                continue;
            const double least = isLog ? values.low() / 3 : values.low() - reach;
            const double most = isLog ? values.high() * 3 : values.high() + reach;
            const bool isSingle = reach == 0 && !isLog; // one value alone: its interval is all there is to see
            all.add(isSingle ? *point.lower : std::max(least, *point.lower));
            all.add(isSingle ? *point.upper : std::min(most, *point.upper));
        }
    }
    return ended(axis, all);
}

std::pair<double, double> placeRange(const report::PlotPanel &panel)
{
    Extent extent(panel.x.scale == AxisScale::Log);
    for (const auto &series : panel.series) {
        if (series.mark == report::PlotMark::TableOnly)
            continue;
        for (const auto &point : series.points)
            extent.add(point.at);
    }
    addLines(extent, panel, report::Along::X);
    if (panel.handle)
        extent.add(panel.handle->at);
    return ended(panel.x, extent);
}

namespace {

QString tickLabel(const report::PlotAxis &axis, double value, int decimals)
{
    report::NumberFormat format = axis.format;
    format.decimals = decimals;
    return valueText(format, value);
}

int linearDecimals(const report::PlotAxis &axis, int decimals)
{
    return std::max(0, axis.format.isPercent ? decimals - 2 : decimals);
}

double widest(const std::vector<AxisTick> &ticks, const QFontMetricsF &metrics)
{
    double width = 0;
    for (const AxisTick &tick : ticks)
        width = std::max(width, metrics.horizontalAdvance(tick.text));
    return width;
}

void addLinearTicks(Scale &scale, const report::PlotAxis &axis, bool isFixed, double room, bool isUpright, const Look &look)
{
    const QFontMetricsF metrics(look.font(theme::Type::Axis));
    const double slack = (scale.high - scale.low) * 1e-9;
    for (int count = std::clamp(static_cast<int>(room / look.px(isUpright ? 40 : 56)), 3, isUpright ? 7 : 11); count >= 2; --count) {
        const double margin = isFixed ? 0 : (scale.high - scale.low) * 0.04; // no point on the very edge
        const report::ValueTicks found = report::valueTicks(axis.low ? scale.low : scale.low - margin, axis.high ? scale.high : scale.high + margin, count);
        std::vector<AxisTick> ticks;
        const double low = isFixed || axis.low ? scale.low : found.low;
        const double high = isFixed || axis.high ? scale.high : found.high;
        for (const double at : found.at) {
            if (at >= low - slack && at <= high + slack)
                ticks.push_back({at, tickLabel(axis, std::fabs(at) < slack ? 0 : at, linearDecimals(axis, found.decimals))});
        }
        const double needed = static_cast<double>(ticks.size()) * (widest(ticks, metrics) + look.px(14));
        if (isUpright || needed <= room || count == 2) {
            scale.low = low;
            scale.high = high;
            scale.ticks = std::move(ticks);
            return;
        }
    }
}

/// Multiples within a decade that are written, from sparse to dense.
constexpr double kOne[] = {1};
constexpr double kFew[] = {1, 2, 5};
constexpr double kSome[] = {1, 1.25, 2, 3, 5, 8};
constexpr double kMany[] = {1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8};
constexpr double kAll[] = {1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9};

std::vector<AxisTick> logTicks(const Scale &scale, const report::PlotAxis &axis, std::span<const double> factors)
{
    std::vector<double> values;
    for (double power = std::pow(10, std::floor(std::log10(scale.low))); power <= scale.high; power *= 10) {
        for (const double factor : factors) {
            if (factor * power >= scale.low * 0.9999 && factor * power <= scale.high * 1.0001)
                values.push_back(factor * power);
        }
    }
    int decimals = 0;
    for (const double value : values) {
        int own = 0;
        while (own < 6 && std::fabs(value * std::pow(10, own) - std::round(value * std::pow(10, own))) > 1e-6)
            ++own;
        decimals = std::max(decimals, own);
    }
    std::vector<AxisTick> ticks;
    for (const double value : values)
        ticks.push_back({value, tickLabel(axis, value, decimals)});
    return ticks;
}

void addLogTicks(Scale &scale, const report::PlotAxis &axis, bool isFixed, double room, const Look &look)
{
    const QFontMetricsF metrics(look.font(theme::Type::Axis));
    if (!isFixed) {
        const double margin = std::pow(scale.high / scale.low, 0.05);
        scale.low = axis.low ? scale.low : scale.low / margin;
        scale.high = axis.high ? scale.high : scale.high * margin;
    }
    const auto [first, last] = scale.units();
    for (const auto factors : {std::span<const double>(kAll), std::span<const double>(kMany), std::span<const double>(kSome), std::span<const double>(kFew), std::span<const double>(kOne)}) {
        std::vector<AxisTick> ticks = logTicks(scale, axis, factors);
        const double needed = widest(ticks, metrics) + look.px(10);
        double closest = room;
        for (std::size_t i = 1; i < ticks.size(); ++i)
            closest = std::min(closest, (scale.unit(ticks[i].value) - scale.unit(ticks[i - 1].value)) / (last - first) * room);
        if (ticks.size() < 2 && !scale.ticks.empty())
            return; // rather labels that leave some out than one number alone
        scale.ticks = std::move(ticks);
        if (closest >= needed)
            return;
    }
}

void addGivenTicks(Scale &scale, const report::PlotAxis &axis, double room, const Look &look)
{
    const QFontMetricsF metrics(look.font(theme::Type::Axis));
    std::vector<AxisTick> ticks;
    for (const auto &tick : axis.ticks)
        ticks.push_back({tick.at, valueText(axis.format, tick.value)});
    const double slot = room / std::max(1.0, scale.high - scale.low);
    const auto every = static_cast<std::size_t>(std::max(1.0, std::ceil((widest(ticks, metrics) + look.px(8)) / slot)));
    for (std::size_t i = 0; i < ticks.size(); ++i) {
        if (i % every != 0)
            ticks[i].text.clear();
    }
    scale.ticks = std::move(ticks);
}

void addTimeTicks(Scale &scale, double room, const Look &look)
{
    const auto from = fromMillis(static_cast<std::int64_t>(scale.low));
    const auto to = fromMillis(static_cast<std::int64_t>(scale.high));
    const report::CalendarTicks found = report::calendarTicks(from, to, std::max(2, static_cast<int>(room / look.px(96))));
    for (std::size_t i = 0; i < found.at.size(); ++i)
        scale.ticks.push_back({static_cast<double>(toMillis(found.at[i])), tickText(found, i)});
}

} // namespace

Scale makeScale(const report::PlotAxis &axis, std::pair<double, double> range, bool isFixed, double room, bool isUpright, const Look &look)
{
    Scale scale;
    scale.kind = axis.scale;
    scale.low = range.first;
    scale.high = range.second;
    if (!axis.ticks.empty())
        addGivenTicks(scale, axis, room, look);
    else if (axis.scale == AxisScale::Log)
        addLogTicks(scale, axis, isFixed, room, look);
    else if (axis.scale == AxisScale::Time)
        addTimeTicks(scale, room, look);
    else if (axis.scale == AxisScale::Linear)
        addLinearTicks(scale, axis, isFixed, room, isUpright, look);
    return scale;
}

} // namespace countersign::charts
