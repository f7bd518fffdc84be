#include "ui/model/fairness/disparitiespane.h"

#include "models/items/computed/disparitiestable.h"
#include "models/items/computed/figuretext.h"
#include "models/items/computed/impactstable.h"
#include "models/items/computed/worstslicestable.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/card.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/segmentedbutton.h"
#include "ui/widgets/messages/emptystate.h"
#include "ui/widgets/tables/tableview.h"

#include <QBoxLayout>
#include <QLocale>
#include <QSortFilterProxyModel>

namespace countersign::pages {

using items::DisparitiesTable;
using items::ImpactsTable;
using items::WorstSlicesTable;
using theme::scaled;
using widgets::CellKind;
using widgets::EmptyState;

namespace {

const QString kSelected = QStringLiteral("selected");
const QString kScored = QStringLiteral("scored");

/// A table that sorts by value, whatever is shown.
widgets::TableView *sortedTable(const QString &name, QAbstractItemModel *rows, int sortRole, std::initializer_list<std::pair<int, widgets::ColumnFormat>> formats, const QString &key)
{
    auto *table = new widgets::TableView(name);
    for (const auto &[column, format] : formats)
        table->setColumnFormat(column, format);
    auto *order = new QSortFilterProxyModel(table);
    order->setSourceModel(rows);
    order->setSortRole(sortRole);
    table->setRowHeight(theme::height::kRowCompact);
    table->setModel(order);
    table->setSortingEnabled(true);
    table->sortByColumn(-1, Qt::AscendingOrder);
    table->setSettingsKey(key);
    return table;
}

widgets::Card *cardOf(const QString &title, const QString &caption, widgets::PlainLabel *note, QWidget *table)
{
    auto *card = new widgets::Card(title);
    card->setCaption(caption);
    card->setFlush(true);
    if (note) {
        note->setWordWrap(true);
        note->setContentsMargins(scaled(16), scaled(8), scaled(16), scaled(8));
        card->body()->addWidget(note);
    }
    card->body()->addWidget(table, 1);
    return card;
}

} // namespace

DisparitiesPane::DisparitiesPane(QWidget *parent)
    : QWidget(parent)
    , m_disparities(new DisparitiesTable(this))
    , m_impacts(new ImpactsTable(this))
    , m_worst(new WorstSlicesTable(this))
    , m_impactOf(new widgets::SegmentedButton(tr("Rates of")))
    , m_impactNote(new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Secondary))
    , m_worstNote(new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Secondary))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(scaled(10));
    for (QWidget *card : {makeDisparities(), makeImpacts(), makeWorst()}) {
        card->setMinimumHeight(scaled(236));
        column->addWidget(card, 1);
    }
}

QWidget *DisparitiesPane::makeDisparities()
{
    m_disparityView = sortedTable(tr("Disparities between groups"), m_disparities, DisparitiesTable::SortRole,
                                  {{DisparitiesTable::Name, {.width = 240, .isStrong = true, .most = 340}},
                                   {DisparitiesTable::Value, {.kind = CellKind::Number, .width = 84, .isStrong = true}},
                                   {DisparitiesTable::Interval, {.kind = CellKind::Number, .width = 120, .isMuted = true}},
                                   {DisparitiesTable::Highest, {.width = 130}},
                                   {DisparitiesTable::Lowest, {.width = 130}},
                                   {DisparitiesTable::Used, {.kind = CellKind::Number, .width = 72}},
                                   {DisparitiesTable::LeftOut, {.width = 160, .isMuted = true, .stretches = true}}},
                                  QStringLiteral("model/disparities"));
    m_disparityView->emptyState()->describe(EmptyState::Cause::NothingYet, tr("There are no disparities for this choice"),
                                            tr("They are computed for two outcomes, in windows and attributes that have at least two groups."));
    return cardOf(tr("Between all groups"), tr("largest − smallest, smallest / largest; the interval is over all groups"), nullptr, m_disparityView);
}

QWidget *DisparitiesPane::makeImpacts()
{
    m_impactView = sortedTable(tr("Impact ratios"), m_impacts, ImpactsTable::SortRole,
                               {{ImpactsTable::Category, {.width = 120, .isStrong = true, .stretches = true}},
                                {ImpactsTable::Applicants, {.kind = CellKind::Number, .width = 84}},
                                {ImpactsTable::Share, {.kind = CellKind::Number, .width = 66, .isMuted = true}},
                                {ImpactsTable::Rate, {.kind = CellKind::Number, .width = 110, .most = 150}},
                                {ImpactsTable::RateInterval, {.kind = CellKind::Number, .width = 104, .isMuted = true}},
                                {ImpactsTable::Ratio, {.kind = CellKind::Number, .width = 92, .isStrong = true, .most = 130}},
                                {ImpactsTable::RatioInterval, {.kind = CellKind::Number, .width = 104, .isMuted = true}},
                                {ImpactsTable::WithoutSmall, {.kind = CellKind::Number, .width = 104, .most = 130}},
                                {ImpactsTable::Note, {.width = 220, .isMuted = true}}},
                               QStringLiteral("model/impacts"));
    m_impactView->emptyState()->describe(EmptyState::Cause::NothingYet, tr("There are no impact ratios for this choice"),
                                         tr("They are computed for whole logs with two outcomes and at least one attribute."));
    auto *card = cardOf(tr("Impact ratios"), tr("of the whole log, as New York City's rules lay them out; they set no pass mark"), m_impactNote, m_impactView);
    m_impactOf->setObjectName(QStringLiteral("impactOf"));
    m_impactOf->addChoice(kSelected, tr("Decisions"));
    m_impactOf->addChoice(kScored, tr("Scores"));
    card->addTrailing(m_impactOf);
    connect(m_impactOf, &widgets::SegmentedButton::chosen, this, &DisparitiesPane::showImpact);
    return card;
}

