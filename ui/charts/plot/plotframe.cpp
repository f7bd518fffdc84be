#include "ui/charts/plot/plotframe.h"

#include "ui/charts/canvas/wording.h"
#include "ui/charts/plot/plotwording.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <algorithm>
#include <cmath>

namespace countersign::charts {

namespace {

using report::PlotMark;
using report::PlotPanel;
using report::PlotSeries;
using report::PlotSpec;

QString say(const char *text)
{
    return QCoreApplication::translate("Chart", text);
}

double textHeight(const QFontMetricsF &metrics, const QString &text, double width)
{
    return text.isEmpty() ? 0 : metrics.boundingRect(QRectF(0, 0, width, 1e6), Qt::TextWordWrap, text).height();
}

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

/// The entries of the legend: series first, then what lines and grounds mean; each text once.
class Legend
{
public:
    Legend(const PlotSpec &spec, std::uint64_t drawnFrom)
    {
        addSeries(spec);
        m_series = m_entries.size();
        addMeanings(spec);
        if (drawnFrom > 0)
            add(LegendEntry::Kind::Decimated, 0, false, say(QT_TRANSLATE_NOOP("Chart", "drawn from %1 points")).arg(QLocale().toString(static_cast<qulonglong>(drawnFrom))));
    }
    std::vector<LegendEntry> series() const { return {m_entries.begin(), m_entries.begin() + static_cast<std::ptrdiff_t>(m_series)}; }
    std::vector<LegendEntry> meanings() const { return {m_entries.begin() + static_cast<std::ptrdiff_t>(m_series), m_entries.end()}; }
    const std::vector<LegendEntry> &all() const { return m_entries; }

private:
    void add(LegendEntry::Kind kind, std::size_t slot, bool isReference, const QString &text)
    {
        const bool isKnown = std::ranges::any_of(m_entries, [&](const LegendEntry &entry) { return entry.text == text && entry.kind == kind; });
        if (!isKnown && !text.isEmpty())
            m_entries.push_back({kind, slot, isReference, text, {}});
    }

    void addSeries(const PlotSpec &spec)
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

    void addMeanings(const PlotSpec &spec)
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

    std::vector<LegendEntry> m_entries;
    std::size_t m_series = 0;
};

class Layout
{
public:
    Layout(const PlotSpec &spec, const Look &look, Parts parts, std::optional<std::pair<double, double>> zoom, std::uint64_t drawnFrom)
        : m_spec(spec)
        , m_look(look)
        , m_parts(parts)
        , m_zoom(zoom)
        , m_legend(spec, drawnFrom)
        , m_axis(look.font(theme::Type::Axis))
    {
    }

    PlotFrame make(QSizeF size)
    {
        place(size);
        if (m_needsCompact) { // names with their details on one line need another width
            m_isCompact = true;
            m_frame = {};
            m_rows.clear();
            m_compactRows.clear();
            place(size);
        }
        return m_frame;
    }

    void place(QSizeF size)
    {
        m_frame.size = size;
        placeHead();
        if (m_spec.panels.empty())
            return;
        m_right = m_frame.sideBox.isNull() ? size.width() : m_frame.sideBox.left() - px(24);
        const double namesWidth = isSideways() ? nameColumn(size.width()) : 0;
        const double panelWidth = (m_right - namesWidth - gaps()) / static_cast<double>(m_spec.panels.size());
        double top = m_frame.head.bottom;
        double foot = 0;
        for (std::size_t i = 0; i < m_spec.panels.size(); ++i) {
            const double left = namesWidth + static_cast<double>(i) * (panelWidth + px(kGap));
            m_frame.panels.push_back({});
            placeAcross(i, left, left + panelWidth);
            top = std::max(top, placeAbove(i, left, panelWidth));
            foot = std::max(foot, footOf(m_spec.panels[i], titleWidth(m_frame.panels[i])));
        }
        placeDown(top, std::max(top + px(40), size.height() - foot));
        placeSide();
    }

