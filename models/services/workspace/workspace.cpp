#include "models/services/workspace/workspace.h"

#include "models/services/asof/asof.h"
#include "models/services/ledger/checkpoints.h"
#include "models/services/workspace/hints.h"

#include <QMetaMethod>

namespace countersign::services {

/// What lives on the lane. Made and used there only.
struct Workspace::Lane {
    std::unique_ptr<Session> session;
    std::unique_ptr<Session> past; ///< what is shown of the past; reads documents from `session`
    std::uint64_t published = 0;   ///< ledger size that the window knows of
    bool hasBorneWitness = false;

    Session *shown() const { return past ? past.get() : session.get(); }
};

namespace {

WorkspaceState stateOf(Session &session, const database::Location &location)
{
    WorkspaceState state;
    state.isOpen = true;
    state.location = location;
    state.origin = QString::fromStdString(session.origin());
    state.isSample = session.isSample();
    state.isReadOnly = session.isReadOnly();
    state.readOnlyReason = QString::fromStdString(session.connection().readOnlyReason());
    state.databaseNote = QString::fromStdString(session.databaseNote());
    if (session.damage())
        state.damage = QString::fromStdString(session.damage()->message);
    state.isOtherState = session.damage() && session.damage()->hint == hint::kAcceptState;
    if (session.memoryTrouble())
        state.memoryTrouble = QString::fromStdString(session.memoryTrouble()->text());
    state.person = session.person();
    const auto isEnrolled = session.isDeviceEnrolled();
    state.isDeviceEnrolled = isEnrolled && *isEnrolled;
    state.ledgerSize = session.verifiedHead().size;
    state.ledger = session.ledgerId();
    if (const auto newest = newestCheckpoint(session); newest && *newest) {
        state.checkpointSize = (*newest)->head.size;
        state.cosigners = (*newest)->witnesses.persons();
        state.cosignersWanted = (*newest)->witnesses.wanted;
    }
    state.asOf = session.asOf();
    return state;
}

} // namespace

QString WorkspaceState::hindrance() const
{
    if (asOf)
        return Workspace::tr("This is the workspace as of %1. Return to now to record anything.").arg(QString::fromStdString(formatUtc(asOf->at)));
    if (!damage.isEmpty())
        return damage;
    if (!isReadOnly)
        return {};
    return readOnlyReason.isEmpty() ? Workspace::tr("This workspace is open for reading only.") : readOnlyReason;
}

Workspace::Workspace(Environment environment, QObject *parent) : QObject(parent), m_environment(std::move(environment)), m_lane(std::make_unique<Lane>())
{
    m_pool.setMaxThreadCount(1);
    m_pool.setExpiryTimeout(-1);
}

Workspace::~Workspace()
{
    for (const auto &[job, cancel] : m_jobs)
        cancel->store(true);
    // Queued, not waited for by its future: that would run it here, while the lane still reads with the session.
    (void)QtConcurrent::run(&m_pool, [this] { endSession(); });
    m_pool.waitForDone();
}

void Workspace::open(const OpenRequest &request, QObject *context, std::function<void(const Status &)> done)
{
    postOpening([request, environment = m_environment] { return Session::open(request, environment); }, request.password, context, std::move(done));
}

void Workspace::create(const FounderRequest &request, std::shared_ptr<crypto::Secret> passphrase, QObject *context, std::function<void(const Status &)> done)
{
    postOpening([request, passphrase, environment = m_environment] { return createWorkspace(request, *passphrase, environment); }, request.password, context, std::move(done));
}

void Workspace::postOpening(std::function<Result<std::unique_ptr<Session>>()> opening, const std::string &password, QObject *context, std::function<void(const Status &)> done)
{
    giveUp(); // what waits belongs to what was open
    auto outcome = std::make_shared<Status>();
    auto *watcher = new QFutureWatcher<void>(context);
    connect(watcher, &QFutureWatcherBase::finished, context, [watcher, outcome, done = std::move(done)] {
        watcher->deleteLater();
        done(*outcome);
    });
    watcher->setFuture(QtConcurrent::run(&m_pool, [this, outcome, password, opening = std::move(opening)] {
        auto session = opening();
        if (!session) {
            *outcome = session.error(); // what was open stays open
            return;
        }
        endSession();
        m_lane->session = std::move(*session);
        m_lane->published = m_lane->session->verifiedHead().size;
        const auto location = m_lane->session->connection().location();
        publish(stateOf(*m_lane->session, location));
        bearWitnessOnLane();
        QMetaObject::invokeMethod(this, [this, location, password] { m_signatures.begin(location, password); }, Qt::QueuedConnection);
    }));
}

/// Behind whatever the window asks for first. Needs somebody who works here, so it waits for setPerson() where nobody does yet.
void Workspace::bearWitnessOnLane()
{
    if (m_lane->hasBorneWitness || !m_lane->session->person())
        return;
    m_lane->hasBorneWitness = true;
    (void)QtConcurrent::run(&m_pool, [this, opened = m_lane->session.get()] {
        if (m_lane->session.get() != opened || m_lane->past)
            return;
        // What fails here, a verification says, or the next opening does.
        if (bearWitness(*opened))
            publish(stateOf(*opened, opened->connection().location()));
        laneDone();
    });
}

void Workspace::endSession()
{
    m_lane->past.reset();
    if (m_lane->session)
        (void)publishAtClose(*m_lane->session);
    m_lane->session.reset();
    m_lane->hasBorneWitness = false;
}

void Workspace::close()
{
    giveUp();
    for (const auto &[job, cancel] : m_jobs)
        cancel->store(true);
    m_signatures.stop();
    (void)QtConcurrent::run(&m_pool, [this] {
        endSession();
        publish({});
    });
}

int Workspace::viewAsOf(const AsOfPoint &point, QObject *context, std::function<void(const Status &)> done)
{
    giveUp(); // what waits would record something
    return start(context, tr("Looking back"), [this, point](Session &shown, const Progress &progress) -> Status {
        Session &present = shown.present() ? *shown.present() : shown;
        auto past = openAsOf(present, point, progress);
        if (!past)
            return past.error();
        // `shown` may go with this: nothing of it is used any more.
        m_lane->past = std::move(*past);
        tellAll(m_lane->past->verifiedHead().size);
        return {};
    }, std::move(done));
}

void Workspace::returnToNow()
{
    (void)QtConcurrent::run(&m_pool, [this] {
        if (!m_lane->past)
            return;
        m_lane->past.reset();
        m_lane->published = m_lane->session->verifiedHead().size;
        tellAll(m_lane->published);
    });
}

void Workspace::tellAll(std::uint64_t size)
{
    publish(stateOf(*m_lane->shown(), m_lane->session->connection().location()));
    QMetaObject::invokeMethod(this, [this, size] { Q_EMIT changed({0, size}); }, Qt::QueuedConnection);
}

void Workspace::setPerson(const QString &login, QObject *context, std::function<void(const Status &)> done)
{
    run(context, [this, text = login.toStdString()](Session &session) -> Status {
        const auto status = session.setPerson(text);
        if (status) {
            publish(stateOf(session, m_lane->session->connection().location()));
            bearWitnessOnLane();
        }
        return status;
    }, std::move(done));
}

void Workspace::submit(const TaskPointer &task)
{
    if (!task->context) {
        if (task->job)
            laneJobFinished(task->job);
        return;
    }
    task->mayWait = isSignalConnected(QMetaMethod::fromSignal(&Workspace::helpWanted));
    task->isWaiting = false;
    auto *watcher = new QFutureWatcher<void>(task->context);
    connect(watcher, &QFutureWatcherBase::finished, task->context, [watcher, task] {
        watcher->deleteLater();
        if (!task->isWaiting)
            task->done();
    });
    watcher->setFuture(QtConcurrent::run(&m_pool, [this, task] { runOnLane(task); }));
}

void Workspace::runOnLane(const TaskPointer &task)
{
    if (Session *session = m_lane->shown()) {
        task->run(*session, laneProgress(task->job, task->cancel.get()));
        laneDone();
    } else {
        task->refuse({ErrorKind::NotFound, "No workspace is open.", {}});
    }
    const std::string hint = task->mayWait ? task->hint() : std::string();
    task->isWaiting = hint == hint::kChoosePerson || hint == hint::kEnrolDevice;
    if (task->isWaiting)
        QMetaObject::invokeMethod(this, [this, task] { wait(task); }, Qt::QueuedConnection);
    else if (task->job)
        laneJobFinished(task->job);
}

// A second refusal while somebody is asked already waits for the same answer.
void Workspace::wait(const TaskPointer &task)
{
    m_waiting.push_back(task);
    if (m_waiting.size() == 1)
        Q_EMIT helpWanted(QString::fromStdString(task->hint()));
}

std::vector<Workspace::TaskPointer> Workspace::takeWaiting()
{
    return std::exchange(m_waiting, {});
}

void Workspace::goOn()
{
    for (const auto &task : takeWaiting())
        submit(task);
}

void Workspace::giveUp()
{
    for (const auto &task : takeWaiting()) {
        if (task->job)
            laneJobFinished(task->job);
        if (task->context)
            task->done();
    }
}

void Workspace::cancel(int job)
{
    if (const auto found = m_jobs.find(job); found != m_jobs.end())
        found->second->store(true);
}

int Workspace::beginJob(const QString &title, std::shared_ptr<std::atomic<bool>> cancel)
{
    const int job = ++m_lastJob;
    m_jobs.emplace(job, std::move(cancel));
    Q_EMIT jobStarted(job, title);
    return job;
}

Progress Workspace::laneProgress(int job, const std::atomic<bool> *cancel)
{
    Progress progress;
    progress.cancel = cancel;
    if (!job)
        return progress;
    auto timer = std::make_shared<QElapsedTimer>();
    progress.report = [this, job, timer](std::uint64_t done, std::uint64_t total, const std::string &stage) {
        // Ten times a second is as often as anybody looks.
        if (timer->isValid() && timer->elapsed() < 100)
            return;
        timer->start();
        const int percent = total ? static_cast<int>(100 * done / total) : -1;
        QMetaObject::invokeMethod(this, [this, job, text = QString::fromStdString(stage), percent] { Q_EMIT jobProgress(job, text, percent); }, Qt::QueuedConnection);
    };
    return progress;
}

void Workspace::laneDone()
{
    if (m_lane->past)
        return; // nothing is recorded there
    auto &session = *m_lane->session;
    const ChangeSet changes{m_lane->published, session.verifiedHead().size};
    if (changes.to == changes.from)
        return;
    m_lane->published = changes.to;
    publish(stateOf(session, session.connection().location()));
    QMetaObject::invokeMethod(this, [this, changes] {
        m_signatures.goOn();
        Q_EMIT changed(changes);
    }, Qt::QueuedConnection);
}

void Workspace::laneJobFinished(int job)
{
    QMetaObject::invokeMethod(this, [this, job] {
        m_jobs.erase(job);
        Q_EMIT jobFinished(job);
    }, Qt::QueuedConnection);
}

void Workspace::publish(const WorkspaceState &state)
{
    QMetaObject::invokeMethod(this, [this, state] {
        m_state = state;
        Q_EMIT stateChanged();
    }, Qt::QueuedConnection);
}

} // namespace countersign::services
