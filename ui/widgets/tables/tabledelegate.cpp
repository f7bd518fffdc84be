#include "ui/widgets/tables/tabledelegate.h"

#include "ui/theme/icons.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/tables/tableview.h"

#include <QHeaderView>
#include <QHelpEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>
#include <cmath>

namespace countersign::widgets {

using theme::scaled;
using theme::Tokens;

namespace {

constexpr int kPad = 8;
constexpr int kFirstPad = 16;
constexpr int kNumberPad = 12; // right of a number, so the next column keeps its distance
constexpr int kSparkWidth = 62;

bool isSelected(const QStyleOptionViewItem &option)
{
    return option.state & QStyle::State_Selected;
}

// A stretch of values between gaps, as a line; a lone point becomes a dot, so that it is not lost.
void paintLine(QPainter &painter, const QList<QPointF> &points, const QColor &colour)
{
    if (points.size() == 1) {
        painter.setBrush(colour);
        painter.setPen(Qt::NoPen);
        painter.drawEllipse(points.first(), 1.2, 1.2);
        return;
    }
    QPainterPath path;
    for (int i = 0; i < points.size(); ++i)
        i == 0 ? path.moveTo(points[i]) : path.lineTo(points[i]);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colour, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(path);
}

} // namespace

/// One cell while it is painted.
struct TableDelegate::Cell {
    const QStyleOptionViewItem &option;
    const QModelIndex &index;
    const ColumnFormat &format;
    const Tokens &t;
    QRect room;  ///< inside the padding, in reading direction
    QString text;
    QColor ink;

    QRect mirrored(const QRect &part) const { return QStyle::visualRect(option.direction, room, part); }
    int alignment(Qt::Alignment wanted) const
    {
        return int(QStyle::visualAlignment(option.direction, wanted)) | Qt::TextSingleLine;
    }
    QRect square(int x, int side) const
    {
        return mirrored(QRect(x, room.y() + (room.height() - side) / 2, side, side));
    }
};

TableDelegate::TableDelegate(TableView *view) : QStyledItemDelegate(view), m_view(view) {}

void TableDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Tokens &t = theme::current();
    painter->save();
    if (m_view->isGroupRow(index.row())) {
        paintGroup(*painter, option, index);
        painter->restore();
        return;
    }
    paintGround(*painter, option, index);
    const ColumnFormat &format = m_view->columnFormat(index.column());
    const auto [before, after] = padding(index.column());
    const QRect room = QStyle::visualRect(option.direction, option.rect, option.rect.adjusted(before, 0, -after, -1));
    const bool isMuted = format.isMuted || index.data(MutedRole).toBool();
    const bool isInverse = isSelected(option) && t.isHighContrast() && m_view->hasFocus();
    const Cell cell{option, index, format, t, room, index.data(Qt::DisplayRole).toString(),
                    isInverse ? t.selectionText : isMuted ? t.secondary : t.text};
    switch (format.kind) {
    case CellKind::Verdict: paintVerdict(*painter, cell); break;
    case CellKind::Sparkline: paintSparkline(*painter, cell); break;
    case CellKind::TwoLines: paintTwoLines(*painter, cell); break;
    case CellKind::Icon: paintIconCell(*painter, cell); break;
    case CellKind::Text:
    case CellKind::Number:
    case CellKind::Mono: paintText(*painter, cell); break;
    }
    const bool isCurrent = m_view->currentIndex() == index && m_view->hasFocus();
    if (isCurrent && m_view->window()->testAttribute(Qt::WA_KeyboardFocusChange))
        theme::paintFocusRing(*painter, QRectF(option.rect).adjusted(1, 1, -1, -2), theme::radius::kCheck);
    painter->restore();
}

