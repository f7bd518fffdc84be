#include "ui/shell/mainwindow.h"

#include "ui/shell/rail.h"
#include "ui/shell/topbar.h"
#include "ui/shell/workspacelabel.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/ground.h"
#include "ui/widgets/frame/statusbar.h"
#include "ui/widgets/messages/messagebar.h"

#include <QActionGroup>
#include <QBoxLayout>
#include <QCloseEvent>
#include <QMenuBar>
#include <QMimeData>
#include <QPainter>
#include <QSettings>
#include <QScreen>
#include <QStackedWidget>

namespace countersign::shell {

using theme::scaled;
using widgets::Page;
using widgets::Target;

namespace {

constexpr int kFullRailFrom = 1280; // below, the rail shows icons only
constexpr int kMostShortcuts = 7;

void save(const Target &target)
{
    QSettings().setValue(QStringLiteral("window/target"),
                         QStringList{target.page, target.model, target.version, target.tab, target.extra});
}

// Where the keyboard goes in a pane: what the page names, the pane itself, or its first control. Null if it has none.
QWidget *firstControl(QWidget &pane)
{
    if (Page *page = qobject_cast<Page *>(&pane); page && page->initialFocus())
        return page->initialFocus();
    if (pane.focusPolicy() != Qt::NoFocus)
        return &pane;
    for (QWidget *child = pane.nextInFocusChain(); child && child != &pane; child = child->nextInFocusChain()) {
        if (pane.isAncestorOf(child) && child->isVisibleTo(&pane) && child->isEnabled() && (child->focusPolicy() & Qt::TabFocus))
            return child;
    }
    return nullptr;
}

QStringList localFiles(const QMimeData &data)
{
    QStringList paths;
    for (const QUrl &url : data.urls()) {
        if (url.isLocalFile())
            paths.append(url.toLocalFile());
    }
    return paths;
}

/// Widgets join the order of Tab as they are made; what stands below the pages has to follow what came later.
void moveToEndOfTabOrder(const QWidget &part)
{
    QWidget *window = part.window();
    for (QWidget *child : part.findChildren<QWidget *>()) {
        QWidget *last = window->previousInFocusChain();
        while (last != window && (last->focusPolicy() == Qt::NoFocus || last == child))
            last = last->previousInFocusChain();
        if (child->focusPolicy() != Qt::NoFocus && last != window)
            QWidget::setTabOrder(last, child);
    }
}

} // namespace

/// All below the menus; in a state of the past it has an edge all around.
class Frame : public QWidget
{
public:
    using QWidget::QWidget;

    void setMarked(bool isMarked)
    {
        m_isMarked = isMarked;
        const int edge = isMarked ? scaled(3) : 0;
        setContentsMargins(edge, edge, edge, edge);
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        if (!m_isMarked)
            return;
        QPainter painter(this);
        for (const QRect &edge : QRegion(rect()).subtracted(contentsRect()))
            painter.fillRect(edge, theme::current().mark(theme::State::Watch));
    }

private:
    bool m_isMarked = false;
};

MainWindow::MainWindow(QWidget *parent)
    : QMainWindow(parent)
    , m_pages(new QStackedWidget)
    , m_topBar(new TopBar)
    , m_past(new widgets::MessageBar)
    , m_railPane(new widgets::Pane(widgets::Ground::Window, Qt::RightEdge))
    , m_rail(new Rail(tr("Places")))
    , m_railFoot(new Rail(tr("Program")))
    , m_messages(new widgets::MessageBar)
    , m_status(new widgets::StatusBar)
    , m_frame(new Frame)
    , m_workspace(new WorkspaceLabel)
{
    setWindowTitle(QStringLiteral("Countersign"));
    setMinimumSize(960, 600);
    buildFrame();
    menu(Menu::File);
    buildViewMenu();
    connectSignals();
    showChrome(false);
    restoreWindow();
}

MainWindow::~MainWindow() = default;

void MainWindow::buildFrame()
{
    auto *railColumn = new QVBoxLayout(m_railPane);
    railColumn->setContentsMargins(0, scaled(10), 1, scaled(10));
    railColumn->setSpacing(0);
    railColumn->addWidget(m_rail);
    railColumn->addStretch(1);
    railColumn->addWidget(m_railFoot);
    m_railFoot->hide();

    auto *middle = new QHBoxLayout;
    middle->setSpacing(0);
    middle->addWidget(m_railPane);
    middle->addWidget(m_pages, 1);

    auto *column = new QVBoxLayout(m_frame);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_topBar);
    column->addWidget(m_past);
    column->addLayout(middle, 1);
    column->addWidget(m_messages);
    column->addWidget(m_status);
    m_messages->setObjectName(QStringLiteral("messages"));
    m_past->setObjectName(QStringLiteral("past"));
    m_past->setHasCross(false);
    setCentralWidget(m_frame);
    menuBar()->setCornerWidget(m_workspace, Qt::TopRightCorner);
}

