#include "ui/charts/history/frame.h"

#include "ui/charts/canvas/wording.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <algorithm>
#include <cmath>

namespace countersign::charts {

double Frame::x(Instant time) const
{
    const double width = std::max(1.0, static_cast<double>((span.to - span.from).count()));
    return plot.left() + static_cast<double>((time - span.from).count()) / width * plot.width();
}

double Frame::y(double value) const
{
    return plot.bottom() - (value - yTicks.low) / (yTicks.high - yTicks.low) * plot.height();
}

double Frame::stripY(double count) const
{
    return strip.bottom() - count / std::max(1.0, stripTop) * strip.height();
}

Instant Frame::timeAt(double x) const
{
    const double share = std::clamp((x - plot.left()) / std::max(1.0, plot.width()), 0.0, 1.0);
    return span.from + std::chrono::milliseconds(std::llround(share * static_cast<double>((span.to - span.from).count())));
}

TimeSpan wholeSpan(const report::ChartSpec &spec)
{
    const auto range = report::timeRange(spec);
    if (!range)
        return {fromMillis(0), fromMillis(86'400'000)};
    const auto length = range->second - range->first;
    const auto margin = length.count() == 0 ? std::chrono::milliseconds(43'200'000) : std::max(length / 40, std::chrono::milliseconds(1));
    return {range->first - margin, range->second + margin};
}

namespace {

QString say(const char *text)
{
    return QCoreApplication::translate("Chart", text);
}

class Layout
{
public:
    Layout(const report::ChartSpec &spec, const report::ChartFacts &facts, const Look &look, Parts parts)
        : m_spec(spec)
        , m_facts(facts)
        , m_look(look)
        , m_parts(parts)
    {
    }

    Frame make(QSizeF size, TimeSpan span, std::uint64_t drawnFrom)
    {
        m_frame.size = size;
        m_frame.span = span;
        const bool isTitled = m_parts.title;
        m_frame.head = layOutHead(isTitled ? shown(m_spec.title) : QString(), isTitled ? shown(m_spec.subtitle) : QString(),
                                  m_parts.legend ? legend(drawnFrom) : std::vector<LegendEntry>(), m_look, size.width());
        m_y = m_frame.head.bottom;
        placeYTitle();
        const double flagRows = m_spec.markers.empty() ? 0 : px(26);
        const double head = m_y + flagRows + px(m_spec.markers.empty() ? 8 : 6);
        const double foot = px(24) + (m_spec.showsCounts ? px(24 + 58 + 6) : 0);
        const double bottom = std::max(head + px(40), size.height() - foot);

        m_frame.yTicks = ticksFor(m_facts.values.value_or(std::pair(0.0, 1.0)), bottom - head);
        const double left = leftMargin();
        const double right = rightMargin();
        m_frame.plot = QRectF(QPointF(std::round(left), std::round(head)), QPointF(std::round(std::max(left + px(40), size.width() - right)), std::round(bottom)));
        if (m_spec.showsCounts)
            placeStrip();
        const int maxTicks = std::max(2, static_cast<int>(m_frame.plot.width() / px(96)));
        m_frame.xTicks = report::calendarTicks(span.from, span.to, maxTicks);
        placeFlags();
        return m_frame;
    }

private:
    double px(double at100) const { return m_look.px(at100); }

    std::vector<LegendEntry> legend(std::uint64_t drawnFrom) const
    {
        using Kind = LegendEntry::Kind;
        std::vector<LegendEntry> entries;
        QStringList intervals;
        const auto add = [&](Kind kind, std::size_t i, const QString &text) {
            const bool isReference = i < m_spec.series.size() && m_spec.series[i].role == report::SeriesRole::Reference;
            entries.push_back({kind, i < m_spec.series.size() ? m_spec.series[i].slot.value_or(i) : i, isReference, text, {}});
        };
        for (std::size_t i = 0; i < m_spec.series.size(); ++i)
            add(Kind::Series, i, shown(m_spec.series[i].name));
        for (std::size_t i = 0; i < m_spec.series.size(); ++i) {
            const QString name = shown(m_spec.series[i].intervalName);
            if (!intervals.contains(name)) {
                intervals << name;
                add(Kind::Band, i, name);
            }
        }
        if (!m_spec.limits.empty())
            add(Kind::Limit, 0, say(QT_TRANSLATE_NOOP("Chart", "limit")));
        if (m_facts.hasBreach)
            add(Kind::Breach, 0, m_spec.breachName.empty() ? say(QT_TRANSLATE_NOOP("Chart", "outside the limit")) : shown(m_spec.breachName));
        if (m_facts.hasHollow)
            add(Kind::Hollow, 0, m_spec.hollowName.empty() ? say(QT_TRANSLATE_NOOP("Chart", "not final")) : shown(m_spec.hollowName));
        if (drawnFrom > 0)
            add(Kind::Decimated, 0, say(QT_TRANSLATE_NOOP("Chart", "drawn from %1 points")).arg(QLocale().toString(static_cast<qulonglong>(drawnFrom))));
        return entries;
    }