void TableDelegate::paintGround(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Tokens &t = theme::current();
    QColor fill = t.page;
    if (isSelected(option))
        fill = m_view->hasFocus() ? t.selection : t.selectionIdle;
    else if (m_view->hoveredRow() == index.row())
        fill = t.hover;
    painter.fillRect(option.rect, fill);
    painter.fillRect(QRect(option.rect.x(), option.rect.bottom(), option.rect.width(), 1), t.hair);
    if (isSelected(option) && m_view->horizontalHeader()->visualIndex(index.column()) == 0) {
        const QRect bar(option.rect.x(), option.rect.y(), 3, option.rect.height());
        painter.fillRect(QStyle::visualRect(option.direction, option.rect, bar), m_view->hasFocus() ? t.accent : t.field);
    }
}

// Every cell of the row paints the whole row through its own window, so that the order of painting does not matter.
void TableDelegate::paintGroup(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Tokens &t = theme::current();
    painter.setClipRect(option.rect);
    painter.fillRect(option.rect, isSelected(option) ? (m_view->hasFocus() ? t.selection : t.selectionIdle) : t.subtle);
    painter.fillRect(QRect(option.rect.x(), option.rect.bottom(), option.rect.width(), 1), t.hair);
    const QModelIndex head = index.siblingAtColumn(0);
    const QRect row(0, option.rect.y(), m_view->viewport()->width(), option.rect.height());
    const auto mirrored = [&](const QRect &part) { return QStyle::visualRect(option.direction, row, part); };
    const QString name = head.data(Qt::DisplayRole).toString();
    painter.setFont(theme::font(theme::Type::StrongSelected));
    painter.setPen(t.text);
    const int x = scaled(kFirstPad);
    const int width = painter.fontMetrics().horizontalAdvance(name);
    painter.drawText(mirrored(QRect(x, row.y(), width + 1, row.height() - 1)), Qt::AlignVCenter | Qt::TextSingleLine, name);
    painter.setFont(theme::font(theme::Type::Secondary));
    painter.setPen(t.tertiary);
    const QString caption = head.data(GroupCaptionRole).toString();
    painter.drawText(mirrored(QRect(x + width + scaled(10), row.y(), painter.fontMetrics().horizontalAdvance(caption) + 1, row.height() - 1)),
                     Qt::AlignVCenter | Qt::TextSingleLine, caption);
}

void TableDelegate::paintVerdict(QPainter &painter, const Cell &cell) const
{
    const QVariant state = cell.index.data(cell.format.stateRole);
    int x = cell.room.x();
    if (state.isValid()) {
        const int side = scaled(13);
        const bool isInverse = cell.t.isHighContrast() && isSelected(cell.option) && m_view->hasFocus();
        const auto which = theme::State(state.toInt());
        if (isInverse)
            theme::paintState(painter, which, cell.square(x, side), cell.t.selectionText);
        else
            theme::paintState(painter, which, cell.square(x, side), cell.t);
        x += side + scaled(7);
    }
    const QRect room(x, cell.room.y(), cell.room.right() - x + 1, cell.room.height());
    painter.setFont(theme::font(cell.format.isMuted || !state.isValid() ? theme::Type::Body : theme::Type::Strong)); // the word of a state
    painter.setPen(cell.ink);
    painter.drawText(cell.mirrored(room), cell.alignment(Qt::AlignLeft | Qt::AlignVCenter),
                     painter.fontMetrics().elidedText(cell.text, Qt::ElideRight, room.width()));
}

