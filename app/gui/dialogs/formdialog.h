#pragma once

#include <QDialog>

class QPushButton;
class QVBoxLayout;

namespace countersign::widgets {
class FormField;
class PlainLabel;
} // namespace countersign::widgets

namespace countersign::gui {

/// A dialog of fields: title, one explaining sentence, the fields, what went wrong, and at the lower right Cancel and the act.
/// The act runs check(); while that returns false the dialog stays, with the reasons at the fields.
class FormDialog : public QDialog
{
    Q_OBJECT
public:
    FormDialog(QWidget *parent, const QString &title, const QString &explanation, const QString &act);

    /// Beside the fields' own errors: what the whole attempt ran into.
    void showProblem(const QString &sentence);

protected:
    virtual bool check() { return true; }
    /// Takes ownership of the field.
    widgets::FormField *addField(const QString &label, QWidget *field);
    void addWidget(QWidget *widget);
    QVBoxLayout *column() const { return m_fields; }
    QPushButton *actButton() const { return m_act; }
    QPushButton *addSecondary(const QString &text); ///< at the lower left

    void showEvent(QShowEvent *event) override;

private:
    void fit(); ///< as high as what is said now needs; never lower than before

    QVBoxLayout *m_fields;
    widgets::PlainLabel *m_problem;
    QPushButton *m_act;
    class QHBoxLayout *m_buttons;
};

} // namespace countersign::gui
