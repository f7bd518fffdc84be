#pragma once

#include "models/computed/computedset.h"
#include "models/predictions/reader.h"
#include "models/scoretables/build/tally.h"

#include <memory>

/// Whether the truth has arrived, and how long it took.
namespace countersign::computed {

/// "labelled_share": cases with a label, out of those and the cases that were left out for want of one; Wilson. Weights are not used.
NamedFigure labelledShare(const ComputedCell &cell, const metrics::Options &options);

/// Windows with a smaller share of labels say little yet: they are drawn hollow.
inline constexpr double kMatureShare = 0.95;
/// False where nobody expects labels: the log has no column of them, or the cell no rows.
bool isImmature(const ComputedCell &cell, double matureShare = kMatureShare);

/// What was found in the label's column, as it is written there.
struct SeenLabels {
    static constexpr std::size_t kMost = 6;
    std::vector<std::string> values; ///< the first different ones, up to one more than kMost; missing ones have no part in it
    bool isOfFirstRows = false;      ///< nobody has looked further

    void add(std::string_view value, const predictions::Mapping &mapping);
    std::string listed() const; ///< "a", "b" and others
    /// Of a column of the first rows.
    static SeenLabels in(const predictions::Sample &sample, const std::string &column, const predictions::Mapping &mapping);
};
/// A note, where all rows that figures are of have the same of two outcomes: which value was said to be the positive one, and what is there instead.
void noteOneOutcome(const SeenLabels &seen, ComputedSet &set);

/// From prediction to label, in days, of one window or of all rows.
struct LabelDelay {
    std::optional<ComputedWindow> window;
    metrics::Figure median;   ///< `excluded`: labels that came before their prediction; they have no part in it
    metrics::Figure ninetieth;
    std::optional<double> bound = {}; ///< delays were rounded down: the exact ones are no further away
};
/// Of logs with the time of the label (Mapping::labelTime); others have none. All rows first, then window by window.
Result<std::vector<LabelDelay>> labelDelaysOf(const predictions::PredictionLog &log, const Parameters &parameters);

/// Counts delays by window as rows pass. One per thread.
class DelayTally
{
public:
    /// The number column `schema.labelDelay` holds days. `entries`: different delays and windows that are told apart, a power of two; beyond them delays are
    /// rounded down.
    DelayTally(const predictions::Schema &schema, scoretables::WindowUnit unit, std::size_t entries);
    /// `counts` (empty: all 1): how many equal rows a row of the chunk stands for. False: more windows than there is room for.
    bool add(const predictions::Chunk &chunk, std::span<const std::uint64_t> counts = {}) { return m_tally.front().add(chunk, counts); }

private:
    friend std::vector<LabelDelay> labelDelaysOf(std::vector<DelayTally> &tallies, const predictions::MergedDictionaries &texts, const Parameters &parameters);
    std::unique_ptr<const predictions::Schema> m_schema;
    std::vector<scoretables::Tally> m_tally; ///< one
    std::size_t m_most; ///< delays by window that all threads together may find
};
/// The delays of labelDelaysOf() a log with the rows that passed. Takes the tallies, of which there is at least one.
std::vector<LabelDelay> labelDelaysOf(std::vector<DelayTally> &tallies, const predictions::MergedDictionaries &texts, const Parameters &parameters);

/// As figures of the set's cells of everybody: "label_delay_median", "label_delay_p90".
void addLabelDelays(const std::vector<LabelDelay> &delays, ComputedSet &set);

} // namespace countersign::computed
