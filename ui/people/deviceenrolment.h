#pragma once

#include "models/services/workspace/workspace.h"
#include "ui/people/enroldialog.h"

#include <QObject>
#include <QPointer>

namespace countersign::pages {

/// Asks a person to vouch for this computer and enrols its key: one dialog from question to done, for whoever needs it. Deletes itself
/// after finished(). The dialog goes with the workspace that it was asked for.
class DeviceEnrolment : public QObject
{
    Q_OBJECT
public:
    /// `window`: over which the dialog stands, and with which it ends.
    DeviceEnrolment(services::Workspace &workspace, QWidget &window);
    ~DeviceEnrolment() override;
    Q_DISABLE_COPY_MOVE(DeviceEnrolment)

Q_SIGNALS:
    void finished(bool isEnrolled);
    void failed(const countersign::Error &error);

private:
    void ask(const std::vector<Person> &people);
    void enrol(const Person &voucher, const QString &passphrase);
    void finish(bool isEnrolled);

    services::Workspace &m_workspace;
    QWidget &m_window;
    LedgerId m_ledger;
    QPointer<EnrolDialog> m_dialog;
    bool m_isFinished = false;
};

} // namespace countersign::pages
