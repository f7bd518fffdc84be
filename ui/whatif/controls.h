#pragma once

#include "models/computed/scores/whatif.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPushButton;
class QSlider;

namespace countersign::widgets {
class FormField;
class SegmentedButton;
} // namespace countersign::widgets

namespace countersign::pages {

/// Everything that a person sets: groups, one threshold or one for each, the threshold itself by slider, keys or number, what groups
/// should have in common, and what errors cost.
class WhatIfControls : public QWidget
{
    Q_OBJECT
public:
    explicit WhatIfControls(QWidget *parent = nullptr);

    /// Keys are attributes joined by a line feed; the first one is shown.
    void setGroupings(const QList<QPair<QString, QString>> &groupings, const QString &current);
    QString grouping() const;
    void setGroups(const QStringList &names);
    void setScores(double lowest, double highest);

    void showThreshold(double threshold); ///< no signal
    void showGroup(int group);
    bool isPerGroup() const;
    computed::ConstraintChoice choice() const;
    std::optional<metrics::Costs> costs() const;
    /// Why thresholds cannot be searched for; empty: they can.
    void setFindable(const QString &whyNot);
    QWidget *slider() const;

Q_SIGNALS:
    void groupingChosen(const QString &key);
    void modeChosen(bool isPerGroup);
    void groupChosen(int group);
    void thresholdMoved(double threshold);  ///< while the slider is held
    void thresholdChosen(double threshold);
    void choiceChanged();
    void costsChanged();
    void findRequested();
    void resetRequested();

private:
    QWidget *makeUpper();
    QWidget *makeLower();
    void connectSignals();
    void sliderMoved(int place, bool isDone);
    void takeNumber();
    void takeTolerance();
    void takeCosts();

    double m_lowest = 0;
    double m_highest = 1;
    double m_threshold = 0.5;
    double m_tolerance = 0.05;
    std::optional<metrics::Costs> m_costs;
    bool m_isShowing = false; ///< being set from outside

    QComboBox *m_grouping;
    widgets::SegmentedButton *m_mode;
    QComboBox *m_group;
    widgets::FormField *m_groupField;
    QSlider *m_slider;
    QLineEdit *m_number;
    widgets::FormField *m_numberField;
    QComboBox *m_constraint;
    QLineEdit *m_toleranceLine;
    widgets::FormField *m_toleranceField;
    QLineEdit *m_falsePositive;
    QLineEdit *m_falseNegative;
    widgets::FormField *m_positiveField;
    widgets::FormField *m_negativeField;
    QPushButton *m_find;
    QPushButton *m_reset;
};

} // namespace countersign::pages
