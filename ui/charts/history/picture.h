#pragma once

#include "models/report/chartspec.h"
#include "ui/charts/history/frame.h"

#include <QImage>
#include <QSizeF>
#include <memory>
#include <optional>

class QChart;
class QGraphicsScene;
class QPainter;

namespace countersign::charts {

/// More points than this in view are decimated; the legend then says from how many the line was drawn.
inline constexpr std::size_t kMaxDrawnPoints = 2000;

/// A point found under the pointer or the keyboard's cursor.
struct Hit {
    std::size_t series = 0;
    report::ChartPoint point;
    bool operator==(const Hit &) const = default;
};

/// A chart that can be painted anywhere: on a widget, an image, an SVG or a page of a PDF. It is rebuilt lazily when size, span or
/// look change; work grows with the points in view (one pass) and with kMaxDrawnPoints. GUI thread only.
class ChartPicture
{
public:
    ChartPicture(std::shared_ptr<const report::ChartSpec> spec, const Look &look, Parts parts = {});
    ~ChartPicture();
    Q_DISABLE_COPY_MOVE(ChartPicture)

    void resize(QSizeF size);
    void setLook(const Look &look);
    /// Shows a part of the time; nothing: all of it.
    void setSpan(std::optional<TimeSpan> span);

    /// Paints with the upper left corner at the painter's origin.
    void paint(QPainter &painter);

    const report::ChartSpec &spec() const { return *m_spec; }
    const report::ChartSpec &drawn(); ///< what is in view, decimated
    const Frame &frame();
    QChart &chart();
    TimeSpan wholeSpan() const { return m_whole; }
    TimeSpan span() const { return m_span.value_or(m_whole); }

    /// The value nearest to a place on the plot: first in time, then in height. Nothing without values in view.
    std::optional<Hit> nearest(QPointF at);
    /// Where a hit stands.
    QPointF position(const Hit &hit);

private:
    void build();
    report::ChartSpec selectInView(std::uint64_t &inView) const;
    std::vector<report::ChartPoint> breachesInView() const;

    std::shared_ptr<const report::ChartSpec> m_spec;
    report::ChartFacts m_facts;
    Look m_look;
    Parts m_parts;
    QSizeF m_size{640, 320};
    TimeSpan m_whole;
    std::optional<TimeSpan> m_span;
    bool m_isStale = true;
    report::ChartSpec m_drawn;
    std::vector<report::ChartPoint> m_breaches;
    Frame m_frame;
    std::unique_ptr<QGraphicsScene> m_scene; // owns m_chart
    QChart *m_chart = nullptr;
};

/// For paper: vectors, in the light theme whatever the window shows. `rect` is in pixels at 100 %; scale the painter for other units.
/// The light tokens are chosen here, so no caller can print a dark chart.
void paint(QPainter &painter, const QRectF &rect, const report::ChartSpec &spec, Parts parts = {});

/// The chart as the window shows it, on the colour of a page, for the clipboard and files.
QImage toImage(const report::ChartSpec &spec, QSize size, double devicePixelRatio = 1);
/// The light chart as SVG, text as text.
QByteArray toSvg(const report::ChartSpec &spec, QSize size);

} // namespace countersign::charts
