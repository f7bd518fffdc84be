#include "ui/widgets/messages/inputpause.h"

#include <QAbstractButton>
#include <QApplication>
#include <QKeyEvent>

namespace countersign::widgets {

namespace {
std::chrono::milliseconds g_duration{0};
}

InputPause::InputPause(QWidget &window)
    : QObject(&window)
    , m_window(window)
{
    qApp->installEventFilter(this);
}

InputPause::~InputPause() = default;

void InputPause::setDuration(std::chrono::milliseconds duration)
{
    g_duration = duration;
}

bool InputPause::isPaused() const
{
    return std::chrono::steady_clock::now() < m_until;
}

bool InputPause::isOfWindow(QObject *receiver) const
{
    const auto *widget = qobject_cast<QWidget *>(receiver);
    return widget && widget->window() == &m_window;
}

bool InputPause::eventFilter(QObject *watched, QEvent *event)
{
    const auto type = event->type();
    if (watched == &m_window && (type == QEvent::Show || type == QEvent::WindowActivate))
        m_until = std::chrono::steady_clock::now() + g_duration;
    const bool isMouse =
        type == QEvent::MouseButtonPress || type == QEvent::MouseButtonRelease || type == QEvent::MouseButtonDblClick;
    const bool isKey = type == QEvent::KeyPress || type == QEvent::Shortcut;
    if ((!isMouse && !isKey) || !isPaused() || !isOfWindow(watched))
        return false;
    if (type == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        const bool isEnter = key == Qt::Key_Return || key == Qt::Key_Enter; // presses the default button from anywhere
        return isEnter || (key == Qt::Key_Space && qobject_cast<QAbstractButton *>(watched));
    }
    return qobject_cast<QAbstractButton *>(watched) != nullptr;
}

} // namespace countersign::widgets
