#pragma once

#include "ui/charts/canvas/canvas.h"
#include "ui/charts/canvas/zoomhistory.h"
#include "ui/charts/history/picture.h"

#include <vector>

namespace countersign::charts {

/// A chart over time, on the screen, that people can explore by mouse, keys and screen reader (see ChartCanvas).
/// The cursor snaps to the nearest point; ←/→ point, ↑/↓ series, Home/End.
class ChartView : public ChartCanvas
{
    Q_OBJECT
public:
    explicit ChartView(QWidget *parent = nullptr);
    ~ChartView() override;
    Q_DISABLE_COPY_MOVE(ChartView)

    /// Zoom and cursor survive when the chart has the id of the one before and still reaches there.
    void setSpec(report::ChartSpec spec);
    const report::ChartSpec &spec() const;

    /// The part of time in view; nothing when all of it is.
    std::optional<TimeSpan> zoom() const { return m_zooms.view(); }
    void zoomTo(TimeSpan span); ///< remembers the view before
    void zoomBack() override;
    void zoomReset() override;

    std::optional<Hit> cursor() const { return m_cursor; }
    QString cursorSentence() const override;
    ChartPicture &picture();

    QImage toImage() const override;
    QByteArray toSvg() const override;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// Enter, or a click on the point under the cursor.
    void pointActivated(std::size_t series, const countersign::report::ChartPoint &point);

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

private:
    void setCursorTo(const std::optional<Hit> &hit, bool isByKey);
    void movePoint(int by);
    void moveSeries(int by);
    void moveToEnd(bool isLast);
    /// The view made `factor` as wide, with `centre` where it was; nothing where that would be too narrow.
    std::optional<TimeSpan> around(Instant centre, double factor);
    void showZoom();
    std::vector<const report::ChartPoint *> reachable(std::size_t series);

    std::shared_ptr<const report::ChartSpec> m_spec;
    std::unique_ptr<ChartPicture> m_picture;
    ZoomHistory<TimeSpan> m_zooms;
    std::optional<Hit> m_cursor;
};

} // namespace countersign::charts
