#include "ui/model/lifecycle/lifecycletab.h"

#include "models/items/celltext.h"
#include "models/policy/packs/packtext.h"
#include "models/store/queries/governance/lifecycle.h"
#include "ui/model/lifecycle/movedialog.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/badge.h"
#include "ui/widgets/cards/card.h"
#include "ui/widgets/cards/ground.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"

#include <QBoxLayout>
#include <QDateTime>
#include <QLocale>
#include <QScrollArea>

namespace countersign::pages {

using items::oneLine;
using theme::scaled;
using widgets::EmptyState;
using widgets::PlainLabel;

namespace {

theme::State stateOf(policy::CheckState state)
{
    switch (state) {
    case policy::CheckState::NotMet: return theme::State::Fail;
    case policy::CheckState::NotEnough: return theme::State::NotEnoughData;
    case policy::CheckState::Waived: return theme::State::Waived;
    case policy::CheckState::Met: break;
    }
    return theme::State::Pass;
}

QString wordOf(policy::CheckState state)
{
    switch (state) {
    case policy::CheckState::NotMet: return LifecycleTab::tr("Not met");
    case policy::CheckState::NotEnough: return LifecycleTab::tr("Not enough evidence");
    case policy::CheckState::Waived: return LifecycleTab::tr("Waived");
    case policy::CheckState::Met: break;
    }
    return LifecycleTab::tr("Met");
}

/// Glyph and word, then the sentence, as wide as there is room.
QWidget *checkRow(const policy::GateCheck &check)
{
    auto *row = new QWidget;
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(scaled(12));
    auto *state = new widgets::StateLabel(stateOf(check.state), wordOf(check.state));
    state->setFixedWidth(scaled(168));
    line->addWidget(state, 0, Qt::AlignTop);
    auto *sentence = new PlainLabel(QString::fromStdString(check.sentence), theme::Type::Body);
    sentence->setWordWrap(true);
    sentence->setSelectable(true);
    sentence->setAccessibleName(LifecycleTab::tr("%1: %2", "how a check stands, its sentence").arg(wordOf(check.state), QString::fromStdString(check.sentence)));
    line->addWidget(sentence, 1);
    return row;
}

} // namespace

LifecycleTab::LifecycleTab(services::Workspace &workspace, QWidget *parent) : QWidget(parent), m_workspace(workspace)
{
    widgets::setGround(*this, widgets::Ground::Page);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    m_scroll = new QScrollArea;
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setAccessibleName(tr("Stage, and the moves from there"));
    outer->addWidget(m_scroll);
    m_nothing = new EmptyState;
    outer->addWidget(m_nothing);
    m_nothing->hide();
}

void LifecycleTab::setVersion(const std::optional<VersionId> &version)
{
    m_version = version;
    m_isStale = true;
    if (isVisible())
        read();
}

void LifecycleTab::setReadOnly(const QString &reason)
{
    m_readOnly = reason;
    followReadOnly();
}

void LifecycleTab::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_isStale)
        read();
}

void LifecycleTab::read()
{
    m_isStale = false;
    const int generation = ++m_generation;
    if (!m_version)
        return showLife(Error{ErrorKind::NotFound, tr("The model has no version yet.").toStdString(), {}});
    m_workspace.run(this,
                    [id = *m_version](services::Session &session) -> Result<Read> {
                        auto life = services::lifeOf(session, id);
                        if (!life)
                            return life.error();
                        auto moves = store::stageMoves(session.connection(), id);
                        if (!moves)
                            return moves.error();
                        return Read{std::move(*life), std::move(*moves)};
                    },
                    [this, generation](const Result<Read> &found) {
        if (generation == m_generation)
            showLife(found);
    });
}

