#pragma once

#include "ui/model/fairness/fairnessview.h"

#include <QWidget>

namespace countersign::items {
class DisparitiesTable;
class ImpactsTable;
class WorstSlicesTable;
} // namespace countersign::items

namespace countersign::widgets {
class PlainLabel;
class SegmentedButton;
class TableView;
} // namespace countersign::widgets

namespace countersign::pages {

/// What the groups differ by as a whole: disparities, impact ratios, and the worst combinations of groups.
class DisparitiesPane : public QWidget
{
    Q_OBJECT
public:
    explicit DisparitiesPane(QWidget *parent = nullptr);
    void showView(const computed::ComputedSet &set, const FairnessView &view);

private:
    QWidget *makeDisparities();
    QWidget *makeImpacts();
    QWidget *makeWorst();
    void showImpacts(const computed::ComputedSet &set, const FairnessView &view);
    void showImpact();

    items::DisparitiesTable *m_disparities;
    items::ImpactsTable *m_impacts;
    items::WorstSlicesTable *m_worst;
    widgets::TableView *m_disparityView = nullptr;
    widgets::TableView *m_impactView = nullptr;
    widgets::TableView *m_worstView = nullptr;
    widgets::SegmentedButton *m_impactOf; ///< decisions or scores, where there are both
    std::vector<computed::ComputedImpact> m_shownImpacts;
    widgets::PlainLabel *m_impactNote;
    widgets::PlainLabel *m_worstNote;
};

} // namespace countersign::pages
