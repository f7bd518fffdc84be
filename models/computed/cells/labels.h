#pragma once

#include "models/computed/computedset.h"

/// Whether the truth has arrived, and how long it took.
namespace countersign::computed {

/// "labelled_share": cases with a label, out of those and the cases that were left out for want of one; Wilson. Weights are not used.
NamedFigure labelledShare(const ComputedCell &cell, const metrics::Options &options);

/// Windows with a smaller share of labels say little yet: they are drawn hollow.
inline constexpr double kMatureShare = 0.95;
/// False where nobody expects labels: the log has no column of them, or the cell no rows.
bool isImmature(const ComputedCell &cell, double matureShare = kMatureShare);

/// From prediction to label, in days, of one window or of all rows.
struct LabelDelay {
    std::optional<ComputedWindow> window;
    metrics::Figure median;   ///< `excluded`: labels that came before their prediction; they have no part in it
    metrics::Figure ninetieth;
};
/// Of logs with the time of the label (Mapping::labelTime); others have none. All rows first, then window by window.
Result<std::vector<LabelDelay>> labelDelaysOf(const predictions::PredictionLog &log, const Parameters &parameters);

/// As figures of the set's cells of everybody: "label_delay_median", "label_delay_p90".
void addLabelDelays(const std::vector<LabelDelay> &delays, ComputedSet &set);

} // namespace countersign::computed