void TableDelegate::paintSparkline(QPainter &painter, const Cell &cell) const
{
    const auto values = cell.index.data(cell.format.valuesRole).value<QList<double>>();
    double low = INFINITY;
    double high = -INFINITY;
    for (const double value : values) {
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    painter.setFont(theme::font(std::isfinite(low) ? theme::Type::Secondary : theme::Type::Body,
                                std::isfinite(low) ? QFont::Medium : QFont::Normal));
    painter.setPen(std::isfinite(low) ? cell.ink : cell.t.tertiary);
    if (!std::isfinite(low)) {
        painter.drawText(cell.room, cell.alignment(Qt::AlignLeft | Qt::AlignVCenter), cell.text);
        return;
    }
    painter.drawText(cell.room, cell.alignment(Qt::AlignRight | Qt::AlignVCenter), cell.text);
    const QVariant limit = cell.index.data(cell.format.limitRole);
    if (limit.isValid()) {
        low = std::min(low, limit.toDouble());
        high = std::max(high, limit.toDouble());
    }
    // Time runs from left to right in every language.
    const double width = std::min(scaled(kSparkWidth), cell.room.width());
    const QRectF plot(cell.option.direction == Qt::RightToLeft ? cell.room.right() - width : cell.room.x() + 1,
                      cell.room.y() + cell.room.height() * 0.25, width - 5, cell.room.height() * 0.5);
    const double span = high > low ? high - low : 1;
    const auto yOf = [&](double value) { return high > low ? plot.bottom() - (value - low) / span * plot.height() : plot.center().y(); };
    const double step = values.size() > 1 ? plot.width() / double(values.size() - 1) : 0;
    painter.setRenderHint(QPainter::Antialiasing);
    if (limit.isValid()) {
        QPen dashes(cell.t.tertiary, 1);
        dashes.setDashPattern({3, 2});
        painter.setPen(dashes);
        painter.drawLine(QPointF(plot.left(), yOf(limit.toDouble())), QPointF(plot.right(), yOf(limit.toDouble())));
    }
    QList<QPointF> run;
    QPointF last;
    for (int i = 0; i < values.size(); ++i) {
        if (std::isfinite(values[i])) {
            last = QPointF(plot.left() + step * i, yOf(values[i]));
            run.append(last);
        }
        if (!run.isEmpty() && (!std::isfinite(values[i]) || i == values.size() - 1)) {
            paintLine(painter, run, cell.t.secondary);
            run.clear();
        }
    }
    const QVariant state = cell.index.data(cell.format.stateRole);
    painter.setPen(Qt::NoPen);
    painter.setBrush(state.isValid() ? cell.t.mark(theme::State(state.toInt())) : cell.t.secondary);
    painter.drawEllipse(last, 2.6, 2.6);
}

void TableDelegate::paintTwoLines(QPainter &painter, const Cell &cell) const
{
    const QString second = cell.index.data(cell.format.secondLineRole).toString();
    const QString icon = cell.index.data(cell.format.iconRole).toString();
    const QVariant state = cell.index.data(cell.format.stateRole);
    QRect room = cell.room;
    if (state.isValid() || !icon.isEmpty()) {
        const int side = scaled(14);
        const QRect box = cell.square(room.x(), side);
        if (state.isValid())
            theme::paintState(painter, theme::State(state.toInt()), box, cell.t);
        else
            theme::paintIcon(painter, icon, box, cell.t.secondary);
        room.setLeft(room.left() + side + scaled(10));
    }
    const QFont upper = theme::font(theme::Type::Strong);
    const QFont lower = theme::font(theme::Type::Secondary);
    const int upperHeight = QFontMetrics(upper).height();
    const int whole = second.isEmpty() ? upperHeight : upperHeight + QFontMetrics(lower).height() + 1;
    const QRect first(room.x(), room.y() + (room.height() - whole) / 2, room.width(), upperHeight);
    painter.setFont(upper);
    painter.setPen(cell.ink);
    painter.drawText(cell.mirrored(first), cell.alignment(Qt::AlignLeft | Qt::AlignVCenter),
                     painter.fontMetrics().elidedText(cell.text, Qt::ElideRight, room.width()));
    painter.setFont(lower);
    painter.setPen(isSelected(cell.option) && cell.t.isHighContrast() ? cell.ink : cell.t.secondary);
    painter.drawText(cell.mirrored(QRect(room.x(), first.bottom() + 2, room.width(), painter.fontMetrics().height())),
                     cell.alignment(Qt::AlignLeft | Qt::AlignVCenter),
                     painter.fontMetrics().elidedText(second, Qt::ElideRight, room.width()));
}

void TableDelegate::paintIconCell(QPainter &painter, const Cell &cell) const
{
    const QString icon = cell.index.data(cell.format.iconRole).toString();
    QRect room = cell.room;
    if (!icon.isEmpty()) {
        const int side = scaled(14);
        theme::paintIcon(painter, icon, cell.square(room.x(), side), cell.t.secondary);
        room.setLeft(room.left() + side + scaled(7));
    }
    painter.setFont(theme::font(theme::Type::Body));
    painter.setPen(cell.ink);
    painter.drawText(cell.mirrored(room), cell.alignment(Qt::AlignLeft | Qt::AlignVCenter),
                     painter.fontMetrics().elidedText(cell.text, Qt::ElideRight, room.width()));
}

void TableDelegate::paintText(QPainter &painter, const Cell &cell) const
{
    const bool isNumber = cell.format.kind == CellKind::Number;
    const bool isMono = cell.format.kind == CellKind::Mono;
    painter.setFont(theme::font(isMono                 ? theme::Type::Mono
                                : cell.format.isStrong ? theme::Type::Strong
                                                       : theme::Type::Body));
    painter.setPen(isMono && !isSelected(cell.option) ? cell.t.secondary : cell.ink);
    painter.drawText(cell.room, cell.alignment((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter),
                     painter.fontMetrics().elidedText(cell.text, isMono ? Qt::ElideMiddle : Qt::ElideRight, cell.room.width()));
}

QSize TableDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const ColumnFormat &format = m_view->columnFormat(index.column());
    const QFontMetrics metrics(theme::font(format.isStrong || format.kind == CellKind::Verdict ? theme::Type::Strong : theme::Type::Body));
    const auto [before, after] = padding(index.column());
    int width = metrics.horizontalAdvance(index.data(Qt::DisplayRole).toString()) + before + after;
    if (format.kind == CellKind::Verdict || format.kind == CellKind::Icon || format.kind == CellKind::TwoLines)
        width += scaled(24); // glyph and gap
    if (format.kind == CellKind::Sparkline)
        width += scaled(kSparkWidth + 12);
    if (format.kind == CellKind::TwoLines)
        width = qMax(width, QFontMetrics(theme::font(theme::Type::Secondary)).horizontalAdvance(index.data(format.secondLineRole).toString())
                                + before + after + scaled(24));
    return QSize(width, QStyledItemDelegate::sizeHint(option, index).height());
}

std::pair<int, int> TableDelegate::padding(int column) const
{
    const bool isFirst = m_view->horizontalHeader()->visualIndex(column) == 0;
    const bool isNumber = m_view->columnFormat(column).kind == CellKind::Number;
    return {scaled(isFirst ? kFirstPad : kPad), scaled(isNumber ? kNumberPad : kPad)};
}

QString TableDelegate::toolTip(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QString shown = index.data(Qt::DisplayRole).toString();
    const QString told = index.data(Qt::ToolTipRole).toString();
    if (!told.isEmpty() && told != shown)
        return told;
    if (m_view->isGroupRow(index.row()) || sizeHint(option, index).width() <= option.rect.width())
        return {};
    const ColumnFormat &format = m_view->columnFormat(index.column());
    const QString second = format.kind == CellKind::TwoLines ? index.data(format.secondLineRole).toString() : QString();
    return second.isEmpty() ? shown : shown + QLatin1Char('\n') + second;
}

bool TableDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option, const QModelIndex &index)
{
    if (event->type() != QEvent::ToolTip)
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    const QString text = index.isValid() ? toolTip(option, index) : QString();
    QToolTip::showText(event->globalPos(), literalToolTip(text), view->viewport(), option.rect);
    return true;
}

} // namespace countersign::widgets
