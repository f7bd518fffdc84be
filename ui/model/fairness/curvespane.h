#pragma once

#include "ui/model/fairness/curvesview.h"

#include <QWidget>

#include <memory>

class QStackedWidget;

namespace countersign::charts {
class PlotView;
}

namespace countersign::widgets {
class EmptyState;
class PlainLabel;
class SegmentedButton;
} // namespace countersign::widgets

namespace countersign::pages {

class PlotNumbers;
class TwinPane;

/// Calibration beside ROC or precision and recall, by group; either as a table.
class CurvesPane : public QWidget
{
    Q_OBJECT
public:
    explicit CurvesPane(QWidget *parent = nullptr);
    /// `scores` null: the set was recorded without them.
    void showCurves(std::shared_ptr<const computed::ComputedSet> set, std::shared_ptr<const computed::ScoreSummary> scores, const std::vector<std::string> &attributes);

Q_SIGNALS:
    void cursorChanged(const QString &sentence);

private:
    QWidget *makeTable();
    void showNumbersOf(const charts::PlotView *plot);
    void showRight();

    std::shared_ptr<const computed::ComputedSet> m_set;
    std::shared_ptr<const computed::ScoreSummary> m_scores;
    std::vector<std::string> m_attributes;
    QStackedWidget *m_stack;
    charts::PlotView *m_left;
    charts::PlotView *m_right;
    widgets::SegmentedButton *m_kind;
    widgets::SegmentedButton *m_of;
    PlotNumbers *m_numbers;
    TwinPane *m_twin = nullptr;
    widgets::PlainLabel *m_sentence;
    widgets::EmptyState *m_empty;
};

} // namespace countersign::pages
