#include "ui/widgets/fields/searchfield.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"

#include <QKeyEvent>
#include <QPainter>
#include <QShortcut>

namespace countersign::widgets {

using theme::scaled;

SearchField::SearchField(const QString &name, QWidget *parent) : QLineEdit(parent)
{
    setPlaceholderText(name);
    setAccessibleName(name);
    setClearButtonEnabled(true);
    setTextMargins(scaled(22), 0, 0, 0); // room for the lens, which paintEvent draws
    m_pause.setSingleShot(true);
    m_pause.setInterval(150);
    connect(&m_pause, &QTimer::timeout, this, &SearchField::announce);
    connect(this, &QLineEdit::textChanged, this, [this](const QString &text) { text.isEmpty() ? announce() : m_pause.start(); });
    connect(this, &QLineEdit::returnPressed, this, &SearchField::announce);
}

void SearchField::setShortcut(const QKeySequence &keys)
{
    m_keys = keys.toString(QKeySequence::NativeText);
    auto *shortcut = new QShortcut(keys, this);
    shortcut->setContext(Qt::WindowShortcut);
    connect(shortcut, &QShortcut::activated, this, [this] {
        setFocus(Qt::ShortcutFocusReason);
        selectAll();
    });
    update();
}

QSize SearchField::sizeHint() const
{
    return QSize(scaled(260), QLineEdit::sizeHint().height());
}

void SearchField::announce()
{
    m_pause.stop();
    const QString now = text().trimmed();
    if (now == m_last)
        return;
    m_last = now;
    Q_EMIT searched(now);
}

void SearchField::paintEvent(QPaintEvent *event)
{
    QLineEdit::paintEvent(event);
    QPainter painter(this);
    const int side = scaled(14);
    const QRect lens = QStyle::visualRect(layoutDirection(), rect(), QRect(scaled(9), (height() - side) / 2, side, side));
    theme::paintIcon(painter, QStringLiteral("search"), lens, theme::current().tertiary);
    if (text().isEmpty() && !m_keys.isEmpty() && layoutDirection() == Qt::LeftToRight)
        KeyCap::paint(painter, rect().adjusted(0, 0, -scaled(5), 0), m_keys);
}

void SearchField::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && !text().isEmpty())
        return clear();
    if (event->key() == Qt::Key_Down) {
        Q_EMIT downPressed();
        return;
    }
    QLineEdit::keyPressEvent(event);
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        Q_EMIT downPressed(); // searched() came first: the list is already being read
}

} // namespace countersign::widgets
