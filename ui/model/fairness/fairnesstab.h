#pragma once

#include "ui/model/computed/computedtab.h"
#include "ui/model/fairness/fairnessview.h"

class QComboBox;
class QPushButton;
class QStackedWidget;

namespace countersign::widgets {
class PlainLabel;
class SegmentedButton;
class VerdictBadge;
} // namespace countersign::widgets

namespace countersign::pages {

class CurvesPane;
class DisparitiesPane;
class GroupsPane;
class OverTimePane;

/// How groups fare: one metric by group, compared with a reference, over time, as disparities and as curves. Everything comes from one
/// computed set; another reference is worked out from its counts at once.
class FairnessTab : public ComputedTab
{
    Q_OBJECT
public:
    explicit FairnessTab(ComputedSource &source, QWidget *parent = nullptr);

    /// Why nothing can be recorded; empty when something can.
    void setReadOnly(const QString &reason);
    void showMetric(const QString &metric, const QString &attribute);

protected:
    bool draw() override;
    Absence absence() const override;

private:
    QWidget *makeChoices();
    QWidget *makeFinding();
    void connectSignals();
    void fillChoices();
    void fillReferences(const FairnessView &view);
    void takeFamily();
    void takeReference();
    void showPane(const QString &key);

    FairnessChoice m_choice;

    QComboBox *m_attribute = nullptr;
    QComboBox *m_crossed = nullptr;
    QComboBox *m_metric = nullptr;
    QComboBox *m_reference = nullptr;
    QComboBox *m_window = nullptr;
    widgets::VerdictBadge *m_finding = nullptr;
    widgets::PlainLabel *m_plainFinding = nullptr;
    widgets::SegmentedButton *m_pane = nullptr;
    QStackedWidget *m_panes = nullptr;
    GroupsPane *m_groups;
    OverTimePane *m_overTime;
    DisparitiesPane *m_disparities;
    CurvesPane *m_curves;
};

} // namespace countersign::pages
