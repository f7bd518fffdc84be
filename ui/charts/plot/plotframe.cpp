#include "ui/charts/plot/plotframe.h"

#include "ui/charts/canvas/wording.h"
#include "ui/charts/plot/namecolumn.h"
#include "ui/charts/plot/plotlegend.h"
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
        if (isSideways())
            m_names = NameColumn(m_spec.panels.front(), m_look, size.width() * (m_spec.panels.size() > 1 ? 0.3 : 0.4), m_isCompact);
        const double namesWidth = isSideways() ? m_names.width() + px(14) : 0;
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
        // Bars below a square are a help to read it, and not at its cost.
        if (isEqual() && !m_hidesStrip && size.height() - foot - top < px(kLeastSquare)) {
            m_hidesStrip = true;
            foot = footOf(m_spec.panels.front(), titleWidth(m_frame.panels.front()));
        }
        placeDown(top, std::max(top + px(40), size.height() - foot));
        placeSide();
    }

    /// Lay out with details behind names, as where there is little height.
    void setCompact()
    {
        m_isCompact = true;
        m_hidesStrip = !m_spec.panels.empty() && isEqual();
    }

    /// What stands above and below the plots; for heights to ask for.
    double outside(double width)
    {
        make({width, 4000});
        double below = 0;
        for (const PlotPanel &panel : m_spec.panels)
            below = std::max(below, footOf(panel, titleWidth(m_frame.panels.front())));
        return m_frame.panels.empty() ? m_frame.head.bottom + px(80) : m_frame.panels.front().plot.top() + below;
    }
    double rowsHeight(bool isCompact) const { return m_names.height(isCompact); }
    double plotWidth() const { return m_frame.panels.empty() ? px(300) : m_frame.panels.front().plot.width(); }
    double sideHeight() const { return m_sideHeight; }

private:
    static constexpr double kGap = 28;
    static constexpr double kLeastSquare = 150; ///< that leaves room for bars below it

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
        // Beside a square there is room of itself.
        const bool isBeside = (hasReadings || isEqual()) && m_frame.size.width() >= px(isEqual() ? 400 : 560) && m_parts.legend;
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
        m_frame.side = hasReadings ? readEntries(m_spec.panels.front()) : m_legend.all();
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
        const double most = m_frame.size.width() * (isEqual() ? 0.52 : 0.38);
        const double width = std::min(names + px(2), std::max(px(110), most - values)) + values;
        m_frame.sideBox = QRectF(m_frame.size.width() - width, m_frame.head.bottom, width, 0);
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
        const double strip = panel.strip && !m_hidesStrip ? px(8 + 20 + 4 + 48) : 0;
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
            edges = m_names.place(top, bottom, m_look);
            bottom = edges.back();
            m_needsCompact = m_names.isSqueezed();
            m_frame.rows = m_names.rows();
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
        if (!panel.strip || m_hidesStrip)
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
        if (isEqual()) { // next to the square, not at the far edge, and clear of the title below it
            const double title = panel.plot.left() + m_axis.horizontalAdvance(shown(m_spec.panels.front().x.title)) + px(16);
            m_frame.sideBox.moveLeft(std::min(m_frame.sideBox.left(), std::max(panel.plot.right() + px(36), title)));
        }
        double y = panel.plot.top();
        m_frame.sideBox.setTop(y);
        const bool hasReadings = m_frame.sideValue > 0;
        if (hasReadings)
            y += px(40); // the handle's place and the heads of the columns
        const double columns = hasReadings ? (m_spec.panels.front().handle->reading == report::HandleReading::Shares ? 2 : 1) : 0;
        for (LegendEntry &entry : m_frame.side) {
            const double symbol = legendSymbolWidth(entry.kind, m_look);
            const double room = m_frame.sideBox.width() - columns * m_frame.sideValue - symbol;
            const double text = metrics.boundingRect(QRectF(0, 0, room, 1e6), legendWrap(entry.text, metrics, room), entry.text).height();
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
    PlotLegend m_legend;
    QFontMetricsF m_axis;
    PlotFrame m_frame;
    double m_right = 0;
    NameColumn m_names;
    bool m_isCompact = false;
    bool m_hidesStrip = false;
    bool m_needsCompact = false; ///< found out when rows did not fit
    double m_sideHeight = 0;
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
