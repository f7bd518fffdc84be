#pragma once

#include "models/computed/computedset.h"
#include "models/metrics/figure.h"

#include <QString>

/// How tables write computed figures.
namespace countersign::items {

/// ".742", "1,234.5": fixed digits. Nothing rounds to a bare 0 but 0 itself: "< .001", "> −.001".
QString numberText(double value);
/// ".742"; "undefined" where there is no value, "∞" where the formula diverges.
QString figureValue(const metrics::Figure &figure);
/// ".742 ± .003" where scores were rounded and the exact figure is no further away than `bound`; without one as figureValue().
QString boundedFigure(const metrics::Figure &figure, const std::optional<double> &bound);
/// "[.700, .780]"; empty without an interval.
QString figureInterval(const metrics::Figure &figure);
/// Why there is no value, as a sentence: "No row is labelled positive."; empty for a value.
QString figureReason(const metrics::Figure &figure);
/// ".742 [.700, .780]", or the reason: what is spoken and copied.
QString figureSentence(const metrics::Figure &figure);
/// "true positive rate" is called "Recall" by the definitions; a key that nobody defined stays itself.
QString metricTitle(std::string_view key);
/// "< .001", ".034"; empty for none.
QString pText(const std::optional<double> &p);
/// "18–24"; "female · 65+" of several attributes; "everybody" of none.
QString groupText(const computed::GroupValues &group);
/// "sex"; "sex × race".
QString attributesText(const std::vector<std::string> &attributes);

} // namespace countersign::items
