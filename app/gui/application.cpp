#include "app/gui/application.h"

#include "app/gui/background.h"
#include "app/gui/dialogs/aboutdialog.h"
#include "app/gui/dialogs/asofdialog.h"
#include "app/gui/dialogs/verifydialog.h"
#include "app/gui/drops.h"
#include "app/gui/lock/lock.h"
#include "app/gui/pages.h"
#include "app/gui/pastwords.h"
#include "app/gui/pendings.h"
#include "app/gui/reviews.h"
#include "app/gui/samplemark.h"
#include "app/gui/screenshot.h"
#include "app/gui/statuswords.h"
#include "models/services/inventory.h"
#include "models/services/sample/sample.h"
#include "models/services/workspace/acceptance.h"
#include "models/services/workspace/hints.h"
#include "models/settings/preferences.h"
#include "models/store/queries/inventoryquery.h"
#include "ui/people/deviceenrolment.h"
#include "ui/shell/topbar.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/welcome/welcomepage.h"
#include "ui/widgets/messages/dialogs.h"

#include <QApplication>
#include <QFileInfo>
#include <QMenu>

namespace countersign::gui {

using shell::MainWindow;
using widgets::Message;
using widgets::Target;

namespace {

constexpr int kNewsEveryMs = 5000;
const QString kOpeningJob = QStringLiteral("opening");

Result<services::Subject> firstSubject(services::Session &session, const std::string &text)
{
    if (!text.empty())
        return services::findVersionSubject(session, text);
    const auto order = store::inventoryOrder(session.connection(), {}, {store::InventoryColumn::Verdict, false}, session.now());
    if (!order)
        return order.error();
    if (order->empty())
        return Error{ErrorKind::NotFound, "There is no model in this workspace yet.", {}};
    const auto rows = store::inventoryRows(session.connection(), {order->front()}, session.now());
    return rows ? services::findVersionSubject(session, rows->front().id.text()) : Result<services::Subject>(rows.error());
}

Target place(const QString &page, const QString &extra = {})
{
    return {page, {}, {}, {}, extra};
}

} // namespace

Application::Application(settings::Profile &profile, const services::Environment &environment, const Options &options)
    : m_profile(profile)
    , m_options(options)
    , m_environment(environment)
    , m_workspace(environment)
    , m_welcome(new welcome::WelcomePage)
    , m_opener(new Opener(m_workspace, profile, environment, m_window, options.screenshot.isEmpty()))
    , m_reviews(new Reviews(m_workspace, m_window))
    , m_pendings(new Pendings(m_workspace, m_window))
    , m_sampleMark(new SampleMark)
{
    m_window.setWelcome(m_welcome);
    addPages(m_window, m_workspace, profile.folders().cache);
    m_window.topBar()->addTrailing(m_sampleMark);
    m_sampleMark->hide();
    buildMenus();
    connectWelcome();
    connectOpener();
    connectJobs();
    connectDrops();
    connectReviews();
    connectPast();
    connectHelp();
    connectLock();
    connect(&m_workspace, &services::Workspace::stateChanged, this, &Application::workspaceState);
    connect(&m_workspace.signatures(), &services::SignatureCheck::stateChanged, this, &Application::showSignatures);
    m_news.setInterval(kNewsEveryMs);
    connect(&m_news, &QTimer::timeout, this, &Application::lookForNews);
    workspaceState();
    showRecent();
    m_window.showWelcome();
}

Application::~Application()
{
    if (m_enrolment)
        m_enrolment->disconnect(this); // its answer would wake pages that are going
}

void Application::start()
{
    if (m_options.size.isValid())
        m_window.resize(m_options.size);
    if (m_options.scheme == QLatin1String("dark"))
        theme::apply(*qApp, theme::Scheme::Dark);
    else if (m_options.scheme == QLatin1String("light"))
        theme::apply(*qApp, theme::Scheme::Light);
    m_window.show();
    if (const auto notice = m_profile.takeNotice())
        m_window.showMessage(Message::warning(QString::fromStdString(*notice)));
    const QString workspace = m_options.workspace.isEmpty() && !m_options.isSample ? qEnvironmentVariable("COUNTERSIGN_WORKSPACE") : m_options.workspace;
    if (m_options.isSample)
        m_opener->openSample();
    else if (!workspace.isEmpty())
        m_opener->openText(workspace);
    else if (isPicture())
        startScreenshot();
}

void Application::buildMenus()
{
    buildFileMenu();
    const auto add = [this](MainWindow::Menu menu, const QString &text, const QString &icon, auto act) {
        QAction *action = m_window.menu(menu)->addAction(icon.isEmpty() ? QIcon() : theme::icon(icon), text);
        connect(action, &QAction::triggered, this, act);
        return action;
    };
    QMenu *view = m_window.menu(MainWindow::Menu::View);
    view->addSeparator();
    m_needWorkspace << add(MainWindow::Menu::View, tr("View as Of…"), QStringLiteral("clock"), [this] { askAsOf(); });
    m_returnToNow = add(MainWindow::Menu::View, tr("Return to Now"), {}, [this] { m_workspace.returnToNow(); });
    m_needPresent << add(MainWindow::Menu::Tools, tr("Work as Another Person…"), QStringLiteral("user"), [this] { m_opener->choosePerson(); });
    add(MainWindow::Menu::Tools, tr("Verify a Report, Proof Bundle or Ledger…"), QStringLiteral("verify"), [this] { chooseFileToVerify(); });
    add(MainWindow::Menu::Help, tr("About Countersign"), QStringLiteral("info"), [this] { AboutDialog(&m_window).exec(); });
}

void Application::buildFileMenu()
{
    QMenu *file = m_window.menu(MainWindow::Menu::File);
    const auto add = [this, file](const QString &text, const QString &icon, const QKeySequence &keys, auto act) {
        QAction *action = file->addAction(icon.isEmpty() ? QIcon() : theme::icon(icon), text);
        action->setShortcut(keys);
        connect(action, &QAction::triggered, this, act);
        return action;
    };
    add(tr("New Local Workspace…"), QStringLiteral("file"), QKeySequence::New, [this] { m_opener->createLocal(); });
    add(tr("Connect to Shared Database…"), QStringLiteral("server"), {}, [this] { m_opener->connectShared(); });
    add(tr("Open…"), QStringLiteral("folder"), QKeySequence::Open, [this] { m_opener->openFile(); });
    m_recentMenu = file->addMenu(theme::icon(QStringLiteral("clock")), tr("Open Recent"));
    connect(m_recentMenu, &QMenu::aboutToShow, this, &Application::fillRecentMenu);
    add(tr("Explore Sample"), QStringLiteral("sample"), {}, [this] { m_opener->openSample(); });
    file->addSeparator();
    m_needPresent << add(tr("Import…"), QStringLiteral("import"), QKeySequence(Qt::CTRL | Qt::Key_I),
                           [this] { m_window.open(place(QStringLiteral("import"))); });
    file->addSeparator();
    m_needWorkspace << add(tr("Close Workspace"), {}, QKeySequence::Close, [this] { closeWorkspace(); });
    add(tr("Quit"), {}, QKeySequence::Quit, [this] { m_window.close(); });
}

void Application::connectWelcome()
{
    connect(m_welcome, &welcome::WelcomePage::exploreSample, m_opener, &Opener::openSample);
    connect(m_welcome, &welcome::WelcomePage::newLocalWorkspace, m_opener, &Opener::createLocal);
    connect(m_welcome, &welcome::WelcomePage::connectShared, m_opener, &Opener::connectShared);
    connect(m_welcome, &welcome::WelcomePage::openFile, m_opener, &Opener::openFile);
    connect(m_welcome, &welcome::WelcomePage::openRecent, m_opener, &Opener::openText);
    connect(m_welcome, &welcome::WelcomePage::verifyFile, this, &Application::verifyFile);
    const auto forget = [this](const QString &path) {
        if (const auto status = m_profile.forget(path.toStdString()); !status)
            failed(status.error());
    };
    connect(m_welcome, &welcome::WelcomePage::removeRecent, this, [this, forget](const QString &path) {
        forget(path);
        showRecent();
    });
    connect(m_welcome, &welcome::WelcomePage::clearRecent, this, [this, forget] {
        for (const settings::RecentWorkspace &one : m_profile.recentWorkspaces())
            forget(QString::fromStdString(one.location));
        showRecent();
    });
    connect(m_welcome, &welcome::WelcomePage::locateRecent, this, [this, forget](const QString &path) {
        const QString now = widgets::dialogs::openFile(&m_window, tr("Where Is %1 Now?").arg(QFileInfo(path).fileName()),
                                                       tr("Countersign workspaces (*.countersign);;All files (*)"), QStringLiteral("workspace"));
        if (now.isEmpty())
            return;
        forget(path);
        m_opener->openText(now);
    });
}

void Application::connectOpener()
{
    connect(m_opener, &Opener::opened, this, &Application::workspaceOpened);
    connect(m_opener, &Opener::failed, this, &Application::failed);
    connect(m_opener, &Opener::busy, this, [this](const QString &what, int percent) {
        if (what.isEmpty())
            m_window.removeJob(kOpeningJob);
        else
            m_window.addJob(kOpeningJob, what, percent);
    });
}

void Application::connectJobs()
{
    const auto key = [](int job) { return QStringLiteral("job%1").arg(job); };
    const auto cancel = [this](int job) { return [this, job] { m_workspace.cancel(job); }; };
    connect(&m_workspace, &services::Workspace::jobStarted, this,
            [this, key, cancel](int job, const QString &title) { m_window.addJob(key(job), title, -1, cancel(job)); });
    connect(&m_workspace, &services::Workspace::jobProgress, this,
            [this, key, cancel](int job, const QString &stage, int percent) { m_window.addJob(key(job), sentenceCase(stage), percent, cancel(job)); });
    connect(&m_workspace, &services::Workspace::jobFinished, this, [this, key](int job) { m_window.removeJob(key(job)); });
}

void Application::connectDrops()
{
    m_window.setDropHint([this](const QStringList &paths) {
        if (paths.size() != 1)
            return QString();
        const QString name = QFileInfo(paths.first()).fileName();
        switch (dropKind(paths.first())) {
        case DropKind::Workspace: return tr("Release to open %1.").arg(name);
        case DropKind::Proof: return tr("Release to verify %1.").arg(name);
        case DropKind::Import: return m_workspace.state().isOpen ? tr("Release to import from %1.").arg(name) : QString();
        case DropKind::Nothing: break;
        }
        return QString();
    });
    connect(&m_window, &MainWindow::filesDropped, this, [this](const QStringList &paths) { takeDrop(paths.value(0)); });
}

// A review is no page of the frame but a window of its own; whoever asks for it asks as for a page.
void Application::connectReviews()
{
    for (const widgets::Page *page : m_window.findChildren<widgets::Page *>()) {
        connect(page, &widgets::Page::navigate, this, [this](const Target &target) {
            const auto version = VersionId::parse(target.version.toStdString());
            if (target.page == QLatin1String("review") && version)
                m_reviews->start(*version);
        });
    }
    connect(m_reviews, &Reviews::failed, this, &Application::failed);
    connect(m_pendings, &Pendings::failed, this, &Application::failed);
    connect(m_pendings, &Pendings::told, this, [this](const Message &message) { m_window.showMessage(message); });
}

// A state of the past takes the place of the present in every page; the present stays open behind it.
void Application::connectPast()
{
    connect(&m_window, &MainWindow::leavePast, &m_workspace, &services::Workspace::returnToNow);
    for (const widgets::Page *page : m_window.findChildren<widgets::Page *>()) {
        connect(page, &widgets::Page::navigate, this, [this](const Target &target) {
            if (target.page == QLatin1String("asof"))
                viewAsOfText(target.extra, [this](const Status &status) {
                    if (!status)
                        failed(status.error());
                });
        });
    }
}

void Application::askAsOf()
{
    const services::WorkspaceState &state = m_workspace.state();
    AsOfDialog dialog(&m_window, *m_environment.clock, state.asOf ? state.asOf->headSize : state.ledgerSize);
    if (dialog.exec() == QDialog::Accepted)
        viewAsOf(dialog.point());
}

void Application::viewAsOf(const services::AsOfPoint &point)
{
    lookBack(point, [this](const Status &status) {
        if (!status && status.error().kind != ErrorKind::Cancelled)
            failed(status.error());
    });
}

void Application::viewAsOfText(const QString &text, std::function<void(const Status &)> done)
{
    const auto point = services::readAsOf(text.toStdString(), *m_environment.clock);
    if (point)
        lookBack(*point, std::move(done));
    else
        done(point.error());
}

void Application::lookBack(const services::AsOfPoint &point, std::function<void(const Status &)> done)
{
    if (!m_reviews->closeAll())
        return; // a signature is on its way
    m_window.clearMessage();
    m_workspace.viewAsOf(point, this, std::move(done));
}

// What a person can give is asked for where it turns out to be missing; then the work goes on.
void Application::connectHelp()
{
    connect(&m_window, &MainWindow::personClicked, this, [this] {
        if (!m_workspace.state().asOf) // who looks back may be nobody yet there
            m_opener->choosePerson();
    });
    if (!isPicture()) // a picture is of what is there: nobody can be asked
        connect(&m_workspace, &services::Workspace::helpWanted, this, &Application::help);
}

void Application::connectLock()
{
    if (isPicture())
        return;
    m_idle = new IdleLock(std::chrono::minutes(settings::Preferences(m_profile.folders()).idleLockMinutes()), &IdleLock::sinceStart, this);
    m_idle->followDesktop();
    auto *lock = new Lock(m_workspace, *m_idle, this);
    connect(lock, &Lock::closeWanted, this, &Application::closeWorkspace);
    QAction *now = m_window.menu(MainWindow::Menu::Tools)->addAction(theme::icon(QStringLiteral("lock")), tr("Lock Now"), m_idle, &IdleLock::lockNow);
    now->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_L));
    m_needWorkspace << now;
}

