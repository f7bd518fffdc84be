#include "ui/whatif/figurespane.h"

#include "models/items/computed/figuretext.h"
#include "models/items/computed/whatiftables.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/card.h"
#include "ui/widgets/fields/segmentedbutton.h"
#include "ui/widgets/tables/tableview.h"

#include <QBoxLayout>
#include <QLocale>
#include <QStackedWidget>

namespace countersign::pages {

using items::WhatIfChangesTable;
using items::WhatIfGroupsTable;
using widgets::CellKind;

namespace {
const QString kGroups = QStringLiteral("groups");
const QString kBetween = QStringLiteral("between");
const QString kEverybody = QStringLiteral("everybody");
const QString kBefore = QStringLiteral("before");
const QString kAfter = QStringLiteral("after");
} // namespace

FiguresPane::FiguresPane(QWidget *parent)
    : QWidget(parent)
    , m_groups(new WhatIfGroupsTable(this))
    , m_between(new WhatIfChangesTable(this))
    , m_everybody(new WhatIfChangesTable(this))
    , m_card(new widgets::Card(tr("Figures")))
    , m_what(new widgets::SegmentedButton(tr("Figures of")))
    , m_when(new widgets::SegmentedButton(tr("Figures as they are or would be")))
    , m_stack(new QStackedWidget)
{
    m_what->setObjectName(QStringLiteral("figuresOf"));
    m_what->addChoice(kGroups, tr("By Group"));
    m_what->addChoice(kBetween, tr("Between Groups"));
    m_what->addChoice(kEverybody, tr("Everybody"));
    m_when->addChoice(kAfter, tr("After"));
    m_when->addChoice(kBefore, tr("Before"));
    m_when->setObjectName(QStringLiteral("figuresWhen"));
    m_stack->addWidget(makeGroups());
    m_stack->addWidget(makeChanges(m_betweenView, m_between, tr("What lies between groups, before and after"), QStringLiteral("whatif-between")));
    m_stack->addWidget(makeChanges(m_everybodyView, m_everybody, tr("Everybody's figures, before and after"), QStringLiteral("whatif-everybody")));
    m_everybodyView->setColumnHidden(WhatIfChangesTable::Highest, true);
    m_everybodyView->setColumnHidden(WhatIfChangesTable::Lowest, true);
    m_card->addTrailing(m_when);
    m_card->addTrailing(m_what);
    m_card->setFlush(true);
    m_card->body()->addWidget(m_stack);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_card);
    connect(m_what, &widgets::SegmentedButton::chosen, this, &FiguresPane::showWhat);
    connect(m_when, &widgets::SegmentedButton::chosen, this, &FiguresPane::fill);
    connect(m_groupsView, &QAbstractItemView::activated, this, [this](const QModelIndex &index) { Q_EMIT groupActivated(index.row()); });
}

QWidget *FiguresPane::makeGroups()
{
    m_groupsView = new widgets::TableView(tr("Groups: counts and rates"));
    m_groupsView->setObjectName(QStringLiteral("groups"));
    m_groupsView->setColumnFormat(WhatIfGroupsTable::Group, {.width = 130, .isStrong = true});
    for (const auto &[column, width] : {std::pair(WhatIfGroupsTable::Count, 84), std::pair(WhatIfGroupsTable::Threshold, 96), std::pair(WhatIfGroupsTable::Tp, 78),
                                        std::pair(WhatIfGroupsTable::Fp, 78), std::pair(WhatIfGroupsTable::Fn, 78), std::pair(WhatIfGroupsTable::Tn, 78)})
        m_groupsView->setColumnFormat(column, {.kind = CellKind::Number, .width = width});
    m_groupsView->setRowHeight(theme::height::kRowCompact);
    m_groupsView->setSelectionMode(QAbstractItemView::SingleSelection);
    m_groupsView->setModel(m_groups);
    m_groupsView->setSettingsKey(QStringLiteral("whatif-groups"));
    return m_groupsView;
}

QWidget *FiguresPane::makeChanges(widgets::TableView *&view, WhatIfChangesTable *model, const QString &name, const QString &key)
{
    view = new widgets::TableView(name);
    view->setObjectName(key);
    view->setColumnFormat(WhatIfChangesTable::Name, {.width = 200, .isStrong = true});
    view->setColumnFormat(WhatIfChangesTable::Change, {.kind = CellKind::Number});
    view->setColumnFormat(WhatIfChangesTable::Note, {.isMuted = true, .stretches = true});
    view->setRowHeight(theme::height::kRowCompact);
    view->setModel(model);
    view->setSettingsKey(key);
    return view;
}

void FiguresPane::showState(const WhatIfState &state)
{
    m_state = state;
    if (!m_isMarked || m_marked != state.choice().constraint)
        markEqualised();
    fill();
}

void FiguresPane::showWhat(const QString &what)
{
    m_when->setVisible(what == kGroups);
    m_stack->setCurrentIndex(what == kGroups ? 0 : what == kBetween ? 1 : 2);
    fill();
}

void FiguresPane::fill()
{
    if (!m_state.hasSource()) {
        m_groups->setRows({});
        m_between->setRows({});
        m_everybody->setRows({});
        return;
    }
    const auto &source = *m_state.source();
    m_card->setCaption(tr("with %1 % intervals").arg(QLocale().toString(100 * m_state.options().options.level, 'g', 4)));
    const auto &side = m_when->current() == kBefore ? m_state.before() : m_state.after();
    m_groups->setHead(items::attributesText(source.attributes()));
    m_groups->setRows(WhatIfGroupsTable::rowsOf(source, side, m_state.leftOut()));
    m_between->setRows(WhatIfChangesTable::betweenGroups(source, m_state.before(), m_state.after()));
    m_everybody->setRows(WhatIfChangesTable::ofEverybody(m_state.before(), m_state.after()));
}

// What the constraint is about stands out: in the heads by a word, in the cells by weight.
void FiguresPane::markEqualised()
{
    m_marked = m_state.choice().constraint;
    m_isMarked = true;
    std::vector<int> columns;
    if (m_marked == metrics::Constraint::DemographicParity)
        columns = {WhatIfGroupsTable::Selection};
    else if (m_marked == metrics::Constraint::EqualOpportunity)
        columns = {WhatIfGroupsTable::Recall};
    else if (m_marked == metrics::Constraint::EqualizedOdds)
        columns = {WhatIfGroupsTable::Recall, WhatIfGroupsTable::Fpr};
    m_groups->setEqualised(columns);
    for (int column = WhatIfGroupsTable::Selection; column < WhatIfGroupsTable::ColumnCount; ++column)
        m_groupsView->setColumnFormat(column, {.width = 146, .isStrong = m_groups->isEqualised(column)});
}

} // namespace countersign::pages
