#pragma once

#include "models/computed/comparisons/drifts.h"
#include "models/scoretables/build/tally.h"

#include <memory>

/// Drift (drifts.h) where no rows are kept: from counts of each value by window.
namespace countersign::computed {

/// Counts the values of every column by window as rows pass. One per thread, in that thread's codes.
class DriftTally
{
public:
    /// Different scores, and different values of a number, by window that are told apart; powers of two. Beyond them they are rounded down.
    struct Room {
        std::size_t scores = std::size_t(1) << 20U;
        std::size_t numbers = std::size_t(1) << 17U;
    };
    DriftTally(const predictions::Schema &schema, scoretables::WindowUnit unit, const Room &room);
    /// `counts` (empty: all 1): how many equal rows a row of the chunk stands for.
    void add(const predictions::Chunk &chunk, std::span<const std::uint64_t> counts = {});

private:
    friend class PassingComparer;
    struct Counted {
        std::unique_ptr<const predictions::Schema> schema; ///< the chunk's, told to count by this column alone
        std::vector<scoretables::Tally> tally;             ///< one
        std::size_t most = 0;                              ///< values by window that all threads together may find
        bool isFull = false;
    };
    std::vector<Counted> m_columns; ///< as driftColumnsOf() lists them
};

/// A log that has passed, of which nothing but this is left.
struct PassedLog {
    predictions::LogFacts facts;
    predictions::Schema schema;
    std::vector<DriftTally> tallies;       ///< by thread
    predictions::MergedDictionaries texts; ///< of the same threads
};
/// Lets a log pass, by windows of a unit.
Result<PassedLog> passLog(predictions::LogReader reader, const predictions::Mapping &mapping, scoretables::WindowUnit unit, const predictions::ReadOptions &options);
/// Another log that drift is against, read by the mapping of the log itself.
Result<PassedLog> passReference(predictions::LogReader reader, const predictions::Mapping &mapping, const predictions::ReadOptions &options);

/// The figures of driftOf() a log with the rows that passed, Wasserstein-1 but for its last digits: against `reference`, or, without one, against the windows
/// `parameters.reference`. Numbers with more different values than were told apart are rounded down to multiples of the smallest power of four that leaves
/// few enough: KS and Wasserstein-1 then have an error bound, the others are exact for bins that begin at such multiples, and `notes` say so. Columns with too
/// many categories by window to be counted are left out, and `notes` name them. Takes the tallies.
/// `columns`: only these, in this order; empty: all. Invalid: no window of that name, no windows at all, a column that is not there.
Result<Drifts> driftOf(PassedLog &log, PassedLog *reference, const Parameters &parameters, std::vector<std::string> &notes,
                       const std::vector<std::string> &columns = {});

/// computeDrift() of logs larger than memory or from a pipe.
Result<ComputedSet> computeDriftBounded(predictions::LogReader reader, std::optional<predictions::LogReader> reference, const predictions::Mapping &mapping,
                                        const Parameters &parameters, const std::vector<std::string> &columns = {}, const predictions::ReadOptions &options = {});

} // namespace countersign::computed
