#include "app/gui/reviews.h"

#include "ui/review/reviewcase.h"
#include "ui/review/reviewwindow.h"

namespace countersign::gui {

Reviews::Reviews(services::Workspace &workspace, QWidget &window) : QObject(&window), m_workspace(workspace), m_window(window) {}

void Reviews::start(const VersionId &version)
{
    m_windows.removeIf([](const QPointer<pages::ReviewWindow> &one) { return one.isNull(); });
    for (const auto &one : m_windows) {
        if (one->version() == version && !one->isSigned()) {
            one->raise();
            one->activateWindow();
            return;
        }
    }
    if (m_starting.contains(version))
        return; // the second click of a double click
    m_starting.append(version);
    m_workspace.start(this, tr("Freezing what is to be signed"),
                      [version](services::Session &session, const Progress &) { return pages::prepareReview(session, version); },
                      [this, version](const Result<pages::ReviewCase> &review) {
        m_starting.removeOne(version);
        if (!review) {
            Q_EMIT failed(review.error());
            return;
        }
        auto *ceremony = new pages::ReviewWindow(m_workspace, *review, &m_window);
        m_windows.append(ceremony);
        ceremony->show();
    });
}

bool Reviews::closeAll()
{
    bool isClosed = true;
    for (const auto &one : m_windows)
        isClosed = (!one || one->close()) && isClosed;
    return isClosed;
}

} // namespace countersign::gui
