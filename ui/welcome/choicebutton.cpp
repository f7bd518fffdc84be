#include "ui/welcome/choicebutton.h"

#include "ui/theme/icons.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"

#include <QKeyEvent>
#include <QPainter>
#include <QShortcut>

namespace countersign::welcome {

using theme::scaled;

ChoiceButton::ChoiceButton(const QString &icon, const QString &title, const QString &caption, const QKeySequence &keys, QWidget *parent)
    : QAbstractButton(parent)
    , m_icon(icon)
    , m_keys(keys.toString(QKeySequence::NativeText))
{
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setWords(title, caption);
    auto *shortcut = new QShortcut(keys, this);
    connect(shortcut, &QShortcut::activated, this, [this] { click(); });
}

void ChoiceButton::setWords(const QString &title, const QString &caption)
{
    setText(title);
    m_caption = caption;
    setAccessibleName(title);
    setAccessibleDescription(tr("%1. Key %2", "what it does, shortcut").arg(caption, m_keys));
    updateGeometry();
    update();
}

QSize ChoiceButton::sizeHint() const
{
    const int caption = QFontMetrics(theme::font(theme::Type::Secondary)).horizontalAdvance(m_caption);
    return QSize(scaled(50) + caption + scaled(90), scaled(64));
}

void ChoiceButton::paintEvent(QPaintEvent *)
{
    const theme::Tokens &t = theme::current();
    QPainter painter(this);
    const bool isFocused = hasFocus();
    const QColor fill = isDown() ? t.press : isFocused && !t.isHighContrast() ? t.selection : underMouse() ? t.hover : t.page;
    theme::paintRounded(painter, rect(), theme::radius::kRail, fill, t.hair);
    if (isFocused)
        theme::paintFocusRing(painter, rect(), theme::radius::kRail);
    const auto mirrored = [this](const QRect &part) { return QStyle::visualRect(layoutDirection(), rect(), part); };
    const int side = scaled(18);
    theme::paintIcon(painter, m_icon, mirrored(QRect(scaled(17), (height() - side) / 2, side, side)),
                     isFocused ? t.link : t.secondary);
    const int start = int(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft | Qt::AlignVCenter)) | Qt::TextSingleLine;
    const int x = scaled(50);
    const int room = width() - x - scaled(84);
    const QFont upper = theme::font(theme::Type::CardTitle);
    const QFont lower = theme::font(theme::Type::Secondary);
    const int upperHeight = QFontMetrics(upper).height();
    const int lowerHeight = QFontMetrics(lower).height();
    const int top = (height() - upperHeight - scaled(3) - lowerHeight) / 2;
    painter.setFont(upper);
    painter.setPen(t.text);
    painter.drawText(mirrored(QRect(x, top, room, upperHeight)), start, painter.fontMetrics().elidedText(text(), Qt::ElideRight, room));
    painter.setFont(lower);
    painter.setPen(t.secondary);
    painter.drawText(mirrored(QRect(x, top + upperHeight + scaled(3), room, lowerHeight)), start,
                     painter.fontMetrics().elidedText(m_caption, Qt::ElideRight, room));
    if (layoutDirection() == Qt::LeftToRight)
        widgets::KeyCap::paint(painter, rect().adjusted(0, 0, -scaled(15), 0), m_keys);
}

void ChoiceButton::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter: return click();
    case Qt::Key_Down: focusNextChild(); return;
    case Qt::Key_Up: focusPreviousChild(); return;
    default: QAbstractButton::keyPressEvent(event);
    }
}

} // namespace countersign::welcome
