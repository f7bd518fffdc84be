#pragma once

#include "models/services/review/pending.h"
#include "models/services/workspace/workspace.h"
#include "ui/widgets/messages/message.h"

#include <QObject>

class QWidget;

namespace countersign::gui {

/// Signatures that were made on this computer when a program ended before it knew that they were recorded. Looked up
/// when a workspace opens; whoever is at the window decides on those that are not there. Nothing is submitted by Enter.
class Pendings : public QObject
{
    Q_OBJECT
public:
    Pendings(services::Workspace &workspace, QWidget &window);

    /// Looks, says what was found, and asks where there is something to decide.
    void look();

Q_SIGNALS:
    void told(const countersign::widgets::Message &message);
    void failed(const countersign::Error &error);

private:
    void tell(const services::PendingFinding &finding);
    void decide(const services::PendingFinding &finding);
    void submit(const std::string &id);
    void discard(const std::string &id);

    services::Workspace &m_workspace;
    QWidget &m_window;
};

} // namespace countersign::gui
