#pragma once

#include <QImage>
#include <QPixmap>
#include <QWidget>
#include <optional>

namespace countersign::charts {

/// What all charts on the screen have in common: a picture that is painted once and kept, what changes on top of it, the focus frame,
/// keys that win over the window's shortcuts, a cursor that screen readers hear, zooming by keys, wheel and drag.
/// Mouse: a drag along x zooms, Ctrl + wheel too, the wheel alone is left to the page; a double click shows all.
/// Keys: + − 0 zoom, Backspace or − goes back, Enter activates what the cursor stands on, T asks for the table, Esc drops the cursor.
class ChartCanvas : public QWidget
{
    Q_OBJECT
public:
    /// What the cursor stands on, as a sentence; empty without a cursor.
    virtual QString cursorSentence() const = 0;

    virtual void zoomBack() = 0;
    virtual void zoomReset() = 0;

    virtual QImage toImage() const = 0;
    virtual QByteArray toSvg() const = 0;

Q_SIGNALS:
    void cursorChanged(const QString &sentence);
    void tableRequested();
    void zoomChanged();

protected:
    static constexpr double kMargin = 14;
    explicit ChartCanvas(QWidget *parent);

    /// Paints the picture with its upper left corner at the origin.
    virtual void paintPicture(QPainter &painter) = 0;
    /// What is on top and changes with the pointer; the same origin.
    virtual void paintOverlay(QPainter &painter) = 0;
    /// Theme, font or language changed.
    virtual void lookChanged() = 0;
    /// The keyboard came here: where the cursor is to stand, if it stands nowhere.
    virtual void focusByKey() = 0;
    /// The picture has pictureSize() now.
    virtual void pictureResized() = 0;

    /// Where a drag zooms; empty where nothing does.
    virtual QRectF zoomArea() = 0;
    /// Closer to the cursor, or to the middle.
    virtual void zoomIn() = 0;
    /// A turn of the wheel: `factor` below 1 comes closer to what is at `x`.
    virtual void zoomByWheel(double x, double factor) = 0;
    /// A drag from one pixel of the zoom area to another, left to right.
    virtual void zoomToPixels(double left, double right) = 0;

    virtual bool hasCursor() const = 0;
    virtual void dropCursor(bool isByKey) = 0;
    /// False: the key moves nothing.
    virtual bool moveByKey(int key, Qt::KeyboardModifiers modifiers) = 0;
    virtual void activateCursor() = 0;
    /// The pointer, without a button. A cursor that a key has set stays when there is nothing under the pointer.
    virtual void hover(QPointF at) = 0;
    virtual void clicked(QPointF at) = 0;

    /// A cursor of the keyboard stays when the pointer leaves.
    bool isCursorByKey() const { return m_isCursorByKey; }
    /// A cursor that keys have moved keeps its place while the focus is elsewhere, unseen.
    bool showsCursor() const { return hasFocus() || !m_isCursorByKey; }
    void setCursorByKey(bool isByKey) { m_isCursorByKey = isByKey; }
    /// The cursor stands elsewhere: paints it, tells it, and says it aloud when a key moved it.
    void cursorMoved();

    bool isDragging() const;
    void paintDrag(QPainter &painter);

    /// Paint the picture anew.
    void invalidate();
    QPointF inPicture(QPointF at) const { return at - QPointF(kMargin, kMargin); }
    QSizeF pictureSize() const { return QSizeF(size()) - QSizeF(2 * kMargin, 2 * kMargin); }

    bool event(QEvent *event) override;
    void changeEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    QPixmap m_pixmap;
    bool m_isCursorByKey = false;
    bool m_isPressed = false;         ///< the next release is a click or ends a drag; the second one of a double click is neither
    std::optional<double> m_dragFrom; ///< pixels of the picture
    double m_dragTo = 0;
};

} // namespace countersign::charts
