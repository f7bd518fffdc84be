#include "ui/model/signoffstab.h"

#include "models/items/celltext.h"
#include "models/items/review/signoffstable.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/badge.h"
#include "ui/widgets/cards/ground.h"
#include "ui/widgets/cards/keyvaluelist.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/messages/emptystate.h"
#include "ui/widgets/tables/tableview.h"

#include <QBoxLayout>
#include <QDateTime>
#include <QScrollArea>

namespace countersign::pages {

using items::oneLine;
using items::SignOffsTable;
using theme::scaled;
using widgets::EmptyState;
using widgets::Ink;
using widgets::PlainLabel;

namespace {

/// The clock of the signer at that moment, as it was recorded, to the second.
QString localTime(const SignOff &signOff)
{
    const QDateTime local = QDateTime::fromMSecsSinceEpoch(toMillis(signOff.signedAt), Qt::OffsetFromUTC, signOff.utcOffsetMinutes * 60);
    return SignOffsTab::tr("%1 (UTC%2)", "local time, offset")
        .arg(QLocale().toString(local, QStringLiteral("d MMM yyyy HH:mm:ss")), QString::fromStdString(formatOffset(signOff.utcOffsetMinutes)));
}

/// "1f6c 90ab …": the first half of the digest in groups, as people read fingerprints to each other.
QString fingerprint(const KeyId &key)
{
    const QString digits = QString::fromStdString(key.text()).section(QLatin1Char(':'), -1).left(32);
    QStringList groups;
    for (int at = 0; at < digits.size(); at += 4)
        groups.append(digits.mid(at, 4));
    return groups.join(QLatin1Char(' '));
}

} // namespace

SignOffsTab::SignOffsTab(QWidget *parent) : QWidget(parent)
{
    widgets::setGround(*this, widgets::Ground::Page);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    m_signOffs = new SignOffsTable(this);
    m_table = new widgets::TableView(tr("Sign-offs"));
    m_table->setColumnFormat(SignOffsTable::State, {.kind = widgets::CellKind::Verdict, .width = 144, .most = 200, .stateRole = SignOffsTable::StateRole});
    m_table->setColumnFormat(SignOffsTable::Name, {.width = 128, .isStrong = true, .most = 220});
    m_table->setColumnFormat(SignOffsTable::Role, {.width = 90, .most = 150});
    m_table->setColumnFormat(SignOffsTable::Meaning, {.width = 120, .stretches = true});
    m_table->setColumnFormat(SignOffsTable::Signed, {.width = 156, .isMuted = true, .most = 200});
    m_table->setColumnFormat(SignOffsTable::Entry, {.kind = widgets::CellKind::Number, .width = 84, .isMuted = true, .isHidden = true});
    m_table->setModel(m_signOffs);
    m_table->setSettingsKey(QStringLiteral("model/signoffs"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    row->addWidget(m_table, 1);
    m_detail = makeDetail();
    row->addWidget(m_detail);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &SignOffsTab::showSelected);
    connect(m_table->emptyState(), &EmptyState::actRequested, this, &SignOffsTab::reviewRequested);
    connect(m_table, &QAbstractItemView::activated, this, [this](const QModelIndex &index) {
        if (const auto *signOff = m_signOffs->rowAt(index.row()))
            Q_EMIT auditRequested(signOff->signOff.entry);
    });
}

QWidget *SignOffsTab::makeDetail()
{
    auto *pane = new widgets::Pane(widgets::Ground::Subtle, Qt::LeftEdge);
    pane->setFixedWidth(scaled(theme::width::kInspector + 36));
    auto *content = new QWidget;
    widgets::setGround(*content, widgets::Ground::Subtle);
    auto *column = new QVBoxLayout(content);
    const int side = scaled(theme::space::kPage);
    column->setContentsMargins(side, scaled(16), side, scaled(16));
    column->setSpacing(scaled(10));
    m_state = new widgets::StateLabel(theme::State::Pass);
    column->addWidget(m_state);
    m_sentence = new PlainLabel({}, theme::Type::Body);
    m_sentence->setWordWrap(true);
    m_sentence->setSelectable(true);
    column->addWidget(m_sentence);
    m_changes = new QWidget;
    m_changeList = new QVBoxLayout(m_changes);
    m_changeList->setContentsMargins(0, 0, 0, 0);
    m_changeList->setSpacing(scaled(4));
    column->addWidget(m_changes);
    column->addWidget(new widgets::Hairline);
    m_facts = new widgets::KeyValueList;
    column->addWidget(m_facts);
    auto *audit = widgets::secondaryButton(tr("Open in Audit Trail"), QStringLiteral("audit"));
    column->addWidget(audit, 0, Qt::AlignLeft);
    m_rendering = widgets::secondaryButton(tr("Save What Was Shown…"), QStringLiteral("eye"));
    m_rendering->setObjectName(QStringLiteral("rendering"));
    m_rendering->setToolTip(tr("The pages, or the text, that the signer had before their eyes: kept with the signature and named in it"));
    column->addWidget(m_rendering, 0, Qt::AlignLeft);
    m_withdraw = widgets::secondaryButton(tr("Withdraw…"));
    m_withdraw->setObjectName(QStringLiteral("withdraw"));
    m_withdraw->setToolTip(tr("Take your signature back, by a new signature"));
    column->addWidget(m_withdraw, 0, Qt::AlignLeft);
    column->addStretch(1);
    connect(audit, &QPushButton::clicked, this, [this] {
        if (const auto *row = m_signOffs->rowAt(m_table->currentIndex().row()))
            Q_EMIT auditRequested(row->signOff.entry);
    });
    connect(m_rendering, &QPushButton::clicked, this, [this] {
        if (const auto *row = m_signOffs->rowAt(m_table->currentIndex().row()))
            Q_EMIT renderingRequested(*row);
    });
    connect(m_withdraw, &QPushButton::clicked, this, [this] {
        if (const auto *row = m_signOffs->rowAt(m_table->currentIndex().row()))
            Q_EMIT withdrawRequested(*row);
    });
    auto *scroll = new QScrollArea;
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto *outer = new QVBoxLayout(pane);
    outer->setContentsMargins(pane->contentsMargins());
    outer->addWidget(scroll);
    return pane;
}

void SignOffsTab::showSignOffs(const std::vector<store::SignOffRow> &signOffs, bool hasVersion)
{
    if (hasVersion)
        m_table->emptyState()->describe(EmptyState::Cause::NothingYet, tr("Nobody has signed for this version"),
                                        tr("A review freezes what is known now; a signature binds a name to exactly that."), tr("Review and Sign…"));
    else
        m_table->emptyState()->describe(EmptyState::Cause::NothingYet, tr("This model has no version yet"), tr("Sign-offs are given for versions."));
    m_signOffs->setRows(signOffs);
    if (!signOffs.empty() && !m_table->currentIndex().isValid())
        m_table->selectRow(0);
    showSelected();
}

void SignOffsTab::setSigner(const std::optional<PersonId> &signer)
{
    m_signer = signer;
    offerWithdrawal();
}

void SignOffsTab::offerWithdrawal()
{
    const auto *row = m_signOffs->rowAt(m_table->currentIndex().row());
    m_withdraw->setVisible(row && m_signer == row->signOff.person && !row->signOff.withdrawn);
}

void SignOffsTab::showSelected()
{
    const auto *row = m_signOffs->rowAt(m_table->currentIndex().row());
    m_detail->setVisible(row != nullptr);
    if (!row)
        return;
    const SignOff &signOff = row->signOff;
    m_state->setState(static_cast<theme::State>(SignOffsTable::stateNumber(signOff)), SignOffsTable::standing(signOff));
    m_sentence->setText(oneLine(row->sentence));
    showChanges(signOff);
    offerWithdrawal();
    m_rendering->setVisible(signOff.rendering.has_value());
    m_facts->clear();
    if (const auto &withdrawn = signOff.withdrawn) {
        m_facts->add(tr("Withdrawn"), tr("%1, ledger no. %2", "time, number").arg(items::utcTime(withdrawn->at)).arg(withdrawn->entry));
        m_facts->add(tr("Reason"), QString::fromStdString(withdrawn->reason));
    }
    m_facts->add(tr("Name"), oneLine(signOff.personName));
    m_facts->add(tr("Role"), oneLine(roleTitle(signOff.role)));
    m_facts->add(tr("Meaning"), oneLine(signOff.meaning));
    m_facts->add(tr("Comment"), signOff.comment.empty() ? tr("None") : QString::fromStdString(signOff.comment));
    m_facts->add(tr("Time"), localTime(signOff));
    m_facts->add(tr("UTC"), QString::fromStdString(formatUtc(signOff.signedAt)));
    m_facts->add(tr("Ledger no."), QString::number(signOff.entry));
    m_facts->addMono(tr("Bundle"), QString::fromStdString(signOff.bundleDigest.text()));
    m_facts->add(tr("Shown"), signOff.rendering ? tr("Kept with the signature") : tr("Not kept; the bundle is what was signed"));
    auto *key = new PlainLabel(fingerprint(signOff.key), theme::Type::Mono, Ink::Secondary);
    key->setWordWrap(true);
    key->setSelectable(true);
    key->setToolTip(QString::fromStdString(signOff.key.text()));
    m_facts->addWidget(tr("Key"), key);
}

void SignOffsTab::showChanges(const SignOff &signOff)
{
    while (QLayoutItem *item = m_changeList->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const bool isShown = signOff.isStale && !signOff.withdrawn;
    m_changes->setVisible(isShown);
    if (!isShown)
        return;
    m_changeList->addWidget(new PlainLabel(tr("Changed since it was signed"), theme::Type::Strong));
    for (const std::string &change : signOff.changes) {
        auto *line = new PlainLabel(QStringLiteral("• ") + oneLine(change), theme::Type::Body, Ink::Secondary);
        line->setWordWrap(true);
        line->setSelectable(true);
        m_changeList->addWidget(line);
    }
}

} // namespace countersign::pages
