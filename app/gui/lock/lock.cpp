#include "app/gui/lock/lock.h"

#include "app/gui/lock/lockcover.h"
#include "models/items/celltext.h"
#include "models/services/workspace/secrets.h"

#include <QApplication>
#include <QEvent>
#include <QMenu>

namespace countersign::gui {

namespace {

/// A state of the past keeps no keys: what is asked of keys is asked of the present.
services::Session &presentOf(services::Session &session)
{
    return session.present() ? *session.present() : session;
}

/// Windows and dialogs; no menus, tool tips or the like, which are closed.
bool isCovered(const QWidget &widget)
{
    return widget.isWindow() &&
           (widget.windowType() == Qt::Window || widget.windowType() == Qt::Dialog || widget.windowType() == Qt::Sheet);
}

} // namespace

Lock::Lock(services::Workspace &workspace, IdleLock &idle, QObject *parent)
    : QObject(parent)
    , m_workspace(workspace)
    , m_idle(idle)
{
    connect(&m_idle, &IdleLock::locked, this, &Lock::coverAll);
}

void Lock::coverAll()
{
    if (!m_workspace.state().isOpen) // there is nothing to hide
        return m_idle.unlock();
    m_workspace.run(
        this,
        [](services::Session &session) {
            presentOf(session).forgetKeys();
            return Status();
        },
        [](const Status &) {});
    while (QWidget *popup = QApplication::activePopupWidget())
        popup->close();
    for (QWidget *window : QApplication::topLevelWidgets())
        if (window->isVisible() && isCovered(*window))
            cover(*window);
    qApp->installEventFilter(this); // a window that comes up meanwhile
}

void Lock::cover(QWidget &window)
{
    if (window.findChild<LockCover *>(QString(), Qt::FindDirectChildrenOnly))
        return;
    const auto &person = m_workspace.state().person;
    auto *cover = new LockCover(window, person && person->hasKey ? items::oneLine(person->name) : QString());
    m_covers.emplace_back(cover);
    connect(cover, &LockCover::passphraseGiven, this,
            [this, cover](const QString &passphrase) { open(*cover, passphrase); });
    connect(cover, &LockCover::closeWanted, this, [this] {
        Q_EMIT closeWanted(); // first, so that nothing of it is seen again
        lift();
    });
}

void Lock::open(LockCover &cover, const QString &passphrase)
{
    const auto &person = m_workspace.state().person;
    if (!person || !person->hasKey)
        return lift();
    const auto work = [who = *person, secret = services::secretOf(passphrase)](services::Session &session) -> Status {
        const auto key = presentOf(session).unlock(who, *secret);
        return key ? Status() : Status(key.error());
    };
    m_workspace.run(&cover, work, [this, &cover](const Status &opened) {
        if (opened)
            lift();
        else
            cover.showTrouble(QString::fromStdString(opened.error().text()));
    });
}

void Lock::lift()
{
    qApp->removeEventFilter(this);
    m_idle.unlock();
    for (const auto &cover : std::exchange(m_covers, {}))
        if (cover)
            cover->lift();
}

bool Lock::eventFilter(QObject *watched, QEvent *event)
{
    auto *widget = event->type() == QEvent::Show && watched->isWidgetType() ? static_cast<QWidget *>(watched) : nullptr;
    if (widget && isCovered(*widget))
        cover(*widget);
    return false;
}

} // namespace countersign::gui
