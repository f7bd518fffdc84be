#pragma once

#include "models/scoretables/build/leaflosses.h"
#include "models/scoretables/build/rowstatus.h"
#include "models/scoretables/table.h"

namespace countersign::scoretables {

/// Scores are rounded down to multiples of a step where there are more combinations than can be told apart.
enum class Rounding : std::uint8_t {
    ByScale, ///< the first step is a millionth of the largest score so far, each one after it four times as coarse
    Least,   ///< the smallest power of four that makes enough room: it follows from the values, whatever their order and however many tallies share them
};
/// `value` rounded down to a multiple of `step`, a power of two.
double roundedDown(double value, double step);
/// The smallest power of four that leaves no more than `most` combinations of rounded score and code. Precondition: a step of 4^511 does.
double leastStep(std::vector<std::pair<std::uint32_t, double>> codesAndScores, std::size_t most);

/// Counts rows by score, leaf, decision and label as they pass, in bounded memory. One per thread, in that thread's codes.
/// Where rows have weights, these and their squares are added up beside: with the count they are all that figures need of equal scores.
class Tally
{
public:
    static constexpr std::size_t kMostLeaves = 200'000;

    /// `entries`: how many combinations may be told apart, a power of two.
    Tally(const predictions::Schema &schema, WindowUnit unit, std::optional<double> threshold, double step, std::size_t entries,
          Rounding rounding = Rounding::ByScale);
    /// Combinations that are told apart without rounding, of so many entries.
    static std::size_t mostIn(std::size_t entries) { return entries * 7 / 10; }

    /// `counts` (empty: all 1): how many equal rows a row of the chunk stands for.
    /// False: more leaves than kMostLeaves, or not even one step of score fits.
    bool add(const predictions::Chunk &chunk, std::span<const std::uint64_t> counts = {});

    struct LeafTally {
        std::int64_t unit = 0;
        bool hasTime = true;
        std::vector<std::uint32_t> codes;
        std::array<std::uint64_t, kLeftOutReasons> leftOut{};
        LeafLosses losses;
    };
    struct Slot {
        double score = 0;
        std::uint32_t code = 0;
        std::uint32_t count = 0; ///< 0: free
    };
    /// So that sums do not depend on the order of rows.
    struct Weights {
        metrics::Sum sum;
        metrics::Sum squares;

        void add(const Weights &other)
        {
            sum.add(other.sum);
            squares.add(other.squares);
        }
    };
    struct Entry : Slot {
        Weights weights; ///< nothing where rows have none
    };
    /// Of a combination, in bytes.
    static std::size_t slotSize(const predictions::Schema &schema) { return sizeof(Slot) + (schema.weight >= 0 ? sizeof(Weights) : 0); }
    double step() const { return m_step; }
    /// As if scores had been rounded to this from the start. Precondition: not finer than step().
    void coarsenTo(double step);
    const std::vector<LeafTally> &leaves() const { return m_leaves; }
    bool isWeighted() const { return m_schema.weight >= 0; }
    /// Every combination, in no order; a combination that occurs more than 2^32 times comes more than once. Slots are all there is without weights.
    std::vector<Slot> takeSlots();
    std::vector<Entry> takeEntries();

private:
    std::uint32_t leafFor(std::int64_t unit, bool hasTime, const std::uint32_t *codes);
    /// Rows on their way into the slots.
    struct Waiting {
        double score = 0;
        std::uint32_t code = 0;
        std::uint64_t rows = 0;
        double weight = 1; ///< of each
    };
    bool countAll(std::span<const Waiting> waiting);
    bool makeRoom();
    bool coarsen();
    double leastStepSoFar() const;
    void insert(const Slot &slot, const Weights &weights);
    /// Puts every combination into empty slots again, by what `scoreOf` makes of its score.
    template<class ScoreOf>
    void insertAgain(std::size_t size, const ScoreOf &scoreOf);
    static std::uint64_t hashOf(double score, std::uint32_t code);
    double rounded(double score) const { return (m_step > 0 ? roundedDown(score, m_step) : score) + 0.0; }
    bool isTooFull() const { return m_used > mostIn(m_slots.size()); }
    std::int64_t unitOf(std::int32_t hour);

    const predictions::Schema &m_schema;
    WindowUnit m_unit;
    std::optional<double> m_threshold;
    double m_step;
    Rounding m_rounding;
    double m_largest = 1; ///< absolute score so far, at least 1
    std::vector<Slot> m_slots;
    std::vector<Weights> m_weights; ///< a slot's; empty without weights
    std::size_t m_most;
    std::size_t m_used = 0;
    std::vector<Entry> m_full; ///< slots whose count ran over
    std::vector<LeafTally> m_leaves;
    std::vector<std::uint32_t> m_leafIndex; ///< open addressing; leaf + 1
    std::int32_t m_lastHour = predictions::kNoTime;
    std::int64_t m_lastUnit = 0;
    metrics::RowLoss m_losses[2];
};

} // namespace countersign::scoretables
