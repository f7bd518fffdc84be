#pragma once

#include "ui/charts/canvas.h"
#include "ui/charts/plot/plotpicture.h"

#include <vector>

namespace countersign::charts {

/// A plot on the screen that people can explore by mouse, keys and screen reader.
/// Mouse: the cursor snaps to the nearest point or place; the threshold is dragged; where the plot zooms, a drag zooms along x, Ctrl + wheel
/// too, a double click shows all. The wheel alone is left to the page.
/// Keys: arrows walk points and series (in rows of groups ↑/↓ walk the groups), Home/End, PageUp/PageDown, Enter activates,
/// + − 0 zoom, T asks for the table, Esc drops the cursor. Where a threshold can be moved ←/→ move it (with Shift ten steps).
class PlotView : public ChartCanvas
{
    Q_OBJECT
public:
    explicit PlotView(QWidget *parent = nullptr);
    ~PlotView() override;
    Q_DISABLE_COPY_MOVE(PlotView)

    /// Zoom and cursor survive when the plot has the id of the one before. The threshold is the new plot's, unless it is being dragged.
    void setSpec(report::PlotSpec spec);
    const report::PlotSpec &spec() const { return *m_spec; }

    std::optional<double> threshold() const;
    /// Moves the handle to the nearest place it can take. No signal.
    void setThreshold(double at);

    /// The part of the x axis in view; nothing when all of it is.
    std::optional<std::pair<double, double>> zoom() const;
    /// Ignored by plots that do not zoom: with several panels, with rows, or with equal axes.
    void zoomTo(double from, double to);
    void zoomBack();
    void zoomReset();
    bool canZoom() const;

    std::optional<PlotHit> cursor() const { return m_cursor; }
    /// With a threshold that moves and no cursor: what is read at the threshold.
    QString cursorSentence() const override;
    PlotPicture &picture() { return *m_picture; }

    QImage toImage() const;
    QByteArray toSvg() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

Q_SIGNALS:
    /// Enter, or a click on the point under the cursor.
    void pointActivated(std::size_t panel, std::size_t series, const countersign::report::PlotPoint &point);
    /// While the handle moves.
    void thresholdMoved(double at);
    /// When it has been let go, or moved by a key.
    void thresholdChosen(double at);

protected:
    void paintPicture(QPainter &painter) override;
    void paintOverlay(QPainter &painter) override;
    void lookChanged() override;
    void focusByKey() override;
    void keyPressEvent(QKeyEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    const report::PlotHandle *handle() const;
    bool isHandleMovable() const { return handle() && handle()->isMovable; }
    bool isOnHandle(QPointF at);
    void moveHandle(double to, bool isDone);
    void stepHandle(double steps);
    /// Places of the threshold's panel from its pixel.
    double handlePlaceAt(QPointF at);

    void setCursorTo(const std::optional<PlotHit> &hit, bool isByKey);
    void moveAlong(int by);  ///< points or places
    void moveAcross(int by); ///< series, and panels behind the last one
    void moveToEnd(bool isLast);
    bool moveByKey(int key, Qt::KeyboardModifiers modifiers);
    bool handleByKey(int key, Qt::KeyboardModifiers modifiers);
    void zoomAround(double centre, double factor, bool isRemembered);
    void showZoom();
    void restoreCursor(const PlotHit &before);
    void paintCursor(QPainter &painter);
    void paintRing(QPainter &painter, const PlotHit &hit);

    std::shared_ptr<const report::PlotSpec> m_spec;
    std::unique_ptr<PlotPicture> m_picture;
    std::vector<std::pair<double, double>> m_zooms; ///< the last one is in view
    std::optional<PlotHit> m_cursor;
    double m_threshold = 0; ///< where the handle stands
    bool m_isCursorByKey = false;
    bool m_isWheeling = false; ///< the view on top was made by the wheel: the next turn replaces it
    bool m_isOverHandle = false;
    bool m_isDraggingHandle = false;
    std::optional<double> m_dragFrom; ///< pixels: of a zoom
    double m_dragTo = 0;
};

} // namespace countersign::charts
