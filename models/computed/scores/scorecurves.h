#pragma once

#include "models/computed/scores/scoresummary.h"

/// What is drawn from a score summary: curves, calibration, density, and figures along the threshold. Exact at the bins' edges.
namespace countersign::computed {

/// Decisions of a group when score >= threshold is positive.
struct CountsAt {
    metrics::Counts counts; ///< at `threshold`
    double threshold = 0;   ///< the edge taken: the one asked for, else the next higher one; +infinity selects nobody
    double uncertain = 0;   ///< weight of rows between the threshold asked for and the edge taken; 0: counts are exact
};
CountsAt countsAt(const ScoreSummary &summary, const ScoreGroup &group, double threshold);

/// Thresholds from the highest down, one for each bin that has rows.
metrics::ScoreTable scoreTable(const ScoreSummary &summary, const ScoreGroup &group);

/// From "nobody" to "everybody", with the interval of the rate on the upright axis at each threshold, as in a cell. Empty when a class has no rows.
struct RocPoint {
    double threshold = 0; ///< +infinity: nobody
    double fpr = 0;
    double tpr = 0;
    std::optional<metrics::Interval> limits{}; ///< of tpr
};
std::vector<RocPoint> rocPoints(const ScoreSummary &summary, const ScoreGroup &group, const metrics::Options &options = {});

/// By rising recall. Empty when there are no positives.
struct PrecisionRecallPoint {
    double threshold = 0;
    double recall = 0;
    double precision = 0;
    std::optional<metrics::Interval> limits{}; ///< of precision
};
std::vector<PrecisionRecallPoint> precisionRecallPoints(const ScoreSummary &summary, const ScoreGroup &group, const metrics::Options &options = {});

/// `bins` bins with as equal a weight as the edges allow, none empty. A mean score is known to half a bin (0.0005) and said with its
/// share of positives. Empty unless scores are probabilities with labels.
struct CalibrationPoint {
    double from = 0;
    double to = 0;
    double meanScore = 0;
    double weight = 0;
    metrics::Figure observed; ///< share of positives with its Wilson interval
};
std::vector<CalibrationPoint> calibrationPoints(const ScoreSummary &summary, const ScoreGroup &group, int bins = 10,
                                                const metrics::Options &options = {});

/// Density: share of the group's weight divided by the step's width. Equal width; of other binnings about `steps` steps of whole bins.
struct DensityStep {
    double from = 0;
    double to = 0;
    double density = 0;
    double share = 0;
};
std::vector<DensityStep> densitySteps(const ScoreSummary &summary, const ScoreGroup &group, int steps = 50);

/// Rates along the threshold, lowest first, about `steps` of them and "nobody" excluded; nothing where a rate is undefined.
struct ThresholdPoint {
    double threshold = 0;
    std::optional<double> tpr;
    std::optional<double> fpr;
    std::optional<double> precision;
    std::optional<double> selectionRate;
    std::optional<double> accuracy;
};
std::vector<ThresholdPoint> thresholdSweep(const ScoreSummary &summary, const ScoreGroup &group, int steps = 200);

/// Largest minus smallest and smallest over largest of a share over groups along the threshold. Groups that are missing or under the
/// smallest size take no part.
struct SpreadPoint {
    double threshold = 0;
    std::optional<double> difference;
    std::optional<double> ratio;
};
std::vector<SpreadPoint> spreadSweep(const ScoreSummary &summary, const std::vector<const ScoreGroup *> &groups, metrics::BinaryMetric metric,
                                     const metrics::Options &options = {}, const metrics::Participation &participation = {}, int steps = 200);

} // namespace countersign::computed
