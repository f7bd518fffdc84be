#include "tests/faults/crashes.h"
#include "tests/faults/crowd.h"
#include "tests/faults/disk.h"
#include "tests/faults/postgres.h"
#include "tests/faults/power.h"
#include "tests/faults/rollback.h"
#include "tests/faults/runner.h"
#include "tests/faults/socket.h"
#include "tests/faults/tamper.h"
#include "tests/faults/worker.h"
#include "tests/support/temporaryfolder.h"

#include <QCoreApplication>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <optional>

using namespace countersign;
using namespace countersign::faults;

namespace {

constexpr Fault kFaults[] = {
    {"crash-signoff", "kill -9 at a random moment of a sign-off", 30, 1000, crashSignOff},
    {"crash-import", "kill -9 at a random moment of an import of metrics", 20, 1000, crashImport},
    {"pg-crash", "PostgreSQL stops at once, or is killed with all its processes, while three people sign", 3, 200,
     crashPostgres},
    {"pg-backend", "the server ends the connection's process at a random moment of a sign-off", 25, 500, killBackends},
    {"socket", "the line to PostgreSQL is cut after some byte of a sign-off", 40, 1'000'000, cutSocket},
    {"signers",
     "persons who sign on one PostgreSQL server at once, on the same versions and on different ones, while some of "
     "those move",
     1, 20, signersTogether},
    {"four", "four programs that sign on one SQLite file", 1, 1, programsOnOneFile},
    {"disk-full", "a disk that is full after some sign-offs", 12, 200, fullDisk},
    {"read-only", "a file, a folder, another's file and a mount that may only be read", 4, 12, readOnlyPlaces},
    {"rollback", "a ledger cut off, put back or continued otherwise, with a head kept (runs: how many sign-offs long)",
     8, 40, rollBack},
    {"power", "a power cut on SQLite: every state that the disk may be in, writes reordered and torn", 200, 10'000,
     cutPower},
    {"control", "the same on a disk that does not sync: loss must be seen", 60, 1000, cutPowerUnsynced},
    {"io-error", "the k-th call to the disk fails, in a sign-off and in an import", 60, 100'000, failDisk},
    {"tamper", "one field or one bit of a row changed behind the program's back", 300, 10'000, tamper},
};

void printUsage(std::FILE *to)
{
    std::fputs("countersign-faults [OPTION…] [FAULT…]: puts faults into the program and says what held. Without a "
               "fault: all of them.\n"
               "  --short          few runs of each (the default)\n"
               "  --long           all runs of each\n"
               "  --runs N         so many runs of each\n"
               "  --first N        begins with this run rather than with 0\n"
               "  --seed N         another chance (printed; default 1)\n"
               "  --results FILE   keeps what came of each fault; those already there with the same seed and runs are "
               "not run again\n"
               "  --json           one JSON document a line rather than the table\n"
               "Exit codes: 0 everything held, 3 something did not, 2 usage.\n\n",
               to);
    for (const auto &fault : kFaults)
        std::fprintf(to, "  %-14s %s (%d runs, --long %d)\n", fault.name, fault.what, fault.shortRuns, fault.longRuns);
}

struct Options {
    bool isLong = false;
    bool isJson = false;
    int runs = 0;
    int first = 0;
    int seed = 1;
    std::string results;
    std::vector<const Fault *> faults;
};

std::optional<Options> parse(const std::vector<std::string> &words)
{
    Options options;
    const std::map<std::string, int *> numbers{
        {"--runs", &options.runs}, {"--first", &options.first}, {"--seed", &options.seed}};
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto &word = words[i];
        const std::string value = i + 1 < words.size() ? words[i + 1] : std::string();
        const bool isNumber =
            !value.empty() && value.size() < 10 && value.find_first_not_of("0123456789") == std::string::npos;
        const auto fault = std::ranges::find_if(kFaults, [&](const Fault &known) { return word == known.name; });
        if (word == "--short" || word == "--long")
            options.isLong = word == "--long";
        else if (word == "--json")
            options.isJson = true;
        else if (word == "--results" && !value.empty())
            options.results = words[++i];
        else if (numbers.contains(word) && isNumber)
            *numbers.at(word) = std::stoi(words[++i]);
        else if (fault != std::end(kFaults))
            options.faults.push_back(fault);
        else
            return {};
    }
    if (options.faults.empty())
        for (const auto &fault : kFaults)
            options.faults.push_back(&fault);
    return options;
}

/// Whether the file of results has this fault already, good and with as many runs of the same chance.
bool isKept(const Options &options, const Fault &fault, const Plan &plan)
{
    std::ifstream file(options.results);
    for (std::string line; std::getline(file, line);) {
        const auto kept = json::parse(line);
        if (kept && kept->textOr("fault", {}) == fault.name && kept->integerOr("runs", 0) >= plan.runs &&
            kept->integerOr("first", -1) == plan.first &&
            kept->integerOr("seed", -1) == static_cast<std::int64_t>(plan.seed) && kept->find("good") &&
            *kept->find("good") == json::Value(true))
            return true;
    }
    return false;
}

int runAll(const Options &options)
{
    bool isGood = true;
    if (!options.isJson)
        std::printf("seed %d\n%s", options.seed, tableHead().c_str());
    for (const auto *fault : options.faults) {
        const test::TemporaryFolder scratch;
        Plan plan;
        plan.seed = static_cast<std::uint64_t>(options.seed);
        plan.first = options.first;
        plan.runs = options.runs > 0 ? options.runs : options.isLong ? fault->longRuns : fault->shortRuns;
        plan.isLong = options.isLong;
        plan.scratch = scratch.path().toStdString();
        if (!options.results.empty() && isKept(options, *fault, plan)) {
            std::fprintf(stderr, "%s: in %s already\n", fault->name, options.results.c_str());
            continue;
        }
        const auto begin = std::chrono::steady_clock::now();
        const auto tally = fault->run(plan);
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        isGood = isGood && tally.isGood();
        const auto line = json::canonical(toJson(*fault, plan, tally, seconds));
        const std::string document = line ? *line : line.error().text();
        if (!options.results.empty())
            std::ofstream(options.results, std::ios::app) << document << "\n";
        std::fputs(options.isJson ? (document + "\n").c_str() : tableLine(*fault, tally, seconds).c_str(), stdout);
        std::fflush(stdout);
    }
    return isGood ? 0 : 3;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (!words.empty() && words.front() == "worker")
        return runWorker({words.begin() + 1, words.end()});
    if (!words.empty() && words.front() == "--help") {
        printUsage(stdout);
        return 0;
    }
    const auto options = parse(words);
    if (!options) {
        printUsage(stderr);
        return 2;
    }
    return runAll(*options);
}
