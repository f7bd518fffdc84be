#include "ui/model/overview/overviewtab.h"

#include "models/items/celltext.h"
#include "models/items/inventory/inventorytable.h"
#include "models/items/review/signoffstable.h"
#include "models/items/review/verdictstable.h"
#include "models/report/metricchart.h"
#include "ui/model/metrics/metrictileview.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/badge.h"
#include "ui/widgets/cards/card.h"
#include "ui/widgets/cards/ground.h"
#include "ui/widgets/cards/keyvaluelist.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/messages/emptystate.h"
#include "ui/widgets/tables/tableview.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QScrollArea>

namespace countersign::pages {

using items::oneLine;
using theme::scaled;
using widgets::Card;
using widgets::Ink;
using widgets::PlainLabel;

namespace {

constexpr int kMostBlockers = 5;
constexpr int kMostLimitRows = 12; ///< more scroll inside the card
constexpr std::size_t kMostPairs = 40;

void empty(QLayout &layout)
{
    while (QLayoutItem *item = layout.takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->setParent(nullptr);
            widget->deleteLater(); // it may be the sender of the click that led here
        }
        delete item;
    }
}

QWidget *separator()
{
    auto *line = new widgets::Pane(widgets::Ground::Page, Qt::LeftEdge);
    line->setFixedWidth(1);
    return line;
}

/// The words of the rows begin at one edge.
void alignStates(QWidget &card)
{
    const auto labels = card.findChildren<widgets::StateLabel *>();
    int widest = 0;
    for (const auto *label : labels)
        widest = std::max(widest, label->sizeHint().width());
    for (auto *label : labels)
        label->setFixedWidth(widest);
}

/// State, what it is about, more about it, what to do.
QWidget *blockerRow(theme::State state, const QString &word, const QString &head, const QString &second, QPushButton *act)
{
    auto *row = new QWidget;
    auto *columns = new QHBoxLayout(row);
    columns->setContentsMargins(scaled(16), scaled(6), scaled(12), scaled(6));
    columns->setSpacing(scaled(12));
    auto *label = new widgets::StateLabel(state, word);
    columns->addWidget(label, 0, Qt::AlignTop);
    auto *lines = new QVBoxLayout;
    lines->setSpacing(scaled(1));
    auto *first = new PlainLabel(head, theme::Type::Strong);
    first->setWordWrap(true);
    lines->addWidget(first);
    if (!second.isEmpty()) {
        auto *below = new PlainLabel(second, theme::Type::Secondary, Ink::Secondary);
        below->setWordWrap(true);
        lines->addWidget(below);
    }
    columns->addLayout(lines, 1);
    if (act)
        columns->addWidget(act, 0, Qt::AlignVCenter);
    return row;
}

QString orNotProvided(const std::string &text)
{
    return text.empty() ? OverviewTab::tr("Not provided") : oneLine(text);
}

QString judgedOn(const Verdict &verdict)
{
    QStringList parts;
    if (verdict.observation) {
        parts.append(OverviewTab::tr("Window %1").arg(oneLine(report::windowText(verdict.observation->window))));
        if (verdict.observation->n)
            parts.append(OverviewTab::tr("n %1").arg(QLocale().toString(static_cast<qlonglong>(*verdict.observation->n))));
    }
    parts.append(OverviewTab::tr("limit revision %1").arg(verdict.ruleRevision));
    return parts.join(QStringLiteral(" · "));
}

/// The attributes by which the group of a verdict is told apart, as the Metrics tab names a split.
QString splitOf(const Slice &slice)
{
    QStringList attributes;
    for (const auto &[attribute, value] : slice.parts)
        attributes.append(QString::fromStdString(attribute));
    return attributes.join(QStringLiteral("; "));
}

void addPairs(widgets::KeyValueList &list, const std::vector<Tag> &pairs, const QString &prefix)
{
    for (std::size_t i = 0; i < std::min(pairs.size(), kMostPairs); ++i)
        list.add(prefix.arg(oneLine(pairs[i].first)), oneLine(pairs[i].second));
    if (pairs.size() > kMostPairs)
        list.add(QString(), OverviewTab::tr("and %1 more", "parameters or tags").arg(pairs.size() - kMostPairs));
}

} // namespace