    /// Lay out with details behind names, as where there is little height.
    void setCompact() { m_isCompact = true; }

    /// What stands above and below the plots; for heights to ask for.
    double outside(double width)
    {
        make({width, 4000});
        double below = 0;
        for (const PlotPanel &panel : m_spec.panels)
            below = std::max(below, footOf(panel, titleWidth(m_frame.panels.front())));
        return m_frame.panels.empty() ? m_frame.head.bottom + px(80) : m_frame.panels.front().plot.top() + below;
    }
    double rowsHeight(bool isCompact) const
    {
        double height = 0;
        for (const double row : isCompact ? m_compactRows : m_rows)
            height += row;
        return height;
    }
    double plotWidth() const { return m_frame.panels.empty() ? px(300) : m_frame.panels.front().plot.width(); }
    double sideHeight() const { return m_sideHeight; }

private:
    static constexpr double kGap = 28;

    double px(double at100) const { return m_look.px(at100); }
    bool isSideways() const { return m_spec.panels.front().isSideways(); }
    bool isEqual() const { return m_spec.panels.size() == 1 && m_spec.panels.front().isEqualAspect; }
    double gaps() const { return static_cast<double>(m_spec.panels.size() - 1) * px(kGap); }

    void placeHead()
    {
        const QString title = m_parts.title ? shown(m_spec.title) : QString();
        const QString subtitle = m_parts.title ? shown(m_spec.subtitle) : QString();
        const bool isOne = m_spec.panels.size() == 1;
        const bool hasReadings = isOne && m_spec.panels.front().handle && !m_legend.series().empty();
        const bool isBeside = (hasReadings || isEqual()) && m_frame.size.width() >= px(560) && m_parts.legend;
        std::vector<LegendEntry> above = isBeside ? (isEqual() ? std::vector<LegendEntry>() : m_legend.meanings()) : m_legend.all();
        if (!m_parts.legend)
            above.clear();
        m_frame.head = layOutHead(title, subtitle, above, m_look, m_frame.size.width());
        if (isBeside)
            reserveSide(hasReadings);
    }

    void reserveSide(bool hasReadings)
    {
        const QFontMetricsF metrics(m_look.font(theme::Type::Secondary));
        m_frame.side = hasReadings ? readEntries() : m_legend.all();
        double names = 0;
        for (const LegendEntry &entry : m_frame.side)
            names = std::max(names, legendSymbolWidth(entry.kind, m_look) + metrics.horizontalAdvance(entry.text));
        double values = 0;
        if (hasReadings) {
            const bool isShares = m_spec.panels.front().handle->reading == report::HandleReading::Shares;
            const QString head = say(QT_TRANSLATE_NOOP("Chart", "from there"));
            m_frame.sideValue = std::max(metrics.horizontalAdvance(head), metrics.horizontalAdvance(QStringLiteral("100.0 %"))) + px(12);
            values = m_frame.sideValue * (isShares ? 2 : 1);
            names = std::max(names, metrics.horizontalAdvance(handleLabel(m_spec.panels.front(), m_spec.panels.front().handle->high)) - (isShares ? 0 : values));
        }
        const double width = std::min(names + px(2), std::max(px(110), m_frame.size.width() * 0.38 - values)) + values;
        m_frame.sideBox = QRectF(m_frame.size.width() - width, m_frame.head.bottom, width, 0);
    }

    /// One for every series that the handle reads, in its order.
    std::vector<LegendEntry> readEntries() const
    {
        std::vector<LegendEntry> entries;
        const PlotPanel &panel = m_spec.panels.front();
        for (const report::Reading &reading : report::readingsAt(panel, panel.handle->at)) {
            const PlotSeries &series = panel.series[reading.series];
            entries.push_back({kindOf(series), series.slot.value_or(reading.series), series.role == report::SeriesRole::Reference, legendText(panel, series), {}});
        }
        return entries;
    }

