#include "app/cli/text/curvestext.h"

#include "app/cli/text/figuretext.h"
#include "models/base/csv.h"
#include "models/base/number.h"
#include "models/computed/scores/scorecurves.h"

#include <cmath>

namespace countersign::cli {

namespace {

constexpr const char *kCurvesHead = "curve,slice,threshold,fpr,recall,precision,selection_rate,accuracy,mean_score,observed,lower,upper,weight\r\n";

struct Point {
    std::optional<double> fpr = {};
    std::optional<double> recall = {};
    std::optional<double> precision = {};
    std::optional<double> selectionRate = {};
    std::optional<double> accuracy = {};
    std::optional<double> meanScore = {};
    std::optional<double> observed = {};
    std::optional<metrics::Interval> limits = {};
    std::optional<double> weight = {};
};

std::string numberOf(std::optional<double> value)
{
    return value ? number::shortest(*value) : std::string();
}

/// The threshold that selects nobody is written "inf", as scikit-learn writes it.
std::string thresholdOf(double threshold)
{
    return std::isinf(threshold) ? "inf" : number::shortest(threshold);
}

class Lines
{
public:
    void begin(const char *curve, const computed::GroupValues &group) { m_begin = std::string(curve) + "," + (group.empty() ? std::string() : csv::cell(sliceText(group))) + ","; }

    void add(double threshold, const Point &point)
    {
        m_text += m_begin + thresholdOf(threshold);
        for (const auto &value : {point.fpr, point.recall, point.precision, point.selectionRate, point.accuracy, point.meanScore, point.observed})
            m_text += "," + numberOf(value);
        m_text += "," + numberOf(point.limits ? std::optional(point.limits->lower) : std::nullopt);
        m_text += "," + numberOf(point.limits ? std::optional(point.limits->upper) : std::nullopt);
        m_text += "," + numberOf(point.weight) + "\r\n";
    }

    std::string take() { return std::move(m_text); }

private:
    std::string m_text = kCurvesHead;
    std::string m_begin;
};

} // namespace

std::string curvesCsv(const computed::ScoreSummary &summary)
{
    Lines lines;
    for (const computed::ScoreGroup &group : summary.groups) {
        lines.begin("roc", group.group);
        for (const auto &point : computed::rocPoints(summary, group))
            lines.add(point.threshold, {.fpr = point.fpr, .recall = point.tpr, .limits = point.limits});
        lines.begin("precision_recall", group.group);
        for (const auto &point : computed::precisionRecallPoints(summary, group))
            lines.add(point.threshold, {.recall = point.recall, .precision = point.precision, .limits = point.limits});
        lines.begin("threshold", group.group);
        for (const auto &point : computed::thresholdSweep(summary, group))
            lines.add(point.threshold, {.fpr = point.fpr, .recall = point.tpr, .precision = point.precision, .selectionRate = point.selectionRate, .accuracy = point.accuracy});
        lines.begin("calibration", group.group);
        for (const auto &point : computed::calibrationPoints(summary, group))
            lines.add(point.from, {.meanScore = point.meanScore, .observed = point.observed.isDefined() ? std::optional(point.observed.value) : std::nullopt,
                                   .limits = point.observed.interval, .weight = point.weight});
    }
    return lines.take();
}

} // namespace countersign::cli
