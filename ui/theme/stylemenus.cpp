#include "ui/theme/icons.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"

#include <QGuiApplication>
#include <QPainter>

/// Menus, tabs and table heads: text in rows that the pointer runs along.
namespace countersign::theme::parts {

namespace {

constexpr int kMarkColumn = 30; // check mark or icon, left of a menu's text
constexpr int kTabGap = 20;
constexpr int kHeadFirst = 16;
constexpr int kHeadPad = 8;
constexpr int kHeadNumberPad = 12; // as the numbers below

int mnemonic()
{
    return QGuiApplication::keyboardModifiers() & Qt::AltModifier ? Qt::TextShowMnemonic : Qt::TextHideMnemonic;
}

} // namespace

void drawMenuItem(const QStyleOptionMenuItem &option, QPainter &painter)
{
    const Tokens &t = current();
    const QRect r = option.rect;
    if (option.menuItemType == QStyleOptionMenuItem::Separator) {
        painter.fillRect(QRect(r.x() + scaled(8), r.center().y(), r.width() - scaled(16), 1), t.hair);
        return;
    }
    const auto mirrored = [&option](const QRect &part) { return QStyle::visualRect(option.direction, option.rect, part); };
    const bool isEnabled = option.state & QStyle::State_Enabled;
    const bool isCurrent = isEnabled && (option.state & QStyle::State_Selected);
    painter.save();
    if (isCurrent)
        paintRounded(painter, QRectF(r).adjusted(4, 0, -4, 0), radius::kKeyCap, t.selection, QColor());
    const QColor ink = !isEnabled ? t.disabled : isCurrent ? t.selectionText : t.text;
    const int side = scaled(14);
    const QRect mark = mirrored(QRect(r.x() + scaled(11), r.center().y() - side / 2 + 1, side, side));
    if (option.checkType != QStyleOptionMenuItem::NotCheckable) {
        if (option.checked && option.checkType == QStyleOptionMenuItem::Exclusive) {
            painter.setRenderHint(QPainter::Antialiasing);
            painter.setPen(Qt::NoPen);
            painter.setBrush(ink);
            painter.drawEllipse(QRectF(mark).center(), 3, 3);
        } else if (option.checked) {
            paintTick(painter, mark, ink);
        }
    } else if (!option.icon.isNull()) {
        if (hasIcon(option.icon.name()))
            paintIcon(painter, option.icon.name(), mark, isCurrent ? t.selectionText : isEnabled ? t.secondary : t.disabled);
        else
            option.icon.paint(&painter, mark);
    }
    const qsizetype tab = option.text.indexOf(QLatin1Char('\t'));
    const QRect body(r.x() + scaled(kMarkColumn + 4), r.y(), r.width() - scaled(kMarkColumn + 24), r.height());
    painter.setFont(option.font);
    painter.setPen(ink);
    painter.drawText(mirrored(body), int(QStyle::visualAlignment(option.direction, Qt::AlignLeft | Qt::AlignVCenter)) | mnemonic(),
                     tab < 0 ? option.text : option.text.left(tab));
    if (tab >= 0) {
        painter.setPen(isCurrent ? t.selectionText : isEnabled ? t.tertiary : t.disabled);
        painter.drawText(mirrored(body), int(QStyle::visualAlignment(option.direction, Qt::AlignRight | Qt::AlignVCenter)),
                         option.text.mid(tab + 1));
    }
    if (option.menuItemType == QStyleOptionMenuItem::SubMenu) {
        const int arrow = scaled(12);
        const bool isMirrored = option.direction == Qt::RightToLeft;
        paintIcon(painter, isMirrored ? QStringLiteral("back") : QStringLiteral("right"),
                  mirrored(QRect(r.right() - scaled(10) - arrow, r.center().y() - arrow / 2 + 1, arrow, arrow)), ink);
    }
    painter.restore();
}

QSize menuItemSize(const QStyleOptionMenuItem &option, const QSize &contents)
{
    if (option.menuItemType == QStyleOptionMenuItem::Separator)
        return QSize(contents.width(), scaled(9));
    const int arrow = option.menuItemType == QStyleOptionMenuItem::SubMenu ? scaled(12) : 0;
    return QSize(contents.width() + scaled(kMarkColumn + 4 + 40) + arrow, qMax(scaled(28), contents.height() + scaled(6)));
}

void drawMenuBarItem(const QStyleOptionMenuItem &option, QPainter &painter)
{
    const Tokens &t = current();
    painter.save();
    painter.fillRect(option.rect, t.window);
    const bool isEnabled = option.state & QStyle::State_Enabled;
    const bool isOver = isEnabled && (option.state & QStyle::State_Selected);
    if (isOver)
        paintRounded(painter, QRectF(option.rect).adjusted(1, 3, -1, -3), radius::kControl,
                     option.state & QStyle::State_Sunken ? t.press : t.railHover, t.isHighContrast() ? t.text : QColor());
    painter.setPen(isEnabled ? t.text : t.disabled);
    painter.drawText(option.rect, Qt::AlignCenter | Qt::TextSingleLine | mnemonic(), option.text);
    painter.restore();
}

void drawTab(const QStyleOptionTab &option, QPainter &painter)
{
    const Tokens &t = current();
    const bool isSelected = option.state & QStyle::State_Selected;
    const bool isEnabled = option.state & QStyle::State_Enabled;
    const bool isOver = isEnabled && (option.state & QStyle::State_MouseOver);
    painter.save();
    QFont face = painter.font();
    face.setWeight(isSelected ? QFont::DemiBold : QFont::Medium);
    painter.setFont(face);
    const QRect room = QStyle::visualRect(option.direction, option.rect, option.rect.adjusted(0, 0, -scaled(kTabGap), 0));
    painter.setPen(!isEnabled ? t.disabled : isSelected ? t.text : t.secondary);
    painter.drawText(room, int(QStyle::visualAlignment(option.direction, Qt::AlignLeft | Qt::AlignVCenter)) | Qt::TextSingleLine | mnemonic(),
                     option.text);
    const int width = qMin(room.width(), painter.fontMetrics().size(Qt::TextShowMnemonic, option.text).width());
    QRect line(room.x(), option.rect.bottom() - 1, width, 2);
    line = QStyle::visualRect(option.direction, room, line);
    if (isSelected)
        painter.fillRect(line, t.accent);
    else if (isOver)
        painter.fillRect(line, t.control);
    if (isSelected && hasKeyboardFocus(option))
        paintFocusRing(painter, QRectF(line.x() - 5, option.rect.y() + 4, width + 10, option.rect.height() - 9), radius::kKeyCap);
    painter.restore();
}

QSize tabSize(const QStyleOptionTab &option)
{
    QFont widest = font(Type::StrongSelected); // selecting a tab must not move its neighbours
    const QFontMetrics metrics(widest);
    return QSize(metrics.size(Qt::TextShowMnemonic, option.text).width() + scaled(kTabGap),
                 qMax(scaled(height::kTabs), metrics.height() + scaled(14)));
}

void drawHeaderSection(const QStyleOptionHeader &option, QPainter &painter)
{
    const Tokens &t = current();
    const bool isPressed = option.state & QStyle::State_Sunken;
    const bool isOver = (option.state & QStyle::State_MouseOver) && (option.state & QStyle::State_Enabled);
    painter.fillRect(option.rect, isPressed ? t.press : isOver ? t.hover : t.page);
    painter.fillRect(QRect(option.rect.x(), option.rect.bottom(), option.rect.width(), 1), t.hair);
}

void drawHeaderLabel(const QStyleOptionHeader &option, QPainter &painter)
{
    const Tokens &t = current();
    const bool isFirst = option.position == QStyleOptionHeader::Beginning || option.position == QStyleOptionHeader::OnlyOneSection;
    const bool isRight = option.textAlignment & Qt::AlignRight;
    const bool isSorted = option.sortIndicator != QStyleOptionHeader::None;
    const int arrow = isSorted ? scaled(14) : 0;
    QRect room = option.rect.adjusted(scaled(isFirst ? kHeadFirst : kHeadPad), 0, -scaled(isRight ? kHeadNumberPad : kHeadPad), -1);
    const QString text = option.fontMetrics.elidedText(option.text, Qt::ElideRight, qMax(0, room.width() - arrow));
    const int width = option.fontMetrics.horizontalAdvance(text);
    // The arrow follows the text, so a right-aligned head keeps its text above the numbers and has the arrow before it.
    const int textX = isRight ? room.right() + 1 - width : room.x();
    const int arrowX = isRight ? textX - arrow : textX + width + scaled(4);
    painter.save();
    painter.setPen(option.state & QStyle::State_Enabled ? (isSorted ? t.text : t.tertiary) : t.disabled);
    painter.drawText(QStyle::visualRect(option.direction, option.rect, QRect(textX, room.y(), width + 1, room.height())),
                     Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, text);
    if (isSorted) {
        const int side = scaled(10);
        const QRect box(arrowX, room.center().y() - side / 2 + 1, side, side);
        // Qt's "SortDown" is what it shows for ascending order.
        paintIcon(painter, option.sortIndicator == QStyleOptionHeader::SortDown ? QStringLiteral("up") : QStringLiteral("down"),
                  QStyle::visualRect(option.direction, option.rect, box), t.secondary);
    }
    painter.restore();
}

QSize headerSize(const QStyleOptionHeader &option)
{
    const int width = option.fontMetrics.horizontalAdvance(option.text) + scaled(kHeadFirst + kHeadPad + 14);
    return QSize(qMax(scaled(24), width), qMax(scaled(height::kTableHead), option.fontMetrics.height() + scaled(12)));
}

} // namespace countersign::theme::parts
