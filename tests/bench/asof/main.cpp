// How long it takes to look back into a ledger, and what a verification does that finds a changed row, shown. Nothing here fails on a slow machine.
//   build/release/tests/countersign-bench-asof [EVENTS]

#include "models/services/asof/asof.h"
#include "models/services/inventory.h"
#include "models/services/workspace/journal.h"
#include "models/services/workspace/verification.h"
#include "models/store/eventbody.h"
#include "models/store/statements.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/postgresserver.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>

#include <cstdio>

using namespace countersign;
using namespace countersign::test;

namespace {

double seconds(const QElapsedTimer &timer) { return static_cast<double>(timer.nsecsElapsed()) / 1e9; }

/// The most memory that the process ever had, in MiB.
double peakMemory()
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (status.open(QIODevice::ReadOnly))
        for (const QByteArray &line : status.readAll().split('\n'))
            if (line.startsWith("VmHWM:"))
                return line.simplified().split(' ').value(1).toDouble() / 1024;
    return 0;
}

void show(const std::string &what, double value, const char *unit)
{
    std::printf("%-64s %10.2f %s\n", what.c_str(), value, unit);
    std::fflush(stdout);
}

Status record(services::Session &session, int events)
{
    auto journal = services::SignedJournal::begin(session);
    if (!journal)
        return journal.error();
    const json::Value now = store::timeValue(session.now());
    std::string model;
    for (int i = 0; i < events; ++i) {
        // Four changes of a model to one registration, as in a workspace that lives.
        const bool isNew = i % 5 == 0;
        if (isNew)
            model = ModelId::of(session.environment().randomness->uuid()).text();
        json::Object body = isNew ? json::Object{{"createdAt", now}, {"model", model}, {"name", "model-" + std::to_string(i)}, {"owner", "Risk"}, {"source", "bench"},
                                                 {"sourceKey", std::to_string(i)}, {"tier", i % 3 + 1}, {"updatedAt", now}}
                                  : json::Object{{"changes", store::changeArray({{"owner", "Risk " + std::to_string(i % 5 - 1), "Risk " + std::to_string(i % 5)}})}, {"model", model}};
        const auto seq = services::recordInventory(*journal->journal, isNew ? "model.register" : "model.update", std::move(body), journal->signer);
        if (!seq)
            return seq.error();
    }
    return journal->journal->commit();
}

Status lookBack(services::Session &session, const std::string &backend)
{
    const auto head = session.verifiedHead().size;
    for (const std::uint64_t size : {head, head / 2, head / 100}) {
        QElapsedTimer timer;
        timer.start();
        const auto past = services::openAsOf(session, {size, {}, {}}, {});
        if (!past)
            return past.error();
        show(backend + ": as of entry " + std::to_string(size), seconds(timer), "s");
    }
    const auto early = services::openAsOf(session, {head / 100, {}, {}}, {});
    if (!early)
        return early.error();
    QElapsedTimer timer;
    timer.start();
    const auto past = services::openAsOf(session, {{}, (*early)->asOf()->at, {}}, {});
    if (!past)
        return past.error();
    show(backend + ": as of a moment near the beginning, found from the end", seconds(timer), "s");

    timer.restart();
    auto verification = services::verifyWorkspace(session.connection(), {});
    if (!verification)
        return verification.error();
    show(backend + ": verify, all intact", seconds(timer), "s");
    store::Statements sql(session.connection());
    sql.run("UPDATE model SET owner = 'somebody' WHERE no = 7");
    timer.restart();
    verification = services::verifyWorkspace(session.connection(), {});
    if (!verification)
        return verification.error();
    show(backend + ": verify, a row changed, its author named", seconds(timer), "s");
    if (!verification->findings.empty())
        std::printf("  %s %s\n", verification->findings.front().sentence.c_str(), verification->findings.front().provenance().c_str());
    return {};
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const int events = argc > 1 ? std::max(200, std::atoi(argv[1])) : 100'000;
    const TemporaryFolder folder;
    std::vector<std::pair<std::string, std::string>> places{{"SQLite", folder.file("asof.countersign").string()}};
    if (PostgresServer::shared() && PostgresServer::shared()->isRunning())
        places.emplace_back("PostgreSQL", PostgresServer::shared()->uri());
    for (const auto &[backend, address] : places) {
        const auto workspace = freshWorkspace(address, testEnvironment());
        Status status = workspace ? record(**workspace, events) : Status(workspace.error());
        show(backend + ": memory, before", peakMemory(), "MiB");
        if (status)
            status = lookBack(**workspace, backend);
        show(backend + ": memory, most", peakMemory(), "MiB");
        if (!status) {
            std::printf("failed: %s\n", status.error().text().c_str());
            return 1;
        }
    }
    return 0;
}
