#pragma once

#include "models/services/workspace/workspace.h"

#include <QList>
#include <QObject>
#include <QPointer>

namespace countersign::pages {
class ReviewWindow;
}

namespace countersign::gui {

/// The sign-off ceremonies that are going on: each a window of its own, one for a version.
class Reviews : public QObject
{
    Q_OBJECT
public:
    Reviews(services::Workspace &workspace, QWidget &window);

    /// Freezes the version and shows it; a ceremony that is going on for it comes to the front instead.
    void start(const VersionId &version);
    /// Another workspace comes. False: one of them must not be closed now, a signature is on its way.
    bool closeAll();

Q_SIGNALS:
    void failed(const countersign::Error &error);

private:
    services::Workspace &m_workspace;
    QWidget &m_window;
    QList<QPointer<pages::ReviewWindow>> m_windows;
    QList<VersionId> m_starting;
};

} // namespace countersign::gui
