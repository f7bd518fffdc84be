#pragma once

#include "models/computed/computedset.h"
#include "models/metrics/drift/numberreference.h"

#include <functional>

/// Internal to models/computed: what drift of rows in memory and drift of rows that pass by have in common.
namespace countersign::computed {

struct DriftColumn {
    std::string name;
    DriftRole role = DriftRole::Number;
    int index = 0; ///< of Chunk::codes for categories, else of Chunk::numbers
    int inReference = -1; ///< the same in another log that is the reference, whose columns have places of their own: it is read without weights and times
};
/// In the order of results; each name once among categories and once among numbers.
std::vector<DriftColumn> driftColumnsOf(const predictions::Schema &schema);

/// Those with these names, in their order; of no names, all. Invalid: a column that is not there.
Result<std::vector<DriftColumn>> chosenColumns(const predictions::Schema &schema, const std::vector<std::string> &names);
/// Sets inReference. Invalid: a column that is not there.
Status findInReference(const predictions::Schema &reference, std::vector<DriftColumn> &columns);

/// A window, or all rows that are not the reference: which units it is made of.
struct DriftSpan {
    std::optional<ComputedWindow> window;
    std::vector<std::uint32_t> units;
    bool isReference = false;
};
/// The windows of a log, and the units that are the reference.
struct DriftSpans {
    std::vector<DriftSpan> spans; ///< all rows first
    std::vector<std::uint32_t> reference; ///< empty: another log is
};
/// `units`: a leaf a unit, of everybody. Invalid: no windows, or none of the reference's name.
Result<DriftSpans> spansOf(const Table &units, const Parameters &parameters, bool hasReferenceLog);

/// The categories that a column is compared by. Of more than kMostCategories the most frequent ones of the reference, and one for all others.
struct Categories {
    std::vector<std::string> names; ///< by bin
    bool hasRest = false;           ///< the last name is that of all others

    /// From the texts of both logs by code, of which [0] is missing. `countAll`: rows of the reference by bin of the categories that it is given, which are all.
    static Categories of(const std::vector<std::string> &own, const std::vector<std::string> &other,
                         const std::function<std::vector<std::uint64_t>(const Categories &all)> &countAll);
    /// Of a log's codes; missing has the bin after the last.
    std::vector<std::uint32_t> binsOf(const std::vector<std::string> &texts) const;
};

/// An entry a span, without figures.
std::vector<ComputedDrift> startedDrifts(const DriftSpans &spans, const DriftColumn &column);

/// Figures of `drift.counts` against the reference's, in their order.
void addNumberFigures(const metrics::BinCounts &reference, const metrics::NumberReference::Distances &distances, std::uint64_t infinite,
                      const metrics::Options &options, ComputedDrift &drift);
/// On the categories that reference or window have: what only other windows have says nothing about these two.
void addCategoryFigures(const metrics::BinCounts &reference, const metrics::Options &options, ComputedDrift &drift);

} // namespace countersign::computed
