#include "ui/whatif/thresholdslider.h"

#include "ui/theme/theme.h"
#include "ui/theme/type.h"

#include <QPainter>
#include <QStyle>
#include <QStyleOptionSlider>

namespace countersign::pages {

using theme::scaled;

void ThresholdSlider::paintEvent(QPaintEvent *)
{
    const theme::Tokens &t = theme::current();
    QStyleOptionSlider option;
    initStyleOption(&option);
    // Where the style has the handle is where the mouse finds it.
    const QRectF handle = style()->subControlRect(QStyle::CC_Slider, &option, QStyle::SC_SliderHandle, this);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double middle = handle.center().y();
    const QRectF groove(scaled(2), middle - scaled(2), width() - scaled(4), scaled(4));
    painter.setPen(QPen(t.isHighContrast() ? t.text : t.control, 1));
    painter.setBrush(t.sunken);
    painter.drawRoundedRect(groove, 2, 2);
    QRectF filled = groove;
    if (isRightToLeft())
        filled.setLeft(handle.center().x());
    else
        filled.setRight(handle.center().x());
    painter.setPen(Qt::NoPen);
    painter.setBrush(isEnabled() ? t.accent : t.control);
    painter.drawRoundedRect(filled, 2, 2);
    const double radius = scaled(7);
    painter.setPen(QPen(isEnabled() ? t.field : t.control, 1));
    painter.setBrush(isSliderDown() ? t.press : t.raised);
    painter.drawEllipse(handle.center(), radius, radius);
    if (!hasFocus())
        return;
    painter.setPen(QPen(t.focus, t.focusWidth));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(handle.center(), radius + 2, radius + 2);
}

} // namespace countersign::pages
