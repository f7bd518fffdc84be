#pragma once

#include "ui/model/computed/computedsource.h"
#include "ui/widgets/frame/page.h"

#include <QWidget>

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
class BusyOverlay;
class Card;
class EmptyState;
class PlainLabel;
class SegmentedButton;
class TableView;
} // namespace countersign::widgets

namespace countersign::pages {

class DriftGridTable;
class SetBar;

/// How far the columns of the log have moved from their reference: a ranking, one column bin by bin, all columns over time, and the table.
class DriftTab : public QWidget
{
    Q_OBJECT
public:
    explicit DriftTab(ComputedSource &source, QWidget *parent = nullptr);

Q_SIGNALS:
    void navigate(const countersign::widgets::Target &target);
    void recomputeRequested();
    void shown(); ///< the tab shows what was asked for

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *makeChoices();
    QWidget *makeRanking();
    QWidget *makeGrid();
    void connectSignals();
    void show();
    void showNothing();
    void fillChoices();
    void draw();
    void drawBins();
    void fillTable();
    void takeCell(const QModelIndex &index);

    ComputedSource &m_source;
    std::string m_statistic = "psi";
    std::string m_window;
    std::string m_column;

    QStackedWidget *m_stack;
    QWidget *m_body = nullptr;
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
    widgets::Card *m_tableCard;
    SetBar *m_bar;
    widgets::EmptyState *m_empty;
    widgets::BusyOverlay *m_busy = nullptr;
};

} // namespace countersign::pages
