#pragma once

#include "models/services/governance/lifecycle.h"
#include "models/services/workspace/workspace.h"

#include <QDialog>

class QPlainTextEdit;
class QPushButton;

namespace countersign::widgets {
class FormField;
}

namespace countersign::pages {

/// Moves a version to another stage: what the gate says, a reason, one act. What is refused is said here, and nothing that was typed is lost.
class MoveDialog : public QDialog
{
    Q_OBJECT
public:
    MoveDialog(services::Workspace &workspace, const VersionId &version, const services::VersionMove &move, QWidget *parent = nullptr);

Q_SIGNALS:
    void moved(const QString &to, qint64 entry);

private:
    void submit();

    services::Workspace &m_workspace;
    VersionId m_version;
    services::VersionMove m_move;
    QPlainTextEdit *m_reason;
    widgets::FormField *m_reasonField;
    QPushButton *m_act;
};

} // namespace countersign::pages
