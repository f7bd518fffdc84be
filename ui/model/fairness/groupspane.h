#pragma once

#include "ui/model/fairness/fairnessview.h"

#include <QWidget>

class QPushButton;
class QSortFilterProxyModel;

namespace countersign::charts {
class PlotView;
}

namespace countersign::items {
class GroupFiguresTable;
}

namespace countersign::widgets {
class Card;
class TableView;
} // namespace countersign::widgets

namespace countersign::pages {

class TwinPane;

/// The groups beside each other: forest, ratio and difference, and below them the same numbers as a table.
class GroupsPane : public QWidget
{
    Q_OBJECT
public:
    explicit GroupsPane(QWidget *parent = nullptr);

    void showView(const computed::ComputedSet &set, const FairnessView &view, const FigureJudge &judge);

Q_SIGNALS:
    void cursorChanged(const QString &sentence);

private:
    charts::PlotView *m_forest;
    charts::PlotView *m_disparity;
    widgets::Card *m_tableCard;
    items::GroupFiguresTable *m_rows;
    QSortFilterProxyModel *m_order;
    widgets::TableView *m_table;
    QPushButton *m_copy;
    TwinPane *m_twin;
    FairnessChoice m_shown;
};

} // namespace countersign::pages
