#pragma once

#include "models/computed/cells/labels.h"
#include "models/computed/comparisons/applicants.h"
#include "models/computed/comparisons/passingdrifts.h"

namespace countersign::computed {

/// What figures need of rows that nobody keeps: looks at each of them as it passes, and completes a set with what its score table cannot tell.
class PassingRows
{
public:
    /// Different values that are told apart, each a power of two.
    struct Room {
        std::size_t applicants = std::size_t(1) << 18U;
        std::size_t delays = std::size_t(1) << 18U;
        DriftTally::Room drift = {};
    };
    /// What has a place of its own.
    enum class Drift : std::uint8_t { Counted, Elsewhere };

    /// `scoreStep`: scores are rounded to it from the start, as the table's are; 0: not. `reference`: another log that drift is against; none: windows, where
    /// the parameters name some.
    PassingRows(const predictions::Schema &schema, const Parameters &parameters, unsigned threads, double scoreStep, const Room &room, Drift drift = Drift::Counted,
                std::optional<PassedLog> reference = {});

    /// Any thread, one call at a time per thread. `counts` (empty: all 1): how many equal rows a row of the chunk stands for.
    void add(unsigned thread, const predictions::Chunk &chunk, std::span<const std::uint64_t> counts = {});

    /// Impact ratios, delays of labels and drift; in notes, what could not be had. Once, when all rows have passed that the table and
    /// its set are of. Invalid: as driftOf().
    Status complete(const Table &table, const predictions::MergedDictionaries &texts, ComputedSet &set);

private:
    void addDelays(const predictions::MergedDictionaries &texts, ComputedSet &set);

    std::vector<ApplicantTally> m_applicants; ///< by thread
    std::vector<DelayTally> m_delays;         ///< by thread; empty without times of labels
    std::vector<DriftTally> m_drifts;         ///< by thread; empty without a reference
    std::optional<PassedLog> m_reference;
    std::vector<std::uint8_t> m_isFull;       ///< by thread: the delays' windows are too many
    predictions::Schema m_schema;
};

} // namespace countersign::computed