OverviewTab::OverviewTab(QWidget *parent) : QWidget(parent)
{
    auto *content = new QWidget;
    widgets::setGround(*content, widgets::Ground::Page);
    auto *column = new QVBoxLayout(content);
    const int side = scaled(theme::space::kPage);
    column->setContentsMargins(side, scaled(12), side, scaled(16));
    column->setSpacing(scaled(theme::space::kCardGap));
    column->addWidget(makeTop());
    m_tilesCard = new Card(tr("Metrics at a glance"));
    m_tilesCard->setFlush(true);
    m_tilesCard->hide();
    column->addWidget(m_tilesCard);
    column->addWidget(makeLimits());
    column->addWidget(makeOrigin());
    column->addStretch(1);

    auto *scroll = new QScrollArea;
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->viewport()->setBackgroundRole(QPalette::Base);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);
}

QWidget *OverviewTab::makeTop()
{
    auto *top = new QWidget;
    auto *row = new QHBoxLayout(top);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(scaled(theme::space::kCardGap));
    m_blockersCard = new Card(tr("What blocks approval"));
    m_blockersCard->setFlush(true);
    m_blockersCard->body()->setSpacing(0);
    m_factsCard = new Card(tr("Facts"));
    m_edit = widgets::linkButton(tr("Edit…"));
    m_edit->setAccessibleName(tr("Edit facts"));
    m_factsCard->addTrailing(m_edit);
    m_facts = new widgets::KeyValueList;
    m_factsCard->body()->addWidget(m_facts);
    m_factsCard->body()->addStretch(1);
    row->addWidget(m_blockersCard, 3);
    row->addWidget(m_factsCard, 2);
    connect(m_edit, &QPushButton::clicked, this, &OverviewTab::editRequested);
    return top;
}

QWidget *OverviewTab::makeLimits()
{
    using items::VerdictsTable;
    m_limitsCard = new Card(tr("Limits"));
    m_limitsCard->setFlush(true);
    m_limitsTable = new VerdictsTable(this);
    m_limits = new widgets::TableView(tr("Limits"));
    m_limits->setColumnFormat(VerdictsTable::State, {.kind = widgets::CellKind::Verdict, .width = 150, .stateRole = VerdictsTable::VerdictRole});
    m_limits->setColumnFormat(VerdictsTable::Rule, {.width = 220, .stretches = true});
    m_limits->setColumnFormat(VerdictsTable::Group, {.width = 150, .isMuted = true});
    m_limits->setColumnFormat(VerdictsTable::Value, {.kind = widgets::CellKind::Number, .width = 84, .isStrong = true});
    m_limits->setColumnFormat(VerdictsTable::Interval, {.kind = widgets::CellKind::Number, .width = 116, .isMuted = true});
    m_limits->setColumnFormat(VerdictsTable::Count, {.kind = widgets::CellKind::Number, .width = 84});
    m_limits->setColumnFormat(VerdictsTable::Window, {.width = 196, .isMuted = true});
    m_limits->setModel(m_limitsTable);
    m_limits->setSettingsKey(QStringLiteral("model/limits"));
    m_limits->setRowHeight(theme::height::kRowCard);
    m_limits->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_limitsCard->body()->addWidget(m_limits);
    connect(m_limits, &QAbstractItemView::activated, this, [this](const QModelIndex &index) {
        if (const auto *row = m_limitsTable->rowAt(index.row()))
            Q_EMIT metricRequested(QString::fromStdString(row->verdict.metric), splitOf(row->verdict.slice));
    });
    return m_limitsCard;
}