    /// The widest name decides, up to two fifths of the chart.
    double nameColumn(double width)
    {
        const auto &categories = m_spec.panels.front().y.categories;
        const QFontMetricsF plain(m_look.font(theme::Type::Body));
        const QFontMetricsF strong(m_look.font(theme::Type::Body, QFont::DemiBold));
        double widest = px(40);
        for (std::size_t i = 0; i < m_spec.panels.front().y.drawn(); ++i) {
            RowName row{shown(categories[i].name), categoryDetail(categories[i]), false, categories[i].isStrong, {}};
            const double name = (row.isStrong ? strong : plain).horizontalAdvance(row.name);
            const double detail = m_axis.horizontalAdvance(row.detail);
            widest = std::max(widest, m_isCompact ? name + px(8) + detail : std::max(name, detail));
            m_frame.rows.push_back(std::move(row));
        }
        m_nameWidth = std::min(std::ceil(widest) + px(2), width * (m_spec.panels.size() > 1 ? 0.3 : 0.4));
        for (RowName &row : m_frame.rows) {
            const QFontMetricsF &metrics = row.isStrong ? strong : plain;
            const double both = anywhereHeight(metrics, row.name, m_nameWidth) + anywhereHeight(m_axis, row.detail, m_nameWidth);
            m_rows.push_back(std::max(px(row.detail.isEmpty() ? 26 : 36), both + px(4)));
            row.isInline = m_isCompact && metrics.horizontalAdvance(row.name) + px(8) + m_axis.horizontalAdvance(row.detail) <= m_nameWidth + 0.5;
            // Not compact yet: the column will be made wide enough for all but names that are very long.
            m_compactRows.push_back(std::max(px(20), (row.isInline || !m_isCompact ? anywhereHeight(metrics, row.name, m_nameWidth) : both) + px(2)));
        }
        return m_nameWidth + px(14);
    }
    static double anywhereHeight(const QFontMetricsF &metrics, const QString &text, double width)
    {
        return text.isEmpty() ? 0 : metrics.boundingRect(QRectF(0, 0, width, 1e6), Qt::TextWordWrap | Qt::TextWrapAnywhere, text).height();
    }

    /// Scale and edges from left to right.
    void placeAcross(std::size_t i, double left, double right)
    {
        const PlotPanel &panel = m_spec.panels[i];
        PanelFrame &frame = m_frame.panels[i];
        const auto range = panel.isSideways() ? valueRange(panel) : m_zoom.value_or(placeRange(panel));
        const bool isFixed = m_zoom.has_value() || (panel.x.low && panel.x.high);
        double plotLeft = left;
        if (!panel.isSideways())
            plotLeft = left + valueMargin(panel);
        double plotRight = right - px(panel.isSideways() ? 10 : 18);
        frame.x = makeScale(panel.x, range, isFixed, plotRight - plotLeft, false, m_look);
        if (!frame.x.ticks.empty()) { // half of the last label reaches over the edge
            const double half = m_axis.horizontalAdvance(frame.x.ticks.back().text) / 2;
            plotRight = std::min(plotRight, right - half);
        }
        frame.plot.setLeft(std::round(plotLeft));
        frame.plot.setRight(std::round(std::max(plotLeft + px(40), plotRight)));
    }

    double valueMargin(const PlotPanel &panel) const
    {
        const Scale trial = makeScale(panel.y, valueRange(panel), panel.y.low && panel.y.high, px(300), true, m_look);
        double widest = 0;
        for (const AxisTick &tick : trial.ticks)
            widest = std::max(widest, m_axis.horizontalAdvance(tick.text));
        if (panel.strip)
            widest = std::max(widest, m_axis.horizontalAdvance(QStringLiteral("000 M")));
        return widest + px(14);
    }

