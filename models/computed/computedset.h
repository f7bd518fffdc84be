#pragma once

#include "models/base/json.h"
#include "models/metrics/counts.h"
#include "models/metrics/drift/drift.h"
#include "models/metrics/fairness/fairness.h"
#include "models/metrics/fairness/impactratio.h"
#include "models/metrics/intervals/bootstrap.h"
#include "models/predictions/log.h"
#include "models/scoretables/table.h"
#include "models/scoretables/windows.h"

#include <optional>
#include <string>
#include <vector>

/// Everything that was computed from a log, as plain values: what is shown, recorded, compared with a later computation.
namespace countersign::computed {

using scoretables::LeftOut;
using scoretables::Table;
using scoretables::WindowSpec;

inline constexpr std::string_view kComputedSchema = "countersign-metrics-1";

/// Raised when the same log and parameters would give other figures than before. Recorded with every set.
inline constexpr int kEngineVersion = 2;

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
    bool isReferenceOverall = false; ///< compare groups with everybody instead of with one of them
    int bootstrapDraws = 1000;   ///< 0: no intervals of max − min and min / max
    std::uint64_t seed = 20210101;
    unsigned threads = 0;        ///< changes no figure
    std::string reference;       ///< of drift: a window's name, or "FIRST..LAST"; empty with no drift or another log as reference
    std::string worstMetric;     ///< worst-slice search by this metric; empty: none
    std::size_t worstCount = 10; ///< slices listed
    std::size_t worstDepth = 2;  ///< attributes combined in the search, up to

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

/// What a column is to drift.
enum class DriftRole : std::uint8_t { Score, Number, Category };
std::string_view driftRoleKey(DriftRole role); ///< "score", "number", "category"

/// A column in the rows that others are compared with.
struct ReferenceColumn {
    std::string column;
    DriftRole role = DriftRole::Number;
    metrics::BinEdges edges;             ///< of numbers
    std::vector<std::string> categories; ///< of categories: names by bin, those that only later windows have included
    metrics::BinCounts counts;
};

/// How far a column of a window is from its reference.
struct ComputedDrift {
    std::optional<ComputedWindow> window; ///< none: all rows of the log; where windows of it are the reference, all others
    bool isReference = false;             ///< the window is the reference, or a part of it
    std::string column;
    DriftRole role = DriftRole::Number;
    metrics::BinCounts counts;            ///< in the bins of the reference column
    /// "psi", "js_divergence", "js_distance", "missing_rate", "missing_rate_change"; of numbers "ks", "wasserstein"; of categories
    /// "chi_square", "cramers_v"; "missing_rate_change_p".
    std::vector<NamedFigure> figures;
    metrics::Figure pValue;               ///< of KS or chi-square
    std::optional<double> adjustedPValue; ///< Benjamini–Hochberg over all columns and windows of the set but those of the reference
    bool isLowExpected = false;           ///< chi-square: an expected count is below 5
    int appeared = 0;                     ///< categories that the reference does not have
    int vanished = 0;
    const metrics::Figure *find(std::string_view name) const;
};

/// Selection or scoring rates with impact ratios for one attribute or a combination (metrics/impactratio.h).
struct ImpactRow {
    GroupValues group;
    metrics::CategoryImpact impact;
    // Of scoring rates, where scores were rounded (bounded mode): the exact figure is no further away than this.
    std::optional<double> rateBound = {};
    std::optional<double> ratioBound = {};
    std::optional<double> withoutSmallBound = {};
};
struct ComputedImpact {
    std::vector<std::string> attributes;
    bool isScored = false;            ///< rates are shares above the median score; else shares of positive decisions
    metrics::Figure median;           ///< of the whole sample, when scored
    std::optional<double> medianBound = {}; ///< where scores were rounded
    std::vector<ImpactRow> rows;
    std::uint64_t applicants = 0;
    std::uint64_t unknown = 0;
};

/// A combination of groups that does worse than everybody else.
struct WorstSlice {
    GroupValues group;
    std::string metric;
    metrics::Figure figure;
    metrics::Figure difference;           ///< against all other rows, signed
    metrics::Figure pValue;
    std::optional<double> adjustedPValue; ///< over all slices looked at
};

struct ComputedSet {
    int engineVersion = kEngineVersion; ///< that computed it
    predictions::LogFacts log;
    predictions::Mapping mapping;
    Parameters parameters;
    bool isThresholdApplied = false; ///< of two outcomes. False: counts are of the log's own decisions
    double threshold = 0.5;          ///< when applied
    bool isBounded = false;          ///< computed in bounded mode, which keeps no rows
    double scoreStep = 0;            ///< > 0: bounded mode, scores rounded down to multiples of this
    std::uint64_t uncertainRows = 0; ///< bounded mode, another threshold than counted for: rows in the step that it divides
    std::uint64_t smallestGroup = 0; ///< in force
    std::vector<std::string> classes; ///< of several outcomes
    std::vector<ComputedCell> cells;  ///< everybody first
    std::vector<ComputedDisparity> disparities;
    std::vector<ComputedComparison> comparisons;
    std::optional<predictions::LogFacts> referenceLog; ///< where drift is against another log
    std::vector<ReferenceColumn> referenceColumns;
    std::vector<ComputedDrift> drifts;
    std::vector<ComputedImpact> impacts;
    std::vector<WorstSlice> worst;
    std::uint64_t slicesSearched = 0;
    std::vector<std::string> notes; ///< what is not there, or not exact, because of how the set was computed: English sentences for people

    /// The cell of a group (in any order of attributes) and a window's name ("": the whole log). nullptr when there is none.
    const ComputedCell *find(const GroupValues &group, std::string_view window = {}) const;
};

/// One JSON object: schema, log, parameters, cells, disparities, comparisons; canonical (RFC 8785), so that equal sets are equal
/// bytes. Numbers that JSON does not have are null with their reason beside.
Bytes writeComputed(const ComputedSet &set);
/// The part that depends on the rows and parameters alone (all lists but names, notes and logs), for the digest that is recorded and compared.
Bytes writeComputedRows(const ComputedSet &set);
/// Both at once: writeComputed() and the digest of writeComputedRows().
struct Written {
    Bytes text;
    Digest rows;
};
Written writeWithDigest(const ComputedSet &set);
/// The digest alone, without the text in memory.
Digest digestOfRows(const ComputedSet &set);
/// The member "parameters" without the mapping.
Bytes writeParameters(const ComputedSet &set);

} // namespace countersign::computed
