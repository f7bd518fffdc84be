#pragma once

#include <QProxyStyle>

class QAbstractButton;

namespace countersign::theme {

/// The five kinds of button. At most one primary on a page.
enum class ButtonKind { Secondary, Primary, Danger, Quiet, Link };
void setButtonKind(QAbstractButton &button, ButtonKind kind);
ButtonKind buttonKind(const QWidget *button);

/// Place of a button in a row that shares its edges; None for all others.
enum class Segment { None, First, Middle, Last, Only };
void setSegment(QAbstractButton &button, Segment segment);
Segment segmentOf(const QWidget *button);

/// Marks a field whose content was refused: a heavy edge, no pink. The sentence stands below it.
void setFieldError(QWidget &field, bool isWrong);

/// Draws the standard controls by the tokens; everything that is not overridden is Fusion's.
/// Combo boxes, spin boxes and sliders ignore the wheel unless they have the focus, and do not take the focus by the wheel.
class CsStyle : public QProxyStyle
{
    Q_OBJECT
public:
    CsStyle();

    void drawControl(ControlElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const override;
    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                            const QWidget *widget) const override;
    QRect subControlRect(ComplexControl control, const QStyleOptionComplex *option, SubControl part,
                         const QWidget *widget) const override;
    QRect subElementRect(SubElement element, const QStyleOption *option, const QWidget *widget) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &contents, const QWidget *widget) const override;
    int pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const override;
    int styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget, QStyleHintReturn *data) const override;
    QIcon standardIcon(StandardPixmap icon, const QStyleOption *option, const QWidget *widget) const override;
    void polish(QWidget *widget) override;
    using QProxyStyle::polish;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
};

} // namespace countersign::theme