    /// Title, y title and labels of upright rules; the plot's top.
    double placeAbove(std::size_t i, double left, double width)
    {
        const PlotPanel &panel = m_spec.panels[i];
        PanelFrame &frame = m_frame.panels[i];
        double y = m_frame.head.bottom + px(m_frame.head.bottom > 0 ? 8 : 0);
        const double titleLeft = panel.isSideways() ? frame.plot.left() : left;
        const auto line = [&](const QString &text, const QFont &font, double gap) {
            const double height = textHeight(QFontMetricsF(font), text, width);
            const QRectF box(titleLeft, y, width, height);
            y += height > 0 ? height + px(gap) : 0;
            return height > 0 ? box : QRectF();
        };
        frame.title = line(shown(panel.title), m_look.font(theme::Type::Secondary, QFont::DemiBold), 0);
        frame.subtitle = line(shown(panel.subtitle), m_look.font(theme::Type::Axis), 2);
        if (!panel.isSideways())
            frame.yTitle = line(shown(panel.y.title), m_look.font(theme::Type::Axis), 4);
        setPixels(frame.x, frame.plot.left(), frame.plot.right());
        return placeRuleLabels(panel, frame, y) + px(panel.isSideways() ? 4 : 6);
    }

    /// Side by side where there is room, else one above the other; the bottom of the lowest.
    double placeRuleLabels(const PlotPanel &panel, PanelFrame &frame, double top)
    {
        const QFontMetricsF metrics(m_look.font(theme::Type::Small, QFont::DemiBold));
        std::vector<std::size_t> order;
        for (std::size_t i = 0; i < panel.rules.size(); ++i) {
            if (panel.rules[i].along == report::Along::X && !panel.rules[i].label.empty() && frame.x.holds(panel.rules[i].at))
                order.push_back(i);
        }
        std::ranges::stable_sort(order, {}, [&](std::size_t i) { return panel.rules[i].at; });
        const double handleRow = panel.handle ? px(22) : 0; // the handle's grip and its number
        std::vector<double> free; // by row: where the next label may begin
        for (const std::size_t i : order) {
            RuleLabel label{i, shown(panel.rules[i].label), {}};
            const double width = metrics.horizontalAdvance(label.text);
            const double x = frame.x.pixel(panel.rules[i].at);
            const double left = std::clamp(x - width / 2, frame.plot.left() - px(10), std::max(frame.plot.left() - px(10), m_right - width));
            std::size_t row = 0;
            while (row < free.size() && left < free[row])
                ++row;
            if (row == free.size())
                free.push_back(0);
            free[row] = left + width + px(8);
            label.box = QRectF(left, static_cast<double>(row), width, metrics.height());
            frame.ruleLabels.push_back(std::move(label));
        }
        const double rowHeight = metrics.height() + px(1);
        for (RuleLabel &label : frame.ruleLabels) // the first row is the lowest, next to its line
            label.box.moveTop(top + (static_cast<double>(free.size()) - 1 - label.box.top()) * rowHeight);
        return top + static_cast<double>(free.size()) * rowHeight + handleRow;
    }

    /// Of an x axis's title: up to the right edge, or beneath its own plot where there are several.
    double titleWidth(const PanelFrame &frame) const { return m_spec.panels.size() > 1 ? frame.plot.width() : m_right - frame.plot.left(); }

    double footOf(const PlotPanel &panel, double width) const
    {
        const double title = textHeight(m_axis, shown(panel.x.title), width);
        const double strip = panel.strip ? px(8 + 20 + 4 + 48) : 0;
        return px(8) + m_axis.height() + (title > 0 ? title + px(3) : 0) + strip;
    }

    static void setPixels(Scale &scale, double from, double to)
    {
        scale.from = from;
        scale.to = to;
    }