void Application::help(const QString &hint)
{
    const auto answered = [this](bool isHelped) { isHelped ? m_workspace.goOn() : m_workspace.giveUp(); };
    if (hint == QLatin1String(services::hint::kChoosePerson)) {
        m_opener->choosePerson(answered);
        return;
    }
    QWidget *front = QApplication::activeWindow(); // a review has a window of its own
    auto *enrolment = new pages::DeviceEnrolment(m_workspace, front && !front->isModal() ? *front : m_window);
    m_enrolment = enrolment;
    connect(enrolment, &pages::DeviceEnrolment::failed, this, &Application::failed);
    connect(enrolment, &pages::DeviceEnrolment::finished, this, answered);
}

// Nothing is missing yet: who only reads need not care.
void Application::offerEnrolment()
{
    Message message = Message::info(tr("This computer is new to this workspace. The first import, review or report here asks a person to vouch for it."));
    message.actions.append({tr("Enrol This Computer…"), [this] {
        m_window.clearMessage();
        connect(new pages::DeviceEnrolment(m_workspace, m_window), &pages::DeviceEnrolment::failed, this, &Application::failed);
    }});
    m_window.showMessage(message);
}

void Application::takeDrop(const QString &path)
{
    switch (dropKind(path)) {
    case DropKind::Workspace: return m_opener->openText(path);
    case DropKind::Proof: return verifyFile(path);
    case DropKind::Import: return m_window.open(place(QStringLiteral("import"), path));
    case DropKind::Nothing: return;
    }
}

