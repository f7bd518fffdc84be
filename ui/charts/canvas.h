#pragma once

#include <QPixmap>
#include <QWidget>

namespace countersign::charts {

/// What all charts on the screen have in common: a picture that is painted once and kept, what changes on top of it, the focus frame,
/// keys that win over the window's shortcuts, a cursor that screen readers hear.
class ChartCanvas : public QWidget
{
    Q_OBJECT
public:
    /// What the cursor stands on, as a sentence; empty without a cursor.
    virtual QString cursorSentence() const = 0;

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

    /// Paint the picture anew.
    void invalidate();
    QPointF inPicture(QPointF at) const { return at - QPointF(kMargin, kMargin); }
    QSizeF pictureSize() const { return QSizeF(size()) - QSizeF(2 * kMargin, 2 * kMargin); }

    bool event(QEvent *event) override;
    void changeEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    QPixmap m_pixmap;
};

} // namespace countersign::charts
