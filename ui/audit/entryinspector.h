#pragma once

#include "ui/audit/entryfacts.h"
#include "ui/widgets/cards/ground.h"

class QPlainTextEdit;
class QPushButton;

namespace countersign::widgets {
class KeyValueList;
class PlainLabel;
class SegmentedButton;
} // namespace countersign::widgets

namespace countersign::pages {

/// One entry at the right of the trail: what it says, what proves it, and its payload, laid out or as signed.
class EntryInspector : public widgets::Pane
{
    Q_OBJECT
public:
    explicit EntryInspector(QWidget *parent = nullptr);

    void showEntry(const EntryFacts &facts);
    void showNothing();

Q_SIGNALS:
    void openModelRequested(const QString &model, const QString &version);
    void lookBackRequested(qint64 entry); ///< the workspace as of this entry

private:
    void showFacts();
    void showProof();
    void showPayload();

    EntryFacts m_facts;
    widgets::PlainLabel *m_title;
    widgets::PlainLabel *m_summary;
    widgets::KeyValueList *m_list;
    widgets::PlainLabel *m_proofHead;
    widgets::KeyValueList *m_proof;
    widgets::PlainLabel *m_payloadHead;
    widgets::SegmentedButton *m_form;
    QPlainTextEdit *m_payload;
    QPushButton *m_openModel;
    QPushButton *m_lookBack;
};

} // namespace countersign::pages
