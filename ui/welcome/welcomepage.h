#pragma once

#include "ui/welcome/recentlist.h"
#include "ui/widgets/frame/page.h"

namespace countersign::widgets {
class Card;
}

namespace countersign::welcome {

class ChoiceButton;

/// What the program shows without a workspace: five ways in (Alt+1 to Alt+5) and the workspaces used before.
/// A report or proof bundle dropped on it is verified, without a workspace.
class WelcomePage : public widgets::Page
{
    Q_OBJECT
public:
    explicit WelcomePage(QWidget *parent = nullptr);

    void setRecent(const QList<RecentWorkspace> &workspaces);
    QString title() const override;
    QWidget *initialFocus() override;

Q_SIGNALS:
    void exploreSample();
    void newLocalWorkspace();
    void connectShared();
    void openFile(); ///< there is nothing recent: choose a workspace file
    void openRecent(const QString &path);
    void locateRecent(const QString &path);
    void removeRecent(const QString &path);
    void clearRecent();
    void verifyFile(const QString &path);

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    QWidget *makeHead();
    QWidget *makeChoices();
    QWidget *makeAside();
    void chooseFileToVerify();
    void openMostRecent();

    ChoiceButton *m_sample = nullptr;
    ChoiceButton *m_recentChoice = nullptr;
    QWidget *m_recentHead = nullptr;
    widgets::Card *m_recentCard = nullptr;
    RecentList *m_recent = nullptr;
    QList<RecentWorkspace> m_workspaces;
};

} // namespace countersign::welcome
