#include "ui/theme/csstyle.h"
#include "ui/theme/icons.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"

#include <QAbstractButton>
#include <QPainter>
#include <QPainterPath>

namespace countersign::theme {

namespace {

const char *const kKind = "countersignKind";
const char *const kSegment = "countersignSegment";
constexpr int kIconGap = 8;
constexpr int kIconSize = 14;

QFont labelFont(const QFont &base, ButtonKind kind)
{
    QFont result = base;
    result.setWeight(kind == ButtonKind::Primary ? QFont::DemiBold : QFont::Medium);
    return result;
}

int sidePadding(ButtonKind kind)
{
    return scaled(kind == ButtonKind::Link ? 4 : kind == ButtonKind::Quiet ? 10 : 12);
}

QColor labelColour(ButtonKind kind, const QStyleOption &option, const Tokens &t)
{
    if (!(option.state & QStyle::State_Enabled))
        return t.disabled;
    switch (kind) {
    case ButtonKind::Primary: return t.onAccent;
    case ButtonKind::Danger: return t.danger;
    case ButtonKind::Link: return t.link;
    case ButtonKind::Quiet: return t.secondary;
    case ButtonKind::Secondary: break;
    }
    return t.text;
}

struct Face {
    QColor fill;
    QColor edge;
};

Face faceOf(ButtonKind kind, const QStyleOption &option, const Tokens &t)
{
    const bool isEnabled = option.state & QStyle::State_Enabled;
    const bool isDown = option.state & QStyle::State_Sunken;
    const bool isOver = isEnabled && (option.state & QStyle::State_MouseOver);
    switch (kind) {
    case ButtonKind::Primary:
        if (!isEnabled)
            return {t.window, t.hair};
        return {isDown ? t.accentPressed : isOver ? t.accentHover : t.accent, QColor()};
    case ButtonKind::Danger:
        return {isDown ? t.press : isOver ? t.dangerHover : t.raised, !isEnabled ? t.hair : isOver ? t.danger : t.control};
    case ButtonKind::Quiet:
        return {isDown ? t.press : isOver ? t.railHover : QColor(), t.isHighContrast() && isOver ? t.text : QColor()};
    case ButtonKind::Link: return {};
    case ButtonKind::Secondary: break;
    }
    return {isDown ? t.press : isOver ? t.hover : t.raised, isEnabled ? t.control : t.hair};
}

// A rounded rectangle that is square on the sides where a neighbour shares the edge.
QPainterPath segmentPath(const QRectF &rect, Segment segment)
{
    QPainterPath round;
    round.addRoundedRect(rect, radius::kControl, radius::kControl);
    QPainterPath square;
    const double half = rect.width() / 2;
    if (segment == Segment::Middle || segment == Segment::Last)
        square.addRect(rect.adjusted(0, 0, -half, 0));
    if (segment == Segment::Middle || segment == Segment::First)
        square.addRect(rect.adjusted(half, 0, 0, 0));
    return round.united(square).simplified();
}

void drawSegment(const QStyleOptionButton &option, QPainter &painter, Segment segment, const Tokens &t)
{
    const bool isOn = option.state & QStyle::State_On;
    const bool isEnabled = option.state & QStyle::State_Enabled;
    const bool isOver = isEnabled && (option.state & QStyle::State_MouseOver);
    // Neighbours share one edge: the one before draws it, unless this one is on and needs all of its own.
    const bool leavesEdge = !isOn && (segment == Segment::Middle || segment == Segment::Last);
    painter.setClipRect(option.rect);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(!isEnabled ? t.hair : isOn ? t.accent : t.control, 1));
    painter.setBrush(isOn ? t.selection : isOver ? t.hover : t.raised);
    painter.drawPath(segmentPath(QRectF(option.rect).adjusted(leavesEdge ? -0.5 : 0.5, 0.5, -0.5, -0.5), segment));
}

} // namespace

void setButtonKind(QAbstractButton &button, ButtonKind kind)
{
    button.setProperty(kKind, int(kind));
    button.updateGeometry();
    button.update();
}

ButtonKind buttonKind(const QWidget *button)
{
    return button ? ButtonKind(button->property(kKind).toInt()) : ButtonKind::Secondary;
}

void setSegment(QAbstractButton &button, Segment segment)
{
    button.setProperty(kSegment, int(segment));
    button.update();
}

Segment segmentOf(const QWidget *button)
{
    return button ? Segment(button->property(kSegment).toInt()) : Segment::None;
}

