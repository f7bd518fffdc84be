#pragma once

#include "tests/faults/oracle.h"
#include "tests/faults/worker.h"

#include <chrono>
#include <map>
#include <thread>

/// What the faults of signing processes share.
namespace countersign::faults {

using std::chrono::microseconds;

/// A process that signs one frozen review again and again, and its lines so far.
struct Signing {
    Worker worker;
    BundleId bundle;
    std::vector<Worker::Line> lines;

    Signing(const Workplace &place, const BundleId &signedBundle, int count, const std::string &mode = "once")
        : worker({"sign", place.folder.string(), place.address, signedBundle.text(), std::to_string(count), mode})
        , bundle(signedBundle)
    {
    }
    /// Tells the oracle what was begun and what was acknowledged; `usual` becomes the time that a sign-off takes here.
    void tell(Oracle &oracle, Tally &tally, microseconds *usual = nullptr);
};

/// The moment of a fault is the fault, not a wait for something.
inline void sleepRandomly(SeededRandomness &chance, microseconds atMost)
{
    std::this_thread::sleep_for(
        microseconds(static_cast<std::int64_t>(chance.unit() * static_cast<double>(atMost.count()))));
}

/// Checks, resolves what is unknown, and checks again. False when the workspace does not open.
bool holdTo(const Plan &plan, int run, const Workplace &place, Oracle &oracle, Tally &tally);

} // namespace countersign::faults
