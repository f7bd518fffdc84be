// Many at once: persons who sign on one PostgreSQL server, programs that write one SQLite file.

#include "tests/faults/crowd.h"

#include "models/services/imports/imports.h"
#include "tests/faults/signing.h"
#include "tests/support/postgresserver.h"

#include <algorithm>

namespace countersign::faults {

namespace {

using Crowd = std::vector<std::unique_ptr<Worker>>;

/// Reads all of them at once, so that none waits for its pipe to be emptied.
std::vector<std::vector<Worker::Line>> drainAll(Crowd &crowd)
{
    std::vector<std::vector<Worker::Line>> lines(crowd.size());
    std::vector<std::thread> readers;
    for (std::size_t i = 0; i < crowd.size(); ++i)
        readers.emplace_back([&, i] { crowd[i]->drain(lines[i]); });
    for (auto &reader : readers)
        reader.join();
    return lines;
}

/// What everybody told, into oracle and tally; the times that the sign-offs took, in microseconds, ascending.
std::vector<std::int64_t> hear(const Plan &plan, int run, const std::vector<std::vector<Worker::Line>> &lines,
                               Oracle &oracle, Tally &tally)
{
    std::vector<std::int64_t> times;
    for (const auto &told : lines) {
        for (const auto &line : told) {
            if (line.is("E"))
                tally.fail(plan, run, line.rest(3));
            if (line.is("T"))
                ++tally.refused;
            const auto leaf = line.is("A") ? Digest::parse("sha256:" + line.word(2)) : Result<Digest>(Error{});
            if (!leaf)
                continue;
            oracle.begun(line.word(1), {});
            oracle.acknowledged(line.word(1), *leaf);
            ++tally.acknowledged;
            times.push_back(std::stoll(line.word(3)));
        }
    }
    std::ranges::sort(times);
    return times;
}

std::string milliseconds(const std::vector<std::int64_t> &times, double part)
{
    if (times.empty())
        return "none";
    return std::to_string(
               times[std::min(times.size() - 1, static_cast<std::size_t>(part * static_cast<double>(times.size())))] /
               1000) +
           " ms";
}

/// A new value for each of these models, as a colleague imports it: what was frozen of them is then no longer so.
Status move(services::Session &session, const Workplace &place, int models, int round)
{
    std::string text = "model,version,metric,window_start,window_end,value,n\n";
    for (int model = 1; model <= models; ++model)
        text +=
            "m" + std::to_string(model) + ",1,auc,2026-02-01,2026-03-01,0.7" + std::to_string(100 + round) + ",4800\n";
    const auto file = place.folder / ("move" + std::to_string(round) + ".csv");
    if (const auto written = writeFile(file, text); !written)
        return written;
    const auto imported = services::importMetrics(session, file, {});
    return imported ? Status() : Status(imported.error());
}

} // namespace

Tally signersTogether(const Plan &plan)
{
    const int persons = plan.isLong ? 50 : 12;
    const int each = plan.isLong ? 20 : 4;
    Tally tally;
    test::PostgresServer server{test::PostgresServer::Options{.isDurable = true}};
    std::vector<std::int64_t> all;
    for (int run = plan.first; run < plan.end(); ++run, ++tally.runs) {
        const auto place = server.isRunning()
                               ? Workplace::make(plan.scratch / std::to_string(run), server.uri(), persons)
                               : Result<Workplace>(Error{ErrorKind::Io, server.log().toStdString(), {}});
        auto session = place ? place->open() : Result<std::unique_ptr<services::Session>>(place.error());
        if (!session) {
            tally.fail(plan, run, session.error().text());
            return tally;
        }
        const auto bundles = *place->bundles();
        Crowd crowd;
        for (int i = 0; i < persons; ++i) {
            const std::string login = "s" + std::to_string(i);
            if (const auto added = place->addSigner(**session, login); !added) {
                tally.fail(plan, run, added.error().text());
                return tally;
            }
            // Half of them sign the same version, the others one each.
            const auto &bundle = bundles[i % 2 ? static_cast<std::size_t>(i) : 0];
            crowd.push_back(std::make_unique<Worker>(std::vector<std::string>{
                "signer", place->folder.string(), place->address, login, bundle.text(), std::to_string(each)}));
        }
        std::vector<Worker::Line> ignored;
        for (const auto &worker : crowd)
            worker->readTo("R", ignored);
        for (const auto &worker : crowd)
            worker->go();
        session.value().reset(); // a connection belongs to its thread
        std::thread mover([&] {
            const auto own = place->open();
            for (int round = 0; own && round < 3; ++round)
                if (const auto moved = move(**own, *place, persons / 3, round); !moved)
                    ignored.push_back({{"E", "-", "0", moved.error().text()}});
        });
        auto lines = drainAll(crowd);
        mover.join();
        lines.push_back(ignored);
        Oracle oracle;
        const auto times = hear(plan, run, lines, oracle, tally);
        all.insert(all.end(), times.begin(), times.end());
        if (times.size() != static_cast<std::size_t>(persons * each))
            tally.fail(plan, run,
                       std::to_string(times.size()) + " of " + std::to_string(persons * each) +
                           " sign-offs were acknowledged");
        if (!holdTo(plan, run, *place, oracle, tally))
            return tally;
        sayProgress(plan, run, tally);
    }
    std::ranges::sort(all);
    tally.notes.push_back(std::to_string(persons) + " persons, " + std::to_string(each) +
                          " sign-offs each: half took " + milliseconds(all, 0.5) + " or less, 95 in 100 " +
                          milliseconds(all, 0.95) + ", the longest " + milliseconds(all, 1) + "; " +
                          std::to_string(tally.refused) + " were refused because their review had moved");
    if (tally.refused == 0 && tally.runs > 2)
        tally.fail(plan, plan.first, "no review moved while it was being signed: nothing was tried");
    return tally;
}

Tally programsOnOneFile(const Plan &plan)
{
    constexpr int kPrograms = 4;
    const int each = plan.isLong ? 1000 : 20;
    Tally tally;
    std::vector<std::int64_t> all;
    for (int run = plan.first; run < plan.end(); ++run, ++tally.runs) {
        const auto name = std::to_string(run);
        const auto place =
            Workplace::make(plan.scratch / name, (plan.scratch / (name + ".countersign")).string(), kPrograms);
        if (!place) {
            tally.fail(plan, run, place.error().text());
            return tally;
        }
        Crowd crowd;
        const auto bundles = *place->bundles();
        for (const auto &bundle : bundles)
            crowd.push_back(std::make_unique<Worker>(std::vector<std::string>{
                "sign", place->folder.string(), place->address, bundle.text(), std::to_string(each), "once"}));
        Oracle oracle;
        const auto times = hear(plan, run, drainAll(crowd), oracle, tally);
        all.insert(all.end(), times.begin(), times.end());
        if (times.size() != static_cast<std::size_t>(kPrograms * each))
            tally.fail(plan, run,
                       std::to_string(times.size()) + " of " + std::to_string(kPrograms * each) +
                           " sign-offs were acknowledged");
        if (!holdTo(plan, run, *place, oracle, tally))
            return tally;
        sayProgress(plan, run, tally);
    }
    std::ranges::sort(all);
    tally.notes.push_back(std::to_string(kPrograms) + " programs, " + std::to_string(each) +
                          " sign-offs each: half took " + milliseconds(all, 0.5) + " or less, 95 in 100 " +
                          milliseconds(all, 0.95) + ", the longest " + milliseconds(all, 1));
    return tally;
}

} // namespace countersign::faults
