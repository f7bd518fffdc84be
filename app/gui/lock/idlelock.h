#pragma once

#include <QObject>
#include <QTimer>

#include <chrono>
#include <functional>

namespace countersign::gui {

/// Notices that nobody is at the program: no key, click or movement for a time, the desktop's screen lock, a suspend,
/// or lockNow(). Time is the system's since its start, suspended time included: setting the clock neither locks nor
/// keeps open. While locked() stands, no shortcut of the program acts; whoever shows the lock calls unlock().
class IdleLock : public QObject
{
    Q_OBJECT
public:
    using Clock = std::function<std::chrono::milliseconds()>;

    /// Watches the application's events. `clock`: of tests.
    explicit IdleLock(std::chrono::milliseconds limit, Clock clock = &sinceStart, QObject *parent = nullptr);

    static std::chrono::milliseconds sinceStart();
    /// Locks with the desktop: org.freedesktop.ScreenSaver and org.gnome.ScreenSaver on the session's bus, and before
    /// the computer sleeps org.freedesktop.login1 on the system's. Where there is no bus, only the time counts.
    void followDesktop();
    void setLimit(std::chrono::milliseconds limit);

    bool isLocked() const { return m_isLocked; }
    void lockNow();
    void unlock();

Q_SIGNALS:
    void locked();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private Q_SLOTS:
    void desktopLocked(bool isLocked);

private:
    void touch();
    void look();

    std::chrono::milliseconds m_limit;
    Clock m_clock;
    std::chrono::milliseconds m_last;
    QTimer m_timer;
    bool m_isLocked = false;
};

} // namespace countersign::gui
