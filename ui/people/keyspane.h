#pragma once

#include "models/services/keys/keys.h"
#include "models/services/workspace/workspace.h"
#include "ui/people/keydialog.h"
#include "ui/widgets/messages/message.h"

#include <QPointer>
#include <QWidget>

class QPushButton;

namespace countersign::items {
class KeyTable;
}

namespace countersign::widgets {
class PlainLabel;
class SectionHeading;
class TableView;
} // namespace countersign::widgets

namespace countersign::pages {

/// The signing keys of one person, or of everybody and every computer: what became of each, the words of the one that
/// is marked, and what may be done with it by whoever works at this window.
class KeysPane : public QWidget
{
    Q_OBJECT
public:
    explicit KeysPane(services::Workspace &workspace, QWidget *parent = nullptr);

    void setKeys(std::vector<services::KeyFacts> keys);
    /// Only this person's; nothing: all.
    void setPerson(const std::optional<Person> &person);
    void closeDialog();
    void follow(); ///< what may be done, after the workspace's state has changed

Q_SIGNALS:
    void message(const countersign::widgets::Message &message);

private:
    void showRows();
    const services::KeyFacts *chosen() const;
    bool mayAct() const;
    void openDialog(KeyQuestion::Act act);
    void submit(KeyQuestion::Act act, const services::KeyFacts &key, const KeyDialog::Entered &entered);

    services::Workspace &m_workspace;
    items::KeyTable *m_keys;
    widgets::SectionHeading *m_heading;
    QPushButton *m_confirm;
    QPushButton *m_replace;
    QPushButton *m_revoke;
    widgets::TableView *m_table;
    widgets::PlainLabel *m_words;
    QPointer<KeyDialog> m_dialog;
    std::vector<services::KeyFacts> m_all;
    std::optional<Person> m_person;
};

} // namespace countersign::pages
