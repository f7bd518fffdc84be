#pragma once

#include "models/services/review/review.h"

#include <QString>
#include <QWidget>

namespace countersign::widgets {
class KeyValueList;
class PlainLabel;
} // namespace countersign::widgets

namespace countersign::pages {

class SentencePanel;

/// What the signer takes along: everything needed to find the signature again and to hold others to it.
struct Receipt {
    services::SignReceipt signature;
    std::string name;    ///< "Ana Ruiz (aruiz)"
    std::string meaning;
    std::string subject; ///< "credit-pd 3.2"
    std::string bundle;  ///< digest of the frozen bundle, hexadecimal
    Bytes proof;         ///< services::receiptProof; empty when there is none
};

/// The receipt as a text file: one fact a line, then the checkpoint as it was signed.
QString receiptText(const Receipt &receipt);

/// The right side of the ceremony once it is over.
class ReceiptView : public QWidget
{
    Q_OBJECT
public:
    explicit ReceiptView(QWidget *parent = nullptr);
    void setReceipt(const Receipt &receipt);

Q_SIGNALS:
    void closeRequested();

private:
    void save();
    bool write(const QString &path, const QByteArray &bytes);

    Receipt m_receipt;
    SentencePanel *m_sentence;
    widgets::KeyValueList *m_facts;
    widgets::PlainLabel *m_outcome;
};

} // namespace countersign::pages