QMenu *MainWindow::menu(Menu which)
{
    static const std::array<const char *, 7> titles = {
        QT_TR_NOOP("&File"), QT_TR_NOOP("&Edit"), QT_TR_NOOP("&View"), QT_TR_NOOP("&Model"),
        QT_TR_NOOP("&Review"), QT_TR_NOOP("&Tools"), QT_TR_NOOP("&Help")};
    const auto at = std::size_t(which);
    if (m_menus[at])
        return m_menus[at];
    m_menus[at] = new QMenu(tr(titles[at]), this);
    QAction *before = nullptr;
    for (std::size_t later = at + 1; later < m_menus.size() && !before; ++later)
        before = m_menus[later] ? m_menus[later]->menuAction() : nullptr;
    menuBar()->insertMenu(before, m_menus[at]);
    return m_menus[at];
}

void MainWindow::buildViewMenu()
{
    QMenu *view = menu(Menu::View);
    m_placesEnd = view->addSeparator();
    const auto add = [view](const QString &text, const QString &icon, const QKeySequence &keys) {
        QAction *action = view->addAction(theme::icon(icon), text);
        action->setShortcut(keys);
        return action;
    };
    m_back = add(tr("Back"), QStringLiteral("back"), QKeySequence(Qt::ALT | Qt::Key_Left));
    m_forward = add(tr("Forward"), QStringLiteral("forward"), QKeySequence(Qt::ALT | Qt::Key_Right));
    QAction *refresh = add(tr("Refresh"), QStringLiteral("refresh"), QKeySequence(Qt::Key_F5));
    view->addSeparator();
    QAction *nextPane = add(tr("Next Pane"), {}, QKeySequence(Qt::Key_F6));
    QAction *previousPane = add(tr("Previous Pane"), {}, QKeySequence(Qt::SHIFT | Qt::Key_F6));
    view->addSeparator();
    buildThemeMenu(*view);
    connect(m_back, &QAction::triggered, this, &MainWindow::goBack);
    connect(m_forward, &QAction::triggered, this, &MainWindow::goForward);
    connect(refresh, &QAction::triggered, this, [this] {
        if (Page *page = currentPage())
            page->refresh();
    });
    connect(nextPane, &QAction::triggered, this, [this] { focusNextPane(1); });
    connect(previousPane, &QAction::triggered, this, [this] { focusNextPane(-1); });
}

void MainWindow::buildThemeMenu(QMenu &parent)
{
    QMenu *themes = parent.addMenu(tr("Appearance"));
    auto *group = new QActionGroup(themes);
    const theme::Preference wanted = theme::preferenceOf(QSettings().value(QStringLiteral("appearance/theme")).toString());
    const auto add = [&](const QString &text, theme::Preference preference) {
        QAction *action = themes->addAction(text);
        action->setCheckable(true);
        action->setChecked(preference == wanted);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [preference] {
            QSettings().setValue(QStringLiteral("appearance/theme"), theme::preferenceKey(preference));
            if (theme::Theme *theme = theme::instance())
                theme->setPreference(preference);
        });
    };
    add(tr("As the System"), theme::Preference::System);
    add(tr("Light"), theme::Preference::Light);
    add(tr("Dark"), theme::Preference::Dark);
    add(tr("High Contrast"), theme::Preference::HighContrast);
    if (theme::Theme *theme = theme::instance(); theme && wanted != theme->preference())
        theme->setPreference(wanted);
}

void MainWindow::connectSignals()
{
    connect(m_status, &widgets::StatusBar::personClicked, this, &MainWindow::personClicked);
    connect(m_topBar, &TopBar::back, this, &MainWindow::goBack);
    connect(m_topBar, &TopBar::forward, this, &MainWindow::goForward);
    connect(m_topBar, &TopBar::navigate, this, &MainWindow::open);
    for (Rail *rail : {m_rail, m_railFoot})
        connect(rail, &Rail::placeChosen, this, [this](const QString &key) { open(Target{key, {}, {}, {}, {}}); });
    connect(m_past, &widgets::MessageBar::closed, this, [this] {
        if (!m_pastSentence.isEmpty())
            Q_EMIT leavePast();
    });
    connect(m_messages, &widgets::MessageBar::closed, this, [this] {
        if (Page *page = currentPage(); page && !focusWidget())
            page->setFocus();
    });
}

