#pragma once

#include "models/metrics/counts.h"
#include "models/metrics/sums.h"

#include <span>
#include <vector>

/// Metrics of a decision among more than two classes. Classes are numbered 0 … K−1 by the caller.
namespace countersign::metrics {

/// Weighted K × K confusion matrix, rows are the truth.
class ConfusionMatrix
{
public:
    explicit ConfusionMatrix(int classes);
    /// From cells counted before, row after row.
    ConfusionMatrix(int classes, std::vector<double> cells, double squares, std::uint64_t rows);

    void add(int actual, int predicted, double weight = 1);
    void merge(const ConfusionMatrix &other); ///< same number of classes

    int classes() const { return m_classes; }
    std::uint64_t rows() const { return m_rows; }
    double at(int actual, int predicted) const;
    double total() const;
    double squares() const { return m_squares; } ///< Σ w²
    double actual(int classIndex) const;    ///< row sum
    double predicted(int classIndex) const; ///< column sum
    /// One class against the rest.
    Counts against(int classIndex) const;

private:
    int m_classes;
    std::uint64_t m_rows = 0;
    double m_squares = 0;
    std::vector<double> m_cells;
};

enum class Averaging : std::uint8_t {
    Macro,    ///< plain mean over classes that occur in truth or prediction
    Micro,    ///< metric of the summed one-vs-rest counts
    Weighted, ///< mean weighted by how often a class occurs in the truth
};

/// Share of the diagonal, Wilson.
Figure accuracy(const ConfusionMatrix &matrix, const Options &options = {});
/// Mean of a one-vs-rest metric (precision, recall, F1 …). A class where it is undefined is left out and counted in `excluded`;
/// with the Fairlearn convention it counts as 0, as in scikit-learn.
/// Interval: macro recall and precision by their classes' Wilson limits (disjoint rows; Zou and Donner 2008); F1 and weighted averages
/// by the delta method on the matrix (Takahashi et al. 2022), none where it finds no variance (all right, or the convention's zeros);
/// micro precision, recall and F1 are accuracy, so Wilson.
Figure average(const ConfusionMatrix &matrix, BinaryMetric metric, Averaging averaging, const Options &options = {});
/// Mean recall over the classes present in the truth; `excluded` counts absent classes that were predicted.
Figure balancedAccuracy(const ConfusionMatrix &matrix, const Options &options = {});
/// Gorodkin 2004, R_K; delta method on the matrix. Constant truth or constant prediction: undefined.
Figure matthews(const ConfusionMatrix &matrix, const Options &options = {});
/// Cohen 1960.
Figure kappa(const ConfusionMatrix &matrix, const Options &options = {});

/// Rows with a probability for each class, row-major; `weights` empty means 1.
struct ClassScores {
    int classes = 0;
    std::span<const int> actual;
    std::span<const double> scores; ///< actual.size() × classes
    std::span<const double> weights;
};

/// AUC of one class against the rest, with its DeLong interval. All of them at once, and for many cells: classranking.h.
Figure oneVersusRestAuc(const ClassScores &scores, int classIndex, const Options &options = {});
/// Mean over classes; Weighted: by prevalence (Provost and Domingos 2000). A class without both outcomes: undefined. Micro is not defined.
Figure oneVersusRestAuc(const ClassScores &scores, Averaging averaging, const Options &options = {});
/// Mean over pairs of classes of [A(i|j) + A(j|i)] / 2; Hand and Till 2001. Weighted: pairs by their share of rows.
Figure oneVersusOneAuc(const ClassScores &scores, Averaging averaging, const Options &options = {});

/// What one row costs, computed once for all the cells that it belongs to.
struct ClassRowLoss {
    double logLoss = 0;
    double squaredError = 0;
    bool isProbability = true;
};
/// `scores` has one entry per class and is divided by its sum, as rounding leaves it slightly off 1.
ClassRowLoss classRowLoss(std::span<const double> scores, int actual);

/// Log loss and Brier score over classes; any order, mergeable.
struct ClassLosses {
    Sum weight;
    Sum logLoss;
    Sum squaredError;
    double logLossSquares = 0;
    double squaredErrorSquares = 0;
    double weightSquares = 0;
    std::uint64_t rows = 0;
    std::uint64_t outside = 0; ///< rows with a score outside [0, 1] or scores that do not sum to 1 (within 1e-4)

    void add(const ClassRowLoss &loss, double rowWeight = 1);
    void add(std::span<const double> scores, int actual, double rowWeight = 1) { add(classRowLoss(scores, actual), rowWeight); }
    void merge(const ClassLosses &other);
};
/// -mean ln p of the class that happened, clipped as in the binary case.
Figure logLoss(const ClassLosses &losses, const Options &options = {});
/// Mean over rows of Σ over classes (p − outcome)², 0 … 2 (Brier 1950).
Figure brier(const ClassLosses &losses, const Options &options = {});

} // namespace countersign::metrics
