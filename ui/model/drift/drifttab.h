#pragma once

#include "ui/model/computed/computedtab.h"

class QComboBox;
class QSortFilterProxyModel;
class QStackedWidget;

namespace countersign::charts {
class PlotView;
}

namespace countersign::items {
class DriftsTable;
}

namespace countersign::widgets {
class Card;
class PlainLabel;
class SegmentedButton;
class TableView;
} // namespace countersign::widgets

namespace countersign::pages {

class DriftGridTable;
class PlotNumbers;
class TwinPane;

/// How far the columns of the log have moved from their reference: a ranking, one column bin by bin, all columns over time, and the table.
class DriftTab : public ComputedTab
{
    Q_OBJECT
public:
    explicit DriftTab(ComputedSource &source, QWidget *parent = nullptr);

protected:
    bool draw() override;
    Absence absence() const override;

private:
    QWidget *makeChoices();
    widgets::Card *makeTable();
    QWidget *makeRanking();
    QWidget *makeGrid();
    void connectSignals();
    void fillChoices();
    void drawBins();
    void fillTable();
    void takeCell(const QModelIndex &index);

    std::string m_statistic = "psi";
    std::string m_window;
    std::string m_column;

    QComboBox *m_statisticBox = nullptr;
    QComboBox *m_windowBox = nullptr;
    QComboBox *m_columnBox = nullptr;
    widgets::PlainLabel *m_finding = nullptr;
    widgets::SegmentedButton *m_pane = nullptr;
    QStackedWidget *m_panes = nullptr;
    charts::PlotView *m_ranking = nullptr;
    charts::PlotView *m_bins = nullptr;
    DriftGridTable *m_grid;
    QSortFilterProxyModel *m_gridOrder;
    widgets::TableView *m_gridView = nullptr;
    items::DriftsTable *m_rows;
    QSortFilterProxyModel *m_order;
    widgets::TableView *m_table;
    widgets::SegmentedButton *m_of; ///< whose numbers stand in the table
    PlotNumbers *m_binNumbers;
    QStackedWidget *m_tables;
    widgets::Card *m_tableCard;
    TwinPane *m_twin = nullptr;
};

} // namespace countersign::pages
