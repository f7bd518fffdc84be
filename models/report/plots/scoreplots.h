#pragma once

#include "models/metrics/ranking/calibration.h"
#include "models/metrics/ranking/ranking.h"
#include "models/report/plotspec.h"

#include <span>

/// What scores do: ROC and precision–recall (C7), calibration (C8), density by group (C9), metrics over the threshold (C10), and
/// the frontier of accuracy and disparity.
namespace countersign::report {

enum class CurveKind { Roc, PrecisionRecall };

/// One place on a ROC or precision–recall curve, with a pointwise interval of its y where there is one.
struct RocPoint {
    double threshold = 0; ///< score >= threshold is positive; +∞ at the start
    double x = 0;         ///< FPR, or recall
    double y = 0;         ///< TPR, or precision
    std::optional<double> lower;
    std::optional<double> upper;
};

struct RocGroup {
    std::string name;
    std::vector<RocPoint> points; ///< by descending threshold
    metrics::Figure area;         ///< AUC, or average precision
    std::int64_t n = 0;
    std::int64_t positives = 0;
    std::optional<double> threshold; ///< the operating point; unset: none is marked
    bool isReference = false;
    std::optional<std::size_t> slot{}; ///< as of PlotSeries
};

struct RocInput {
    std::string id;
    std::string title; ///< empty: the finding in words
    CurveKind kind = CurveKind::Roc;
    std::vector<RocGroup> groups;
    std::optional<double> baseRate; ///< precision of a coin: of everybody. Precision–recall only
};
PlotSpec rocPlot(const RocInput &input);
/// The points of a curve, ready to draw, from counts: `points` of metrics::Curve::rocPoints or precisionRecallPoints, and the
/// class totals.
std::vector<RocPoint> rocPoints(std::span<const metrics::CurvePoint> points, double positives, double negatives, CurveKind kind);

struct CalibrationGroup {
    std::string name;
    std::vector<metrics::ReliabilityPoint> bins;
    bool isReference = false;
    std::optional<std::size_t> slot{};
};
/// How many scores lie in [from, to).
struct ScoreBin {
    double from = 0;
    double to = 0;
    double count = 0;
};
struct CalibrationInput {
    std::string id;
    std::string title;
    std::vector<CalibrationGroup> groups;
    std::vector<ScoreBin> histogram;  ///< the strip below; empty: none
    std::optional<metrics::Figure> error; ///< expected calibration error, for the sentence
    std::uint64_t minimumN = 0;       ///< bins with fewer rows are hollow
};
PlotSpec calibrationPlot(const CalibrationInput &input);

struct DensityGroup {
    std::string name;
    std::vector<double> counts; ///< (weighted) rows by bin, one fewer than edges
    std::int64_t n = 0;
    bool isReference = false;
    std::optional<std::size_t> slot{};
};
struct DensityInput {
    std::string id;
    std::string title;
    std::string scoreName = "score";
    std::vector<double> edges; ///< ascending
    std::vector<DensityGroup> groups;
    double threshold = 0.5;
    double step = 0; ///< of the handle; 0: a bin's width
    bool isMovable = true;
    std::uint64_t minimumN = 0;
};
/// Densities, not counts: every group's outline encloses an area of 1. Shares left and right of the threshold are exact where it stands
/// on an edge of a bin.
PlotSpec densityPlot(const DensityInput &input);

/// One metric for many thresholds.
struct ThresholdLine {
    std::string name;
    std::vector<std::pair<double, double>> values; ///< threshold, value; NaN where undefined; ascending
    std::optional<double> lowerLimit;
    std::optional<double> upperLimit;
};
struct ThresholdInput {
    std::string id;
    std::string title;
    std::vector<ThresholdLine> lines;
    double threshold = 0.5; ///< the handle
    std::optional<double> chosen; ///< the cut in use, marked where it differs from the handle
    double step = 0.01;
    bool isMovable = true;
};
PlotSpec thresholdPlot(const ThresholdInput &input);

/// One choice on the way between accuracy and equality.
struct FrontierPoint {
    double disparity = 0;
    double performance = 0;
    std::optional<double> threshold;
    bool isOnFrontier = true; ///< no other is better in both
    bool isCurrent = false;   ///< in use today
    bool isChosen = false;
    std::string note;
};
struct FrontierInput {
    std::string id;
    std::string title;
    std::string disparityName;   ///< "Selection rate difference, lower is better"
    std::string performanceName; ///< "Balanced accuracy, higher is better"
    std::vector<FrontierPoint> points;
    std::optional<double> disparityLimit;
};
PlotSpec frontierPlot(const FrontierInput &input);

} // namespace countersign::report
