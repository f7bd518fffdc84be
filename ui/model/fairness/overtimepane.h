#pragma once

#include "models/report/chartspec.h"

#include <QWidget>

namespace countersign::charts {
class ChartTable;
class ChartView;
} // namespace countersign::charts

namespace countersign::widgets {
class EmptyState;
class TableView;
} // namespace countersign::widgets

class QStackedWidget;

namespace countersign::pages {

/// The metric of each group over time, with the numbers below.
class OverTimePane : public QWidget
{
    Q_OBJECT
public:
    explicit OverTimePane(QWidget *parent = nullptr);
    void showSpec(report::ChartSpec spec);

Q_SIGNALS:
    void cursorChanged(const QString &sentence);

private:
    QStackedWidget *m_stack;
    charts::ChartView *m_chart;
    charts::ChartTable *m_numbers;
    widgets::TableView *m_table;
    widgets::EmptyState *m_empty;
};

} // namespace countersign::pages
