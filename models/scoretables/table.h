#pragma once

#include "models/base/progress.h"
#include "models/metrics/counts.h"
#include "models/metrics/ranking/calibration.h"
#include "models/metrics/ranking/ranking.h"
#include "models/predictions/log.h"
#include "models/predictions/reader.h"
#include "models/scoretables/windows.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// The sufficient statistics of a binary log: every scored row as (score, leaf, decision, label) in score order, where a leaf is one window
/// with one value of each attribute. Any metric of any union of leaves, at any threshold, comes from here without the log.
namespace countersign::scoretables {

struct Attribute {
    std::string name;
    std::vector<std::string> values; ///< by code; [0] is missing
    bool operator==(const Attribute &) const = default;
};

/// The smallest group of rows that is told apart.
struct Leaf {
    std::int64_t unit = 0;            ///< number of the window's unit; 0 without windows
    bool hasTime = true;              ///< false: the row had none, and there are windows
    std::vector<std::uint32_t> codes; ///< a value of each attribute
    bool operator==(const Leaf &) const = default;
};

/// Rows that no metric can use, by the first reason that applies.
struct LeftOut {
    std::uint64_t noLabel = 0;      ///< not labelled (yet)
    std::uint64_t noScore = 0;
    std::uint64_t notFinite = 0;    ///< NaN is "no score"; these are infinities
    std::uint64_t noPrediction = 0; ///< only where the log has predictions
    std::uint64_t noWeight = 0;     ///< weight 0

    std::uint64_t total() const { return noLabel + noScore + notFinite + noPrediction + noWeight; }
    LeftOut &operator+=(const LeftOut &other);
    bool operator==(const LeftOut &) const = default;
};

/// Sums of a leaf that do not depend on a threshold.
struct LeafSums {
    double positives = 0;
    double negatives = 0;
    double squares = 0;           ///< Σ w²
    std::uint64_t rows = 0;
    metrics::Counts logged;       ///< by the log's own predictions, where it has them
    metrics::Losses losses;
    std::vector<metrics::CalibrationBin> bins; ///< kCalibrationBins of equal width
    std::vector<metrics::CalibrationBin> massBins; ///< at most as many of equal mass (build/massbins.h); may be empty
    LeftOut leftOut;
};

inline constexpr int kCalibrationBins = 10;
inline constexpr std::uint64_t kMaxLeaves = 4'000'000;

/// An entry's leaf, the log's own decision (negative where it has none) and the label, in one number.
inline std::uint32_t codeOf(std::size_t leaf, bool isPredicted, bool isPositive)
{
    return static_cast<std::uint32_t>(leaf << 2U) | (isPredicted ? 2U : 0U) | (isPositive ? 1U : 0U);
}
inline std::uint32_t leafOf(std::uint32_t code) { return code >> 2U; }
inline bool isPredicted(std::uint32_t code) { return (code & 2U) != 0; }
inline bool isPositive(std::uint32_t code) { return (code & 1U) != 0; }

/// What a table is made of, before the sums: entries in the table's order.
struct TableParts {
    std::vector<Attribute> attributes;
    WindowUnit unit = WindowUnit::None;
    std::vector<Leaf> leaves;
    std::vector<LeftOut> leftOut;      ///< one a leaf
    bool hasScores = false;
    bool hasLabels = false;
    bool hasPredictions = false;
    std::vector<double> scores;        ///< descending; within a score by code, then weight. All 0 when there are no scores
    std::vector<std::uint32_t> codes;
    std::vector<double> weights;       ///< of all rows of an entry together; or empty: a row weighs 1
    std::vector<std::uint32_t> counts; ///< rows of an entry; or empty: one
    std::vector<double> squares;       ///< Σ w² of the rows of an entry; empty: an entry with a weight is one row
    double scoreStep = 0;
    std::optional<double> decidedAt;   ///< decisions in the codes are exact ones at this threshold, not the log's own
    std::vector<metrics::Losses> givenLosses; ///< one a leaf, added up from exact scores; empty: add up the entries
    std::vector<std::vector<metrics::CalibrationBin>> givenBins;
};

inline std::uint64_t rowsOf(const TableParts &parts, std::size_t entry) { return parts.counts.empty() ? 1 : parts.counts[entry]; }
inline double weightOf(const TableParts &parts, std::size_t entry)
{
    return parts.weights.empty() ? static_cast<double>(rowsOf(parts, entry)) : parts.weights[entry];
}
inline double squaresOf(const TableParts &parts, std::size_t entry)
{
    const double weight = weightOf(parts, entry);
    return !parts.squares.empty() ? parts.squares[entry] : parts.weights.empty() ? weight : weight * weight;
}

class Table
{
public:
    Table() = default;
    /// Adds up the leaves. The same parts give the same table for any number of threads.
    Table(TableParts parts, unsigned threads);