void MainWindow::connectPage(Page &page)
{
    connect(&page, &Page::navigate, this, &MainWindow::open);
    connect(&page, &Page::message, this, &MainWindow::showMessage);
    connect(&page, &Page::crumbsChanged, this, [this, shown = &page] {
        if (shown == currentPage())
            updateCrumbs();
    });
}

void MainWindow::addPage(const QString &key, const QString &title, const QString &icon, Page *page, InRail inRail)
{
    m_places.insert(key, Place{title, page, inRail});
    m_pages->addWidget(page);
    connectPage(*page);
    if (inRail == InRail::No)
        return;
    Rail *rail = inRail == InRail::Foot ? m_railFoot : m_rail;
    rail->addPlace(key, title, icon);
    rail->show();
    auto *action = new QAction(theme::icon(icon), title, this);
    if (inRail == InRail::Yes && m_rail->placeCount() <= kMostShortcuts)
        action->setShortcut(QKeySequence(Qt::CTRL | Qt::Key(Qt::Key_0 + m_rail->placeCount())));
    menu(Menu::View)->insertAction(m_placesEnd, action);
    connect(action, &QAction::triggered, this, [this, key] { open(Target{key, {}, {}, {}, {}}); });
    // Without a workspace there is nothing to show there.
    action->setEnabled(m_topBar->isVisibleTo(this));
    action->setObjectName(QStringLiteral("place:") + key);
}

void MainWindow::setWelcome(Page *page)
{
    m_welcome = page;
    m_pages->addWidget(page);
    connectPage(*page);
}

void MainWindow::showWelcome()
{
    if (!m_welcome)
        return;
    m_target = {};
    m_history.clear();
    showChrome(false);
    m_welcome->open({});
    showPage(*m_welcome);
}

void MainWindow::open(const Target &target)
{
    if (!m_places.contains(target.page))
        return;
    m_history.visit(target);
    showTarget(target);
}

void MainWindow::clearHistory()
{
    m_history.clear();
    if (!m_target.page.isEmpty())
        m_history.visit(m_target);
    updateCrumbs();
}

void MainWindow::showTarget(const Target &target)
{
    const Place place = m_places.value(target.page);
    m_target = target;
    showChrome(true);
    place.page->open(target);
    showPage(*place.page);
    m_rail->setCurrentPlace(target.page);
    m_railFoot->setCurrentPlace(target.page);
    Q_EMIT pageChanged(target);
}

void MainWindow::showPage(Page &page)
{
    const bool isOther = m_pages->currentWidget() != &page;
    const bool hadFocus = m_pages->isAncestorOf(focusWidget()) || m_topBar->isCrumb(focusWidget());
    m_pages->setCurrentWidget(&page);
    moveToEndOfTabOrder(*m_messages);
    moveToEndOfTabOrder(*m_status);
    updateCrumbs();
    // The keyboard follows into the new page unless it is at work elsewhere (the rail keeps its place for the next arrow).
    if ((isOther && hadFocus) || !focusWidget() || !focusWidget()->isVisibleTo(this)) {
        if (QWidget *first = firstControl(page))
            first->setFocus(Qt::OtherFocusReason);
    }
}

void MainWindow::goBack()
{
    if (m_history.canGoBack())
        showTarget(m_history.goBack());
}

void MainWindow::goForward()
{
    if (m_history.canGoForward())
        showTarget(m_history.goForward());
}

void MainWindow::showChrome(bool isShown)
{
    m_topBar->setVisible(isShown);
    m_railPane->setVisible(isShown);
    for (QAction *action : menu(Menu::View)->actions()) {
        if (action->objectName().startsWith(QStringLiteral("place:")))
            action->setEnabled(isShown);
    }
}

void MainWindow::updateCrumbs()
{
    m_back->setEnabled(m_history.canGoBack());
    m_forward->setEnabled(m_history.canGoForward());
    m_topBar->setCanGo(m_history.canGoBack(), m_history.canGoForward());
    Page *page = currentPage();
    if (!page)
        return;
    m_topBar->setCrumbs(page->crumbs());
    QStringList parts;
    if (page != m_welcome)
        parts << page->title();
    if (!m_workspaceName.isEmpty())
        parts << m_workspaceName;
    if (!m_pastSentence.isEmpty() && page != m_welcome)
        parts << tr("a past state");
    parts << QStringLiteral("Countersign");
    parts.removeAll(QString());
    setWindowTitle(parts.join(QStringLiteral(" — ")));
}

Page *MainWindow::currentPage() const
{
    return qobject_cast<Page *>(m_pages->currentWidget());
}

Target MainWindow::lastTarget() const
{
    const QStringList parts = QSettings().value(QStringLiteral("window/target")).toStringList();
    if (parts.size() != 5 || !m_places.contains(parts[0]))
        return {};
    return Target{parts[0], parts[1], parts[2], parts[3], parts[4]};
}

