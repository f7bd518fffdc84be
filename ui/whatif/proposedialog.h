#pragma once

#include <QDialog>

class QPlainTextEdit;
class QPushButton;

namespace countersign::widgets {
class FormField;
class PlainLabel;
} // namespace countersign::widgets

namespace countersign::pages {

class LegalNote;

/// What is about to be proposed, in words and figures, and why. Recording it is the page's work.
class ProposeDialog : public QDialog
{
    Q_OBJECT
public:
    struct Facts {
        QString model;   ///< "credit-pd 3.2"
        QString summary; ///< the sentence that is recorded
        QString changes; ///< before and after, a line each
        QString basis;   ///< what the figures are of
        QString basisPath; ///< the whole name of the log, which `basis` may have cut
        bool hasLegalNote = false; ///< that was read before
        QString legalNote;         ///< to be read here; empty: none
    };
    explicit ProposeDialog(const Facts &facts, QWidget *parent);

    void setBusy(bool isBusy);
    void showTrouble(const QString &text);

Q_SIGNALS:
    void submitted(const QString &reason);

private:
    void submit();

    QPlainTextEdit *m_reason;
    widgets::FormField *m_reasonField;
    LegalNote *m_legal = nullptr;
    widgets::PlainLabel *m_trouble;
    QPushButton *m_act;
};

} // namespace countersign::pages
