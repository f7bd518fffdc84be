#pragma once

#include "models/domain/judgement.h"

#include <QDialog>

#include <optional>
#include <string>

class QComboBox;
class QLineEdit;
class QPushButton;

namespace countersign::widgets {
class FormField;
class PlainLabel;
} // namespace countersign::widgets

namespace countersign::pages {

/// What the dialog hands out: the limit, and words that only the record can resolve.
struct LimitDraft {
    Rule rule;
    std::string model;               ///< name or id of the only model it judges; empty: all of them
    std::optional<Instant> from;     ///< nothing: as services::setRule has it
};

/// A new limit, or the next revision of one, with the sentence that it will be. Stays open until accept(): what was refused
/// elsewhere is shown here.
class LimitDialog : public QDialog
{
    Q_OBJECT
public:
    /// `metrics`: suggestions. `before`: the limit to change; its metric stays.
    LimitDialog(const QStringList &metrics, const std::optional<Rule> &before, const QString &modelName, QWidget *parent = nullptr);

    /// Invalid: the first thing that is wrong, in words.
    Result<LimitDraft> draft() const;
    void showTrouble(const QString &text);
    void setBusy(bool isBusy);

Q_SIGNALS:
    void submitted(const countersign::pages::LimitDraft &draft);

private:
    void build(const QStringList &metrics);
    void fill(const Rule &rule, const QString &modelName);
    void followDirection();
    void preview();
    void submit();

    std::optional<Rule> m_before;
    QString m_modelName; ///< of the limit to change
    QComboBox *m_metric;
    QComboBox *m_direction;
    QLineEdit *m_limit;
    QLineEdit *m_upper;
    QLineEdit *m_watch;
    QLineEdit *m_minimum;
    QLineEdit *m_attribute;
    QComboBox *m_basis;
    QLineEdit *m_age;
    QComboBox *m_severity;
    QComboBox *m_tier; ///< a set of tiers each, as bits
    QLineEdit *m_model;
    QLineEdit *m_from;
    widgets::FormField *m_limitField;
    widgets::FormField *m_upperField;
    widgets::PlainLabel *m_sentence;
    widgets::PlainLabel *m_trouble;
    QPushButton *m_act;
};

} // namespace countersign::pages
