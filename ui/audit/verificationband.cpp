#include "ui/audit/verificationband.h"

#include "ui/theme/theme.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/badge.h"
#include "ui/widgets/cards/flowlayout.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"

#include <QBoxLayout>
#include <QLocale>
#include <QPainter>
#include <QPushButton>

namespace countersign::pages {

using theme::scaled;
using theme::State;

namespace {

QString number(std::uint64_t n)
{
    return QLocale().toString(static_cast<qulonglong>(n));
}

} // namespace

VerificationBand::VerificationBand(QWidget *parent)
    : QWidget(parent)
    , m_sentence(new widgets::PlainLabel({}, theme::Type::StrongSelected))
    , m_checks(new QHBoxLayout)
    , m_honest(new widgets::PlainLabel({}, theme::Type::Secondary))
    , m_save(widgets::linkButton(tr("Save Checkpoint…")))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(scaled(theme::space::kPage), scaled(8), scaled(theme::space::kPage), scaled(6));
    column->setSpacing(scaled(2));
    auto *first = new QHBoxLayout;
    first->setSpacing(scaled(10));
    first->addWidget(new widgets::IconLabel(QStringLiteral("verify"), 18));
    m_sentence->setWordWrap(true);
    first->addWidget(m_sentence, 1);
    m_checks->setSpacing(scaled(14));
    first->addLayout(m_checks);
    column->addLayout(first);
    auto *second = new QHBoxLayout;
    second->setSpacing(scaled(10));
    second->addWidget(new widgets::IconLabel(QStringLiteral("info"), 14));
    second->addWidget(m_honest);
    second->addWidget(m_save);
    second->addStretch(1);
    column->addLayout(second);
    m_honest->setElide(Qt::ElideRight);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    connect(m_save, &QPushButton::clicked, this, &VerificationBand::saveCheckpointRequested);
    showNotVerified();
    showCheckpoint({});
}

void VerificationBand::setChecks(const QList<std::pair<State, QString>> &checks)
{
    while (QLayoutItem *item = m_checks->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const auto &[state, words] : checks)
        m_checks->addWidget(new widgets::StateLabel(state, words));
}

void VerificationBand::showNotVerified()
{
    m_state = State::NotJudged;
    m_sentence->setText(tr("Not verified since this window opened the workspace."));
    setChecks({});
    update();
}

void VerificationBand::showRunning()
{
    m_state = State::NotJudged;
    m_sentence->setText(tr("Verifying every entry, signature and table row…"));
    setChecks({});
    update();
}

void VerificationBand::showResult(const services::Verification &result, const QDateTime &at, const QString &otherState)
{
    const bool isIntact = result.isIntact() && otherState.isEmpty();
    m_state = isIntact ? State::Pass : State::Fail;
    const QString when = tr("%1 UTC in %2 s", "time of day, seconds").arg(QLocale().toString(at.toUTC(), QStringLiteral("d MMM HH:mm")), QLocale().toString(result.seconds, 'f', 1));
    if (isIntact)
        m_sentence->setText(tr("The trail is intact, as verified on %1").arg(when));
    else if (result.isIntact())
        m_sentence->setText(tr("%1 In itself it holds, as verified on %2.").arg(otherState, when));
    else
        m_sentence->setText(tr("%1 Verified on %2.").arg(QString::fromStdString(result.sentence()), when));
    // Which part differs stands in the list of findings; the ticks are for what a whole check found right.
    if (isIntact) {
        QList<std::pair<State, QString>> checks{{State::Pass, tr("%1 entries").arg(number(result.entries))},
                                                {State::Pass, tr("%1 signatures").arg(number(result.signatures))},
                                                {State::Pass, tr("%1 table rows").arg(number(result.rows))}};
        if (result.checkpointSize)
            checks.append({State::Pass, tr("checkpoint of entry %1").arg(number(*result.checkpointSize - 1))});
        setChecks(checks);
    } else {
        setChecks({{State::Fail, result.isIntact() ? tr("another state than this computer knows") : result.problems == 1 ? tr("1 difference") : tr("%1 differences").arg(number(result.problems))}});
    }
    update();
}

void VerificationBand::showCheckpoint(const std::optional<KeptCheckpoint> &kept)
{
    if (!kept || kept->size == 0)
        m_honest->setText(tr("No checkpoint was kept outside yet, so a rewrite of the whole ledger could not be detected."));
    else
        m_honest->setText(tr("Later than the last checkpoint (%1) a rewrite could not be detected. Keep a copy of it outside.")
                              .arg(kept->lastEntryOn.isEmpty() ? tr("entry %1").arg(number(kept->size - 1)) : tr("%1, entry %2").arg(kept->lastEntryOn, number(kept->size - 1))));
}

void VerificationBand::setCanSave(bool can)
{
    m_save->setVisible(can);
}

void VerificationBand::paintEvent(QPaintEvent *)
{
    const theme::Tokens &t = theme::current();
    QPainter painter(this);
    painter.fillRect(rect(), t.tint(m_state));
    painter.fillRect(0, 0, width(), 1, t.hair);
    painter.fillRect(0, height() - 1, width(), 1, t.hair);
}

} // namespace countersign::pages