QWidget *OverviewTab::makeOrigin()
{
    auto *origin = new QWidget;
    auto *row = new QHBoxLayout(origin);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(scaled(theme::space::kCardGap));
    m_descriptionCard = new Card(tr("Description"));
    m_descriptionCard->setCaption(tr("as written in the source"));
    m_description = new PlainLabel;
    m_description->setProse(true);
    m_description->setSelectable(true);
    m_description->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_descriptionCard->body()->addWidget(m_description);
    m_descriptionCard->body()->addStretch(1);
    m_runCard = new Card(tr("Source run"));
    m_run = new widgets::KeyValueList;
    m_run->setNameWidth(120);
    m_runCard->body()->addWidget(m_run);
    m_runCard->body()->addStretch(1);
    row->addWidget(m_descriptionCard, 1);
    row->addWidget(m_runCard, 1);
    return origin;
}

void OverviewTab::setReadOnly(const QString &reason)
{
    m_edit->setEnabled(reason.isEmpty());
    m_edit->setToolTip(reason);
}

void OverviewTab::showModel(const ModelView &view)
{
    showBlockers(view);
    showFacts(view);
    showLimits(view);
    showOrigin(view);
}

void OverviewTab::showBlockers(const ModelView &view)
{
    QVBoxLayout &body = *m_blockersCard->body();
    empty(body);
    int blockers = 0;
    const auto add = [&](QWidget *row) {
        if (body.count() > 0)
            body.addWidget(new widgets::Hairline);
        body.addWidget(row);
    };
    for (const auto &limit : view.limits) {
        const Verdict &verdict = limit.verdict;
        if (verdict.state == VerdictState::Pass || verdict.state == VerdictState::NotJudged || ++blockers > kMostBlockers)
            continue;
        auto *act = widgets::secondaryButton(tr("Show Metric"));
        act->setAccessibleName(tr("Show metric %1").arg(oneLine(verdict.metric)));
        connect(act, &QPushButton::clicked, this, [this, metric = QString::fromStdString(verdict.metric), split = splitOf(verdict.slice)] {
            Q_EMIT metricRequested(metric, split);
        });
        add(blockerRow(theme::stateOf(verdict.state), {}, oneLine(verdict.sentence), judgedOn(verdict), act));
    }
    for (const auto &row : view.signOffs) {
        if (!row.signOff.isStale || ++blockers > kMostBlockers)
            continue;
        auto *act = widgets::secondaryButton(tr("Show Changes"));
        connect(act, &QPushButton::clicked, this, &OverviewTab::signOffsRequested);
        const auto &changes = row.signOff.changes;
        const QString second = changes.size() == 1 ? oneLine(changes.front()) : changes.empty() ? QString() : tr("%1 changes since it was signed").arg(changes.size());
        add(blockerRow(theme::State::Stale, {}, tr("“%1” by %2 on %3 no longer covers the inputs").arg(oneLine(row.signOff.meaning), oneLine(row.signOff.personName), items::utcDate(row.signOff.signedAt)),
                       second, act));
    }
    if (blockers > kMostBlockers)
        add(blockerRow(theme::State::NotJudged, tr("%1 more", "further things that block").arg(blockers - kMostBlockers), tr("See the limits below and the sign-offs."), {}, nullptr));
    if (blockers == 0) {
        const bool isJudged = !view.limits.empty();
        const QString head = !view.current ? tr("This model has no version yet") : isJudged ? tr("Nothing: every limit is met and no sign-off is stale") : tr("No limit judges this version");
        const QString second = !view.current ? tr("Import one from a registry, or metrics that name a version.") : isJudged ? QString() : tr("Without limits a reviewer has to judge the values alone.");
        add(blockerRow(isJudged ? theme::State::Pass : theme::State::NotJudged, {}, head, second, nullptr));
    }
    body.addStretch(1);
    alignStates(*m_blockersCard);
    m_blockersCard->setCaption(blockers == 0 ? QString() : blockers == 1 ? tr("1 thing") : tr("%1 things").arg(blockers));
}