void LifecycleTab::showLife(const Result<Read> &found)
{
    m_buttons.clear();
    m_content = new QWidget;
    widgets::setGround(*m_content, widgets::Ground::Page);
    m_column = new QVBoxLayout(m_content);
    const int side = scaled(theme::space::kPage);
    m_column->setContentsMargins(side, scaled(16), side, scaled(16));
    m_column->setSpacing(scaled(12));
    m_scroll->setVisible(found.ok());
    m_nothing->setVisible(!found.ok());
    if (!found) {
        const bool isUngoverned = found.error().kind == ErrorKind::NotFound;
        m_nothing->describe(isUngoverned ? EmptyState::Cause::NothingYet : EmptyState::Cause::Failed,
                            isUngoverned ? tr("No gate decides on this version") : tr("The stage could not be read"), QString::fromStdString(found.error().text()));
    } else {
        const services::VersionLife &life = found->life;
        const QString stage = life.stage ? oneLine(life.stage->title) : QString::fromLatin1(stageTitle(life.version.stage).data());
        auto *head = new PlainLabel(tr("%1, by %2", "a stage, a pack").arg(stage, QString::fromStdString(policy::packName(life.pack))), theme::Type::Strong);
        head->setObjectName(QStringLiteral("stage"));
        head->setSelectable(true);
        m_column->addWidget(head);
        for (const auto &one : life.moves)
            m_column->addWidget(makeMove(one));
        if (life.moves.empty())
            m_column->addWidget(new PlainLabel(tr("No move leads on from here."), theme::Type::Body, widgets::Ink::Secondary));
        if (!found->moves.empty())
            m_column->addWidget(makeHistory(found->moves));
        m_column->addStretch(1);
    }
    m_scroll->setWidget(m_content); // the one before goes with it
    followReadOnly();
    Q_EMIT shown();
}

QWidget *LifecycleTab::makeMove(const services::VersionMove &one)
{
    auto *card = new widgets::Card(tr("%1 → %2", "a move, the stage that it leads to").arg(oneLine(one.transition.title), oneLine(one.to.title)));
    card->setCaption(QString::fromStdString(one.gate.sentence()));
    auto *button = widgets::secondaryButton(tr("Move…"));
    button->setObjectName(QStringLiteral("move-") + oneLine(one.transition.id));
    button->setAccessibleName(tr("Move to %1", "a stage").arg(oneLine(one.to.title)));
    card->addTrailing(button);
    QString reasons;
    for (const policy::GateCheck &check : one.gate.reasons())
        reasons += (reasons.isEmpty() ? QString() : QStringLiteral("\n")) + QString::fromStdString(check.sentence);
    m_buttons.emplace_back(button, reasons);
    connect(button, &QPushButton::clicked, this, [this, one] { move(one); });
    for (const policy::GateCheck &check : one.gate.checks)
        card->body()->addWidget(checkRow(check));
    return card;
}

QWidget *LifecycleTab::makeHistory(const std::vector<StageMove> &moves)
{
    auto *card = new widgets::Card(tr("Moves so far"));
    for (auto made = moves.rbegin(); made != moves.rend(); ++made) {
        const QString when = QLocale().toString(QDateTime::fromMSecsSinceEpoch(toMillis(made->at), Qt::UTC), QStringLiteral("d MMM yyyy HH:mm")) + QStringLiteral(" UTC");
        auto *row = new QWidget;
        auto *line = new QHBoxLayout(row);
        line->setContentsMargins(0, 0, 0, 0);
        auto *text = new PlainLabel(tr("%1: %2 moved it from %3 to %4. %5", "when, who, stage, stage, reason")
                                        .arg(when, oneLine(made->personName), oneLine(made->from), oneLine(made->to), QString::fromStdString(made->reason))
                                        .trimmed(),
                                    theme::Type::Body);
        text->setWordWrap(true);
        text->setSelectable(true);
        line->addWidget(text, 1);
        auto *entry = widgets::secondaryButton(tr("Entry %1").arg(made->entry));
        entry->setToolTip(tr("Open in Audit Trail"));
        connect(entry, &QPushButton::clicked, this, [this, no = made->entry] { Q_EMIT auditRequested(no); });
        line->addWidget(entry);
        card->body()->addWidget(row);
    }
    return card;
}

void LifecycleTab::move(const services::VersionMove &one)
{
    if (!m_version)
        return;
    auto *dialog = new MoveDialog(m_workspace, *m_version, one, this);
    connect(dialog, &MoveDialog::moved, this, [this](const QString &to, qint64 entry) {
        Q_EMIT message(widgets::Message::good(tr("Moved to %1, by ledger entry %2.").arg(to).arg(entry)));
    });
    dialog->open();
}

void LifecycleTab::followReadOnly()
{
    for (const auto &[button, reasons] : m_buttons) {
        const QString why = !m_readOnly.isEmpty() ? m_readOnly : reasons;
        button->setEnabled(why.isEmpty());
        button->setToolTip(widgets::literalToolTip(why));
        button->setAccessibleDescription(why);
    }
}

} // namespace countersign::pages
