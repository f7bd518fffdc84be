#include "ui/widgets/cards/chip.h"

#include "ui/theme/icons.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

namespace countersign::widgets {

using theme::scaled;

namespace {

QFont wordsFont()
{
    return theme::font(theme::Type::Secondary);
}

QFont valueFont()
{
    return theme::font(theme::Type::Secondary, QFont::DemiBold);
}

} // namespace

Chip::Chip(const QString &words, const QString &value, QWidget *parent) : QWidget(parent), m_words(words), m_value(value)
{
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(tr("Filter: %1").arg(text()));
    setAccessibleDescription(tr("Press Delete to remove this condition."));
}

QSize Chip::sizeHint() const
{
    const int words = QFontMetrics(wordsFont()).horizontalAdvance(m_words + QLatin1Char(' '));
    const int value = QFontMetrics(valueFont()).horizontalAdvance(m_value);
    return QSize(scaled(10) + words + value + scaled(4) + scaled(18) + scaled(4), scaled(theme::height::kChip));
}

QRect Chip::crossRect() const
{
    const int side = scaled(18);
    return QStyle::visualRect(layoutDirection(), rect(), QRect(width() - side - scaled(4), (height() - side) / 2, side, side));
}

void Chip::paintEvent(QPaintEvent *)
{
    const theme::Tokens &t = theme::current();
    QPainter painter(this);
    const bool isOver = underMouse();
    theme::paintRounded(painter, rect(), theme::radius::kControl, t.isHighContrast() ? t.page : t.selection,
                        t.isHighContrast() || isOver ? t.control : QColor());
    if (hasFocus())
        theme::paintFocusRing(painter, rect(), theme::radius::kControl);
    const auto mirrored = [this](int x, int width) {
        return QStyle::visualRect(layoutDirection(), rect(), QRect(x, 0, width, height()));
    };
    painter.setPen(t.text);
    painter.setFont(wordsFont());
    const int words = painter.fontMetrics().horizontalAdvance(m_words + QLatin1Char(' '));
    painter.drawText(mirrored(scaled(10), words), Qt::AlignVCenter | Qt::TextSingleLine, m_words + QLatin1Char(' '));
    painter.setFont(valueFont());
    painter.drawText(mirrored(scaled(10) + words, painter.fontMetrics().horizontalAdvance(m_value) + 1),
                     Qt::AlignVCenter | Qt::TextSingleLine, m_value);
    const QRect cross = crossRect();
    if (isOver && cross.contains(mapFromGlobal(QCursor::pos())))
        theme::paintRounded(painter, cross, theme::radius::kCheck, t.press, QColor());
    const int inset = scaled(3);
    theme::paintIcon(painter, QStringLiteral("close"), cross.adjusted(inset, inset, -inset, -inset), t.secondary);
}

void Chip::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Delete:
    case Qt::Key_Backspace: Q_EMIT removeRequested(); return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_F2: Q_EMIT editRequested(); return;
    default: QWidget::keyPressEvent(event);
    }
}

void Chip::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || !rect().contains(event->position().toPoint()))
        return;
    if (crossRect().contains(event->position().toPoint()))
        Q_EMIT removeRequested();
    else
        Q_EMIT editRequested();
}

bool Chip::event(QEvent *event)
{
    if (event->type() == QEvent::HoverMove)
        update();
    return QWidget::event(event);
}

} // namespace countersign::widgets
