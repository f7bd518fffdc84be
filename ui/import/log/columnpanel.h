#pragma once

#include "ui/import/log/logplan.h"

#include <QWidget>

class QComboBox;
class QLineEdit;

namespace countersign::widgets {
class FormField;
class PlainLabel;
class SectionHeading;
} // namespace countersign::widgets

namespace countersign::pages {

/// What one column of the log means: its role, and what that role needs to be known.
class ColumnPanel : public QWidget
{
    Q_OBJECT
public:
    explicit ColumnPanel(QWidget *parent = nullptr);

    /// Shows a column of the plan, which it changes from then on; the plan must outlive this. Null: none is chosen.
    void showColumn(LogPlan *plan, std::size_t column);
    /// Says it at the field that helps, which gets the focus.
    void showTrouble(const PlanTrouble &trouble);
    QWidget *firstField() const;

Q_SIGNALS:
    void changed();

private:
    void connectSignals();
    void showFields();
    void takeRole();
    void takeValues();
    void takeAttribute();
    predictions::BinaryValues &values() const;
    LogColumn &column() const { return m_plan->columns[m_column]; }

    LogPlan *m_plan = nullptr;
    std::size_t m_column = 0;
    widgets::SectionHeading *m_name;
    widgets::PlainLabel *m_facts;
    QComboBox *m_role;
    QComboBox *m_positive;
    QComboBox *m_negative;
    QLineEdit *m_attribute;
    QLineEdit *m_bands;
    QComboBox *m_protected;
    QLineEdit *m_basis;
    QLineEdit *m_class;
    QComboBox *m_kind;
    QComboBox *m_time;
    widgets::FormField *m_roleField;
    widgets::FormField *m_positiveField;
    widgets::FormField *m_negativeField;
    widgets::FormField *m_attributeField;
    widgets::FormField *m_bandsField;
    widgets::FormField *m_protectedField;
    widgets::FormField *m_basisField;
    widgets::FormField *m_classField;
    widgets::FormField *m_kindField;
    widgets::FormField *m_timeField;
};

} // namespace countersign::pages
