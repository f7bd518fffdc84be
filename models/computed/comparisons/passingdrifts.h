#pragma once

#include "models/computed/comparisons/drifts.h"
#include "models/scoretables/build/tally.h"

#include <memory>

/// Drift (drifts.h) where no rows are kept: against windows, from counts of each value by window.
namespace countersign::computed {

/// Counts the values of every column by window as rows pass. One per thread, in that thread's codes.
class DriftTally
{
public:
    /// Different scores, and different values of a number, by window that are told apart; powers of two.
    struct Room {
        std::size_t scores = std::size_t(1) << 20U;
        std::size_t numbers = std::size_t(1) << 17U;
    };
    DriftTally(const predictions::Schema &schema, scoretables::WindowUnit unit, const Room &room);
    void add(const predictions::Chunk &chunk);

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

/// The figures of driftOf() a log with the rows that passed, against `parameters.reference`; Wasserstein-1 but for its last digits. Columns with more
/// different values than were told apart, or more than kMostCategories categories, are left out, and `notes` name them. Takes the tallies.
/// Invalid: no window of that name, no windows at all.
Result<Drifts> driftOf(std::vector<DriftTally> &tallies, const predictions::Schema &schema, const predictions::MergedDictionaries &texts,
                       const Parameters &parameters, std::vector<std::string> &notes);

} // namespace countersign::computed
