#include "ui/charts/history/builder.h"

#include <QGraphicsLayout>
#include <QtCharts/QAreaSeries>
#include <QtCharts/QLineSeries>
#include <QtCharts/QScatterSeries>
#include <QtCharts/QValueAxis>
#include <algorithm>
#include <array>

namespace countersign::charts {

namespace {

double millis(const report::ChartPoint &point)
{
    return static_cast<double>(toMillis(point.time));
}

class Builder
{
public:
    Builder(const report::ChartSpec &spec, const Frame &frame, const Look &look) : m_spec(spec), m_frame(frame), m_look(look) {}

    std::unique_ptr<QChart> build()
    {
        const std::pair span(static_cast<double>(toMillis(m_frame.span.from)), static_cast<double>(toMillis(m_frame.span.to)));
        m_bare = bareChart(m_frame.size, m_frame.plot, span, {m_frame.yTicks.low, m_frame.yTicks.high});
        // Bands first: a line must never lie below another series' band.
        for (std::size_t i = 0; i < m_spec.series.size(); ++i)
            addBands(i);
        for (std::size_t i = 0; i < m_spec.series.size(); ++i)
            addLines(i);
        for (std::size_t i = 0; i < m_spec.series.size(); ++i)
            addMarks(i);
        return std::move(m_bare.chart);
    }

private:
    bool isReference(std::size_t i) const { return m_spec.series[i].role == report::SeriesRole::Reference; }
    std::size_t slot(std::size_t i) const { return m_spec.series[i].slot.value_or(i); }

    void addBands(std::size_t i)
    {
        const auto &points = m_spec.series[i].points;
        const auto runs = report::pieces(points);
        if (runs.size() > kMaxPieces)
            return;
        for (const auto &[first, last] : runs) {
            QList<QPointF> lower;
            QList<QPointF> upper;
            for (std::size_t p = first; p < last; ++p) {
                if (!points[p].hasInterval())
                    continue;
                lower.append({millis(points[p]), *points[p].lower});
                upper.append({millis(points[p]), *points[p].upper});
            }
            m_bare.addBand(lower, upper, m_look.bandColour(slot(i), isReference(i)));
        }
    }

    void addLines(std::size_t i)
    {
        const auto &points = m_spec.series[i].points;
        const auto runs = report::pieces(points);
        if (runs.size() > kMaxPieces)
            return;
        for (const auto &[first, last] : runs) {
            if (last - first < 2)
                continue; // a mark shows it
            QList<QPointF> values;
            values.reserve(static_cast<qsizetype>(last - first));
            for (std::size_t p = first; p < last; ++p)
                values.append({millis(points[p]), points[p].value});
            m_bare.addLine(values, m_look.seriesPen(slot(i), isReference(i)));
        }
    }

    void addMarks(std::size_t i)
    {
        const auto &series = m_spec.series[i];
        const auto runs = report::pieces(series.points);
        if (runs.size() > kMaxPieces)
            return;
        const bool all = hasPointMarks(series, m_frame, m_look);
        QList<QPointF> filled;
        QList<QPointF> hollow;
        for (const auto &[first, last] : runs) {
            for (std::size_t p = first; p < last; ++p) {
                if (all || last - first == 1)
                    (series.points[p].isHollow ? hollow : filled).append({millis(series.points[p]), series.points[p].value});
            }
        }
        m_bare.addMarks(filled, slot(i), isReference(i), false, m_look);
        m_bare.addMarks(hollow, slot(i), isReference(i), true, m_look);
    }

    const report::ChartSpec &m_spec;
    const Frame &m_frame;
    const Look &m_look;
    BareChart m_bare;
};

} // namespace

void BareChart::add(QAbstractSeries *series)
{
    chart->addSeries(series);
    series->attachAxis(x);
    series->attachAxis(y);
}

void BareChart::addLine(const QList<QPointF> &values, const QPen &pen)
{
    auto *line = new QLineSeries;
    line->replace(values);
    QPen drawn = pen;
    if (values.size() > 1000)
        drawn.setStyle(Qt::SolidLine); // dashes of a line this dense can't be seen and cost a second to draw
    line->setPen(drawn);
    add(line);
}

void BareChart::addBand(const QList<QPointF> &lower, const QList<QPointF> &upper, const QColor &colour)
{
    if (upper.size() < 2)
        return;
    auto *low = new QLineSeries;
    auto *high = new QLineSeries;
    low->replace(lower);
    high->replace(upper);
    auto *band = new QAreaSeries(high, low);
    low->setParent(band);
    high->setParent(band);
    band->setPen(Qt::NoPen);
    band->setBrush(colour);
    add(band);
}

void BareChart::addMarks(const QList<QPointF> &values, std::size_t slot, bool isReference, bool isHollow, const Look &look)
{
    if (values.isEmpty())
        return;
    using Marks = QScatterSeries;
    static constexpr std::array kShapes = {Marks::MarkerShapeCircle,   Marks::MarkerShapeRectangle, Marks::MarkerShapeRotatedRectangle,
                                           Marks::MarkerShapeTriangle, Marks::MarkerShapePentagon,  Marks::MarkerShapeStar};
    auto *marks = new QScatterSeries;
    marks->replace(values);
    const auto shape = isReference ? Marks::MarkerShapeRectangle : kShapes[slot % kShapes.size()];
    marks->setMarkerShape(shape);
    marks->setMarkerSize(look.px(shape == Marks::MarkerShapeRectangle ? 7 : shape == Marks::MarkerShapeCircle ? 7.6 : 9.5));
    marks->setBrush(isHollow ? look.tokens->page : look.seriesColour(slot, isReference));
    marks->setPen(QPen(look.seriesColour(slot, isReference), look.px(1.4)));
    add(marks);
}

BareChart bareChart(QSizeF size, const QRectF &plot, std::pair<double, double> x, std::pair<double, double> y)
{
    BareChart bare{std::make_unique<QChart>(), new QValueAxis, new QValueAxis};
    QChart &chart = *bare.chart;
    chart.setAnimationOptions(QChart::NoAnimation);
    chart.setBackgroundVisible(false); // else a white card in dark mode
    chart.setPlotAreaBackgroundVisible(false);
    chart.setMargins({});
    chart.layout()->setContentsMargins(0, 0, 0, 0);
    chart.legend()->hide();
    bare.x->setRange(x.first, x.second);
    bare.y->setRange(y.first, y.second);
    for (QValueAxis *axis : {bare.x, bare.y}) {
        axis->setLabelsVisible(false);
        axis->setGridLineVisible(false);
        axis->setLineVisible(false);
    }
    chart.addAxis(bare.x, Qt::AlignBottom);
    chart.addAxis(bare.y, Qt::AlignLeft);
    auto *base = new QLineSeries;
    base->setPen(Qt::NoPen);
    bare.add(base);
    chart.resize(size);
    chart.setPlotArea(plot);
    // setPlotArea alone leaves axes and series at the geometry before.
    chart.layout()->invalidate();
    chart.layout()->activate();
    return bare;
}

bool hasPointMarks(const report::ChartSeries &series, const Frame &frame, const Look &look)
{
    const auto visible = std::ranges::count_if(series.points, [&](const report::ChartPoint &point) {
        return point.hasValue() && point.time >= frame.span.from && point.time <= frame.span.to;
    });
    return static_cast<double>(visible) * look.px(10) <= frame.plot.width();
}

std::unique_ptr<QChart> buildChart(const report::ChartSpec &drawn, const Frame &frame, const Look &look)
{
    return Builder(drawn, frame, look).build();
}

} // namespace countersign::charts
