#pragma once

#include "ui/model/computed/computedsource.h"
#include "ui/model/fairness/fairnessview.h"
#include "ui/widgets/frame/page.h"

#include <QWidget>

class QComboBox;
class QPushButton;
class QStackedWidget;

namespace countersign::widgets {
class BusyOverlay;
class EmptyState;
class PlainLabel;
class SegmentedButton;
class VerdictBadge;
} // namespace countersign::widgets

namespace countersign::pages {

class CurvesPane;
class DisparitiesPane;
class GroupsPane;
class OverTimePane;
class SetBar;

/// How groups fare: one metric by group, compared with a reference, over time, as disparities and as curves. Everything comes from one
/// computed set; another reference is worked out from its counts at once.
class FairnessTab : public QWidget
{
    Q_OBJECT
public:
    explicit FairnessTab(ComputedSource &source, QWidget *parent = nullptr);

    /// Why nothing can be recorded; empty when something can.
    void setReadOnly(const QString &reason);
    void showMetric(const QString &metric, const QString &attribute);

Q_SIGNALS:
    void navigate(const countersign::widgets::Target &target);
    void message(const countersign::widgets::Message &message);
    void recomputeRequested();
    /// The tab shows what was asked for.
    void shown();

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *makeChoices();
    QWidget *makeFinding();
    void connectSignals();
    void show();
    void showNothing();
    void fillChoices();
    void fillReferences(const FairnessView &view);
    void takeFamily();
    void takeReference();
    void draw();
    void showPane(const QString &key);
    void importLog();

    ComputedSource &m_source;
    FairnessChoice m_choice;

    QStackedWidget *m_stack;
    QWidget *m_body = nullptr;
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
    SetBar *m_bar;
    widgets::EmptyState *m_empty;
    widgets::BusyOverlay *m_busy = nullptr;
};

} // namespace countersign::pages
