#pragma once

#include "models/computed/computedset.h"

namespace countersign::computed {

/// Figures of logs with several classes or with amounts: the same windows and cells, disparities and comparisons, from the columns in
/// memory. Nothing is kept for thresholds, as there are none. Consumes the log.
///
/// Classes: confusion matrix (labels by rows, in the order of ComputedSet::classes), accuracy, balanced accuracy, MCC, kappa,
/// precision, recall and F1 averaged three ways and per class ("precision.low"); with a score for each class also AUC one against
/// the rest ("auc.low", "auc_ovr_macro", "auc_ovr_weighted") and one against one, log loss and Brier score.
/// Disparities: accuracy, error rate, balanced accuracy, macro F1, AUC averages, losses; each class against the others
/// ("demographic_parity_difference.low", "equal_opportunity_ratio.low", "equalized_odds_difference.low" …).
/// Amounts: RMSE, MAE, mean error, R squared, MAPE, WAPE, sMAPE; disparities of RMSE, MAE, mean error and R squared.
/// Worst slices by accuracy, error_rate, log_loss, brier; by mae, mean_error, rmse.
/// Invalid: no label or nothing predicted.
Result<ComputedSet> computeClasses(predictions::PredictionLog &&log, const Parameters &parameters, const Progress &progress = {});
Result<ComputedSet> computeAmounts(predictions::PredictionLog &&log, const Parameters &parameters, const Progress &progress = {});

} // namespace countersign::computed
