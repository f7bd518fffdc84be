#include "ui/charts/builder.h"

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
        m_chart = std::make_unique<QChart>();
        m_chart->setAnimationOptions(QChart::NoAnimation);
        m_chart->setBackgroundVisible(false); // else a white card in dark mode
        m_chart->setPlotAreaBackgroundVisible(false);
        m_chart->setMargins({});
        m_chart->layout()->setContentsMargins(0, 0, 0, 0);
        m_chart->legend()->hide();
        addAxes();
        addBase();
        // Bands first: a line must never lie below another series' band.
        for (std::size_t i = 0; i < m_spec.series.size(); ++i)
            addBands(i);
        for (std::size_t i = 0; i < m_spec.series.size(); ++i)
            addLines(i);
        for (std::size_t i = 0; i < m_spec.series.size(); ++i)
            addMarks(i);
        m_chart->resize(m_frame.size);
        m_chart->setPlotArea(m_frame.plot);
        // setPlotArea alone leaves axes and series at the geometry before.
        m_chart->layout()->invalidate();
        m_chart->layout()->activate();
        return std::move(m_chart);
    }

private:
    void addAxes()
    {
        m_x = new QValueAxis;
        m_x->setRange(static_cast<double>(toMillis(m_frame.span.from)), static_cast<double>(toMillis(m_frame.span.to)));
        m_y = new QValueAxis;
        m_y->setRange(m_frame.yTicks.low, m_frame.yTicks.high);
        for (QValueAxis *axis : {m_x, m_y}) {
            axis->setLabelsVisible(false);
            axis->setGridLineVisible(false);
            axis->setLineVisible(false);
        }
        m_chart->addAxis(m_x, Qt::AlignBottom);
        m_chart->addAxis(m_y, Qt::AlignLeft);
    }

    /// QChart::mapToPosition needs a series, even where the spec has none.
    void addBase()
    {
        auto *base = new QLineSeries;
        base->setPen(Qt::NoPen);
        add(base);
    }

    void add(QAbstractSeries *series)
    {
        m_chart->addSeries(series);
        series->attachAxis(m_x);
        series->attachAxis(m_y);
    }

    bool isReference(std::size_t i) const { return m_spec.series[i].role == report::SeriesRole::Reference; }

    void addBands(std::size_t i)
    {
        const auto &points = m_spec.series[i].points;
        const auto runs = report::pieces(points);
        if (runs.size() > kMaxPieces)
            return;
        for (const auto &[first, last] : runs) {
            auto *lower = new QLineSeries;
            auto *upper = new QLineSeries;
            for (std::size_t p = first; p < last; ++p) {
                if (!points[p].hasInterval())
                    continue;
                lower->append(millis(points[p]), *points[p].lower);
                upper->append(millis(points[p]), *points[p].upper);
            }
            if (upper->count() < 2) {
                delete lower;
                delete upper;
                continue;
            }
            auto *band = new QAreaSeries(upper, lower);
            lower->setParent(band);
            upper->setParent(band);
            band->setPen(Qt::NoPen);
            band->setBrush(m_look.bandColour(i, isReference(i)));
            add(band);
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
            auto *line = new QLineSeries;
            QList<QPointF> values;
            values.reserve(static_cast<qsizetype>(last - first));
            for (std::size_t p = first; p < last; ++p)
                values.append({millis(points[p]), points[p].value});
            line->replace(values);
            QPen pen = m_look.seriesPen(i, isReference(i));
            if (values.size() > 1000)
                pen.setStyle(Qt::SolidLine); // dashes of a line this dense can't be seen and cost a second to draw
            line->setPen(pen);
            add(line);
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
        addScatter(i, filled, m_look.seriesColour(i, isReference(i)));
        addScatter(i, hollow, m_look.tokens->page);
    }

    void addScatter(std::size_t i, const QList<QPointF> &values, const QColor &fill)
    {
        if (values.isEmpty())
            return;
        using Marks = QScatterSeries;
        static constexpr std::array kShapes = {Marks::MarkerShapeCircle,   Marks::MarkerShapeRectangle, Marks::MarkerShapeRotatedRectangle,
                                               Marks::MarkerShapeTriangle, Marks::MarkerShapePentagon,  Marks::MarkerShapeStar};
        auto *marks = new QScatterSeries;
        marks->replace(values);
        const auto shape = isReference(i) ? Marks::MarkerShapeRectangle : kShapes[i % kShapes.size()];
        marks->setMarkerShape(shape);
        marks->setMarkerSize(m_look.px(shape == Marks::MarkerShapeRectangle ? 7 : shape == Marks::MarkerShapeCircle ? 7.6 : 9.5));
        marks->setBrush(fill);
        marks->setPen(QPen(m_look.seriesColour(i, isReference(i)), m_look.px(1.4)));
        add(marks);
    }

    const report::ChartSpec &m_spec;
    const Frame &m_frame;
    const Look &m_look;
    std::unique_ptr<QChart> m_chart;
    QValueAxis *m_x = nullptr;
    QValueAxis *m_y = nullptr;
};

} // namespace

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