void Application::workspaceOpened()
{
    const services::WorkspaceState &state = m_workspace.state();
    m_reviews->closeAll(); // those of the workspace before
    m_window.clearMessage();
    m_window.open(place(QStringLiteral("inventory")));
    m_window.clearHistory();
    m_toldDamage.clear();
    workspaceState();
    if (state.asOf)
        m_window.clearMessage();
    else if (state.isSample && state.damage.isEmpty() && !isPicture())
        m_window.showMessage(Message::info(tr("This is the sample portfolio: all models and people are fictional. The passphrase of everybody in it is “%1”.")
                                               .arg(QString::fromLatin1(services::kSamplePassphrase))));
    else if (state.isReadOnly && state.damage.isEmpty() && !state.readOnlyReason.isEmpty())
        m_window.showMessage(Message::warning(state.readOnlyReason));
    else if (!state.isReadOnly && state.damage.isEmpty() && !state.isDeviceEnrolled && !isPicture())
        offerEnrolment();
    showSignatures(); // of a short ledger they are known by now, and an alarm stands before any offer
    showRecent();
    m_news.start();
    if (!isPicture())
        m_pendings->look();
    const QString asOf = std::exchange(m_options.asOf, {});
    if (asOf.isEmpty())
        return openFirstPage();
    viewAsOfText(asOf, [this](const Status &status) {
        if (!status)
            return unusable(status.error());
        openFirstPage();
    });
}