    void placeDown(double top, double bottom)
    {
        top = std::round(top);
        std::vector<double> edges;
        if (isSideways()) {
            edges = rowEdges(top, bottom);
            bottom = edges.back();
        }
        for (std::size_t i = 0; i < m_frame.panels.size(); ++i) {
            const PlotPanel &panel = m_spec.panels[i];
            PanelFrame &frame = m_frame.panels[i];
            frame.plot.setTop(top);
            frame.plot.setBottom(std::round(bottom));
            const double lowestLabel = frame.ruleLabels.empty() ? top : std::ranges::max(frame.ruleLabels, {}, [](const RuleLabel &label) { return label.box.bottom(); }).box.bottom();
            const double handleRow = panel.handle ? px(22) : 0;
            for (RuleLabel &label : frame.ruleLabels) // panels of different heads share their plots' top
                label.box.translate(0, top - px(panel.isSideways() ? 3 : 4) - handleRow - lowestLabel);
            if (panel.isEqualAspect)
                makeSquare(frame);
            if (panel.isSideways()) {
                frame.y.kind = report::AxisScale::Categories;
                frame.y.rowEdges = edges;
                setPixels(frame.y, top, bottom);
            } else {
                frame.y = makeScale(panel.y, valueRange(panel), panel.y.low && panel.y.high, frame.plot.height(), true, m_look);
                const bool isSameRange = panel.isEqualAspect && frame.y.low == frame.x.low && frame.y.high == frame.x.high;
                if (isSameRange) // what is as long is divided alike
                    frame.y.ticks = frame.x.ticks;
                setPixels(frame.y, frame.plot.bottom(), frame.plot.top());
            }
            placeBelow(panel, frame);
        }
    }

    /// One unit is as long on both axes; both run over the same range.
    void makeSquare(PanelFrame &frame)
    {
        const double side = std::floor(std::min(frame.plot.width(), frame.plot.height()));
        frame.plot.setRight(frame.plot.left() + side);
        frame.plot.setBottom(frame.plot.top() + side);
        const PlotPanel &panel = m_spec.panels.front();
        const auto range = m_zoom.value_or(placeRange(panel));
        frame.x = makeScale(panel.x, range, m_zoom.has_value() || (panel.x.low && panel.x.high), side, false, m_look);
        setPixels(frame.x, frame.plot.left(), frame.plot.right());
    }

    std::vector<double> rowEdges(double top, double bottom)
    {
        const double natural = rowsHeight(false);
        const double room = bottom - top;
        m_needsCompact = !m_isCompact && natural > room + 0.5;
        const bool isCompact = m_isCompact;
        const std::vector<double> &heights = isCompact ? m_compactRows : m_rows;
        const double needed = rowsHeight(isCompact);
        // Rows grow a little with the chart, and are squeezed where even the compact ones do not fit.
        const double factor = needed > 0 ? std::min(room / needed, isCompact ? 1.8 : 1.25) : 1;
        std::vector<double> edges{top};
        for (std::size_t i = 0; i < heights.size(); ++i) {
            edges.push_back(edges.back() + heights[i] * factor);
            m_frame.rows[i].box = QRectF(0, edges[i], m_nameWidth, edges[i + 1] - edges[i]);
        }
        if (edges.size() == 1)
            edges.push_back(top + px(40));
        return edges;
    }

    void placeBelow(const PlotPanel &panel, PanelFrame &frame)
    {
        double y = frame.plot.bottom() + px(6) + m_axis.height();
        const QString title = shown(panel.x.title);
        const double width = titleWidth(frame);
        if (!title.isEmpty()) {
            const double height = textHeight(m_axis, title, width);
            frame.xTitle = QRectF(frame.plot.left(), y + px(2), width, height);
            y += height + px(2);
        }
        if (!panel.strip)
            return;
        frame.stripTitle = QRectF(frame.plot.left(), y + px(8), frame.plot.width(), px(18));
        frame.strip = QRectF(frame.plot.left(), std::round(y + px(30)), frame.plot.width(), std::round(px(46)));
        for (const report::PlotPoint &bar : panel.strip->bars)
            frame.stripTop = std::max(frame.stripTop, bar.value * 1.06);
    }

