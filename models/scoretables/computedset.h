#pragma once

#include "models/base/json.h"
#include "models/metrics/bootstrap.h"
#include "models/metrics/counts.h"
#include "models/metrics/fairness.h"
#include "models/predictions/log.h"
#include "models/scoretables/table.h"
#include "models/scoretables/windows.h"

#include <optional>
#include <string>
#include <vector>

/// Everything that was computed from a log, as plain values: what is shown, recorded, compared with a later computation.
namespace countersign::scoretables {

inline constexpr std::string_view kComputedSchema = "countersign-metrics-1";

struct Parameters {
    /// score >= threshold is a positive decision. None: the decisions that the log itself has; 0.5 where it has none.
    std::optional<double> threshold;
    WindowSpec window;
    std::size_t depth = 1;       ///< attributes combined, up to
    std::size_t windowDepth = 1; ///< the same within windows
    /// Instead of depth and windowDepth: exactly these families (everybody, whole time, is always there).
    std::vector<std::pair<std::vector<std::string>, bool>> families;
    metrics::Options options;    ///< convention, level, intervals on or off
    std::optional<std::uint64_t> smallestGroup; ///< of disparities; unset: 30, or 1 with the peers' conventions
    bool includeMissing = false; ///< let "(missing)" take part in disparities
    std::vector<std::pair<std::string, std::string>> references; ///< attribute and the value that others are compared with; else the largest group
    int bootstrapDraws = 1000;   ///< 0: no intervals of max − min and min / max
    std::uint64_t seed = 20210101;
    unsigned threads = 0;        ///< changes no figure

    bool operator==(const Parameters &) const = default;
};

struct NamedFigure {
    std::string name; ///< "accuracy", "auc", … as models/metrics names them
    metrics::Figure figure;
    std::optional<double> bound; ///< scores were rounded (bounded mode): the exact value is no further away than this
    bool operator==(const NamedFigure &) const = default;
};

struct ComputedWindow {
    Instant start{};
    Instant end{};
    std::string name;   ///< "2025-01-06", "2025-Q1"; of rolling windows the last unit's; "(no time)"
    bool hasTime = true;
    bool operator==(const ComputedWindow &) const = default;
};

using GroupValues = std::vector<std::pair<std::string, std::string>>; ///< attribute and value; missing is kMissingName
inline constexpr std::string_view kMissingName = "(missing)";

struct ComputedCell {
    std::optional<ComputedWindow> window; ///< none: the whole log
    GroupValues group;                    ///< empty: everybody
    std::uint64_t n = 0;                  ///< rows that figures are of
    metrics::Counts counts;               ///< of two outcomes
    std::vector<double> confusion;        ///< of several: by class of the label, then of the prediction
    LeftOut leftOut;
    std::vector<NamedFigure> metrics;
    /// nullptr when there is none of that name.
    const metrics::Figure *find(std::string_view name) const;
};

/// A group against the reference, signed.
struct Pairwise {
    GroupValues group;
    metrics::Figure difference;
    metrics::Figure ratio;
    metrics::Figure pValue;                ///< of "both shares are equal"
    std::optional<double> adjustedPValue;  ///< Benjamini–Hochberg over all pairs of the set
};

struct ComputedDisparity {
    std::optional<ComputedWindow> window;
    std::vector<std::string> attributes;
    std::string name;     ///< "demographic_parity_difference", …
    std::string metric;   ///< "selection_rate"; "equalized_odds"
    metrics::Figure figure;
    GroupValues highest;  ///< who decided it; empty when undefined
    GroupValues lowest;
    int used = 0;         ///< groups that took part
    int small = 0;        ///< left out: fewer rows than the smallest size
    int missing = 0;
    int undefined = 0;
};

struct ComputedComparison {
    std::optional<ComputedWindow> window;
    std::vector<std::string> attributes;
    std::string metric;
    GroupValues reference;
    std::vector<Pairwise> pairs;
};

struct ComputedSet {
    predictions::LogFacts log;
    predictions::Mapping mapping;
    Parameters parameters;
    bool isThresholdApplied = false; ///< of two outcomes. False: counts are of the log's own decisions
    double threshold = 0.5;          ///< when applied
    double scoreStep = 0;            ///< > 0: bounded mode, scores rounded down to multiples of this
    std::uint64_t uncertainRows = 0; ///< bounded mode, another threshold than counted for: rows in the step that it divides
    std::uint64_t smallestGroup = 0; ///< in force
    std::vector<std::string> classes; ///< of several outcomes
    std::vector<ComputedCell> cells;  ///< everybody first
    std::vector<ComputedDisparity> disparities;
    std::vector<ComputedComparison> comparisons;

    /// The cell of a group (in any order of attributes) and a window's name ("": the whole log). nullptr when there is none.
    const ComputedCell *find(const GroupValues &group, std::string_view window = {}) const;
};

/// One JSON object: schema, log, parameters, cells, disparities, comparisons; canonical (RFC 8785), so that equal sets are equal
/// bytes. Numbers that JSON does not have are null with their reason beside.
Bytes writeComputed(const ComputedSet &set);
/// The part that depends on the rows and parameters alone (cells, disparities, comparisons), for the digest that is recorded and compared.
Bytes writeComputedRows(const ComputedSet &set);

} // namespace countersign::scoretables
