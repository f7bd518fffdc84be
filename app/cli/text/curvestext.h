#pragma once

#include "models/computed/scores/scoresummary.h"

#include <string>

/// What is drawn from scores, as comma-separated values for whoever draws it elsewhere.
namespace countersign::cli {

/// A line a point: curve, slice, threshold, fpr, recall, precision, selection_rate, accuracy, mean_score, observed, lower, upper, weight.
/// Curves are "roc" and "precision_recall" (at every bin's edge), "threshold" (rates along it) and "calibration" (bins of about equal weight,
/// the threshold being the bin's lower end). Limits are Wilson's, of recall on a ROC curve, of precision beside recall, of the observed share. What a curve does not have, or what is undefined, is an empty cell.
/// Groups as the summary keeps them, everybody first. Exact at the thresholds that are written (scorecurves.h).
std::string curvesCsv(const computed::ScoreSummary &summary);

} // namespace countersign::cli
