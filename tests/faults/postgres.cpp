// PostgreSQL that goes away while it records: the whole server, or the process of one connection.

#include "tests/faults/postgres.h"

#include "tests/faults/signing.h"
#include "tests/support/postgresserver.h"

#include <optional>
#include <set>

namespace countersign::faults {

namespace {

constexpr int kRunsEach = 20; ///< of a database
constexpr int kSigners = 3;

/// A durable server with one workspace at a time.
struct Service {
    test::PostgresServer server{test::PostgresServer::Options{.isDurable = true}};
    std::optional<Workplace> place;
    Oracle oracle;

    bool renew(const Plan &plan, int run, Tally &tally)
    {
        const auto made = server.isRunning()
                              ? Workplace::make(plan.scratch / std::to_string(run), server.uri(), kSigners)
                              : Result<Workplace>(Error{ErrorKind::Io, server.log().toStdString(), {}});
        oracle = {};
        if (made)
            place = *made;
        else
            tally.fail(plan, run, made.error().text());
        return made.ok();
    }
};

void collect(const std::vector<Worker::Line> &lines, std::set<std::string> &sentences)
{
    for (const auto &line : lines)
        if (line.is("E"))
            sentences.insert(line.rest(3));
}

/// What was said to those who were cut off: worth reading, and a few different ones at most.
void noteSentences(const std::set<std::string> &sentences, Tally &tally)
{
    std::size_t listed = 0;
    for (const auto &sentence : sentences)
        if (++listed <= 6)
            tally.notes.push_back("said: " + sentence.substr(0, 300));
}

} // namespace

Tally crashPostgres(const Plan &plan)
{
    Tally tally;
    Service service;
    std::set<std::string> sentences;
    microseconds usual(30'000);
    for (int run = plan.first; run < plan.end(); ++run, ++tally.runs) {
        auto chance = plan.chance(run);
        if ((!service.place || run % kRunsEach == 0) && !service.renew(plan, run, tally))
            return tally;
        const auto bundles = *service.place->bundles();
        std::vector<std::unique_ptr<Signing>> signers;
        for (const auto &bundle : bundles)
            signers.push_back(std::make_unique<Signing>(*service.place, bundle, 10'000, "stop"));
        for (const auto &signing : signers)
            if (!signing->worker.readTo("S", signing->lines))
                tally.fail(plan, run,
                           "a worker ended by itself: " +
                               (signing->lines.empty() ? "" : signing->lines.back().rest(0)));
        sleepRandomly(chance, usual * 4);
        if (run % 2)
            service.server.killAll();
        else
            service.server.stopImmediately();
        for (const auto &signing : signers) {
            signing->worker.drain(signing->lines);
            collect(signing->lines, sentences);
            signing->tell(service.oracle, tally, &usual);
        }
        if (!service.server.start()) {
            tally.fail(plan, run, "the server does not start again: " + service.server.log().toStdString());
            return tally;
        }
        if (!holdTo(plan, run, *service.place, service.oracle, tally))
            return tally;
        sayProgress(plan, run, tally);
    }
    noteSentences(sentences, tally);
    return tally;
}

Tally killBackends(const Plan &plan)
{
    Tally tally;
    Service service;
    std::set<std::string> sentences;
    std::int64_t hits = 0;
    microseconds usual(20'000);
    for (int run = plan.first; run < plan.end();) {
        if (!service.renew(plan, run, tally))
            return tally;
        const auto location = *database::Location::parse(service.place->address);
        const auto killer = database::Connection::open(location, {.foreign = true});
        if (!killer) {
            tally.fail(plan, run, killer.error().text());
            return tally;
        }
        Signing signing(*service.place, service.place->bundles()->front(), 1'000'000, "again");
        for (const int end = std::min(plan.end(), run + 50); run < end; ++run, ++tally.runs) {
            auto chance = plan.chance(run);
            if (!signing.worker.readTo("S", signing.lines)) {
                tally.fail(plan, run,
                           "the worker ended by itself: " +
                               (signing.lines.empty() ? "" : signing.lines.back().rest(0)));
                return tally;
            }
            sleepRandomly(chance, usual);
            auto kill = (*killer)->prepare("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE "
                                           "datname = current_database() AND pid <> pg_backend_pid()");
            const auto killed = kill ? kill->exec() : Status(kill.error());
            if (!killed || !kill->next())
                tally.fail(plan, run, "the backend cannot be ended: " + (killed ? "" : killed.error().text()));
            // What was cut off is recorded under the same id, or was already.
            if (!signing.worker.readTo("A", signing.lines))
                tally.fail(plan, run,
                           "it is never recorded: " + (signing.lines.empty() ? "" : signing.lines.back().rest(0)));
            hits += std::ranges::any_of(signing.lines, [](const Worker::Line &line) { return line.is("E"); });
            collect(signing.lines, sentences);
            signing.tell(service.oracle, tally, &usual);
            sayProgress(plan, run, tally);
        }
        signing.worker.kill9();
        signing.worker.drain(signing.lines);
        signing.tell(service.oracle, tally);
        if (!holdTo(plan, run, *service.place, service.oracle, tally))
            return tally;
    }
    tally.notes.push_back(std::to_string(hits) + " of " + std::to_string(tally.runs) +
                          " fell into a sign-off or the connecting before it");
    noteSentences(sentences, tally);
    return tally;
}

} // namespace countersign::faults