void OverviewTab::showFacts(const ModelView &view)
{
    m_facts->clear();
    m_facts->add(tr("Purpose"), orNotProvided(view.model.purpose));
    m_facts->add(tr("Use case"), orNotProvided(view.model.useCase));
    m_facts->add(tr("Owner"), orNotProvided(view.model.owner));
    m_facts->add(tr("Tier"), view.model.tier ? QString::number(*view.model.tier) : tr("Not provided"));
    if (view.current) {
        const ModelVersion &version = view.current->version;
        QString stage = items::InventoryTable::stageWord(version.stage);
        if (!version.sourceStage.empty())
            stage += tr(" (source: %1)").arg(oneLine(version.sourceStage));
        m_facts->add(tr("Stage"), stage);
        const QString date = items::utcTime(version.createdAt);
        m_facts->add(tr("Created"), version.createdBy.empty() ? date : tr("%1 by %2", "date, person").arg(date, oneLine(version.createdBy)));
        if (!version.artifactUri.empty())
            m_facts->addMono(tr("Artifact"), oneLine(version.artifactUri));
    }
    m_facts->addMono(tr("Source"), oneLine(view.model.source));
}

void OverviewTab::showLimits(const ModelView &view)
{
    m_limitsTable->setRows(view.limits);
    m_limitsCard->setVisible(!view.limits.empty());
    m_limitsCard->setCaption(view.current ? oneLine(view.current->verdictSentence) : QString());
    const int rows = std::min(static_cast<int>(view.limits.size()), kMostLimitRows);
    m_limits->setFixedHeight(m_limits->horizontalHeader()->height() + rows * m_limits->verticalHeader()->defaultSectionSize() + scaled(2)
                             + (m_limits->horizontalScrollBarPolicy() == Qt::ScrollBarAlwaysOff ? 0 : scaled(12)));
}

void OverviewTab::showTiles(const std::vector<MetricTile> &tiles)
{
    empty(*m_tilesCard->body());
    m_tilesCard->setVisible(!tiles.empty());
    auto *host = new QWidget;
    auto *row = new QHBoxLayout(host);
    row->setContentsMargins(1, 0, 1, 0);
    row->setSpacing(0);
    for (const MetricTile &tile : tiles) {
        if (row->count() > 0)
            row->addWidget(separator());
        auto *view = new MetricTileView(tile);
        row->addWidget(view, 1);
        connect(view, &QAbstractButton::clicked, this, [this, metric = QString::fromStdString(tile.metric), split = splitOf(tile.slice)] {
            Q_EMIT metricRequested(metric, split);
        });
    }
    m_tilesCard->body()->addWidget(host);
}

void OverviewTab::showOrigin(const ModelView &view)
{
    QString description = QString::fromStdString(view.model.description);
    if (view.current && !view.current->version.description.empty()) {
        if (!description.isEmpty())
            description += QStringLiteral("\n\n");
        description += tr("Version %1: %2").arg(oneLine(view.current->version.label), QString::fromStdString(view.current->version.description));
    }
    m_description->setText(description.isEmpty() ? tr("The source has none.") : description);
    m_description->setInk(description.isEmpty() ? Ink::Tertiary : Ink::Text);

    m_run->clear();
    if (view.run) {
        const Run &run = *view.run;
        m_run->add(tr("Run"), oneLine(run.name.empty() ? run.sourceId : run.name));
        m_run->add(tr("Experiment"), orNotProvided(run.experiment));
        m_run->add(tr("Status"), run.isDeleted ? tr("%1, deleted in the source").arg(oneLine(run.status)) : oneLine(run.status));
        if (run.startedAt)
            m_run->add(tr("Started"), items::utcTime(*run.startedAt));
        if (run.endedAt)
            m_run->add(tr("Ended"), items::utcTime(*run.endedAt));
        m_run->add(tr("User"), orNotProvided(run.user));
        addPairs(*m_run, run.parameters, QStringLiteral("%1"));
    } else {
        m_run->add(tr("Run"), tr("No run is known"));
    }
    addPairs(*m_run, view.model.tags, tr("Tag %1"));
    addPairs(*m_run, view.versionTags, tr("Version tag %1"));
    m_runCard->setTitle(tr("Source run, parameters and tags"));
}

} // namespace countersign::pages
