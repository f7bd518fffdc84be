#include "ui/import/log/checkstep.h"

#include "models/items/celltext.h"
#include "models/items/computed/groupcountstable.h"
#include "ui/import/log/logplan.h"
#include "ui/import/rejectedpane.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/keyvaluelist.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/frame/tabstrip.h"
#include "ui/widgets/tables/tableview.h"

#include <QBoxLayout>
#include <QListView>
#include <QLocale>
#include <QSortFilterProxyModel>
#include <QStackedWidget>
#include <QStyle>
#include <QStringListModel>

namespace countersign::pages {

using items::GroupCountsTable;
using items::oneLine;
using theme::scaled;
using widgets::CellKind;

namespace {

const QString kGroups = QStringLiteral("groups");
const QString kRejected = QStringLiteral("rejected");
const QString kWarnings = QStringLiteral("warnings");
constexpr std::size_t kMostListed = 1000;

QString count(std::uint64_t n)
{
    return QLocale().toString(static_cast<qulonglong>(n));
}

std::vector<importers::RejectedRow> listedRows(const predictions::Rejects &rejects)
{
    std::vector<importers::RejectedRow> rows;
    for (std::size_t i = 0; i < std::min(kMostListed, rejects.first.size()); ++i) {
        const auto &row = rejects.first[i];
        rows.push_back({row.row, row.line, row.column, std::string(predictions::problemText(row.problem)), row.sample});
    }
    return rows;
}

} // namespace

QString rowsText(const predictions::LogFacts &facts)
{
    const std::uint64_t taken = facts.rows - facts.rejects.total;
    return facts.rejects.total == 0 ? CheckStep::tr("%1 rows").arg(count(taken)) : CheckStep::tr("%1 of %2 rows").arg(count(taken), count(facts.rows));
}

CheckStep::CheckStep(QWidget *parent)
    : QWidget(parent)
    , m_sentence(new widgets::PlainLabel({}, theme::Type::CardTitle))
    , m_facts(new widgets::KeyValueList)
    , m_tabsHost(new QWidget)
    , m_stack(new QStackedWidget)
    , m_groups(new GroupCountsTable(this))
    , m_rejected(new RejectedPane)
    , m_warnings(new QStringListModel(this))
{
    m_sentence->setWordWrap(true);
    m_sentence->setObjectName(QStringLiteral("checkSentence"));
    m_facts->setNameWidth(124);
    auto *top = new QVBoxLayout;
    const int margin = scaled(theme::space::kPage);
    top->setContentsMargins(margin, scaled(14), margin, scaled(6));
    top->setSpacing(scaled(theme::space::kSmall));
    top->addWidget(m_sentence);
    top->addWidget(m_facts);
    auto *tabsRow = new QVBoxLayout(m_tabsHost);
    tabsRow->setContentsMargins(0, 0, 0, 0);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(top);
    column->addWidget(m_tabsHost);
    column->addWidget(makeTables(), 1);
    connect(m_rejected, &RejectedPane::saveRequested, this, &CheckStep::saveRejectedRequested);
}

QWidget *CheckStep::makeTables()
{
    auto *groups = new widgets::TableView(tr("Rows of each group"));
    groups->setColumnFormat(GroupCountsTable::Attribute, {.width = 170, .isMuted = true});
    groups->setColumnFormat(GroupCountsTable::Group, {.width = 220, .isStrong = true, .stretches = true});
    groups->setColumnFormat(GroupCountsTable::Count, {.kind = CellKind::Number, .width = 100});
    groups->setColumnFormat(GroupCountsTable::Share, {.kind = CellKind::Number, .width = 80, .isMuted = true});
    groups->setColumnFormat(GroupCountsTable::Positives, {.kind = CellKind::Number, .width = 140});
    groups->setColumnFormat(GroupCountsTable::Note, {.kind = CellKind::Verdict, .width = 200, .stateRole = GroupCountsTable::StateRole});
    auto *order = new QSortFilterProxyModel(this);
    order->setSourceModel(m_groups);
    order->setSortRole(GroupCountsTable::SortRole);
    groups->setModel(order);
    groups->setSortingEnabled(true);
    groups->sortByColumn(-1, Qt::AscendingOrder);
    groups->setSettingsKey(QStringLiteral("import/groups"));

    auto *warnings = new QListView;
    warnings->setAccessibleName(tr("Warnings"));
    warnings->setFrameShape(QFrame::NoFrame);
    warnings->setEditTriggers(QAbstractItemView::NoEditTriggers);
    warnings->setWordWrap(true);
    warnings->setSpacing(scaled(3));
    warnings->setModel(m_warnings);
    m_stack->addWidget(groups);
    m_stack->addWidget(m_rejected);
    auto *framed = new QWidget; // the list has no margin of its own; its text begins where all other text of the page does
    auto *room = new QVBoxLayout(framed);
    const int margin = scaled(theme::space::kPage) - style()->pixelMetric(QStyle::PM_FocusFrameHMargin) - warnings->spacing();
    room->setContentsMargins(margin, scaled(8), margin, 0);
    room->addWidget(warnings);
    m_stack->addWidget(framed);
    return m_stack;
}

void CheckStep::showLog(const ComputedLog &log, const QString &subject)
{
    const computed::ComputedSet &set = *log.set;
    m_subject = subject;
    m_rows = set.log.rows - set.log.rejects.total;
    m_sentence->setText(tr("The log is read: %1 taken for %2.").arg(rowsText(set.log), subject));
    showFacts(log);
    m_groups->setRows(items::groupCounts(set));
    QStringList warnings;
    for (const std::string &warning : warningsOf(set))
        warnings.append(oneLine(warning));
    m_warnings->setStringList(warnings);
    const auto kept = static_cast<std::uint64_t>(set.log.rejects.first.size());
    const QString note = set.log.rejects.total == 0     ? QString()
                         : kept < set.log.rejects.total ? tr("The first %1 of %2 can be saved.").arg(count(kept), count(set.log.rejects.total))
                                                        : tr("All %1 can be saved, with row, column and reason.").arg(count(kept));
    m_rejected->showRows(listedRows(set.log.rejects), note, kept > 0);
    delete m_tabs;
    m_tabs = new widgets::TabStrip(tr("What was read"));
    m_tabsHost->layout()->addWidget(m_tabs);
    m_tabs->addTab(kGroups, tr("Groups"), m_groups->rowCount());
    m_tabs->addTab(kRejected, tr("Rejected Rows"), static_cast<int>(std::min<std::uint64_t>(set.log.rejects.total, 1'000'000'000)));
    m_tabs->addTab(kWarnings, tr("Warnings"), static_cast<int>(warnings.size()));
    connect(m_tabs, &widgets::TabStrip::changed, this, &CheckStep::showList);
    showList(kGroups);
}

void CheckStep::showFacts(const ComputedLog &log)
{
    const computed::ComputedSet &set = *log.set;
    m_facts->clear();
    m_facts->add(tr("From"), oneLine(set.log.name));
    m_facts->add(tr("Read as"), tr("%1, %2").arg(oneLine(set.log.dialect.text()), QString::fromLatin1(predictions::encodingName(set.log.encoding).data())));
    m_facts->addMono(tr("SHA-256"), QString::fromStdString(set.log.digest.hex()));
    if (set.log.hasTimes)
        m_facts->add(tr("Time"), tr("%1 to %2").arg(items::utcTime(set.log.firstTime), items::utcTime(set.log.lastTime)));
    m_facts->add(tr("Kept"), log.isBounded ? tr("Counts and rounded scores, never a row of the log (bounded mode).") : tr("Counts and figures, never a row of the log."));
    if (log.isTableKept)
        m_facts->add(tr("On this computer"), tr("For each row its score, groups, time, label and decision, readable by you alone: the table for What If."));
}

void CheckStep::showPreview(const services::ImportOutcome &outcome)
{
    if (!outcome.alreadyImported.empty()) {
        m_sentence->setText(tr("The same figures of this file are already imported as %1. Nothing would be added.").arg(QString::fromStdString(outcome.alreadyImported)));
        return;
    }
    if (outcome.models + outcome.versions > 0)
        m_facts->add(tr("Would register"), outcome.models > 0 ? tr("%1, a new model with its first version").arg(m_subject) : tr("%1, a new version").arg(m_subject));
    m_facts->add(tr("Would record"), outcome.restated > 0 ? tr("%1 values, %2 of which differ from a recorded one")
                                                                .arg(count(static_cast<std::uint64_t>(outcome.observations)), count(static_cast<std::uint64_t>(outcome.restated)))
                                                          : tr("%1 values, and the whole set as evidence").arg(count(static_cast<std::uint64_t>(outcome.observations))));
}

void CheckStep::showList(const QString &key)
{
    m_stack->setCurrentIndex(key == kRejected ? 1 : key == kWarnings ? 2 : 0);
}

} // namespace countersign::pages
