#pragma once

#include "ui/model/fairness/curvesview.h"

#include <QWidget>

#include <memory>

class QSortFilterProxyModel;
class QStackedWidget;

namespace countersign::charts {
class PlotTable;
class PlotView;
} // namespace countersign::charts

namespace countersign::widgets {
class EmptyState;
class PlainLabel;
class SegmentedButton;
class TableView;
} // namespace countersign::widgets

namespace countersign::pages {

/// Calibration beside ROC or precision and recall, by group; either as a table.
class CurvesPane : public QWidget
{
    Q_OBJECT
public:
    explicit CurvesPane(QWidget *parent = nullptr);
    /// `scores` null: the set was recorded without them.
    void showCurves(std::shared_ptr<const computed::ComputedSet> set, std::shared_ptr<const computed::ScoreSummary> scores, const std::vector<std::string> &attributes);
    void focusTable();

Q_SIGNALS:
    void cursorChanged(const QString &sentence);

private:
    QWidget *makeTable();
    void showRight();
    void fillTable(const report::PlotSpec &spec);

    std::shared_ptr<const computed::ComputedSet> m_set;
    std::shared_ptr<const computed::ScoreSummary> m_scores;
    std::vector<std::string> m_attributes;
    QStackedWidget *m_stack;
    charts::PlotView *m_left;
    charts::PlotView *m_right;
    widgets::SegmentedButton *m_kind;
    widgets::SegmentedButton *m_of;
    charts::PlotTable *m_numbers;
    QSortFilterProxyModel *m_order;
    widgets::TableView *m_table;
    widgets::PlainLabel *m_sentence;
    widgets::EmptyState *m_empty;
};

} // namespace countersign::pages
