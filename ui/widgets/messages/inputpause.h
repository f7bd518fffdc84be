#pragma once

#include <QObject>

#include <chrono>

class QWidget;

namespace countersign::widgets {

/// For a moment after a window came to the front, no button of it is pressed, by mouse or key: what was meant for
/// another window must not sign or decide anything here. Reading, scrolling and typing go on. Lives with the window.
/// Any number of windows.
class InputPause : public QObject
{
public:
    explicit InputPause(QWidget &window);
    ~InputPause() override;

    /// For all windows from now on; none by default, so that who clicks by program need not wait. The program sets half
    /// a second.
    static void setDuration(std::chrono::milliseconds duration);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    bool isPaused() const;
    bool isOfWindow(QObject *receiver) const;

    QWidget &m_window;
    std::chrono::steady_clock::time_point m_until{};
};

} // namespace countersign::widgets
