#include "ui/theme/csstyle.h"
#include "ui/theme/icons.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"

#include <QPainter>
#include <QWidget>

namespace countersign::theme {

namespace {
const char *const kError = "countersignError";
}

void setFieldError(QWidget &field, bool isWrong)
{
    field.setProperty(kError, isWrong);
    field.update();
}

namespace parts {

void drawField(const QStyleOption &option, QPainter &painter, const QWidget *widget)
{
    const Tokens &t = current();
    const bool isEnabled = option.state & QStyle::State_Enabled;
    const bool isReadOnly = option.state & QStyle::State_ReadOnly;
    painter.save();
    const QColor fill = isEnabled && !isReadOnly ? t.page : t.window;
    if (widget && widget->property(kError).toBool())
        paintRounded(painter, option.rect, radius::kControl, fill, t.text, 2);
    else
        paintRounded(painter, option.rect, radius::kControl, fill, isEnabled ? t.field : t.hair);
    if (option.state & QStyle::State_HasFocus) // fields show it however it came: a caret alone is easily missed
        paintFocusRing(painter, option.rect, radius::kControl);
    painter.restore();
}

void drawCombo(const QStyleOptionComboBox &option, QPainter &painter, const QWidget *widget)
{
    const Tokens &t = current();
    const bool isEnabled = option.state & QStyle::State_Enabled;
    if (option.editable) {
        drawField(option, painter, widget);
    } else {
        const bool isOver = isEnabled && (option.state & QStyle::State_MouseOver);
        const bool isOpen = option.state & QStyle::State_On;
        painter.save();
        paintRounded(painter, option.rect, radius::kControl, isOpen ? t.press : isOver ? t.hover : t.raised,
                     isEnabled ? t.control : t.hair);
        if (hasKeyboardFocus(option))
            paintFocusRing(painter, option.rect, radius::kControl);
        painter.restore();
    }
    const int side = scaled(12);
    const QRect box(option.rect.right() - scaled(9) - side, option.rect.center().y() - side / 2 + 1, side, side);
    paintIcon(painter, QStringLiteral("down"), QStyle::visualRect(option.direction, option.rect, box),
              isEnabled ? t.secondary : t.disabled);
}

void drawComboLabel(const QStyleOptionComboBox &option, QPainter &painter)
{
    if (option.editable)
        return;
    const Tokens &t = current();
    QRect room = option.rect.adjusted(scaled(10), 0, -scaled(26), 0);
    painter.save();
    if (!option.currentIcon.isNull()) {
        const int side = scaled(14);
        const QRect box(room.x(), room.center().y() - side / 2 + 1, side, side);
        option.currentIcon.paint(&painter, QStyle::visualRect(option.direction, option.rect, box));
        room.setLeft(room.left() + side + scaled(6));
    }
    painter.setPen(option.state & QStyle::State_Enabled ? t.text : t.disabled);
    painter.drawText(QStyle::visualRect(option.direction, option.rect, room),
                     int(QStyle::visualAlignment(option.direction, Qt::AlignLeft | Qt::AlignVCenter)) | Qt::TextSingleLine,
                     option.fontMetrics.elidedText(option.currentText, Qt::ElideRight, room.width()));
    painter.restore();
}

QRect spinBoxPart(const QStyleOptionSpinBox &option, QStyle::SubControl part)
{
    const QRect all = option.rect;
    const int buttons = option.buttonSymbols == QAbstractSpinBox::NoButtons ? 0 : scaled(20);
    QRect result = all;
    switch (part) {
    case QStyle::SC_SpinBoxEditField: result = all.adjusted(scaled(6), 2, -buttons - 2, -2); break;
    case QStyle::SC_SpinBoxUp: result = QRect(all.right() - buttons, all.y() + 2, buttons - 1, all.height() / 2 - 2); break;
    case QStyle::SC_SpinBoxDown:
        result = QRect(all.right() - buttons, all.center().y() + 1, buttons - 1, all.height() / 2 - 2);
        break;
    default: break;
    }
    return QStyle::visualRect(option.direction, all, result);
}

void drawSpinBox(const QStyleOptionSpinBox &option, QPainter &painter, const QWidget *widget)
{
    const Tokens &t = current();
    if (option.frame)
        drawField(option, painter, widget);
    if (option.buttonSymbols == QAbstractSpinBox::NoButtons)
        return;
    const auto arrow = [&](QStyle::SubControl part, const QString &name, QAbstractSpinBox::StepEnabledFlag needed) {
        const QRect room = spinBoxPart(option, part);
        const bool isActive = option.activeSubControls == part;
        const bool canStep = (option.state & QStyle::State_Enabled) && (option.stepEnabled & needed);
        if (isActive && canStep)
            painter.fillRect(room, option.state & QStyle::State_Sunken ? t.press : t.hover);
        const int side = scaled(10);
        const QRect box(room.center().x() - side / 2 + 1, room.center().y() - side / 2 + 1, side, side);
        paintIcon(painter, name, box, canStep ? t.secondary : t.disabled);
    };
    arrow(QStyle::SC_SpinBoxUp, QStringLiteral("up"), QAbstractSpinBox::StepUpEnabled);
    arrow(QStyle::SC_SpinBoxDown, QStringLiteral("down"), QAbstractSpinBox::StepDownEnabled);
}

} // namespace parts

} // namespace countersign::theme
