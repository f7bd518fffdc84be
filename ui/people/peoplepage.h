#pragma once

#include "models/services/workspace/workspace.h"
#include "ui/people/persondialog.h"
#include "ui/widgets/frame/readingpage.h"

#include <QPointer>

class QPushButton;

namespace countersign::items {
class PeopleTable;
}

namespace countersign::widgets {
class PageHeader;
class TableView;
} // namespace countersign::widgets

namespace countersign::pages {

class KeysPane;

/// Who works in this workspace, in which roles, with which signing keys; and who works at this window.
class PeoplePage : public widgets::ReadingPage
{
    Q_OBJECT
public:
    explicit PeoplePage(services::Workspace &workspace, QWidget *parent = nullptr);

    QString title() const override;
    QWidget *initialFocus() override;

protected:
    bool canRead() const override;
    void read() override;

private:
    void connectSignals();
    void workspaceChanged();
    void follow();
    const Person *chosen() const;
    void openDialog(const std::optional<Person> &person);
    void submit(const std::optional<Person> &person, const PersonDialog::Entered &entered);
    void workAsChosen();
    void enrolThisComputer();

    services::Workspace &m_workspace;
    items::PeopleTable *m_people;
    widgets::PageHeader *m_header;
    QPushButton *m_workAs;
    QPushButton *m_enrol;
    QPushButton *m_add;
    QPushButton *m_enrolDevice;
    widgets::TableView *m_table;
    KeysPane *m_keys;
    QPointer<PersonDialog> m_dialog;
    QPointer<QObject> m_enrolment; ///< of this computer, while it is asked for
    LedgerId m_ledger;
    int m_generation = 0;
};

} // namespace countersign::pages