void MainWindow::focusNextPane(int step)
{
    QList<QWidget *> panes;
    if (m_railPane->isVisible())
        panes << m_rail;
    if (Page *page = currentPage())
        panes << page;
    if (m_past->isVisible())
        panes << m_past;
    if (m_messages->isVisible())
        panes << m_messages;
    if (panes.isEmpty())
        return;
    qsizetype now = -1;
    for (qsizetype i = 0; i < panes.size(); ++i) {
        if (panes[i] == focusWidget() || panes[i]->isAncestorOf(focusWidget()))
            now = i;
    }
    const qsizetype next = now < 0 ? 0 : (now + step + panes.size()) % panes.size();
    if (QWidget *control = firstControl(*panes[next]))
        control->setFocus(Qt::TabFocusReason);
}

void MainWindow::setWorkspace(const QString &name, const QString &kind, const QColor &strip)
{
    m_workspaceName = name;
    m_workspace->setWorkspace(name, kind, strip);
    menuBar()->setCornerWidget(m_workspace, Qt::TopRightCorner); // the bar asks for the size only then
    updateCrumbs();
}

void MainWindow::setPlaceCount(const QString &key, int count)
{
    m_rail->setCount(key, count);
    m_railFoot->setCount(key, count);
}

void MainWindow::setPlaceEnabled(const QString &key, bool isEnabled, const QString &reason)
{
    m_rail->setPlaceEnabled(key, isEnabled, reason);
    m_railFoot->setPlaceEnabled(key, isEnabled, reason);
}

void MainWindow::setConnectionText(const QString &text, bool isLive, const QString &details)
{
    m_status->setConnectionText(text, isLive, details);
}

void MainWindow::setPerson(const QString &text)
{
    m_status->setPerson(text);
}

void MainWindow::setLedgerState(const QString &text)
{
    m_status->setLedgerState(text);
}

void MainWindow::setLockText(const QString &text)
{
    m_status->setLockText(text);
}

void MainWindow::addJob(const QString &id, const QString &text, int percent, std::function<void()> cancel)
{
    m_status->setJob(id, text, percent, std::move(cancel));
}

void MainWindow::removeJob(const QString &id)
{
    m_status->removeJob(id);
}

void MainWindow::setPast(const QString &sentence)
{
    if (sentence == m_pastSentence)
        return;
    m_pastSentence = sentence;
    const bool isPast = !sentence.isEmpty();
    const auto tint = isPast ? std::optional(theme::State::Watch) : std::nullopt;
    m_topBar->setTint(tint);
    m_railPane->setTint(tint);
    for (Rail *rail : {m_rail, m_railFoot})
        rail->viewport()->setAutoFillBackground(!isPast); // the tint of the pane shows through
    m_frame->setMarked(isPast);
    if (isPast)
        m_past->show({widgets::Tone::Warning, sentence, {{tr("Return to Now"), {}}}});
    else
        m_past->clear();
    updateCrumbs();
}

void MainWindow::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && m_past->isShown())
        m_past->clear();
    else
        QMainWindow::keyPressEvent(event);
}

void MainWindow::showMessage(const widgets::Message &message)
{
    m_messages->show(message);
}

void MainWindow::clearMessage()
{
    m_messages->clear();
}

void MainWindow::setDropHint(std::function<QString(const QStringList &)> hint)
{
    m_dropHint = std::move(hint);
    setAcceptDrops(bool(m_dropHint));
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    const QStringList paths = localFiles(*event->mimeData());
    const QString hint = m_dropHint && !paths.isEmpty() ? m_dropHint(paths) : QString();
    if (hint.isEmpty())
        return;
    showMessage(widgets::Message::info(hint));
    event->acceptProposedAction();
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent *)
{
    clearMessage();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    clearMessage();
    event->acceptProposedAction();
    Q_EMIT filesDropped(localFiles(*event->mimeData()));
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    const bool isNarrow = width() < kFullRailFrom;
    for (Rail *rail : {m_rail, m_railFoot}) {
        if (rail->isIconsOnly() != isNarrow)
            rail->setIconsOnly(isNarrow);
    }
}

void MainWindow::restoreWindow()
{
    const QByteArray geometry = QSettings().value(QStringLiteral("window/geometry")).toByteArray();
    if (geometry.isEmpty() || !restoreGeometry(geometry))
        // Not larger than the screen, with room for the window manager's title.
        resize(QSize(1440, 900).boundedTo(screen()->availableSize() - QSize(8, 40)));
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    QSettings().setValue(QStringLiteral("window/geometry"), saveGeometry());
    if (!m_target.page.isEmpty())
        save(m_target);
    QMainWindow::closeEvent(event);
}

} // namespace countersign::shell
