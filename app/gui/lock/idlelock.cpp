#include "app/gui/lock/idlelock.h"

#include <QCoreApplication>
#include <QDBusConnection>
#include <QEvent>

#include <ctime>

namespace countersign::gui {

using std::chrono::milliseconds;

IdleLock::IdleLock(milliseconds limit, Clock clock, QObject *parent)
    : QObject(parent)
    , m_limit(limit)
    , m_clock(std::move(clock))
    , m_last(m_clock())
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &IdleLock::look);
    qApp->installEventFilter(this);
    m_timer.start(m_limit);
}

milliseconds IdleLock::sinceStart()
{
    timespec time{};
    ::clock_gettime(CLOCK_BOOTTIME, &time);
    return std::chrono::duration_cast<milliseconds>(std::chrono::seconds(time.tv_sec) +
                                                    std::chrono::nanoseconds(time.tv_nsec));
}

void IdleLock::followDesktop()
{
    // From whoever says so: a program of the session that pretends to be the desktop can do no more than lock.
    const char *slot = SLOT(desktopLocked(bool));
    QDBusConnection session = QDBusConnection::sessionBus();
    for (const char *desktop : {"org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver"})
        session.connect({}, {}, QString::fromLatin1(desktop), QStringLiteral("ActiveChanged"), this, slot);
    QDBusConnection::systemBus().connect({}, QStringLiteral("/org/freedesktop/login1"),
                                         QStringLiteral("org.freedesktop.login1.Manager"),
                                         QStringLiteral("PrepareForSleep"), this, slot);
}

void IdleLock::desktopLocked(bool isLocked)
{
    if (isLocked)
        lockNow();
}

void IdleLock::setLimit(milliseconds limit)
{
    m_limit = limit;
    look();
}

void IdleLock::lockNow()
{
    if (m_isLocked)
        return;
    m_isLocked = true;
    m_timer.stop();
    Q_EMIT locked();
}

void IdleLock::unlock()
{
    m_isLocked = false;
    touch();
    look();
}

void IdleLock::touch()
{
    m_last = m_clock();
}

/// The timer is only a reason to look: while the computer sleeps it stands still, the clock does not.
void IdleLock::look()
{
    if (m_isLocked)
        return;
    const milliseconds idle = m_clock() - m_last;
    if (idle >= m_limit)
        return lockNow();
    m_timer.start(m_limit - idle);
}

bool IdleLock::eventFilter(QObject *, QEvent *event)
{
    switch (event->type()) {
    case QEvent::Shortcut:
        return m_isLocked;
    case QEvent::KeyPress:
    case QEvent::MouseButtonPress:
    case QEvent::MouseMove:
    case QEvent::Wheel:
    case QEvent::TouchBegin:
    case QEvent::InputMethod:
        // Nobody was here for that long: what comes first shall not slip past a timer that is late.
        if (!m_isLocked && m_clock() - m_last >= m_limit) {
            lockNow();
            return true;
        }
        touch();
        return false;
    default:
        return false;
    }
}

} // namespace countersign::gui
