#pragma once

#include "models/computed/computedset.h"
#include "models/metrics/fairness/mitigation.h"

/// What is kept of the scores of a recorded set, so that people without the log still see curves and move thresholds: a histogram
/// of the score by label, for everybody, each attribute's groups and pairs of attributes. No row of the log is in it.
namespace countersign::computed {

inline constexpr std::string_view kScoresSchema = "countersign-scores-1";

/// How scores are cut into bins. Bins are closed below and open above, the last one closed.
enum class Binning : std::uint8_t {
    EqualWidth, ///< every score lies in [0, 1]: kScoreBins bins from i/kScoreBins to (i+1)/kScoreBins
    EveryValue, ///< other scores, no more than kScoreBins different ones: each is an edge, so every threshold is exact
    Quantiles,  ///< other scores: edges are scores, with equally many rows from one to the next as far as ties allow
};
std::string_view binningKey(Binning binning); ///< "equal_width", "every_value", "quantiles"

inline constexpr std::size_t kScoreBins = 1000;
/// Groups that are kept at most; with weights fewer, as their sums take eight bytes and not one or two.
inline constexpr std::size_t kMostScoreGroups = 512;
inline constexpr std::size_t kMostWeightedScoreGroups = 128;

struct ScoreGroup {
    GroupValues group;                ///< by attribute in the order of the log; empty: everybody
    bool isMissing = false;           ///< a value is the missing one
    std::uint64_t rows = 0;
    double squares = 0;               ///< Σ w², as in metrics::Counts
    std::vector<double> positives;    ///< weight by bin, lowest scores first
    std::vector<double> negatives;    ///< without labels: of everybody
    std::optional<metrics::Counts> logged; ///< decisions of the log itself, where it has them

    bool operator==(const ScoreGroup &) const = default;
};

struct ScoreSummary {
    Binning binning = Binning::EqualWidth;
    std::vector<double> edges;        ///< lower end of each bin, ascending
    double highest = 1;               ///< upper end of the last bin, in it
    bool hasLabels = true;
    bool isWeighted = false;
    double scoreStep = 0;             ///< > 0: scores had been rounded down to multiples of this (bounded mode)
    std::vector<ScoreGroup> groups;   ///< everybody first, then by attribute, then by pair
    std::vector<std::vector<std::string>> leftOut; ///< attributes and pairs whose groups would have been too many

    const ScoreGroup &everybody() const { return groups.front(); }
    /// In any order of attributes. nullptr: not kept.
    const ScoreGroup *find(const GroupValues &group) const;
    /// Groups of an attribute or a pair, in their order; empty: not kept.
    std::vector<const ScoreGroup *> groupsOf(const std::vector<std::string> &attributes) const;
    /// Upper end of a bin.
    double upperEdge(std::size_t bin) const { return bin + 1 < edges.size() ? edges[bin + 1] : highest; }

    bool operator==(const ScoreSummary &) const = default;
};

/// From the exact table; the same for any number of threads. Attributes are kept one by one, then pairs, each whole or not at all,
/// as long as there is room. Invalid: a table without scores or without rows.
Result<ScoreSummary> summarizeScores(const Table &table, unsigned threads = 0, const Progress &progress = {});

/// Equal summaries are equal bytes (models/computed/SCORES.md): counts as variable-length integers with runs of zeros; no general
/// compressor, whose next version would write other bytes. About 3 KB for 10^7 rows of everybody and 1 to 2 KB a group: 100 groups
/// are some 150 KB. Never more than kMostScoreBytes.
Bytes writeScores(const ScoreSummary &summary);
inline constexpr std::size_t kMostScoreBytes = 16U << 20;
/// Strict: Tampered for any bytes that writeScores does not write; Unsupported for a later schema.
Result<ScoreSummary> readScores(BytesView bytes);

} // namespace countersign::computed