// What --page names; without a subject the model that stands worst.
void Application::openFirstPage()
{
    const QString page = std::exchange(m_options.page, {});
    if (page != QLatin1String("model") && page != QLatin1String("report") && page != QLatin1String("whatif")) {
        if (!page.isEmpty())
            m_window.open(place(page));
        if (!page.isEmpty() && m_window.currentTarget().page != page)
            return unusable({ErrorKind::NotFound, tr("There is no page “%1”. See countersign --help.").arg(page).toStdString(), {}});
        if (isPicture())
            startScreenshot();
        return;
    }
    const auto work = [subject = m_options.subject.toStdString()](services::Session &session) { return firstSubject(session, subject); };
    m_workspace.run(this, work, [this, page](const Result<services::Subject> &subject) {
        if (!subject)
            return unusable(subject.error());
        m_window.open({page, QString::fromStdString(subject->model.id.text()), QString::fromStdString(subject->version->id.text()), m_options.tab, {}});
        if (isPicture())
            startScreenshot();
    });
}

void Application::workspaceState()
{
    const services::WorkspaceState &state = m_workspace.state();
    for (QAction *action : m_needWorkspace)
        action->setEnabled(state.isOpen);
    for (QAction *action : m_needPresent)
        action->setEnabled(state.isOpen && !state.asOf);
    m_returnToNow->setEnabled(state.asOf.has_value());
    m_window.setPast(state.asOf ? pastSentence(*state.asOf) : QString());
    m_sampleMark->setVisible(state.isSample);
    rememberPerson(state);
    m_window.setWorkspace(state.origin, state.isOpen ? kindOf(state) : QString(), stripOf(state));
    showStatus(state);
    showDamage(state);
}

