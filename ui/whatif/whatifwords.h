#pragma once

#include "models/services/computed/reweighing.h"
#include "models/services/computed/whatif.h"
#include "ui/whatif/whatifstate.h"

#include <QString>
#include <QStringList>

/// What the page says about what is tried out.
namespace countersign::pages {

/// "selected 61.0 % → 57.2 %", "accuracy …", "difference of selection rates .11 → .04 [.02, .06]", "cost +1.2 %".
QStringList changesOf(const WhatIfState &state);
/// "Threshold 0.42 instead of 0.5", "A threshold for each group instead of 0.5", "Nothing is changed yet".
QString ruleText(const WhatIfState &state);
/// A line for each group, "F: positive labels .210 [.190, .231] → .290, weights 1.381 positive, .898 negative", the rest counted; then what
/// that leaves of the difference and of the rows.
QStringList reweighedText(const services::Reweighing &reweighing);
/// "I-41 of log.csv, 12,000 cases"; a long path is cut in the middle.
QString basisText(const services::ScoredSet &set, const WhatIfState &state);
/// How exact thresholds and figures are.
QString precisionText(const services::ScoredSet &set, const WhatIfState &state);

} // namespace countersign::pages