QWidget *DisparitiesPane::makeWorst()
{
    m_worstView = sortedTable(tr("Worst groups"), m_worst, WorstSlicesTable::SortRole,
                              {{WorstSlicesTable::Group, {.width = 150, .isStrong = true, .stretches = true}},
                               {WorstSlicesTable::Metric, {.width = 140, .isMuted = true}},
                               {WorstSlicesTable::Count, {.kind = CellKind::Number, .width = 72}},
                               {WorstSlicesTable::Value, {.kind = CellKind::Number, .width = 72, .isStrong = true}},
                               {WorstSlicesTable::Interval, {.kind = CellKind::Number, .width = 104, .isMuted = true}},
                               {WorstSlicesTable::Difference, {.kind = CellKind::Number, .width = 104}},
                               {WorstSlicesTable::DifferenceInterval, {.kind = CellKind::Number, .width = 116, .isMuted = true}},
                               {WorstSlicesTable::P, {.kind = CellKind::Number, .width = 84, .isMuted = true}}},
                              QStringLiteral("model/worst"));
    m_worstView->emptyState()->describe(EmptyState::Cause::NothingYet, tr("Worst groups were not looked for"),
                                        tr("Choose a metric for the search when you import the log."));
    return cardOf(tr("Worst groups"), {}, m_worstNote, m_worstView);
}

void DisparitiesPane::showView(const computed::ComputedSet &set, const FairnessView &view)
{
    m_disparities->setRows(view.disparities);
    showImpacts(set, view);
    m_worst->setRows(set.worst);
    m_worstNote->setText(set.slicesSearched == 0 ? QString()
                                                 : tr("%1, the worst of %2 combinations; p is adjusted for all of them.")
                                                       .arg(set.worst.empty() ? QString() : items::metricTitle(set.worst.front().metric))
                                                       .arg(QLocale().toString(static_cast<qulonglong>(set.slicesSearched))));
    m_worstNote->setVisible(set.slicesSearched > 0);
}

void DisparitiesPane::showImpacts(const computed::ComputedSet &set, const FairnessView &view)
{
    m_shownImpacts.clear();
    std::ranges::copy_if(set.impacts, std::back_inserter(m_shownImpacts), [&](const computed::ComputedImpact &impact) { return impact.attributes == view.choice.attributes; });
    m_impactOf->setVisible(m_shownImpacts.size() > 1);
    showImpact();
}

void DisparitiesPane::showImpact()
{
    m_impactNote->setVisible(!m_shownImpacts.empty());
    if (m_shownImpacts.empty())
        return m_impacts->setRows({});
    const bool wantsScored = m_impactOf->current() == kScored;
    const auto wanted = std::ranges::find(m_shownImpacts, wantsScored, &computed::ComputedImpact::isScored);
    const computed::ComputedImpact &impact = wanted == m_shownImpacts.end() ? m_shownImpacts.front() : *wanted;
    m_impacts->setScored(impact.isScored);
    m_impacts->setRows(impact.rows);
    const QString applicants = QLocale().toString(static_cast<qulonglong>(impact.applicants));
    const QString unknown = QLocale().toString(static_cast<qulonglong>(impact.unknown));
    QString note = impact.isScored ? tr("%1 applicants, %2 of unknown category. Rates are shares above the median score %3.")
                                         .arg(applicants, unknown, items::boundedFigure(impact.median, impact.medianBound))
                                   : tr("%1 applicants, %2 of unknown category. Rates are shares of positive decisions.").arg(applicants, unknown);
    const auto isRounded = [](const computed::ImpactRow &row) { return row.rateBound.value_or(0) > 0 || row.ratioBound.value_or(0) > 0; };
    if (impact.medianBound.value_or(0) > 0 || std::ranges::any_of(impact.rows, isRounded))
        note += QLatin1Char(' ') + tr("Scores were rounded: the exact figure is no further away than what stands behind ±.");
    m_impactNote->setText(note + QLatin1Char(' ') + tr("Not legal advice."));
}

} // namespace countersign::pages
