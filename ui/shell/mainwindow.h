#pragma once

#include "ui/shell/history.h"
#include "ui/widgets/frame/page.h"

#include <QColor>
#include <QHash>
#include <QMainWindow>
#include <array>
#include <functional>

class QActionGroup;
class QStackedWidget;

namespace countersign::widgets {
class MessageBar;
class Pane;
class StatusBar;
} // namespace countersign::widgets

namespace countersign::shell {

class Frame;
class Rail;
class TopBar;
class WorkspaceLabel;

/// Where a page stands in the rail: not at all, in the list (Ctrl+1, Ctrl+2, … in order), or at the foot (settings).
enum class InRail { No, Yes, Foot };

/// The frame: menus, top bar, rail, the page, message bar, status bar. It knows pages only as widgets::Page and is told every
/// status by plain setters; the program wires both. Signals of a page (navigate, message, crumbsChanged) are connected here.
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    enum class Menu { File, Edit, View, Model, Review, Tools, Help };

    explicit MainWindow(QWidget *parent = nullptr);
    ~MainWindow() override;

    /// Takes ownership. `icon` is a name from resources/icons.
    void addPage(const QString &key, const QString &title, const QString &icon, widgets::Page *page, InRail inRail);
    /// The page shown without a workspace: no rail, no top bar, not in the history. Takes ownership.
    void setWelcome(widgets::Page *page);
    void showWelcome();

    /// Shows a target and remembers it in the history. A target whose page is unknown is ignored.
    void open(const widgets::Target &target);
    /// Forgets the way so far: another workspace was opened.
    void clearHistory();
    widgets::Page *currentPage() const;
    const widgets::Target &currentTarget() const { return m_target; }
    /// What was open when the window closed last, if its page still exists; otherwise an empty target.
    widgets::Target lastTarget() const;

    /// The menu, made at first use and put in its place in the bar. File, View and Help stand at their usual ends.
    QMenu *menu(Menu which);
    TopBar *topBar() const { return m_topBar; }

    void setWorkspace(const QString &name, const QString &kind, const QColor &strip = {});
    void setPlaceCount(const QString &key, int count);
    void setPlaceEnabled(const QString &key, bool isEnabled, const QString &reason = {});

    void setConnectionText(const QString &text, bool isLive = true, const QString &details = {});
    void setPerson(const QString &text);
    void setLedgerState(const QString &text);
    void setLockText(const QString &text);
    /// Adds or changes a job in the status bar; percent −1: amount unknown; no cancel: it cannot be stopped.
    void addJob(const QString &id, const QString &text, int percent = -1, std::function<void()> cancel = {});
    void removeJob(const QString &id);

    /// A state of the past is shown: the frame is tinted, and the sentence stands above the page with the way back. Empty: the present.
    void setPast(const QString &sentence);

    void showMessage(const widgets::Message &message);
    void clearMessage();

    /// Says what dropping these files would do ("Import metrics from may.csv"); empty refuses them. Without it nothing can be dropped.
    void setDropHint(std::function<QString(const QStringList &paths)> hint);

Q_SIGNALS:
    void filesDropped(const QStringList &paths);
    void pageChanged(const countersign::widgets::Target &target);
    void personClicked(); ///< in the status bar
    void leavePast();     ///< by its button, or by Esc where nothing else takes it

protected:
    void closeEvent(QCloseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragLeaveEvent(QDragLeaveEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    struct Place {
        QString title;
        widgets::Page *page = nullptr;
        InRail inRail = InRail::No;
    };
    void buildFrame();
    void buildViewMenu();
    void buildThemeMenu(QMenu &parent);
    void connectSignals();
    void connectPage(widgets::Page &page);
    void showTarget(const widgets::Target &target);
    void showPage(widgets::Page &page);
    void goBack();
    void goForward();
    void showChrome(bool isShown);
    void updateCrumbs();
    void focusNextPane(int step);
    void restoreWindow();

    QStackedWidget *m_pages;
    TopBar *m_topBar;
    widgets::MessageBar *m_past;
    widgets::Pane *m_railPane;
    Rail *m_rail;
    Rail *m_railFoot;
    widgets::MessageBar *m_messages;
    widgets::StatusBar *m_status;
    Frame *m_frame;
    WorkspaceLabel *m_workspace;
    widgets::Page *m_welcome = nullptr;
    std::array<QMenu *, 7> m_menus{};
    QAction *m_back = nullptr;
    QAction *m_forward = nullptr;
    QAction *m_placesEnd = nullptr; ///< separator before which further places go
    QHash<QString, Place> m_places;
    History m_history;
    widgets::Target m_target;
    QString m_workspaceName;
    QString m_pastSentence;
    std::function<QString(const QStringList &)> m_dropHint;
};

} // namespace countersign::shell
