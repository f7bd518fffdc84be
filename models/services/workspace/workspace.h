#pragma once

#include "models/base/progress.h"
#include "models/services/asof/asofpoint.h"
#include "models/services/people.h"
#include "models/services/workspace/session.h"
#include "models/services/workspace/signaturecheck.h"

#include <QElapsedTimer>
#include <QFutureWatcher>
#include <QObject>
#include <QPointer>
#include <QString>
#include <QThreadPool>
#include <QtConcurrent/QtConcurrentRun>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <type_traits>
#include <vector>

namespace countersign::services {

/// Entries [from, to) are new. Whoever shows something of the workspace reads again.
struct ChangeSet {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
};

/// What the frame shows of a workspace, as a value of its own: it may be read at any time on the window's thread.
struct WorkspaceState {
    bool isOpen = false;
    database::Location location;
    QString origin;                   ///< the workspace's name
    bool isSample = false;
    bool isReadOnly = false;
    QString readOnlyReason;           ///< a sentence; may be empty
    QString databaseNote;             ///< what the database does against changes behind the program's back, in sentences
    QString damage;                   ///< a sentence when the ledger is not what it claims; nothing may be written then
    bool isOtherState = false;        ///< the damage is that it does not continue what this computer remembers: see StateAcceptance
    QString memoryTrouble;            ///< why the state could not be remembered outside the database
    std::optional<Person> person;
    bool isDeviceEnrolled = false;    ///< this computer's key may sign here
    std::uint64_t ledgerSize = 0;     ///< entries whose bytes gave the recorded tree
    std::uint64_t checkpointSize = 0; ///< entries of the newest checkpoint that is kept; 0: none
    std::size_t cosigners = 0;        ///< persons beside its publisher whose computers co-signed it
    std::int64_t cosignersWanted = 0; ///< by the signing policy
    LedgerId ledger;
    std::optional<AsOf> asOf;         ///< a state of the past is shown; then ledgerSize is its size, and isReadOnly is set

    /// Why nothing can be recorded here now, in a sentence; empty when it can.
    QString hindrance() const;
};

/// Owns the one lane (a thread with the session and its connection) and is the only source of "something changed".
/// Lives on the window's thread. Work goes down as a function of the session; its result comes back as a value, to a context object that
/// may have died meanwhile (then nothing is called). Nothing here waits.
class Workspace : public QObject
{
    Q_OBJECT

public:
    explicit Workspace(Environment environment, QObject *parent = nullptr);
    /// Waits for the lane to finish what runs; running jobs are told to cancel.
    ~Workspace() override;
    Q_DISABLE_COPY_MOVE(Workspace)

    const WorkspaceState &state() const { return m_state; }
    /// Goes on behind everything else while a workspace is open.
    const SignatureCheck &signatures() const { return m_signatures; }

    /// Closes what is open and opens another. `done` gets the outcome on the window's thread.
    void open(const OpenRequest &request, QObject *context, std::function<void(const Status &)> done);
    /// The same with a new workspace. The passphrase is wiped with the request.
    void create(const FounderRequest &request, std::shared_ptr<crypto::Secret> passphrase, QObject *context, std::function<void(const Status &)> done);
    void close();

    /// Replays the ledger up to a state of the past, as a job, and shows it: all work that follows is on that state. The present stays open behind it.
    /// A failure, or a cancel, leaves what was shown. Returns the job's number.
    int viewAsOf(const AsOfPoint &point, QObject *context, std::function<void(const Status &)> done);
    /// Shows the present again.
    void returnToNow();

    /// Who works here from now on.
    void setPerson(const QString &login, QObject *context, std::function<void(const Status &)> done);

    /// Runs `work(Session &)`, which returns a Result<T>, on the lane; then `done(const Result<T> &)` here. For reads and short writes.
    /// Work that is refused for want of help (see helpWanted) may run a second time.
    template<class Work, class Done>
    void run(QObject *context, Work work, Done done)
    {
        submit(taskOf(context, [work = std::move(work)](Session &session, const Progress &) mutable { return work(session); }, std::move(done)));
    }

