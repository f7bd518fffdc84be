#pragma once

#include "models/report/plotspec.h"
#include "ui/widgets/tables/tableview.h"

class QSortFilterProxyModel;

namespace countersign::charts {
class PlotTable;
}

namespace countersign::pages {

/// The numbers of a plot as a table that sorts by value; its columns are those that the plot has numbers for.
class PlotNumbers : public widgets::TableView
{
    Q_OBJECT
public:
    explicit PlotNumbers(const QString &accessibleName, QWidget *parent = nullptr);
    void setSpec(const report::PlotSpec &spec);

private:
    charts::PlotTable *m_numbers;
    QSortFilterProxyModel *m_order;
};

} // namespace countersign::pages
