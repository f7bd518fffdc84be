#pragma once

#include "models/base/progress.h"
#include "models/computed/computedset.h"
#include "models/predictions/reader.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// Figures that were stored, computed again from the log: equal, or what differs. No workspace needed; any thread, takes as long as computing does.
namespace countersign::computed {

/// One figure, or one fact of a cell, that came out otherwise.
struct FigureDifference {
    enum class What : std::uint8_t { Value, Reason, Count, Rows, Lower, Upper, PValue, Other };
    What what = What::Value;
    std::optional<ComputedWindow> window; ///< none: the whole log
    GroupValues group;                    ///< empty: everybody, or the groups of `metric` together
    std::string metric;                   ///< "auc"; "demographic_parity_difference/sex"; "psi/income"; "tp"
    std::string stored;                   ///< as text: a number, a reason, "nothing"
    std::string recomputed;

    /// "auc, week 2025-01-06, sex=F: .7412 is stored, .7409 was computed." English.
    std::string sentence() const;
};
std::string_view whatKey(FigureDifference::What what); ///< "value", "reason", "count", "n", "lower", "upper", "p", "other"

struct Recomputation {
    Digest storedLog;
    Digest log;                     ///< of the file that was read
    std::string logName;
    int storedEngine = 0;
    int engine = kEngineVersion;
    Digest storedRows;              ///< digest of writeComputedRows() of the stored set
    Digest rows;
    std::uint64_t compared = 0;     ///< numbers looked at: values, ends of intervals, counts
    std::uint64_t differences = 0;  ///< all of them
    std::vector<FigureDifference> first; ///< the most important ones: values before counts and intervals, everybody before groups, the whole time before windows, the largest difference first

    bool isSameLog() const { return storedLog == log; }
    bool isSameEngine() const { return storedEngine == engine; }
    bool isEqual() const { return differences == 0 && storedRows == rows; }
    /// One sentence: "Equal: 20,412 numbers were computed again from the same file." English.
    std::string sentence() const;
};

struct RecomputeOptions {
    std::optional<std::filesystem::path> referenceLog; ///< needed where drift was computed against another log
    bool evenIfAnotherLog = false; ///< compute also from a file with another digest; otherwise that is an error, found before anything is computed
    bool isBounded = false;        ///< keep memory small although the stored set was not computed so
    std::size_t listed = 100;      ///< differences listed
    predictions::ReadOptions read; ///< threads, progress, cancel
};

/// With the mapping, the parameters and the score step that are stored.
/// Conflict: another file than the stored one, or another reference log. Invalid: the set was not computed from a file; the file does not fit the mapping.
/// Cancelled, Io, NotFound.
Result<Recomputation> recompute(const ComputedSet &stored, const std::filesystem::path &log, const RecomputeOptions &options = {});

/// The comparison alone; the digests of the logs are those of the sets.
Recomputation compareSets(const ComputedSet &stored, const ComputedSet &computed, std::size_t listed = 100);

} // namespace countersign::computed
