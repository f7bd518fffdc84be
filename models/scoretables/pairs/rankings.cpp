#include "models/scoretables/pairs/rankings.h"

#include "models/scoretables/build/two.h"

#include <bit>
#include <cmath>

namespace countersign::scoretables {

namespace {

// Positives and negatives side by side.
Two swapped(Two pair) { return __builtin_shufflevector(pair, pair, 1, 0); }

/// A cell on its way down the scores, as metrics::Ranking is, to the last bit; half as long because it works in pairs and has no
/// branch that depends on the rows.
struct alignas(128) Running {
    Two block{0, 0};      ///< of one score: positives, negatives
    Two above{0, 0};      ///< before the block
    Two squares{0, 0};    ///< of positives, of negatives
    Two areas{0, 0};      ///< area, precisions
    Two opposite{0, 0};   ///< of the cell: all negatives, all positives
    Two gap{0, 0};        ///< the largest so far, and its score
    double score = 0;     ///< of the block

    void close()
    {
        const Two beside = swapped(block);
        const Two opposed = swapped(above) + 0.5 * beside; // negatives above, positives above
        squares += block * opposed * opposed;
        above += block;
        const double rows = above[0] + above[1];
        areas += beside * Two{opposed[1], above[0] / (rows > 0 ? rows : 1)};
        const Two heights = above * opposite;
        const double distance = std::fabs(heights[0] - heights[1]);
        gap = Two{distance, distance} > Two{gap[0], gap[0]} ? Two{distance, score} : gap;
        block = Two{0, 0};
    }
};

/// What only weights need to be kept apart from sums: Σ w² of positives and negatives, and rows.
struct Weighed {
    Two squares{0, 0};
    std::uint64_t rows = 0;
};

constexpr Two kUnits[2] = {{0, 1}, {1, 0}}; ///< a negative row, a positive one

/// Rows of one cell, where leaves are in one cell each: leaves that are not asked for go to a cell of their own, behind the others.
struct InOneCell {
    std::vector<std::uint32_t> cellOf;

    template<class Use>
    void forEachOf(std::uint32_t leaf, const Use &use) const
    {
        use(cellOf[leaf]);
    }
};
struct InSeveralCells {
    const FamilyCells &cells;
    std::span<const std::uint8_t> isLeafIn;

    template<class Use>
    void forEachOf(std::uint32_t leaf, const Use &use) const
    {
        const std::uint32_t end = isLeafIn.empty() || isLeafIn[leaf] ? cells.first[leaf + 1] : 0;
        for (std::uint32_t m = cells.first[leaf]; m < end; ++m)
            use(cells.members[m]);
    }
};

class Pass
{
public:
    Pass(const Table &table, const FamilyCells &cells, const std::vector<metrics::Counts> &totals)
        : m_table(table), m_running(cells.cells.size() + 1), m_weighed(table.weights().empty() ? 0 : m_running.size())
    {
        for (std::size_t c = 0; c < totals.size(); ++c)
            m_running[c].opposite = Two{totals[c].negatives(), totals[c].positives()};
    }

    template<class Where>
    void run(const Where &where)
    {
        if (!m_table.weights().empty())
            walk(where, [this](std::uint32_t cell, std::size_t i) { addWeighted(cell, i); });
        else if (!m_table.counts().empty())
            walk(where, [this](std::uint32_t cell, std::size_t i) { m_running[cell].block += kUnits[m_codes[i] & 1U] * m_table.counts()[i]; });
        else
            walk(where, [this](std::uint32_t cell, std::size_t i) { m_running[cell].block += kUnits[m_codes[i] & 1U]; });
    }

    metrics::Ranking result(std::size_t cell)
    {
        Running &own = m_running[cell];
        own.close();
        metrics::Ranking ranking;
        ranking.begin(own.opposite[1], own.opposite[0]);
        ranking.score = own.score;
        ranking.above = own.above[0];
        ranking.below = own.above[1];
        ranking.area = own.areas[0];
        ranking.precisions = own.areas[1];
        ranking.squaresOfPositives = own.squares[0];
        ranking.squaresOfNegatives = own.squares[1];
        ranking.gap = own.gap[0];
        ranking.gapAt = own.gap[1];
        const bool isWeighed = !m_weighed.empty();
        ranking.weightsOfPositives = isWeighed ? m_weighed[cell].squares[0] : own.above[0];
        ranking.weightsOfNegatives = isWeighed ? m_weighed[cell].squares[1] : own.above[1];
        ranking.rows = isWeighed ? m_weighed[cell].rows : static_cast<std::uint64_t>(own.above[0] + own.above[1]);
        return ranking;
    }

private:
    void addWeighted(std::uint32_t cell, std::size_t i)
    {
        const Two side = kUnits[m_codes[i] & 1U];
        m_running[cell].block += side * m_table.weights()[i];
        m_weighed[cell].squares += side * m_table.squaresOf(i);
        m_weighed[cell].rows += m_table.rowsOf(i);
    }

    template<class Where, class Add>
    void walk(const Where &where, const Add &add)
    {
        m_running.size() <= 64 ? walkRuns(where, add) : walkRows(where, add);
    }

