#include "app/gui/pendings.h"

#include "ui/widgets/messages/dialogs.h"

#include <QDateTime>
#include <QLocale>
#include <QWidget>

namespace countersign::gui {

using services::PendingFinding;
using services::PendingState;
using widgets::Message;

namespace {

QString timeOf(const services::PendingSignature &signature)
{
    const auto local = QDateTime::fromMSecsSinceEpoch(toMillis(signature.signedAt), Qt::OffsetFromUTC,
                                                      signature.utcOffsetMinutes * 60);
    return QStringLiteral("%1 (%2)").arg(QLocale().toString(local, QStringLiteral("d MMM HH:mm")),
                                         QString::fromStdString(formatOffset(signature.utcOffsetMinutes)));
}

} // namespace

Pendings::Pendings(services::Workspace &workspace, QWidget &window)
    : QObject(&window)
    , m_workspace(workspace)
    , m_window(window)
{
}

void Pendings::look()
{
    m_workspace.run(this, services::resolvePending, [this](const Result<std::vector<PendingFinding>> &findings) {
        if (!findings)
            return Q_EMIT failed(findings.error());
        for (const auto &finding : *findings)
            finding.state == PendingState::Undecided ? decide(finding) : tell(finding);
    });
}

void Pendings::tell(const PendingFinding &finding)
{
    const bool isAlarm = finding.state == PendingState::OtherBytes;
    const QString text = QString::fromStdString(finding.sentence);
    Q_EMIT told(isAlarm ? Message{widgets::Tone::Error, text, {}} : Message::info(text));
}

// Cancel, and Enter, leave it as it is: the bar goes on offering both.
void Pendings::decide(const PendingFinding &finding)
{
    const services::PendingSignature &signature = finding.signature;
    const std::string id = signature.id;
    if (widgets::dialogs::confirm(
            &m_window,
            {tr("Submit the signature that %1 made on %2?")
                 .arg(QString::fromStdString(signature.name), timeOf(signature)),
             tr("It was signed and never recorded: the program ended, or the connection, before it could know. What it "
                "covers has not changed since. The same bytes would be recorded now; nothing is signed again.\n\n“%1”")
                 .arg(QString::fromStdString(signature.sentence)),
             tr("Submit Signature"), true}))
        return submit(id);
    Message message = Message::warning(QString::fromStdString(finding.sentence));
    message.actions.append({tr("Submit…"), [this, finding] { decide(finding); }});
    message.actions.append({tr("Discard…"), [this, id] { discard(id); }});
    Q_EMIT told(message);
}

void Pendings::submit(const std::string &id)
{
    m_workspace.run(
        this, [id](services::Session &session) { return services::submitPending(session, id); },
        [this](const Result<services::SignReceipt> &receipt) {
            if (!receipt)
                return Q_EMIT failed(receipt.error());
            Q_EMIT told(Message::good(
                tr("The signature is recorded as entry %1; read back and verified.").arg(receipt->entry)));
        });
}

void Pendings::discard(const std::string &id)
{
    const QString reason = widgets::dialogs::askText(&m_window, tr("Discard the Pending Signature?"),
                                                     tr("Why it shall not be recorded; the record says that it was "
                                                        "discarded"));
    if (reason.trimmed().isEmpty())
        return;
    m_workspace.run(
        this,
        [id, text = reason.trimmed().toStdString()](services::Session &session) {
            return services::discardPending(session, id, text);
        },
        [this](const Status &status) {
            if (!status)
                return Q_EMIT failed(status.error());
            Q_EMIT told(Message::info(tr("The signature is discarded; the record says so.")));
        });
}

} // namespace countersign::gui