    /// Runs `work(Session &, const Progress &)` as a job that the status bar shows, with progress and cancel. Returns the job's number.
    template<class Work, class Done>
    int start(QObject *context, const QString &title, Work work, Done done)
    {
        auto task = taskOf(context, std::move(work), std::move(done));
        task->cancel = std::make_shared<std::atomic<bool>>(false);
        task->job = beginJob(title, task->cancel);
        submit(task);
        return task->job;
    }
    void cancel(int job);

    /// Answers to helpWanted(): what was refused runs again, or is told as the failure that it was.
    void goOn();
    void giveUp();

Q_SIGNALS:
    void stateChanged();
    void changed(const countersign::services::ChangeSet &changes);
    void jobStarted(int job, const QString &title);
    void jobProgress(int job, const QString &stage, int percent); ///< percent -1: unknown
    void jobFinished(int job);
    /// Work was refused for something that a person can give: hint::kChoosePerson or hint::kEnrolDevice. It waits until goOn() or giveUp();
    /// whoever connects must call one of them. With nothing connected the refusal is told at once.
    void helpWanted(const QString &hint);

private:
    struct Lane;

    /// One piece of work, its types forgotten. `run`, `refuse` and `hint` are used on the lane, `done` on the window's thread.
    struct Task {
        QPointer<QObject> context;
        int job = 0;
        std::shared_ptr<std::atomic<bool>> cancel;
        std::function<void(Session &, const Progress &)> run;
        std::function<void(const Error &)> refuse;
        std::function<std::string()> hint; ///< of the failure; empty after a success
        std::function<void()> done;
        bool mayWait = false;
        bool isWaiting = false;
    };
    using TaskPointer = std::shared_ptr<Task>;

    template<class Work, class Done>
    static TaskPointer taskOf(QObject *context, Work work, Done done)
    {
        using Outcome = std::invoke_result_t<Work &, Session &, const Progress &>;
        auto outcome = std::make_shared<std::optional<Outcome>>();
        auto task = std::make_shared<Task>();
        task->context = context;
        task->run = [outcome, work = std::make_shared<Work>(std::move(work))](Session &session, const Progress &progress) { outcome->emplace((*work)(session, progress)); };
        task->refuse = [outcome](const Error &error) { outcome->emplace(error); };
        task->hint = [outcome] { return **outcome ? std::string() : (*outcome)->error().hint; };
        task->done = [outcome, done = std::make_shared<Done>(std::move(done))] {
            if (*outcome)
                (*done)(**outcome);
        };
        return task;
    }
    void submit(const TaskPointer &task);
    void tellAll(std::uint64_t size); ///< from the lane: everything that is shown is another state's
    void runOnLane(const TaskPointer &task);
    void wait(const TaskPointer &task);
    std::vector<TaskPointer> takeWaiting();

    int beginJob(const QString &title, std::shared_ptr<std::atomic<bool>> cancel);
    void postOpening(std::function<Result<std::unique_ptr<Session>>()> opening, const std::string &password, QObject *context, std::function<void(const Status &)> done);
    // On the lane:
    Progress laneProgress(int job, const std::atomic<bool> *cancel);
    void laneDone();
    void laneJobFinished(int job);
    void bearWitnessOnLane();
    void endSession();
    void publish(const WorkspaceState &state); ///< from the lane to the window's thread

    Environment m_environment;
    WorkspaceState m_state;
    SignatureCheck m_signatures;
    QThreadPool m_pool; // one thread that never expires: a database connection belongs to its thread
    std::unique_ptr<Lane> m_lane;
    std::map<int, std::shared_ptr<std::atomic<bool>>> m_jobs;
    std::vector<TaskPointer> m_waiting; ///< for help
    int m_lastJob = 0;
};

} // namespace countersign::services
