#include "ui/import/log/donestep.h"

#include "models/items/celltext.h"
#include "models/items/computed/figurestable.h"
#include "ui/import/log/checkstep.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/messages/emptystate.h"
#include "ui/widgets/tables/tableview.h"

#include <QBoxLayout>
#include <QLocale>
#include <QPushButton>
#include <QSortFilterProxyModel>

namespace countersign::pages {

using items::FiguresTable;
using theme::scaled;
using widgets::CellKind;

DoneStep::DoneStep(QWidget *parent)
    : QWidget(parent)
    , m_sentence(new widgets::PlainLabel({}, theme::Type::CardTitle))
    , m_facts(new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Secondary))
    , m_fairness(widgets::secondaryButton(tr("Open Fairness"), QStringLiteral("chart")))
    , m_undo(widgets::dangerButton(tr("Undo Import…"), QStringLiteral("undo")))
    , m_figures(new FiguresTable(this))
    , m_table(new widgets::TableView(tr("Figures of everybody")))
{
    m_sentence->setWordWrap(true);
    m_sentence->setObjectName(QStringLiteral("doneSentence"));
    m_facts->setWordWrap(true);
    m_fairness->setObjectName(QStringLiteral("openFairness"));
    m_undo->setObjectName(QStringLiteral("undoLog"));
    m_table->setColumnFormat(FiguresTable::Metric, {.width = 220, .isStrong = true});
    m_table->setColumnFormat(FiguresTable::Value, {.kind = CellKind::Number, .width = 90, .isStrong = true});
    m_table->setColumnFormat(FiguresTable::Interval, {.kind = CellKind::Number, .width = 130, .isMuted = true});
    m_table->setColumnFormat(FiguresTable::Count, {.kind = CellKind::Number, .width = 100});
    m_table->setColumnFormat(FiguresTable::Note, {.width = 240, .isMuted = true, .stretches = true});
    auto *order = new QSortFilterProxyModel(this);
    order->setSourceModel(m_figures);
    order->setSortRole(FiguresTable::SortRole);
    m_table->setModel(order);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(-1, Qt::AscendingOrder);
    m_table->setSettingsKey(QStringLiteral("import/figures"));
    const int margin = scaled(theme::space::kPage);
    auto *head = new QHBoxLayout;
    head->setSpacing(scaled(theme::space::kSmall));
    auto *words = new QVBoxLayout;
    words->setSpacing(scaled(4));
    words->addWidget(m_sentence);
    words->addWidget(m_facts);
    head->addLayout(words, 1);
    head->addWidget(m_undo, 0, Qt::AlignTop);
    head->addWidget(m_fairness, 0, Qt::AlignTop);
    auto *top = new QVBoxLayout;
    top->setContentsMargins(margin, scaled(14), margin, scaled(10));
    top->addLayout(head);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(top);
    column->addWidget(m_table, 1);
    connect(m_fairness, &QPushButton::clicked, this, &DoneStep::fairnessRequested);
    connect(m_undo, &QPushButton::clicked, this, [this] { Q_EMIT undoRequested(m_number); });
}

void DoneStep::showRecorded(const services::ImportOutcome &outcome, const ComputedLog &log, const QString &subject)
{
    const bool isRecorded = outcome.alreadyImported.empty() && !outcome.isNothingNew();
    m_number = QString::fromStdString(outcome.number());
    m_sentence->setText(isRecorded ? tr("%1 is recorded: figures of %2 for %3.").arg(m_number, rowsText(log.set->log), subject)
                                   : tr("There was nothing new; nothing is recorded."));
    const auto windows = std::ranges::count_if(log.set->cells, [](const auto &cell) { return cell.window && cell.group.empty(); });
    m_facts->setText(tr("%1 cells, %2 windows, %3 values that limits can judge. The log itself is not kept; its SHA-256 is.")
                         .arg(locale().toString(static_cast<qulonglong>(log.set->cells.size())), locale().toString(static_cast<qlonglong>(windows)),
                              locale().toString(static_cast<qlonglong>(outcome.observations))));
    m_undo->setVisible(isRecorded);
    m_undo->setEnabled(true);
    m_figures->setRows(log.set->cells.empty() ? std::vector<computed::NamedFigure>() : log.set->cells.front().metrics);
}

void DoneStep::setUndone()
{
    m_undo->setEnabled(false);
}

} // namespace countersign::pages
