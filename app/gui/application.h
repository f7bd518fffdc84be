#pragma once

#include "app/gui/lock/idlelock.h"
#include "app/gui/opener.h"
#include "app/gui/options.h"
#include "models/services/workspace/workspace.h"
#include "models/settings/profile.h"
#include "ui/shell/mainwindow.h"

#include <QPointer>
#include <QTimer>

namespace countersign::welcome {
class WelcomePage;
}
namespace countersign::gui {
class Pendings;
class Reviews;
}

namespace countersign::gui {

/// The program with a window: it owns profile, workspace and frame, and tells the frame how things stand. The pages do the work.
class Application : public QObject
{
    Q_OBJECT
public:
    Application(settings::Profile &profile, const services::Environment &environment, const Options &options);
    ~Application() override;

    /// Shows the window and opens what the options name.
    void start();

    shell::MainWindow &window() { return m_window; }
    services::Workspace &workspace() { return m_workspace; }

Q_SIGNALS:
    /// The picture is written, or cannot be: the program ends.
    void finished(const countersign::Status &outcome);

private:
    void buildMenus();
    void buildFileMenu();
    void connectWelcome();
    void connectOpener();
    void connectJobs();
    void connectDrops();
    void connectReviews();
    void connectHelp();
    void connectLock();
    void connectPast();
    void askAsOf();
    void viewAsOf(const services::AsOfPoint &point);
    void viewAsOfText(const QString &text, std::function<void(const Status &)> done);
    void lookBack(const services::AsOfPoint &point, std::function<void(const Status &)> done);
    void help(const QString &hint);
    void offerEnrolment();

    void workspaceOpened();
    void openFirstPage();
    void workspaceState();
    void closeWorkspace();
    void showStatus(const services::WorkspaceState &state);
    void rememberPerson(const services::WorkspaceState &state);
    void showSignatures();
    void showDamage(const services::WorkspaceState &state);
    void tellDamage(const QString &sentence);
    void acceptState();
    void lookForNews();
    void showRecent();
    void fillRecentMenu();
    void takeDrop(const QString &path);
    void verifyFile(const QString &path);
    void chooseFileToVerify();
    void startScreenshot();
    void failed(const Error &error);
    void unusable(const Error &error);
    bool isPicture() const { return !m_options.screenshot.isEmpty(); }

    settings::Profile &m_profile;
    Options m_options;
    services::Environment m_environment;
    services::Workspace m_workspace;
    shell::MainWindow m_window;
    welcome::WelcomePage *m_welcome;
    Opener *m_opener;
    Reviews *m_reviews;
    Pendings *m_pendings;
    QWidget *m_sampleMark;
    QMenu *m_recentMenu = nullptr;
    QList<QAction *> m_needWorkspace; ///< actions that make sense only while one is open
    QList<QAction *> m_needPresent;   ///< and only in its present
    QAction *m_returnToNow = nullptr;
    QTimer m_news;                    ///< what others wrote meanwhile
    bool m_isLookingForNews = false;
    QString m_toldDamage;
    IdleLock *m_idle = nullptr; ///< none while a picture is taken
    QString m_toldTrouble;
    QPointer<QObject> m_enrolment; ///< asked for by work that waits
};

} // namespace countersign::gui
