#pragma once

#include "ui/charts/canvas.h"
#include "ui/charts/picture.h"

#include <vector>

namespace countersign::charts {

/// A chart on the screen that people can explore by mouse, keys and screen reader.
/// Mouse: the cursor snaps to the nearest point; drag zooms in time; Ctrl + wheel zooms; the wheel alone is left to the page;
/// double click shows all. Keys: ←/→ point, ↑/↓ series, Home/End, Enter activates the point, + − 0 zoom, Backspace or − goes back,
/// T asks for the table, Esc drops the cursor.
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
    std::optional<TimeSpan> zoom() const;
    void zoomTo(TimeSpan span); ///< remembers the view before
    void zoomBack();
    void zoomReset();

    std::optional<Hit> cursor() const { return m_cursor; }
    QString cursorSentence() const override;
    ChartPicture &picture();

    QImage toImage() const;
    QByteArray toSvg() const;

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
    void keyPressEvent(QKeyEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    void setCursorTo(const std::optional<Hit> &hit, bool isByKey);
    void movePoint(int by);
    void moveSeries(int by);
    void moveToEnd(bool isLast);
    void zoomAround(Instant centre, double factor, bool isRemembered);
    void showZoom();
    std::vector<const report::ChartPoint *> reachable(std::size_t series);

    std::shared_ptr<const report::ChartSpec> m_spec;
    std::unique_ptr<ChartPicture> m_picture;
    std::vector<TimeSpan> m_zooms; ///< the last one is in view
    std::optional<Hit> m_cursor;
    bool m_isCursorByKey = false;
    bool m_isWheeling = false; ///< the view on top was made by the wheel: the next turn replaces it
    std::optional<double> m_dragFrom;
    double m_dragTo = 0;
};

} // namespace countersign::charts
