#pragma once

#include "models/store/queries/queries.h"

#include <QWidget>

class QPushButton;
class QVBoxLayout;

namespace countersign::items {
class SignOffsTable;
}

namespace countersign::widgets {
class EmptyState;
class KeyValueList;
class PlainLabel;
class StateLabel;
class TableView;
}

namespace countersign::pages {

/// Who signed for the version: a list, and of the one selected everything that its signature says, with what changed since.
class SignOffsTab : public QWidget
{
    Q_OBJECT
public:
    explicit SignOffsTab(QWidget *parent = nullptr);

    void showSignOffs(const std::vector<store::SignOffRow> &signOffs, bool hasVersion);
    /// Whose signatures may be withdrawn here; nobody's while nothing may be written.
    void setSigner(const std::optional<PersonId> &signer);

Q_SIGNALS:
    void reviewRequested();
    void auditRequested(qint64 entry);
    void withdrawRequested(const countersign::store::SignOffRow &signOff);
    /// What the signer had before their eyes shall be saved.
    void renderingRequested(const countersign::store::SignOffRow &signOff);

private:
    QWidget *makeDetail();
    void showSelected();
    void offerWithdrawal();
    void showChanges(const SignOff &signOff);

    items::SignOffsTable *m_signOffs = nullptr;
    widgets::TableView *m_table = nullptr;
    QWidget *m_detail = nullptr;
    widgets::StateLabel *m_state = nullptr;
    widgets::PlainLabel *m_sentence = nullptr;
    widgets::KeyValueList *m_facts = nullptr;
    QWidget *m_changes = nullptr;
    QVBoxLayout *m_changeList = nullptr;
    QPushButton *m_rendering = nullptr;
    QPushButton *m_withdraw = nullptr;
    std::optional<PersonId> m_signer;
};

} // namespace countersign::pages