// Chosen at the start or on the page of people: the next start asks no more.
void Application::rememberPerson(const services::WorkspaceState &state)
{
    if (!state.person || m_profile.currentPerson(state.ledger) == state.person->id)
        return;
    if (const auto status = m_profile.setCurrentPerson(state.ledger, state.person->id); !status)
        failed(status.error());
}

void Application::showStatus(const services::WorkspaceState &state)
{
    if (!state.isOpen) {
        m_window.setConnectionText({});
        m_window.setPerson({});
        m_window.setLedgerState({});
        return;
    }
    m_window.setConnectionText(connectionText(state), state.location.backend == database::Backend::Postgres, connectionDetails(state));
    m_window.setPerson(state.person ? personShort(*state.person) : tr("Nobody yet: choose who works here"));
    m_window.setLedgerState(ledgerText(state, m_workspace.signatures().state()));
}

// The bytes give the recorded tree, yet somebody without the key put something in.
void Application::showSignatures()
{
    const services::SignatureState &signatures = m_workspace.signatures().state();
    if (!m_workspace.state().isOpen)
        return;
    showStatus(m_workspace.state());
    if (signatures.worst == ledger::EntryState::Invalid && m_workspace.state().damage.isEmpty())
        tellDamage(tr("The ledger is not as it was signed. %1 Verify says more.").arg(signatures.problem));
}

// Told once for each finding: the bar may be closed, the status bar goes on saying it.
void Application::showDamage(const services::WorkspaceState &state)
{
    if (state.memoryTrouble != m_toldTrouble) {
        m_toldTrouble = state.memoryTrouble;
        if (!state.memoryTrouble.isEmpty())
            m_window.showMessage(Message::warning(tr("This computer could not remember the state of the ledger, so a rollback would not be noticed here. %1").arg(state.memoryTrouble)));
    }
    if (!state.damage.isEmpty())
        tellDamage(state.damage);
}

void Application::tellDamage(const QString &sentence)
{
    const services::WorkspaceState &state = m_workspace.state();
    if (sentence == m_toldDamage)
        return;
    m_toldDamage = sentence;
    Message message{widgets::Tone::Error, sentence, {}};
    message.actions.append({tr("Go to Audit Trail"), [this] { m_window.open(place(QStringLiteral("audit"))); }});
    if (state.isOtherState && !state.isReadOnly)
        message.actions.append({tr("Go On With This State…"), [this] { acceptState(); }});
    m_window.showMessage(message);
}

