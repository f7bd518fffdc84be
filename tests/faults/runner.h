#pragma once

#include "models/base/json.h"
#include "models/base/random.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// Faults on purpose: what is put in, how often, and what held. Every fault is a function from a Plan to a Tally;
/// main.cpp has the table of them.
namespace countersign::faults {

/// How a fault is to be run. A run's chance depends on the seed and its number alone, so that one run can be had again:
/// --seed S --first N --runs 1.
struct Plan {
    std::uint64_t seed = 1;
    int first = 0;
    int runs = 0;
    bool isLong = false;           ///< every place rather than a sample of them, where a fault knows all places
    std::filesystem::path scratch; ///< a folder of the fault's own, removed afterwards

    SeededRandomness chance(int run) const
    {
        return SeededRandomness(seed * 1'000'003 + static_cast<std::uint64_t>(run));
    }
    int end() const { return first + runs; }
};

/// What came of it.
struct Tally {
    std::int64_t runs = 0;
    std::int64_t acknowledged = 0; ///< told as recorded
    std::int64_t lost = 0;         ///< of those, not there afterwards or not the same bytes
    std::int64_t doubled = 0;      ///< one intent, two events
    std::int64_t foundLater = 0;   ///< outcome unknown, found by id
    std::int64_t absentLater = 0;  ///< outcome unknown, not there, submitted again
    std::int64_t refused = 0;      ///< with the sentence that belongs to it
    std::int64_t detected = 0;
    std::int64_t undetected = 0;
    std::int64_t misnamed = 0;         ///< detected, but another place was named
    std::vector<std::string> failures; ///< sentences: anything that must not be
    std::vector<std::string> notes;    ///< figures and lists worth reading
    /// A negative control: the harness itself is wrong when nothing is lost.
    bool mustLose = false;

    bool isGood() const
    {
        const bool isWhole = lost == 0 && doubled == 0;
        return failures.empty() && undetected == 0 && misnamed == 0 && runs > 0 && (mustLose ? lost > 0 : isWhole);
    }
    /// Something that must not be, with the run it was seen in.
    void fail(const Plan &plan, int run, const std::string &what);
};

struct Fault {
    const char *name;
    const char *what;
    int shortRuns;
    int longRuns;
    Tally (*run)(const Plan &plan);
};

json::Value toJson(const Fault &fault, const Plan &plan, const Tally &tally, double seconds);
/// The table's head, and a fault's line with its failures and notes below.
std::string tableHead();
std::string tableLine(const Fault &fault, const Tally &tally, double seconds);

/// Says on standard error how far a long fault is, when that is a terminal's or a log's business: at most every ten
/// seconds.
void sayProgress(const Plan &plan, int run, const Tally &tally);

} // namespace countersign::faults
