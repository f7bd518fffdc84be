#include "ui/model/metrics/metrictileview.h"

#include "models/items/celltext.h"
#include "models/policy/evaluator.h"
#include "models/report/metricchart.h"
#include "ui/charts/history/sparkline.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"

#include <QKeyEvent>
#include <QPainter>

namespace countersign::pages {

using items::oneLine;
using theme::scaled;

namespace {

constexpr int kPad = 14;
constexpr int kCourseHeight = 64;

QString limitText(const report::LimitStep &limit)
{
    const auto text = [](double value) { return oneLine(policy::valueText(value)); };
    if (limit.lower && limit.upper)
        return MetricTileView::tr("within %1 and %2").arg(text(*limit.lower), text(*limit.upper));
    return limit.lower ? MetricTileView::tr("at least %1").arg(text(*limit.lower)) : MetricTileView::tr("at most %1").arg(text(*limit.upper));
}

} // namespace

MetricTileView::MetricTileView(MetricTile tile, QWidget *parent) : QAbstractButton(parent), m_tile(std::move(tile))
{
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    const QString value = m_tile.last ? oneLine(policy::valueText(m_tile.last->value)) : tr("no value");
    setAccessibleName(tr("%1: %2, %3", "metric, value, state").arg(oneLine(m_tile.title), value, theme::stateWord(theme::stateOf(m_tile.state))));
    setAccessibleDescription(oneLine(m_tile.sentence));
    setToolTip(widgets::literalToolTip(oneLine(m_tile.title) + (m_tile.sentence.empty() ? QString() : QLatin1Char('\n') + oneLine(m_tile.sentence))));
}

QSize MetricTileView::sizeHint() const
{
    const int lines = QFontMetrics(theme::font(theme::Type::Strong)).height() + QFontMetrics(theme::font(theme::Type::PageTitle)).height()
        + QFontMetrics(theme::font(theme::Type::Axis)).height();
    return {scaled(210), lines + scaled(kCourseHeight + 2 * kPad + 16)};
}

QSize MetricTileView::minimumSizeHint() const
{
    return {scaled(150), sizeHint().height()};
}

void MetricTileView::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

void MetricTileView::enterEvent(QEnterEvent *event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void MetricTileView::leaveEvent(QEvent *event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

void MetricTileView::paintEvent(QPaintEvent *)
{
    const theme::Tokens &t = theme::current();
    QPainter painter(this);
    if (underMouse() || isDown())
        painter.fillRect(rect(), isDown() ? t.press : t.hover);
    const int pad = scaled(kPad);
    const QRect room = rect().adjusted(pad, pad - scaled(4), -pad, -pad + scaled(4));
    paintHead(painter, room);
    paintCourse(painter, room);
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(t.focus, t.focusWidth));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(3, 3, -3, -3), theme::radius::kKeyCap, theme::radius::kKeyCap);
    }
}

void MetricTileView::paintHead(QPainter &painter, const QRect &room) const
{
    const theme::Tokens &t = theme::current();
    const auto mirrored = [&](const QRect &part) { return QStyle::visualRect(layoutDirection(), room, part); };
    const int leading = int(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft | Qt::AlignVCenter)) | Qt::TextSingleLine;

    const QFont strong = theme::font(theme::Type::Strong);
    const QFontMetrics strongMetrics(strong);
    const theme::State state = theme::stateOf(m_tile.state);
    const QString word = theme::stateWord(state);
    const int side = scaled(12);
    const int wordWidth = strongMetrics.horizontalAdvance(word) + side + scaled(6);
    const QRect first(room.x(), room.y(), room.width(), strongMetrics.height());
    painter.setFont(strong);
    painter.setPen(t.secondary);
    const int titleWidth = room.width() - wordWidth - scaled(10);
    const auto fits = [&](const std::string &title) { return strongMetrics.horizontalAdvance(oneLine(title)) <= titleWidth; };
    painter.drawText(mirrored(QRect(first.x(), first.y(), titleWidth, first.height())), leading,
                     strongMetrics.elidedText(m_tile.name.empty() || fits(m_tile.title) ? oneLine(m_tile.title) : oneLine(m_tile.name), Qt::ElideRight, titleWidth));
    const QRect wordBox(first.right() + 1 - wordWidth, first.y(), wordWidth, first.height());
    theme::paintState(painter, state, mirrored(QRect(wordBox.x(), wordBox.y() + (wordBox.height() - side) / 2, side, side)), t);
    painter.setPen(t.text);
    painter.drawText(mirrored(wordBox.adjusted(side + scaled(6), 0, 0, 0)), leading, word);

    const QFont big = theme::font(theme::Type::PageTitle);
    const QString value = m_tile.last ? oneLine(policy::valueText(m_tile.last->value)) : tr("no value");
    const QRect second(room.x(), first.bottom() + scaled(3), room.width(), QFontMetrics(big).height());
    painter.setFont(big);
    painter.drawText(mirrored(second), leading, value);
    QString beside = m_tile.last ? oneLine(report::intervalText(*m_tile.last)) : QString();
    if (beside.isEmpty() && m_tile.last && m_tile.last->n)
        beside = tr("n %1").arg(locale().toString(static_cast<qlonglong>(*m_tile.last->n)));
    const int from = QFontMetrics(big).horizontalAdvance(value) + scaled(8);
    painter.setFont(theme::font(theme::Type::Secondary));
    painter.setPen(t.tertiary);
    painter.drawText(mirrored(second.adjusted(from, 0, 0, 0)), leading,
                     painter.fontMetrics().elidedText(beside, Qt::ElideRight, second.width() - from));
    if (!m_tile.limit)
        return;
    // What the dashed line stands for; where there is no room the tool tip says it.
    const QString words = limitText(*m_tile.limit);
    const int width = painter.fontMetrics().horizontalAdvance(words) + 1;
    if (from + painter.fontMetrics().horizontalAdvance(beside) + scaled(10) + width <= second.width())
        painter.drawText(mirrored(QRect(second.right() + 1 - width, second.y(), width, second.height())), leading, words);
}

void MetricTileView::paintCourse(QPainter &painter, const QRect &room) const
{
    const theme::Tokens &t = theme::current();
    const QFont small = theme::font(theme::Type::Axis);
    const QFontMetrics metrics(small);
    const QRect dates(room.x(), room.bottom() + 1 - metrics.height(), room.width(), metrics.height());
    charts::Sparkline line;
    for (const report::ChartPoint &point : m_tile.points)
        line.values.push_back(point.value);
    if (m_tile.limit)
        line.limit = m_tile.limit->lower ? m_tile.limit->lower : m_tile.limit->upper;
    line.state = theme::stateOf(m_tile.state);
    const QRect box(room.x(), dates.y() - scaled(kCourseHeight) - scaled(4), room.width(), scaled(kCourseHeight));
    charts::paintSparkline(painter, box, line, t); // time runs from left to right in every language
    painter.setFont(small);
    painter.setPen(t.tertiary);
    if (m_tile.points.empty())
        return;
    const QString begin = items::utcDate(m_tile.points.front().time);
    const QString end = items::utcDate(m_tile.points.back().time);
    painter.drawText(dates, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, m_tile.points.size() > 1 ? begin : QString());
    painter.drawText(dates, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine, end);
}

} // namespace countersign::pages
