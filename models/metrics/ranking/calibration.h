#pragma once

#include "models/metrics/figure.h"
#include "models/metrics/sums.h"

#include <cmath>
#include <span>
#include <vector>

/// How far scores taken as probabilities are from outcomes: log loss, Brier, calibration error, reliability curve.
namespace countersign::metrics {

/// 2^-52: the clip of log loss (scikit-learn >= 1.3).
inline constexpr double kProbabilityClip = 2.220446049250313e-16;

/// What one row costs, computed once and added to all the cells it belongs to.
struct RowLoss {
    double logLoss = 0;
    double squaredError = 0;
    bool isProbability = true;
};
/// -ln of the probability given to what happened (clipped to [2^-52, 1 − 2^-52]) and (score − outcome)².
/// A score outside [0, 1] is not a probability; it costs nothing here and turns the figures off.
inline RowLoss rowLoss(double score, bool positive)
{
    if (!(score >= 0 && score <= 1))
        return {0, 0, false};
    const double p = score < kProbabilityClip ? kProbabilityClip : score > 1 - kProbabilityClip ? 1 - kProbabilityClip : score;
    const double miss = positive ? 1 - score : score;
    return {-std::log(positive ? p : 1 - p), miss * miss, true};
}

/// Sums of a cell; any order, mergeable. Trivially copyable.
struct Losses {
    Sum weight;
    Sum positives;         ///< weight of positive rows
    Sum logLoss;
    Sum squaredError;
    Sum scores;            ///< weighted, for calibration in the large
    double logLossSquares = 0;      ///< Σ w l², for the interval
    double squaredErrorSquares = 0; ///< Σ w e⁴
    double weightSquares = 0;
    double scoreSquares = 0;           ///< Σ w score²
    double squaredErrorOfPositives = 0; ///< Σ w e² of positive rows
    std::uint64_t rows = 0;
    std::uint64_t outside = 0; ///< rows whose score is not a probability

    void add(const RowLoss &loss, double score, bool positive, double rowWeight = 1)
    {
        if (rowWeight > 0)
            addRows(loss, score, positive, rowWeight, rowWeight * rowWeight, 1);
    }
    /// Rows of one score and label: their weights, the squares of these, and how many there are.
    void addRows(const RowLoss &loss, double score, bool positive, double weights, double squares, std::uint64_t count)
    {
        weight.add(weights);
        positives.add(positive ? weights : 0.0);
        logLoss.add(weights * loss.logLoss);
        squaredError.add(weights * loss.squaredError);
        scores.add(weights * score);
        logLossSquares += weights * loss.logLoss * loss.logLoss;
        squaredErrorSquares += weights * loss.squaredError * loss.squaredError;
        weightSquares += squares;
        scoreSquares += weights * score * score;
        squaredErrorOfPositives += positive ? weights * loss.squaredError : 0.0;
        rows += count;
        outside += loss.isProbability ? 0 : count;
    }
    void add(double score, bool positive, double rowWeight = 1) { add(rowLoss(score, positive), score, positive, rowWeight); }
    void merge(const Losses &other);
    /// What is left without a part that was merged before.
    Losses without(const Losses &part) const;
    /// Rows that an unweighted sample would need to be as precise (Kish 1965), per row: 1 without weights.
    double effectiveShare() const;
};

/// Mean, interval by normal theory. A score outside [0, 1]: undefined (NotAProbability, `excluded` counts them). Single class: defined.
Figure logLoss(const Losses &losses, const Options &options = {});
Figure brier(const Losses &losses, const Options &options = {});
/// 1 − Brier / (prevalence × (1 − prevalence)); one class: undefined. Interval: delta method on the mean squared error and the
/// prevalence with their covariance, on the scale of ln(1 − skill), which cannot leave the range (Bradley, Schwartz and Hashino 2008).
Figure brierSkill(const Losses &losses, const Options &options = {});
/// Mean score − prevalence: a mean of differences, so by normal theory.
Figure calibrationInTheLarge(const Losses &losses, const Options &options = {});
/// Mean score, also of scores that are no probabilities, by normal theory.
Figure meanScore(const Losses &losses, const Options &options = {});

/// One bin of a reliability curve, weighted.
struct CalibrationBin {
    double weight = 0;
    double positives = 0;
    double scores = 0;   ///< Σ w × score
    std::uint64_t rows = 0;

    void add(double score, bool positive, double rowWeight = 1)
    {
        weight += rowWeight;
        positives += positive ? rowWeight : 0.0;
        scores += rowWeight * score;
        rows += rowWeight > 0 ? 1U : 0U;
    }
    void merge(const CalibrationBin &other)
    {
        weight += other.weight;
        positives += other.positives;
        scores += other.scores;
        rows += other.rows;
    }
    bool operator==(const CalibrationBin &) const = default;
};

/// Equal width on [0, 1], left-closed: min(floor(bins × score), bins − 1). The score is a probability.
inline int widthBin(double score, int bins)
{
    const int bin = static_cast<int>(score * bins);
    return bin < bins ? bin : bins - 1;
}
/// Inner edges of `bins` bins of equal mass: quantiles (linear interpolation, Hyndman and Fan 1996 type 7) of ascending
/// reference scores, duplicates merged. Fewer edges than bins − 1 when scores repeat.
std::vector<double> massEdges(std::span<const double> ascending, int bins);
/// Left-closed: the number of inner edges <= score.
int edgeBin(double score, std::span<const double> innerEdges);

/// Σ weight share × |observed rate − mean score| over non-empty bins; `at` is the number of bins M, empty ones included.
/// `outside` > 0 rows that are no probabilities turn it off. `effectiveShare`: see Losses, for weighted rows.
///
/// Interval. The estimate is too high when calibration is good, since noise in a bin counts whichever way it goes; an interval around it
/// would miss 0. So each limit is one that holds: with g the true gaps and e their errors, Σ w |g + e| <= Σ w |g| + Σ w |e|
/// bounds the truth from below, and Σ w |g| = Σ w sign(g) (g + e) − Σ w sign(g) e from above with the variance of a sum of
/// normal errors. |e| is folded normal (mean σ √(2/π), Leone, Nelson and Nottingham 1961); where a gap is beyond three of its
/// errors its sign is known and e stays normal. σ² = p (1 − p) / n of the bin, one half added to both counts.
Figure calibrationError(std::span<const CalibrationBin> bins, std::uint64_t outside = 0, const Options &options = {}, double effectiveShare = 1);
/// Largest such gap. Lower limit: the largest of the bins' lower limits that hold together (Wilson at Šidák's level); upper limit: the
/// largest upper one at the plain level, as the bin that truly has the largest gap is one bin.
Figure maximumCalibrationError(std::span<const CalibrationBin> bins, std::uint64_t outside = 0, const Options &options = {},
                               double effectiveShare = 1);

struct ReliabilityPoint {
    double meanScore = 0;
    Figure observed; ///< share of positives with its Wilson interval
};
/// One point per non-empty bin.
std::vector<ReliabilityPoint> reliability(std::span<const CalibrationBin> bins, const Options &options = {});

} // namespace countersign::metrics
