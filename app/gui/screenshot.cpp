#include "app/gui/screenshot.h"

#include <QPixmap>
#include <QThreadPool>
#include <QTimer>

namespace countersign::gui {

namespace {

// A page reads, shows, and may read once more for what it then shows. The lane works in order: when an empty piece of work comes back,
// everything asked for before has come back too. So many rounds are more than any page needs.
constexpr int kRounds = 8;

void waitRound(QWidget &window, services::Workspace &workspace, int rounds, std::function<void()> then)
{
    if (rounds == 0) {
        then();
        return;
    }
    const auto next = [&window, &workspace, rounds, then = std::move(then)] {
        QThreadPool::globalInstance()->waitForDone(); // what is computed beside the lane
        QTimer::singleShot(0, &window, [&window, &workspace, rounds, then] { waitRound(window, workspace, rounds - 1, then); });
    };
    workspace.run(&window, [](services::Session &) { return Status(); }, [next](const Status &) { next(); });
}

} // namespace

void takeScreenshot(QWidget &window, services::Workspace &workspace, const QString &file, std::function<void(const Status &)> done)
{
    waitRound(window, workspace, kRounds, [&window, file, done = std::move(done)] {
        const QPixmap picture = window.grab();
        const bool isWritten = picture.save(file, "PNG");
        done(isWritten ? Status() : Status(Error{ErrorKind::Io, "The picture cannot be written to " + file.toStdString() + ". Check the folder and its rights.", {}}));
    });
}

} // namespace countersign::gui
