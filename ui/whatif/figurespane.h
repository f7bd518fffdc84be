#pragma once

#include "ui/whatif/whatifstate.h"

#include <QWidget>

class QStackedWidget;

namespace countersign::items {
class WhatIfChangesTable;
class WhatIfGroupsTable;
} // namespace countersign::items

namespace countersign::widgets {
class Card;
class SegmentedButton;
class TableView;
} // namespace countersign::widgets

namespace countersign::pages {

/// The figures behind the charts: confusion counts and rates of each group (chart C11), what lies between groups, and everybody's.
class FiguresPane : public QWidget
{
    Q_OBJECT
public:
    explicit FiguresPane(QWidget *parent = nullptr);

    void showState(const WhatIfState &state);

Q_SIGNALS:
    /// A row of the groups was chosen: its threshold is to be moved.
    void groupActivated(int group);

private:
    QWidget *makeGroups();
    QWidget *makeChanges(widgets::TableView *&view, items::WhatIfChangesTable *model, const QString &name, const QString &key);
    void showWhat(const QString &what);
    void fill();
    void markEqualised();

    items::WhatIfGroupsTable *m_groups;
    items::WhatIfChangesTable *m_between;
    items::WhatIfChangesTable *m_everybody;
    widgets::TableView *m_groupsView = nullptr;
    widgets::TableView *m_betweenView = nullptr;
    widgets::TableView *m_everybodyView = nullptr;
    widgets::Card *m_card;
    widgets::SegmentedButton *m_what;
    widgets::SegmentedButton *m_when;
    QStackedWidget *m_stack;
    WhatIfState m_state;
    std::optional<metrics::Constraint> m_marked;
    bool m_isMarked = false;
};

} // namespace countersign::pages