    void placeYTitle()
    {
        if (m_spec.yTitle.empty())
            return;
        const QFontMetricsF metrics(m_look.font(theme::Type::Axis));
        const QRectF box = metrics.boundingRect(QRectF(0, 0, m_frame.size.width(), 1e6), Qt::TextWordWrap, shown(m_spec.yTitle));
        m_y += px(6);
        m_frame.yTitle = QRectF(0, m_y, m_frame.size.width(), box.height());
        m_y += box.height();
    }

    report::ValueTicks ticksFor(std::pair<double, double> values, double height) const
    {
        const double margin = (values.second - values.first) * 0.04; // no point on the very edge
        const double low = values.first - margin;
        const double high = values.second + margin;
        // Of shares and the like no mark stands where no value can be: the margin alone reaches there.
        const bool isAtZero = values.first >= 0 && low < 0;
        const bool isAtOne = values.second <= 1 && high > 1;
        report::ValueTicks ticks = report::valueTicks(isAtZero ? 0 : low, isAtOne ? 1 : high, std::clamp(static_cast<int>(height / px(56)), 3, 7));
        if (isAtZero)
            ticks.low = std::min(ticks.low, low);
        if (isAtOne)
            ticks.high = std::max(ticks.high, high);
        return ticks;
    }

    double leftMargin() const
    {
        const QFontMetricsF metrics(m_look.font(theme::Type::Axis));
        report::NumberFormat format = m_spec.format;
        format.decimals = std::max(0, format.isPercent ? m_frame.yTicks.decimals - 2 : m_frame.yTicks.decimals);
        double widest = 0;
        for (const double tick : m_frame.yTicks.at)
            widest = std::max(widest, metrics.horizontalAdvance(valueText(format, tick)));
        return std::max(px(52), widest + px(14));
    }

    double rightMargin() const
    {
        if (m_spec.series.size() < 2)
            return px(24);
        const QFontMetricsF metrics(m_look.font(theme::Type::Secondary, QFont::DemiBold));
        double widest = 0;
        for (const report::ChartSeries &series : m_spec.series)
            widest = std::max(widest, metrics.horizontalAdvance(shown(series.shortName.empty() ? series.name : series.shortName)));
        return std::max(px(24), std::min(widest + px(10), m_frame.size.width() / 5));
    }

    void placeStrip()
    {
        const double top = m_frame.plot.bottom() + px(24);
        m_frame.stripTitle = QRectF(0, top, m_frame.size.width(), px(20));
        m_frame.strip = QRectF(m_frame.plot.left(), std::round(top + px(26)), m_frame.plot.width(), std::round(px(56)));
        const std::int64_t most = std::max(m_facts.largestN, m_spec.minimumN.value_or(1));
        m_frame.stripTop = static_cast<double>(most) * 1.06;
    }

    void placeFlags()
    {
        const QFontMetricsF metrics(m_look.font(theme::Type::Small));
        const double height = px(18);
        const double top = m_frame.plot.top() - px(24);
        double free = 0; // where the next flag may begin
        for (const report::ChartMarker &marker : m_spec.markers) {
            if (marker.time < m_frame.span.from || marker.time > m_frame.span.to)
                continue;
            Flag flag{shown(marker.label), std::round(m_frame.x(marker.time)), {}};
            const double width = metrics.horizontalAdvance(flag.text) + px(12);
            const double left = std::clamp(flag.x - px(5), 0.0, std::max(0.0, m_frame.size.width() - width));
            if (left >= free && !flag.text.isEmpty()) {
                flag.box = QRectF(left, top, width, height);
                free = left + width + px(4);
            }
            m_frame.flags.push_back(flag);
        }
    }

    const report::ChartSpec &m_spec;
    const report::ChartFacts &m_facts;
    const Look &m_look;
    Parts m_parts;
    Frame m_frame;
    double m_y = 0;
};

} // namespace

Frame layOut(const report::ChartSpec &spec, const report::ChartFacts &facts, const Look &look, QSizeF size, TimeSpan span, Parts parts,
             std::uint64_t drawnFrom)
{
    return Layout(spec, facts, look, parts).make(size, span, drawnFrom);
}

} // namespace countersign::charts
