#pragma once

#include "models/metrics/drift/drift.h"
#include "models/report/plotspec.h"

#include <span>

/// How columns have moved: ranking (C12), one column against its reference (C13), and all columns over time (C14).
namespace countersign::report {

struct RankedDrift {
    std::string column;
    metrics::Figure figure; ///< PSI, KS, …
    std::optional<double> adjustedPValue;
    std::optional<VerdictState> state;
    std::string note;
};
struct DriftRankingInput {
    std::string id;
    std::string title;
    std::string statistic = "psi"; ///< key of the figure
    std::vector<RankedDrift> columns; ///< in any order; the largest is drawn first
    std::optional<double> watch; ///< only where a policy says so
    std::optional<double> limit;
    bool isAdjusted = false; ///< p-values are adjusted for many tests (Benjamini–Hochberg)
    std::size_t most = 40;
};
PlotSpec driftRankingPlot(const DriftRankingInput &input);

struct BinsInput {
    std::string id;
    std::string title;
    std::string column;
    std::string referenceName = "reference";
    std::string currentName = "current";
    metrics::BinEdges edges;             ///< of numbers
    std::vector<std::string> categories; ///< not empty: names of categories by bin instead
    std::vector<double> reference;       ///< counts by bin
    std::vector<double> current;
    std::optional<metrics::Figure> psi;
};
/// Shares by bin: outlines for numbers, bars for categories. Bins of numbers are drawn equally wide, their edges written between them.
PlotSpec binsPlot(const BinsInput &input);
/// What each bin adds to PSI; zero shares are replaced as metrics::psi does. Empty when one side has no row.
std::vector<double> psiContributions(std::span<const double> reference, std::span<const double> current);

/// A table whose cells are judged: rows are columns of the data, columns are windows.
struct HeatCell {
    double value = std::numeric_limits<double>::quiet_NaN();
    std::optional<VerdictState> state;
    std::string note;       ///< why there is no value; more to say
    bool operator==(const HeatCell &) const = default;
};
struct HeatGrid {
    std::string title;
    std::string rowTitle; ///< head of the first column: "Feature"
    std::vector<std::string> rows;
    std::vector<std::string> columns;
    std::vector<std::vector<HeatCell>> cells; ///< by row, then column
    NumberFormat format;
    std::vector<std::string> sentences;
    bool operator==(const HeatGrid &) const = default;
};

struct DriftCell {
    std::string column;
    std::string window;
    metrics::Figure figure;
    std::optional<VerdictState> state;
};
/// Columns in the order of their largest value, windows in the order in which they first come.
HeatGrid driftGrid(const std::string &statistic, std::span<const DriftCell> cells);

} // namespace countersign::report
