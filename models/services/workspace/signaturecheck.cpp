#include "models/services/workspace/signaturecheck.h"

#include "models/database/connection.h"
#include "models/store/ledgerstore.h"

#include <QtConcurrent/QtConcurrentRun>

#include <algorithm>

namespace countersign::services {

namespace {

constexpr std::size_t kBatch = 2048; // about 40 ms on two cores: soon enough to end, and to be seen advancing

} // namespace

/// One workspace. Everything but the flag and the owner's address is used on the pool's thread only.
struct SignatureCheck::Run {
    SignatureCheck *owner = nullptr;
    database::Location location;
    std::string password;
    std::atomic<bool> isCancelled = false;
    std::unique_ptr<database::Connection> connection;
    ledger::Verifier verifier;
    std::uint64_t fed = 0;

    Status connect()
    {
        if (connection)
            return {};
        database::OpenOptions options;
        options.readOnly = true;
        options.password = password;
        auto opened = database::Connection::open(location, options);
        if (!opened)
            return opened.error();
        connection = std::move(*opened);
        return {};
    }

    /// Whether anything was read.
    Result<bool> feedNext()
    {
        auto entries = store::LedgerStore(*connection).read(fed, kBatch);
        if (!entries)
            return entries.error();
        if (entries->empty())
            return false;
        const std::uint64_t first = fed;
        fed += entries->size();
        verifier.add(first, *entries);
        return true;
    }

    SignatureState state(bool isRunning, const Error *failure = nullptr)
    {
        SignatureState state;
        state.checked = fed;
        state.worst = verifier.worst();
        state.isRunning = isRunning;
        const auto size = connection ? store::LedgerStore(*connection).size() : Result<std::uint64_t>(fed);
        state.total = size ? std::max(*size, fed) : fed;
        const auto wrong = std::ranges::find_if(verifier.problems(), [](const ledger::EntryVerdict &verdict) {
            return verdict.state < ledger::EntryState::Flagged;
        });
        if (wrong != verifier.problems().end())
            state.problem =
                QString::fromStdString("Entry " + std::to_string(wrong->seq) + " is " +
                                       std::string(ledger::entryStateWord(wrong->state)) + ": " + wrong->reason);
        else if (failure)
            state.problem = QString::fromStdString(failure->text());
        return state;
    }
};

SignatureCheck::SignatureCheck(QObject *parent)
    : QObject(parent)
{
    m_pool.setMaxThreadCount(1);
    m_pool.setExpiryTimeout(-1);
}

SignatureCheck::~SignatureCheck()
{
    stop();
    m_pool.waitForDone();
}

void SignatureCheck::begin(const database::Location &location, const std::string &password)
{
    stop();
    m_run = std::make_shared<Run>();
    m_run->owner = this;
    m_run->location = location;
    m_run->password = password;
    goOn();
}

void SignatureCheck::goOn()
{
    if (!m_run)
        return;
    m_state.isRunning = true;
    (void)QtConcurrent::run(&m_pool, [run = m_run] { work(run); });
}

void SignatureCheck::stop()
{
    if (!m_run)
        return;
    m_run->isCancelled = true;
    (void)QtConcurrent::run(&m_pool, [run = std::move(m_run)] { run->connection.reset(); }); // where it was opened
    m_run.reset();
    m_state = {};
}

void SignatureCheck::work(const std::shared_ptr<Run> &run)
{
    const auto tell = [&run](const SignatureState &state) {
        QMetaObject::invokeMethod(
            run->owner, [run, state] { run->owner->take(run, state); }, Qt::QueuedConnection);
    };
    if (run->isCancelled)
        return;
    if (const auto status = run->connect(); !status)
        return tell(run->state(false, &status.error()));
    for (;;) {
        const auto more = run->feedNext();
        if (run->isCancelled)
            return;
        if (!more) {
            run->connection.reset(); // the next look opens it again
            return tell(run->state(false, &more.error()));
        }
        tell(run->state(*more));
        if (!*more)
            return;
    }
}

void SignatureCheck::take(const std::shared_ptr<Run> &run, const SignatureState &state)
{
    if (run != m_run)
        return; // of a workspace that was closed
    m_state = state;
    Q_EMIT stateChanged();
}

} // namespace countersign::services
