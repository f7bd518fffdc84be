#pragma once

#include "models/computed/computedset.h"
#include "models/scoretables/families.h"

#include <functional>
#include <optional>

namespace countersign::computed {

/// Figures of all cells of a table, and what groups differ by. The table can be asked again with other parameters.
/// Invalid: a threshold for a table without scores, a family or reference that names no attribute.
Result<ComputedSet> compute(const Table &table, const Parameters &parameters, const Progress &progress = {});

/// Called with the table of a log of two outcomes while it is at hand: to keep it, or a summary of its scores, for later questions.
using TableUse = std::function<void(const Table &table)>;

/// From a file to figures; with drift where `parameters.reference` names windows, or where there is another log as reference (drifts.h).
Result<ComputedSet> computeLog(predictions::LogReader reader, const predictions::Mapping &mapping, const Parameters &parameters,
                               const predictions::ReadOptions &options = {}, const TableUse &use = {},
                               std::optional<predictions::LogReader> reference = std::nullopt);

/// The same for logs larger than memory or from a pipe (boundedtable.h). `scoreStep` 0: as exact as memory allows. Impact ratios, delays of
/// labels and drift are counted as rows pass, exactly while their different values fit, else with error bounds or not at all;
/// ComputedSet::notes says so.
Result<ComputedSet> computeBounded(predictions::LogReader reader, const predictions::Mapping &mapping, const Parameters &parameters,
                                   const predictions::ReadOptions &options = {}, double scoreStep = 0, const TableUse &use = {},
                                   std::optional<predictions::LogReader> reference = std::nullopt);

/// Figures that follow from counts alone, in the order of metrics::kBinaryMetrics.
std::vector<NamedFigure> countFigures(const metrics::Counts &counts, const metrics::Options &options, bool hasLabels = true);

/// Confusion counts of cells when leaves are counted at a threshold (nullopt: the log's decisions) and only leaves of some time
/// are taken: what a slider and a brush ask for.
struct Selection {
    std::optional<double> threshold;
    std::optional<std::int64_t> firstUnit; ///< of time, both included
    std::optional<std::int64_t> lastUnit;
    /// Whom groups are compared with, instead of Parameters::references; of Interactive.
    std::vector<std::pair<std::string, std::string>> references = {};
    std::optional<bool> isReferenceOverall = {}; ///< instead of Parameters::isReferenceOverall; of Interactive
};
std::vector<metrics::Counts> leafCounts(const Table &table, const Selection &selection);
/// 1 for leaves that a selection of time takes.
std::vector<std::uint8_t> leavesIn(const Table &table, const Selection &selection);

} // namespace countersign::computed
