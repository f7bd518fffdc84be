#pragma once

#include "models/computed/compute.h"

#include <memory>

/// Figures while a hand moves: a threshold, a brush over time, another reference group; from a table in memory, within a few
/// hundredths of a second for 10^7 rows.
namespace countersign::computed {

/// Keeps what does not change from one movement to the next. Belongs to one thread at a time; different objects may share a table.
///
///     auto hand = Interactive::make(table, parameters);     // once a table and a choice of families
///     hand->prepare();                                      // optional: what the first brush would otherwise wait for
///     auto set = hand->figures({0.42, firstUnit, lastUnit}); // as often as the hand moves
class Interactive
{
public:
    /// Of `parameters` count: families (those by window are left out; none named: everybody and each attribute up to `depth`),
    /// options, the smallest group, references, draws and seed, threads. Invalid: as compute().
    static Result<Interactive> make(std::shared_ptr<const Table> table, Parameters parameters);
    ~Interactive();
    Interactive(Interactive &&) noexcept;
    Interactive &operator=(Interactive &&) noexcept;

    /// Does in advance what the first brush would do: passes over all rows (0.5 s for 10^7 rows and 52 weeks). Cancelled: nothing is lost.
    Status prepare(const Progress &progress = {});

    /// Cells (everybody first), disparities and comparisons of the rows that the selection takes, as compute() gives them with the same
    /// parameters for a log of these rows, but for:
    /// - worst slices are left out;
    /// - under a brush, where the table has more than half a million rows, `ks` and `average_precision` are left out (they need the whole
    ///   order of scores again), and DeLong's variance is that of the rows counted in some hundred steps of score (mostly within 0.1 %
    ///   of its own value). The AUC itself is exact, and so is all else.
    /// Logs in bounded mode keep their scoreStep; the AUC is that of rounded scores, without its bound.
    /// Invalid: a threshold without scores, a reference that is no group.
    Result<ComputedSet> figures(const Selection &selection);

    const Table &table() const;
    /// First and last unit of time that the table has; nothing without windows or times. What a brush can be moved over.
    std::optional<std::pair<std::int64_t, std::int64_t>> units() const;

private:
    struct State;
    explicit Interactive(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace countersign::computed
