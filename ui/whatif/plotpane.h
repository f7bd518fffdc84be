#pragma once

#include "models/report/plotspec.h"

#include <QWidget>

class QSortFilterProxyModel;
class QStackedWidget;

namespace countersign::charts {
class PlotTable;
class PlotView;
} // namespace countersign::charts

namespace countersign::widgets {
class PlainLabel;
class SegmentedButton;
class TableView;
} // namespace countersign::widgets

namespace countersign::pages {

/// A chart and, one key (T) or click away, its numbers as a table.
class PlotPane : public QWidget
{
    Q_OBJECT
public:
    /// `name` says what is shown, to screen readers too; `key` is of the table's remembered columns.
    PlotPane(const QString &name, const QString &key, QWidget *parent = nullptr);

    /// Its title stands in the head of the pane.
    void setSpec(report::PlotSpec spec);
    /// The line moves; the chart around it stays.
    void setThreshold(double threshold);
    charts::PlotView *plot() const { return m_plot; }

Q_SIGNALS:
    void thresholdMoved(double at);
    void thresholdChosen(double at);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void show(const QString &what);
    void fillTable();

    charts::PlotView *m_plot;
    charts::PlotTable *m_numbers;
    QSortFilterProxyModel *m_order;
    widgets::TableView *m_table;
    widgets::SegmentedButton *m_as;
    widgets::PlainLabel *m_title;
    QStackedWidget *m_stack;
};

} // namespace countersign::pages
