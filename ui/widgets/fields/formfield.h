#pragma once

#include <QWidget>

namespace countersign::widgets {

class PlainLabel;

/// A field with its label above and, when refused, the reason below: what is wrong and what to do, at the field.
class FormField : public QWidget
{
    Q_OBJECT
public:
    /// Takes ownership of `field`; the label becomes its buddy and accessible name.
    FormField(const QString &label, QWidget *field, QWidget *parent = nullptr);

    void setHint(const QString &hint);  ///< shown below while there is no error
    void setError(const QString &text); ///< empty: no error
    bool hasError() const { return m_hasError; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void showBelow();

    QWidget *m_field;
    PlainLabel *m_below;
    QString m_hint;
    QString m_error;
    QString m_name;
    bool m_hasError = false;
};

} // namespace countersign::widgets
