#include "ui/model/lifecycle/movedialog.h"

#include "models/items/celltext.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/fields/formfield.h"
#include "ui/widgets/frame/dialogframe.h"

#include <QBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>

namespace countersign::pages {

using items::oneLine;
using theme::scaled;

MoveDialog::MoveDialog(services::Workspace &workspace, const VersionId &version, const services::VersionMove &move, QWidget *parent)
    : QDialog(parent)
    , m_workspace(workspace)
    , m_version(version)
    , m_move(move)
    , m_reason(new QPlainTextEdit)
    , m_reasonField(new widgets::FormField(move.transition.needsReason ? tr("Reason") : tr("Reason (optional)"), m_reason))
    , m_act(widgets::primaryButton(tr("Move to %1", "a stage").arg(oneLine(move.to.title))))
{
    setWindowTitle(oneLine(move.transition.title));
    setWindowModality(Qt::WindowModal);
    setAttribute(Qt::WA_DeleteOnClose);
    m_reason->setObjectName(QStringLiteral("reason"));
    m_act->setObjectName(QStringLiteral("act"));
    QVBoxLayout *column = widgets::dialogColumn(*this);
    auto *what = new widgets::PlainLabel(tr("The move is recorded with every check of its gate as it stands then. %1").arg(QString::fromStdString(move.gate.sentence())),
                                         theme::Type::Body, widgets::Ink::Secondary);
    what->setWordWrap(true);
    column->addWidget(what);
    m_reason->setTabChangesFocus(true);
    m_reason->setFixedHeight(scaled(72));
    column->addWidget(m_reasonField);
    widgets::addDialogButtons(*column, *this, m_act);
    setMinimumWidth(scaled(480));
    m_reason->setFocus();
    connect(m_act, &QPushButton::clicked, this, &MoveDialog::submit);
    connect(m_reason, &QPlainTextEdit::textChanged, this, [this] { m_reasonField->setError({}); });
}

void MoveDialog::submit()
{
    m_act->setEnabled(false);
    m_workspace.run(this,
                    [version = m_version, id = m_move.transition.id, reason = m_reason->toPlainText().trimmed().toStdString()](services::Session &session) {
                        return services::moveVersion(session, version, id, reason);
                    },
                    [this](const Result<StageMove> &made) {
        m_act->setEnabled(true);
        if (!made) {
            m_reasonField->setError(QString::fromStdString(made.error().text()));
            m_reason->setFocus(Qt::OtherFocusReason);
            return;
        }
        Q_EMIT moved(oneLine(m_move.to.title), made->entry);
        accept();
    });
}

} // namespace countersign::pages