    const std::vector<Attribute> &attributes() const { return m_parts.attributes; }
    WindowUnit unit() const { return m_parts.unit; }
    const std::vector<Leaf> &leaves() const { return m_parts.leaves; } ///< in one order for one set of rows
    const std::vector<LeafSums> &sums() const { return m_sums; }       ///< one a leaf
    bool hasScores() const { return m_parts.hasScores; }
    bool hasLabels() const { return m_parts.hasLabels; }
    bool hasPredictions() const { return m_parts.hasPredictions; }

    /// Entries in descending order of score. An entry is one row, or counts()[i] that differ in nothing but their weights.
    std::size_t size() const { return m_parts.scores.size(); }
    std::span<const double> scores() const { return m_parts.scores; }
    std::span<const std::uint32_t> codes() const { return m_parts.codes; }   ///< codeOf()
    std::span<const double> weights() const { return m_parts.weights; }      ///< of all rows of an entry together; empty: a row weighs 1
    std::span<const std::uint32_t> counts() const { return m_parts.counts; } ///< rows of an entry; empty: one
    double weightOf(std::size_t entry) const { return scoretables::weightOf(m_parts, entry); }
    double squaresOf(std::size_t entry) const { return scoretables::squaresOf(m_parts, entry); } ///< Σ w² of its rows
    std::uint64_t rowsOf(std::size_t entry) const { return scoretables::rowsOf(m_parts, entry); }
    std::uint64_t memory() const; ///< bytes held

    /// Scores were rounded down to multiples of this to bound memory; 0: scores are exact.
    double scoreStep() const { return m_parts.scoreStep; }

    /// Decisions in the codes, and LeafSums::logged, are those at this threshold and not the log's own.
    std::optional<double> decidedAt() const { return m_parts.decidedAt; }

    /// Confusion counts of every leaf when score >= threshold is positive. Microseconds: from the nearest checkpoint on.
    /// Precondition: hasScores().
    std::vector<metrics::Counts> countsAt(double threshold) const;
    /// How many entries have a score >= threshold: they are the first ones.
    std::size_t entriesFrom(double threshold) const;

    /// Places in the order of entries, a few hundred to a few thousand, that weights above are known for: of entries before the place,
    /// by leaf × 2 + label. Place 0 is before the first entry; what is above the last place is all but the entries behind it.
    std::size_t checkpoints() const { return m_parts.leaves.empty() ? 0 : m_checkpoints.size() / (m_parts.leaves.size() * 2); }
    std::span<const double> aboveCheckpoint(std::size_t checkpoint) const
    {
        return std::span(m_checkpoints).subspan(checkpoint * m_parts.leaves.size() * 2, m_parts.leaves.size() * 2);
    }

private:
    void placeCheckpoints(unsigned threads);
    void addEntries(std::size_t begin, std::size_t end, double *above) const;

    TableParts m_parts;
    std::vector<LeafSums> m_sums;
    std::size_t m_checkpointStep = 0;  ///< every so many entries, what was above …
    std::vector<double> m_checkpoints; ///< … as weights by leaf × 2 + label
};

struct TableOptions {
    WindowUnit unit = WindowUnit::None;
    unsigned threads = 0;
    Progress progress;
};

/// Consumes the log: its chunks are freed as soon as they are in the table.
/// Invalid: not a binary log, neither score nor prediction, more than 4 million leaves, windows too fine for the span of time.
Result<Table> buildTable(predictions::PredictionLog &&log, const TableOptions &options = {});

} // namespace countersign::scoretables
