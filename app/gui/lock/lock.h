#pragma once

#include "app/gui/lock/idlelock.h"
#include "models/services/workspace/workspace.h"

#include <QPointer>

namespace countersign::gui {

class LockCover;

/// Covers every window while nobody is there, and asks whoever comes back for the passphrase of the person who works
/// here. It is an attempt like any other: five wrong ones close signing as that person.
class Lock : public QObject
{
    Q_OBJECT
public:
    Lock(services::Workspace &workspace, IdleLock &idle, QObject *parent = nullptr);

Q_SIGNALS:
    void closeWanted(); ///< of the workspace; the covers are gone

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void coverAll();
    void cover(QWidget &window);
    void open(LockCover &cover, const QString &passphrase);
    void lift();

    services::Workspace &m_workspace;
    IdleLock &m_idle;
    std::vector<QPointer<LockCover>> m_covers;
};

} // namespace countersign::gui
