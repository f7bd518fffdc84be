#pragma once

#include "models/report/plotspec.h"
#include "ui/charts/plot/plotframe.h"

#include <QImage>
#include <memory>
#include <optional>

class QChart;
class QGraphicsScene;
class QPainter;

namespace countersign::charts {

/// A point found under the pointer or the keyboard's cursor.
struct PlotHit {
    std::size_t panel = 0;
    std::size_t series = 0;
    report::PlotPoint point;
    bool operator==(const PlotHit &) const = default;
};

/// A plot that can be painted anywhere: on a widget, an image, an SVG or a page of a PDF. It is rebuilt lazily when size, zoom or look
/// change. GUI thread only.
class PlotPicture
{
public:
    PlotPicture(std::shared_ptr<const report::PlotSpec> spec, const Look &look, Parts parts = {});
    ~PlotPicture();
    Q_DISABLE_COPY_MOVE(PlotPicture)

    void resize(QSizeF size);
    void setLook(const Look &look);
    /// Shows a part of the only panel's x axis; nothing: all of it.
    void setZoom(std::optional<std::pair<double, double>> zoom);

    /// Paints with the upper left corner at the painter's origin. The handle is drawn on top by the caller (paintHandle): it moves.
    void paint(QPainter &painter);

    const report::PlotSpec &spec() const { return *m_spec; }
    const PlotFrame &frame();
    QChart &chart(std::size_t panel);
    const Look &look() const { return m_look; }
    /// The points of a series that can be reached in the present view, in order; with a value, or with words in its place.
    std::vector<report::PlotPoint> reachable(std::size_t panel, std::size_t series);

    /// What lies nearest to a place in the picture; nothing outside of the plots and the names of rows.
    std::optional<PlotHit> nearest(QPointF at);
    /// Where a hit stands; on the low edge of its row where it has no value.
    QPointF position(const PlotHit &hit);

private:
    void build();
    std::optional<PlotHit> nearestPoint(std::size_t panel, QPointF at);
    std::optional<PlotHit> nearestPlace(std::size_t panel, QPointF at);

    std::shared_ptr<const report::PlotSpec> m_spec;
    Look m_look;
    Parts m_parts;
    QSizeF m_size{640, 320};
    std::optional<std::pair<double, double>> m_zoom;
    bool m_isStale = true;
    report::PlotSpec m_drawn; ///< lines decimated to what is in view
    PlotFrame m_frame;
    std::unique_ptr<QGraphicsScene> m_scene; // owns the charts
    std::vector<QChart *> m_charts;
};

/// For paper: vectors, in the light theme whatever the window shows. `rect` is in pixels at 100 %.
void paint(QPainter &painter, const QRectF &rect, const report::PlotSpec &spec, Parts parts = {});
/// The height, in pixels at 100 %, that a plot wants on paper.
double paperHeight(const report::PlotSpec &spec, double width, Parts parts = {});
QImage toImage(const report::PlotSpec &spec, QSize size, double devicePixelRatio = 1);
QByteArray toSvg(const report::PlotSpec &spec, QSize size);

} // namespace countersign::charts