    /// Few cells: rows of one score often share one. What a score touched is closed behind it.
    template<class Where, class Add>
    void walkRuns(const Where &where, const Add &add)
    {
        const double *scores = m_table.scores().data();
        for (std::size_t i = 0; i < m_table.size();) {
            const double score = scores[i];
            std::uint64_t touched = 0;
            do {
                where.forEachOf(leafOf(m_codes[i]), [&](std::uint32_t cell) {
                    touched |= 1ULL << cell;
                    add(cell, i);
                });
            } while (++i < m_table.size() && scores[i] == score);
            for (; touched != 0; touched &= touched - 1) {
                Running &cell = m_running[static_cast<std::size_t>(std::countr_zero(touched))];
                cell.score = score;
                cell.close();
            }
        }
    }

    /// Many cells: nearly every row is the first of its score in its cell, and closes what was before.
    template<class Where, class Add>
    void walkRows(const Where &where, const Add &add)
    {
        const double *scores = m_table.scores().data();
        for (std::size_t i = 0; i < m_table.size(); ++i)
            where.forEachOf(leafOf(m_codes[i]), [&](std::uint32_t cell) {
                Running &own = m_running[cell];
                if (scores[i] != own.score) [[likely]] {
                    own.close();
                    own.score = scores[i];
                }
                add(cell, i);
            });
    }

    const Table &m_table;
    const std::uint32_t *m_codes = m_table.codes().data();
    std::vector<Running> m_running; ///< by cell; the last one is nobody's
    std::vector<Weighed> m_weighed;
};

} // namespace

std::vector<metrics::Ranking> rank(const Table &table, const FamilyCells &cells, const std::vector<metrics::Counts> &totals,
                                   std::span<const std::uint8_t> isLeafIn)
{
    Pass pass(table, cells, totals);
    const bool isOneCell = cells.members.size() + 1 == cells.first.size(); // members are by leaf then
    if (isOneCell) {
        InOneCell where{cells.members};
        for (std::size_t leaf = 0; leaf < isLeafIn.size(); ++leaf)
            if (!isLeafIn[leaf])
                where.cellOf[leaf] = static_cast<std::uint32_t>(cells.cells.size());
        pass.run(where);
    } else {
        pass.run(InSeveralCells{cells, isLeafIn});
    }
    std::vector<metrics::Ranking> rankings;
    for (std::size_t c = 0; c < cells.cells.size(); ++c)
        rankings.push_back(pass.result(c));
    return rankings;
}

namespace {

/// Rows of a cell that share a rounded score, and what was above.
struct Step {
    double score = 0;
    double positives = 0;
    double negatives = 0;
    double above = 0; ///< positives
    double below = 0; ///< negatives
    double squares = 0; ///< Σ w² of its positives
    double rows = 0;    ///< positive ones

    void add(bool isPositiveRow, double weight, double ownSquares, std::uint64_t count)
    {
        (isPositiveRow ? positives : negatives) += weight;
        squares += isPositiveRow ? ownSquares : 0;
        rows += isPositiveRow ? static_cast<double>(count) : 0;
    }

    void close(const metrics::Counts &total, RankBounds &bounds)
    {
        const double allPositives = total.positives();
        const double allNegatives = total.negatives();
        if (allPositives > 0 && allNegatives > 0) {
            // Every pair within the step may be the one way or the other; ties counted it half.
            bounds.auc += 0.5 * positives * negatives / (allPositives * allNegatives);
            // Between its ends the curve may run along either side of the step.
            bounds.ks = std::max({bounds.ks, positives / allPositives, negatives / allNegatives});
        }
        if (positives > 0) {
            const double most = (above + positives) / (above + positives + below);
            bounds.averagePrecision += positives / allPositives * std::max(0.0, most - std::min(most, leastPrecision()));
        }
        above += positives;
        below += negatives;
        positives = negatives = squares = rows = 0;
    }

    /// The least mean precision that its positives can have: all of its negatives come first then. Precision rises from one positive to the next,
    /// so their mean is no less than its integral over their weights, nor than what the first of them has, if all weigh the same.
    double leastPrecision() const
    {
        const double ahead = below + negatives;
        const double integral = ahead > 0 ? 1 - ahead / positives * std::log1p(positives / (above + ahead)) : 1;
        const double first = positives / rows;
        const bool isEven = squares * rows <= positives * positives * (1 + 4e-16);
        return isEven ? std::max(integral, (above + first) / (above + first + ahead)) : integral;
    }
};

} // namespace

std::vector<RankBounds> rankBounds(const Table &table, const FamilyCells &cells, const std::vector<metrics::Counts> &totals)
{
    std::vector<RankBounds> bounds(cells.cells.size());
    std::vector<Step> steps(cells.cells.size());
    for (std::size_t i = 0; i < table.size(); ++i) {
        const std::uint32_t code = table.codes()[i];
        for (std::uint32_t m = cells.first[leafOf(code)]; m < cells.first[leafOf(code) + 1]; ++m) {
            Step &step = steps[cells.members[m]];
            if (table.scores()[i] != step.score) {
                step.close(totals[cells.members[m]], bounds[cells.members[m]]);
                step.score = table.scores()[i];
            }
            step.add(isPositive(code), table.weightOf(i), table.squaresOf(i), table.rowsOf(i));
        }
    }
    for (std::size_t c = 0; c < steps.size(); ++c)
        steps[c].close(totals[c], bounds[c]);
    return bounds;
}

} // namespace countersign::scoretables