    void placeSide()
    {
        if (m_frame.sideBox.isNull())
            return;
        const PanelFrame &panel = m_frame.panels.front();
        const QFontMetricsF metrics(m_look.font(theme::Type::Secondary));
        if (isEqual()) // next to the square, not at the far edge
            m_frame.sideBox.moveLeft(std::min(m_frame.sideBox.left(), panel.plot.right() + px(36)));
        double y = panel.plot.top();
        m_frame.sideBox.setTop(y);
        const bool hasReadings = m_frame.sideValue > 0;
        if (hasReadings)
            y += px(40); // the handle's place and the heads of the columns
        const double columns = hasReadings ? (m_spec.panels.front().handle->reading == report::HandleReading::Shares ? 2 : 1) : 0;
        for (LegendEntry &entry : m_frame.side) {
            const double symbol = legendSymbolWidth(entry.kind, m_look);
            const double room = m_frame.sideBox.width() - columns * m_frame.sideValue - symbol;
            const double text = metrics.boundingRect(QRectF(0, 0, room, 1e6), Qt::TextWordWrap, entry.text).height();
            const double height = std::max(px(22), text + px(22) - metrics.height());
            entry.box = QRectF(m_frame.sideBox.left(), y, symbol + room, height);
            y += height;
        }
        m_sideHeight = y - panel.plot.top();
        m_frame.sideBox.setHeight(m_sideHeight);
    }

    const PlotSpec &m_spec;
    const Look &m_look;
    Parts m_parts;
    std::optional<std::pair<double, double>> m_zoom;
    Legend m_legend;
    QFontMetricsF m_axis;
    PlotFrame m_frame;
    double m_right = 0;
    double m_nameWidth = 0;
    bool m_isCompact = false;
    bool m_needsCompact = false; ///< found out when rows did not fit
    double m_sideHeight = 0;
    std::vector<double> m_rows; ///< natural heights
    std::vector<double> m_compactRows;
};

} // namespace

PlotFrame layOut(const PlotSpec &spec, const Look &look, QSizeF size, Parts parts, std::optional<std::pair<double, double>> zoom, std::uint64_t drawnFrom)
{
    return Layout(spec, look, parts, zoom, drawnFrom).make(size);
}

double preferredHeight(const PlotSpec &spec, const Look &look, double width, Parts parts)
{
    Layout layout(spec, look, parts, {}, 0);
    const double outside = layout.outside(width);
    if (spec.panels.empty())
        return outside;
    if (spec.panels.front().isSideways())
        return outside + std::max(look.px(40), layout.rowsHeight(false));
    if (spec.panels.front().isEqualAspect)
        return outside + std::clamp(layout.plotWidth(), look.px(220), look.px(360));
    return outside + std::max({look.px(170), layout.sideHeight(), std::min(look.px(300), layout.plotWidth() * 0.45)});
}

double leastHeight(const PlotSpec &spec, const Look &look, double width, Parts parts)
{
    Layout layout(spec, look, parts, {}, 0);
    layout.setCompact();
    const double outside = layout.outside(width);
    const bool isSideways = !spec.panels.empty() && spec.panels.front().isSideways();
    return outside + (isSideways ? layout.rowsHeight(true) : std::max(look.px(90), layout.sideHeight()));
}

double drawnPlace(const PlotPanel &panel, const PlotSeries &series, const report::PlotPoint &point)
{
    const bool isBin = series.mark == PlotMark::Step || series.mark == PlotMark::TableOnly;
    if (panel.isSideways() || !isBin)
        return point.at;
    if (!panel.x.ticks.empty())
        return point.at + 0.5; // bins of one unit each
    if (point.from && point.to && std::isfinite(*point.from) && std::isfinite(*point.to))
        return (*point.from + *point.to) / 2;
    return point.at;
}

} // namespace countersign::charts
