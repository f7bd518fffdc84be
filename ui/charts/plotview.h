#pragma once

#include "ui/charts/canvas/canvas.h"
#include "ui/charts/canvas/zoomhistory.h"
#include "ui/charts/plot/plotpicture.h"

namespace countersign::charts {

/// A plot on the screen that people can explore by mouse, keys and screen reader (see ChartCanvas).
/// Mouse: the cursor snaps to the nearest point or place; the threshold is dragged.
/// Keys: arrows walk points and series (in rows of groups ↑/↓ walk the groups), Home/End, PageUp/PageDown.
/// Where a threshold can be moved ←/→ move it (with Shift ten steps).
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
    std::optional<std::pair<double, double>> zoom() const { return m_zooms.view(); }
    /// Ignored by plots that do not zoom: with several panels, with rows, or with equal axes.
    void zoomTo(double from, double to);
    void zoomBack() override;
    void zoomReset() override;
    bool canZoom() const;

    std::optional<PlotHit> cursor() const { return m_cursor; }
    /// With a threshold that moves and no cursor: what is read at the threshold.
    QString cursorSentence() const override;
    PlotPicture &picture() { return *m_picture; }

    QImage toImage() const override;
    QByteArray toSvg() const override;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return sizePolicy().hasHeightForWidth(); }
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
    void pictureResized() override;
    QRectF zoomArea() override;
    void zoomIn() override;
    void zoomByWheel(double x, double factor) override;
    void zoomToPixels(double left, double right) override;
    bool hasCursor() const override { return m_cursor.has_value(); }
    void dropCursor(bool isByKey) override { setCursorTo({}, isByKey); }
    bool moveByKey(int key, Qt::KeyboardModifiers modifiers) override;
    void activateCursor() override;
    void hover(QPointF at) override;
    void clicked(QPointF at) override;
    void leaveEvent(QEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;

private:
    const report::PlotHandle *handle() const;
    bool isHandleMovable() const { return handle() && handle()->isMovable; }
    bool isOnHandle(QPointF at);
    void moveHandle(double to, bool isDone);
    void stepHandle(double steps);
    /// Places of the threshold's panel from its pixel.
    double handlePlaceAt(QPointF at);

    void setCursorTo(const std::optional<PlotHit> &hit, bool isByKey);
    void goTo(const std::optional<PlotHit> &stop); ///< by key; nothing: stays
    bool handleByKey(int key, Qt::KeyboardModifiers modifiers);
    void setOverHandle(bool isOver);
    /// The view made `factor` as wide, with `centre` where it was; nothing where that would be too narrow.
    std::optional<std::pair<double, double>> around(double centre, double factor) const;
    /// What is saved and copied: the handle where it stands.
    report::PlotSpec specAsShown() const;
    void showZoom();

    std::shared_ptr<const report::PlotSpec> m_spec;
    std::unique_ptr<PlotPicture> m_picture;
    ZoomHistory<std::pair<double, double>> m_zooms;
    std::optional<PlotHit> m_cursor;
    double m_threshold = 0; ///< where the handle stands
    bool m_isOverHandle = false;
    int m_hintedWidth = -1; ///< for which the least height was last asked
    bool m_isDraggingHandle = false;
};

} // namespace countersign::charts
