#include "app/gui/lock/lockcover.h"

#include "ui/theme/theme.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/fields/formfield.h"

#include <QBoxLayout>
#include <QEvent>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>

namespace countersign::gui {

using theme::scaled;

LockCover::LockCover(QWidget &window, const QString &name)
    : QWidget(&window)
    , m_window(window)
    , m_title(window.windowTitle())
    , m_focus(window.focusWidget())
    , m_passphrase(new QLineEdit)
    , m_field(new widgets::FormField(tr("Signing passphrase of %1").arg(name), m_passphrase, this))
    , m_open(widgets::primaryButton(name.isEmpty() ? tr("Show Again") : tr("Unlock"), {}, this))
{
    setObjectName(QStringLiteral("lockCover"));
    setAccessibleName(tr("Locked"));
    m_passphrase->setObjectName(QStringLiteral("unlockPassphrase"));
    m_passphrase->setEchoMode(QLineEdit::Password);
    m_open->setObjectName(QStringLiteral("unlock"));
    m_field->setVisible(!name.isEmpty());
    hideContent();
    build(name);
    m_window.installEventFilter(this);
    m_window.setWindowTitle(tr("Countersign (locked)"));
    setGeometry(m_window.rect());
    show();
    raise();
    (name.isEmpty() ? static_cast<QWidget *>(m_open) : m_passphrase)->setFocus(Qt::OtherFocusReason);
}

void LockCover::hideContent()
{
    for (QLineEdit *line : m_window.findChildren<QLineEdit *>())
        if (line->echoMode() != QLineEdit::Normal && !isAncestorOf(line))
            line->setText(QString());
    for (QWidget *child : m_window.findChildren<QWidget *>(QString(), Qt::FindDirectChildrenOnly)) {
        if (child == this || child->isWindow() || !child->isEnabled())
            continue;
        child->setEnabled(false);
        m_disabled.emplace_back(child);
    }
}

void LockCover::build(const QString &name)
{
    auto *box = new QVBoxLayout;
    box->setSpacing(scaled(theme::space::kMedium));
    box->addWidget(new widgets::SectionHeading(tr("Locked")));
    auto *why =
        new widgets::PlainLabel(name.isEmpty() ? tr("Nobody was here for a while, so the window hides what it shows.")
                                               : tr("Nobody was here for a while, so the window hides what it shows. "
                                                    "What runs goes on; what was typed is kept, passphrases are not."),
                                theme::Type::Body, widgets::Ink::Secondary);
    why->setWordWrap(true);
    why->setMinimumWidth(scaled(320));
    box->addWidget(why);
    box->addWidget(m_field);
    auto *close = widgets::quietButton(tr("Close Workspace"), {}, this);
    close->setObjectName(QStringLiteral("closeLocked"));
    close->setVisible(!name.isEmpty());
    auto *row = new QHBoxLayout;
    row->addWidget(close);
    row->addStretch(1);
    row->addWidget(m_open);
    box->addLayout(row);
    auto *middle = new QHBoxLayout;
    middle->addStretch(1);
    middle->addLayout(box);
    middle->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->addStretch(1);
    column->addLayout(middle);
    column->addStretch(2);
    connect(close, &QPushButton::clicked, this, &LockCover::closeWanted);
    connect(m_open, &QPushButton::clicked, this, &LockCover::submit);
    connect(m_passphrase, &QLineEdit::returnPressed, this, &LockCover::submit);
}

void LockCover::submit()
{
    if (!m_open->isEnabled())
        return;
    const QString passphrase = m_passphrase->text();
    m_passphrase->setText(QString());
    if (!m_field->isHidden() && passphrase.isEmpty()) {
        m_field->setError(tr("Type the passphrase."));
        return;
    }
    m_open->setEnabled(false);
    Q_EMIT passphraseGiven(passphrase);
}

void LockCover::showTrouble(const QString &text)
{
    m_open->setEnabled(true);
    m_field->setError(text);
    m_passphrase->setFocus(Qt::OtherFocusReason);
}

void LockCover::lift()
{
    m_window.removeEventFilter(this);
    for (const auto &child : m_disabled)
        if (child)
            child->setEnabled(true);
    m_window.setWindowTitle(m_title);
    hide();
    if (m_focus)
        m_focus->setFocus(Qt::OtherFocusReason);
    deleteLater();
}

void LockCover::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Window));
}

bool LockCover::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == &m_window && event->type() == QEvent::Resize)
        setGeometry(m_window.rect());
    if (watched == &m_window && event->type() == QEvent::ChildAdded) // what comes up meanwhile stays below
        raise();
    return QWidget::eventFilter(watched, event);
}

} // namespace countersign::gui
