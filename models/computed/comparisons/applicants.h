#pragma once

#include "models/computed/computedset.h"
#include "models/predictions/reader.h"
#include "models/scoretables/build/tally.h"

#include <memory>
#include <span>

/// Impact ratios (impacts.h) where no rows are kept: from a score table, and from what it leaves out.
namespace countersign::computed {

/// Counts, as rows pass, the applicants that a score table leaves out: who was scored or decided, but the outcome, or the other of the two, is not known.
/// One per thread, in that thread's codes.
class ApplicantTally
{
public:
    /// `threshold`: decisions are the scores from it on; none: the log's own. `scoreStep`: as the table's from the start.
    /// `entries`: combinations of score and values that are told apart, a power of two; beyond them scores are rounded.
    ApplicantTally(const predictions::Schema &schema, std::optional<double> threshold, double scoreStep, std::size_t entries);

    /// `counts` (empty: all 1): how many equal rows a row of the chunk stands for.
    void add(const predictions::Chunk &chunk, std::span<const std::uint64_t> counts = {});

private:
    friend class TableApplicants;
    /// Chunks are laid out by `schema`; of them only what `tally` counts by is handed on.
    struct Part {
        std::unique_ptr<const predictions::Schema> schema;
        std::vector<scoretables::Tally> tally; ///< one
        std::size_t most = 0;                  ///< combinations that all threads together may find
        bool isFull = false;
    };
    void addTo(Part &part, const predictions::Chunk &chunk, const std::vector<std::uint32_t> &rows, std::span<const std::uint64_t> counts);

    predictions::Schema m_schema;
    bool m_isDecidedByScore;
    Part m_scored;  ///< whoever has a score
    Part m_decided; ///< whoever has a decision of the log
};

/// The impacts of impactsOf() a log with these rows. Exact where scores are; where they were rounded, scoring rates have their error bound beside them,
/// and decisions stay exact. `leftOut`: of every row that the table was made from. `texts`: of the same threads. Takes the tallies.
/// Empty: no attributes, or nothing was decided; also when the tallies ran out of room, which `isIncomplete` tells.
std::vector<ComputedImpact> impactsOf(const Table &table, const predictions::MergedDictionaries &texts, std::vector<ApplicantTally> &leftOut,
                                      const Parameters &parameters, bool &isIncomplete);

} // namespace countersign::computed