namespace parts {

void drawButtonBevel(const QStyleOptionButton &option, QPainter &painter, const QWidget *widget)
{
    const Tokens &t = current();
    const Segment segment = segmentOf(widget);
    painter.save();
    if (segment != Segment::None) {
        drawSegment(option, painter, segment, t);
    } else {
        Face face = faceOf(buttonKind(widget), option, t);
        if ((option.state & QStyle::State_On) && buttonKind(widget) != ButtonKind::Primary)
            face = {t.selection, t.accent};
        paintRounded(painter, option.rect, radius::kControl, face.fill, face.edge);
    }
    if (hasKeyboardFocus(option)) {
        // On a filled button the ring stands off by a line of the button's ground, or it would vanish in the fill.
        if (buttonKind(widget) == ButtonKind::Primary)
            paintRounded(painter, QRectF(option.rect).adjusted(2, 2, -2, -2), radius::kControl - 2, QColor(), t.onAccent, 1.5);
        else
            paintFocusRing(painter, option.rect, radius::kControl);
    }
    painter.restore();
}

void drawButtonLabel(const QStyleOptionButton &option, QPainter &painter, const QWidget *widget)
{
    const Tokens &t = current();
    const ButtonKind kind = buttonKind(widget);
    const bool isOn = option.state & QStyle::State_On;
    const QColor colour = isOn && kind != ButtonKind::Primary ? (t.isHighContrast() ? t.selectionText : t.link)
                                                               : labelColour(kind, option, t);
    painter.save();
    painter.setFont(labelFont(widget ? widget->font() : painter.font(), kind));
    const QFontMetrics metrics = painter.fontMetrics();
    const int iconSide = option.icon.isNull() ? 0 : scaled(kIconSize);
    const int gap = iconSide && !option.text.isEmpty() ? scaled(kIconGap) : 0;
    const int arrow = option.features & QStyleOptionButton::HasMenu ? scaled(16) : 0;
    const QSize text = metrics.size(Qt::TextShowMnemonic, option.text);
    const int whole = iconSide + gap + text.width() + arrow;
    int x = option.rect.x() + qMax(scaled(2), (option.rect.width() - whole) / 2);
    const auto place = [&option](int left, int width, int height) {
        return QStyle::visualRect(option.direction, option.rect,
                                  QRect(left, option.rect.y() + (option.rect.height() - height) / 2, width, height));
    };
    if (iconSide) {
        const QString name = option.icon.name();
        const QRect box = place(x, iconSide, iconSide);
        if (!name.isEmpty() && hasIcon(name))
            paintIcon(painter, name, box, colour);
        else
            option.icon.paint(&painter, box, Qt::AlignCenter, option.state & QStyle::State_Enabled ? QIcon::Normal : QIcon::Disabled);
        x += iconSide + gap;
    }
    painter.setPen(colour);
    const int flags = Qt::AlignVCenter | Qt::AlignLeft
        | (QGuiApplication::keyboardModifiers() & Qt::AltModifier ? Qt::TextShowMnemonic : Qt::TextHideMnemonic);
    const int room = qMin(text.width() + 1, option.rect.right() - x + 1 - arrow);
    const QRect textBox = place(x, room, metrics.height());
    painter.drawText(textBox, flags | Qt::TextSingleLine, option.text);
    if (kind == ButtonKind::Link && (option.state & QStyle::State_Enabled)
        && ((option.state & QStyle::State_MouseOver) || hasKeyboardFocus(option)))
        painter.fillRect(textBox.x(), textBox.y() + metrics.ascent() + 2, text.width(), 1, colour);
    if (arrow)
        paintIcon(painter, QStringLiteral("down"), place(x + room + scaled(4), scaled(12), scaled(12)), colour);
    painter.restore();
}

QSize buttonSize(const QStyleOptionButton &option, const QWidget *widget)
{
    const ButtonKind kind = buttonKind(widget);
    const QFontMetrics metrics(labelFont(widget ? widget->font() : QFont(), kind));
    const QSize text = metrics.size(Qt::TextShowMnemonic, option.text);
    int width = text.width() + 2 * sidePadding(kind);
    if (!option.icon.isNull())
        width += scaled(kIconSize) + (option.text.isEmpty() ? -scaled(10) : scaled(kIconGap));
    if (option.features & QStyleOptionButton::HasMenu)
        width += scaled(16);
    return QSize(width, qMax(scaled(height::kControl), text.height() + scaled(8)));
}

void drawToolButton(const QStyleOptionToolButton &option, QPainter &painter, const QWidget *widget)
{
    const Tokens &t = current();
    painter.save();
    const bool isEnabled = option.state & QStyle::State_Enabled;
    const bool isOver = isEnabled && (option.state & QStyle::State_MouseOver);
    if (option.state & QStyle::State_On)
        paintRounded(painter, option.rect, radius::kControl, t.selection, t.accent);
    else if (option.state & QStyle::State_Sunken)
        paintRounded(painter, option.rect, radius::kControl, t.press, t.isHighContrast() ? t.text : QColor());
    else if (isOver)
        paintRounded(painter, option.rect, radius::kControl, t.railHover, t.isHighContrast() ? t.text : QColor());
    if (hasKeyboardFocus(option))
        paintFocusRing(painter, option.rect, radius::kControl);

    const QColor colour = !isEnabled ? t.disabled : option.state & QStyle::State_On ? t.link : t.secondary;
    const bool showsText = option.toolButtonStyle != Qt::ToolButtonIconOnly && !option.text.isEmpty();
    const bool showsIcon = option.toolButtonStyle != Qt::ToolButtonTextOnly && !option.icon.isNull();
    const bool showsArrow = option.features & QStyleOptionToolButton::HasMenu;
    const int side = showsIcon ? scaled(option.iconSize.width()) : 0;
    painter.setFont(widget ? widget->font() : painter.font());
    const int textWidth = showsText ? painter.fontMetrics().size(Qt::TextShowMnemonic, option.text).width() : 0;
    const int gap = showsIcon && showsText ? scaled(kIconGap) : 0;
    const int arrow = showsArrow && showsText ? scaled(16) : 0;
    int x = option.rect.x() + (option.rect.width() - side - gap - textWidth - arrow) / 2;
    const auto place = [&option](int left, int width, int height) {
        return QStyle::visualRect(option.direction, option.rect,
                                  QRect(left, option.rect.y() + (option.rect.height() - height) / 2, width, height));
    };
    if (showsIcon) {
        const QRect box = place(x, side, side);
        if (hasIcon(option.icon.name()))
            paintIcon(painter, option.icon.name(), box, colour);
        else
            option.icon.paint(&painter, box, Qt::AlignCenter, isEnabled ? QIcon::Normal : QIcon::Disabled);
        x += side + gap;
    }
    if (showsText) {
        painter.setPen(colour);
        painter.drawText(place(x, textWidth + 1, painter.fontMetrics().height()),
                         Qt::AlignVCenter | Qt::AlignLeft | Qt::TextHideMnemonic | Qt::TextSingleLine, option.text);
    }
    if (arrow)
        paintIcon(painter, QStringLiteral("down"), place(x + textWidth + scaled(4), scaled(12), scaled(12)), colour);
    painter.restore();
}

QSize toolButtonSize(const QStyleOptionToolButton &option)
{
    const int control = scaled(height::kControl);
    if (option.toolButtonStyle == Qt::ToolButtonIconOnly || option.text.isEmpty())
        return QSize(control, control);
    int width = option.fontMetrics.size(Qt::TextShowMnemonic, option.text).width() + 2 * scaled(10);
    if (option.toolButtonStyle != Qt::ToolButtonTextOnly && !option.icon.isNull())
        width += scaled(option.iconSize.width() + kIconGap);
    if (option.features & QStyleOptionToolButton::HasMenu)
        width += scaled(16);
    return QSize(width, qMax(control, option.fontMetrics.height() + scaled(8)));
}

void drawCheck(const QStyleOption &option, QPainter &painter)
{
    const Tokens &t = current();
    const bool isEnabled = option.state & QStyle::State_Enabled;
    const bool isOn = option.state & QStyle::State_On;
    const bool isPartly = option.state & QStyle::State_NoChange;
    const QRectF box = option.rect;
    painter.save();
    if (isOn || isPartly) {
        const QColor fill = isEnabled ? t.accent : t.disabled;
        paintRounded(painter, box, radius::kCheck, fill, fill);
        if (isOn)
            paintTick(painter, box, t.onAccent);
        else
            painter.fillRect(QRectF(box.x() + box.width() * 0.25, box.center().y() - 0.5, box.width() * 0.5, 2), t.onAccent);
    } else {
        paintRounded(painter, box, radius::kCheck, isEnabled ? t.page : t.window, isEnabled ? t.field : t.disabled);
    }
    painter.restore();
}

void drawRadio(const QStyleOption &option, QPainter &painter)
{
    const Tokens &t = current();
    const bool isEnabled = option.state & QStyle::State_Enabled;
    const QRectF box = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    if (option.state & QStyle::State_On) {
        const double ring = box.width() * 0.32;
        painter.setPen(Qt::NoPen);
        painter.setBrush(isEnabled ? t.accent : t.disabled);
        painter.drawEllipse(box);
        painter.setBrush(t.onAccent);
        painter.drawEllipse(box.adjusted(ring, ring, -ring, -ring));
    } else {
        painter.setPen(QPen(isEnabled ? t.field : t.disabled, 1));
        painter.setBrush(isEnabled ? t.page : t.window);
        painter.drawEllipse(box);
    }
    painter.restore();
}

} // namespace parts

} // namespace countersign::theme