// A backup that was restored on purpose: who goes on, and why, becomes part of the record.
void Application::acceptState()
{
    const QString reason = widgets::dialogs::askText(&m_window, tr("Go On With This State of the Ledger?"),
                                                     tr("Why it is the right one, for the record (\"restored the backup of Monday after the disk failed\")"));
    if (reason.trimmed().isEmpty())
        return;
    const auto work = [text = reason.trimmed().toStdString()](services::Session &session) -> Status {
        auto acceptance = services::StateAcceptance::begin(session, text);
        if (!acceptance)
            return acceptance.error();
        auto status = acceptance->record();
        if (!status && status.error().hint == services::hint::kEnrolDevice) {
            Error error = status.error();
            error.message += " This state does not know it. Decide at the command line: countersign-cli ledger accept.";
            error.hint.clear();
            return error;
        }
        return status;
    };
    m_workspace.run(this, work, [this](const Status &status) {
        if (!status)
            return failed(status.error());
        m_window.clearMessage();
        m_window.showMessage(Message::info(tr("This state of the ledger goes on. What was known before stays as evidence.")));
    });
}

void Application::closeWorkspace()
{
    if (!m_reviews->closeAll())
        return;
    m_news.stop();
    m_workspace.close();
    m_window.clearMessage();
    m_window.showWelcome();
    showRecent();
}

// Others may have appended; whoever finds entries announces them to the pages.
void Application::lookForNews()
{
    if (m_isLookingForNews || !m_workspace.state().isOpen || !m_workspace.state().damage.isEmpty())
        return; // a long job is on the lane: one look behind it is enough
    m_isLookingForNews = true;
    m_workspace.run(this, [](services::Session &session) { return session.catchUp(); }, [this](const Status &status) {
        m_isLookingForNews = false;
        if (status || !m_workspace.state().isOpen) {
            if (m_workspace.state().isOpen && m_toldDamage.isEmpty())
                showStatus(m_workspace.state());
            return;
        }
        if (status.error().kind == ErrorKind::Tampered) {
            services::WorkspaceState state = m_workspace.state();
            state.damage = QString::fromStdString(status.error().text());
            showStatus(state);
            showDamage(state);
            return;
        }
        m_window.setConnectionText(tr("No connection"), false); // the next look may find it again
    });
}

void Application::showRecent()
{
    QList<welcome::RecentWorkspace> shown;
    for (const settings::RecentWorkspace &one : m_profile.recentWorkspaces())
        shown.append(recentLine(one, m_environment.clock->now()));
    m_welcome->setRecent(shown);
}

void Application::fillRecentMenu()
{
    m_recentMenu->clear();
    for (const settings::RecentWorkspace &one : m_profile.recentWorkspaces()) {
        const welcome::RecentWorkspace line = recentLine(one, m_environment.clock->now());
        QAction *action = m_recentMenu->addAction(QStringLiteral("%1 — %2").arg(line.name, line.detail).replace(QLatin1Char('&'), QStringLiteral("&&")));
        action->setEnabled(!line.isMissing);
        connect(action, &QAction::triggered, this, [this, path = line.path] { m_opener->openText(path); });
    }
    if (m_recentMenu->isEmpty())
        m_recentMenu->addAction(tr("Nothing Yet"))->setEnabled(false);
}

void Application::chooseFileToVerify()
{
    const QString path = widgets::dialogs::openFile(&m_window, tr("Verify a Report, Proof Bundle or Ledger"),
                                                    tr("Reports, proof bundles and ledgers (*.pdf *.json *.countersign *.bundle *.ledger);;All files (*)"), QStringLiteral("verify"));
    if (!path.isEmpty())
        verifyFile(path);
}

void Application::verifyFile(const QString &path)
{
    m_window.clearMessage();
    const QString name = QFileInfo(path).fileName();
    const QString job = QStringLiteral("verify:") + path;
    m_window.addJob(job, tr("Verifying %1…").arg(name));
    using ledger::FileReport;
    inBackground<FileReport>(this, [file = path.toStdString()] { return ledger::checkFile(file); }, [this, job, name](const FileReport &report) {
        m_window.removeJob(job);
        VerifyDialog(&m_window, name, report).exec();
    });
}

void Application::failed(const Error &error)
{
    if (m_workspace.state().isOpen)
        m_window.showMessage(Message::error(error));
    else
        unusable(error);
}

// What the command line asked for cannot be had: a picture of something else would mislead whoever waits for it.
void Application::unusable(const Error &error)
{
    m_window.showMessage(Message::error(error));
    if (isPicture())
        Q_EMIT finished(error);
}

void Application::startScreenshot()
{
    takeScreenshot(m_window, m_workspace, m_options.screenshot, [this](const Status &status) { Q_EMIT finished(status); });
}

} // namespace countersign::gui
