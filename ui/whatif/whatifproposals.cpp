// What is proposed on the page: other thresholds, or weights for training anew; and weights as a file.

#include "models/items/celltext.h"
#include "models/services/computed/reweighing.h"
#include "ui/whatif/legalnote.h"
#include "ui/whatif/whatifpage.h"
#include "ui/whatif/whatifwords.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/messages/dialogs.h"

#include <QAction>
#include <QFile>
#include <QPushButton>

#include <cmath>

namespace countersign::pages {

using items::oneLine;
using widgets::Message;

QString WhatIfPage::whyNothingIsRecorded() const
{
    const services::WorkspaceState &state = m_workspace.state();
    if (state.asOf)
        return state.hindrance();
    return !state.damage.isEmpty() ? tr("The ledger is damaged; nothing can be recorded.") : state.isReadOnly ? tr("This workspace is open for reading only.") : QString();
}

QString WhatIfPage::whyNotProposable() const
{
    if (const QString hindrance = whyNothingIsRecorded(); !hindrance.isEmpty())
        return hindrance;
    if (!m_state.isChanged())
        return tr("Move the threshold to propose another one.");
    for (const computed::WhatIfGroup &group : m_state.after().groups)
        if (group.threshold && std::isinf(*group.threshold))
            return tr("A threshold above every score selects nobody; choose a lower one to propose it.");
    if (m_state.rule().isPerGroup() && !m_legal->isAcknowledged())
        return tr("Read the legal note first.");
    return {};
}

void WhatIfPage::followRights()
{
    const QString reason = m_view && m_state.hasSource() ? whyNotProposable() : QString();
    m_propose->setEnabled(m_view && m_state.hasSource() && reason.isEmpty());
    m_propose->setAccessibleDescription(reason);
    m_reason->setText(reason);
    m_reason->setVisible(!reason.isEmpty());
    m_proposeWeights->setEnabled(whyNothingIsRecorded().isEmpty());
    m_proposeWeights->setToolTip(whyNothingIsRecorded());
    m_weights->setEnabled(m_state.hasSource() && m_state.source()->hasLabels() && m_state.source()->groups().size() > 1);
}

computed::WhatIfBasis WhatIfPage::basis() const
{
    const services::ScoredSet &set = m_view->set;
    return {set.log, set.logDigest, set.tableKey().mapping, set.import.text()};
}

void WhatIfPage::openProposal()
{
    if (m_dialog || !m_view || !whyNotProposable().isEmpty())
        return;
    ProposeDialog::Facts facts;
    facts.model = QStringLiteral("%1 %2").arg(oneLine(m_view->model.name), oneLine(m_view->version));
    facts.summary = ruleText(m_state);
    facts.changes = changesOf(m_state).join(QLatin1Char('\n'));
    facts.basis = QStringLiteral("%1. %2").arg(basisText(m_view->set, m_state), precisionText(m_view->set, m_state));
    facts.basisPath = oneLine(m_view->set.log);
    facts.hasLegalNote = m_state.rule().isPerGroup();
    m_proposal = [this](const std::string &reason) { return services::changeProposal(*m_state.source(), m_state.whatIf(basis()), m_view->versionId, reason); };
    openDialog(facts);
}

void WhatIfPage::openWeightsProposal()
{
    if (m_dialog || !m_view || !m_state.hasSource() || !whyNothingIsRecorded().isEmpty())
        return;
    const auto reweighing = services::reweigh(*m_state.source(), m_view->set.options.level);
    if (!reweighing) {
        Q_EMIT message(Message::warning(QString::fromStdString(reweighing.error().message)));
        return;
    }
    ProposeDialog::Facts facts;
    facts.model = QStringLiteral("%1 %2").arg(oneLine(m_view->model.name), oneLine(m_view->version));
    facts.summary = oneLine(services::reweighingSummary(*m_state.source(), *reweighing));
    facts.changes = reweighedText(*reweighing).join(QLatin1Char('\n'));
    facts.basis = basisText(m_view->set, m_state) + QLatin1Char('.');
    facts.basisPath = oneLine(m_view->set.log);
    const std::string_view note = services::reweighingNote();
    facts.legalNote = QString::fromUtf8(note.data(), static_cast<qsizetype>(note.size()));
    m_proposal = [this, source = m_state.source(), reweighing = *reweighing](const std::string &reason) {
        return services::reweighingProposal(*source, reweighing, basis(), m_view->versionId, reason);
    };
    openDialog(facts);
}

void WhatIfPage::openDialog(const ProposeDialog::Facts &facts)
{
    m_dialog = new ProposeDialog(facts, this);
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_dialog, &ProposeDialog::submitted, this, &WhatIfPage::submit);
    m_dialog->open();
}

void WhatIfPage::submit(const QString &reason)
{
    if (!m_view)
        return;
    services::ChangeProposal proposal = m_proposal(reason.toStdString());
    proposal.basis = m_view->set.import;
    const auto work = [proposal = std::move(proposal)](services::Session &session) { return services::proposeChange(session, proposal); };
    m_workspace.run(this, work, [this](const Result<std::string> &id) {
        if (!id) {
            if (m_dialog)
                m_dialog->showTrouble(QString::fromStdString(id.error().text()));
            else
                Q_EMIT message(Message::error(id.error()));
            return;
        }
        if (m_dialog)
            m_dialog->accept();
        Q_EMIT message(Message::good(tr("The change is proposed and stands in the model’s history. The model is as it was.")));
    });
}

void WhatIfPage::exportWeights()
{
    if (!m_state.hasSource())
        return;
    const auto rows = reweighingRows(*m_state.source());
    if (!rows) {
        Q_EMIT message(Message::error(rows.error()));
        return;
    }
    const QString path = widgets::dialogs::saveFile(this, tr("Export weights"), QStringLiteral("weights.csv"), tr("Comma-separated values (*.csv)"), QStringLiteral("weights"));
    if (path.isEmpty())
        return;
    const std::string csv = reweighingCsv(*m_state.source(), *rows);
    QFile file(path);
    const auto size = static_cast<qint64>(csv.size());
    if (file.open(QIODevice::WriteOnly) && file.write(csv.data(), size) == size && file.flush())
        Q_EMIT message(Message::good(tr("Weights of %1 combinations of group and label are written to %2.").arg(rows->size()).arg(oneLine(path.toStdString()))));
    else
        Q_EMIT message(Message::error({ErrorKind::Io, "The weights could not be written; check the folder and its rights.", path.toStdString()}));
}

} // namespace countersign::pages
