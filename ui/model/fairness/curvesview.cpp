#include "ui/model/fairness/curvesview.h"

#include "models/computed/scores/scorecurves.h"
#include "models/items/computed/figuretext.h"
#include "models/report/plots/scoreplots.h"
#include "ui/model/fairness/fairnessview.h"

#include <QCoreApplication>

#include <algorithm>

namespace countersign::pages {

using computed::ScoreGroup;
using computed::ScoreSummary;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Curves", text);
}

double sum(const std::vector<double> &values)
{
    double total = 0;
    for (const double value : values)
        total += value;
    return total;
}

struct Drawn {
    const ScoreGroup *group = nullptr;
    std::string name;
    bool isEverybody = false;
    std::optional<std::size_t> slot{};
};

/// Everybody first, then the largest groups.
std::vector<Drawn> drawnOf(const computed::ComputedSet &set, const ScoreSummary &scores, const std::vector<std::string> &attributes, std::size_t &all)
{
    std::vector<const ScoreGroup *> groups = scores.groupsOf(attributes);
    std::erase_if(groups, [](const ScoreGroup *group) { return group->rows == 0; });
    all = groups.size();
    std::ranges::stable_sort(groups, [](const ScoreGroup *a, const ScoreGroup *b) { return a->rows > b->rows; });
    if (groups.size() > kMostCurves)
        groups.resize(kMostCurves);
    std::vector<std::size_t> places;
    for (const ScoreGroup *group : groups)
        places.push_back(placeOf(set, group->group));
    const auto slots = report::slotsOf(places);
    std::vector<Drawn> drawn{{&scores.everybody(), tr("everybody").toStdString(), true}};
    for (std::size_t i = 0; i < groups.size(); ++i)
        drawn.push_back({groups[i], items::groupText(groups[i]->group).toStdString(), false, slots[i]});
    return drawn;
}

report::PlotSpec calibrationOf(const computed::ComputedSet &set, const ScoreSummary &scores, const std::vector<Drawn> &drawn)
{
    report::CalibrationInput input;
    input.id = "calibration";
    input.minimumN = set.smallestGroup;
    for (const Drawn &one : drawn) {
        report::CalibrationGroup group{one.name, {}, one.isEverybody, one.slot};
        for (const auto &point : computed::calibrationPoints(scores, *one.group, 10, set.parameters.options))
            group.bins.push_back({point.meanScore, point.observed});
        if (!group.bins.empty())
            input.groups.push_back(std::move(group));
    }
    for (const auto &step : computed::densitySteps(scores, scores.everybody(), 25))
        input.histogram.push_back({step.from, step.to, step.share * static_cast<double>(scores.everybody().rows)});
    if (!set.cells.empty())
        if (const metrics::Figure *error = set.cells.front().find("ece"))
            input.error = *error;
    return report::calibrationPlot(input);
}

/// AUC, or average precision, as computed from the exact scores.
metrics::Figure areaOf(const computed::ComputedSet &set, const computed::GroupValues &group, const char *name)
{
    const auto *cell = set.find(group);
    const metrics::Figure *figure = cell ? cell->find(name) : nullptr;
    return figure ? *figure : metrics::Figure::undefined(metrics::Reason::NoRows);
}

report::RocPoint pointAt(double threshold, double x, double y, const std::optional<metrics::Interval> &limits)
{
    return {threshold, x, y, limits ? std::optional(limits->lower) : std::nullopt, limits ? std::optional(limits->upper) : std::nullopt};
}

report::PlotSpec rocOf(const computed::ComputedSet &set, const ScoreSummary &scores, const std::vector<Drawn> &drawn, bool isRoc)
{
    report::RocInput input;
    input.id = isRoc ? "roc" : "precisionrecall";
    input.kind = isRoc ? report::CurveKind::Roc : report::CurveKind::PrecisionRecall;
    for (const Drawn &one : drawn) {
        report::RocGroup group;
        group.name = one.name;
        group.isReference = one.isEverybody;
        group.slot = one.slot;
        group.area = areaOf(set, one.group->group, isRoc ? "auc" : "average_precision");
        group.n = static_cast<std::int64_t>(one.group->rows);
        group.positives = static_cast<std::int64_t>(sum(one.group->positives));
        if (set.isThresholdApplied)
            group.threshold = set.threshold;
        if (isRoc)
            for (const auto &point : computed::rocPoints(scores, *one.group))
                group.points.push_back(pointAt(point.threshold, point.fpr, point.tpr, point.limits));
        else
            for (const auto &point : computed::precisionRecallPoints(scores, *one.group))
                group.points.push_back(pointAt(point.threshold, point.recall, point.precision, point.limits));
        if (!group.points.empty())
            input.groups.push_back(std::move(group));
    }
    const ScoreGroup &everybody = scores.everybody();
    const double positives = sum(everybody.positives);
    const double whole = positives + sum(everybody.negatives);
    if (whole > 0)
        input.baseRate = positives / whole;
    return report::rocPlot(input);
}

} // namespace

report::PlotSpec curvesOf(const computed::ComputedSet &set, const ScoreSummary &scores, const std::vector<std::string> &attributes, CurveChoice choice)
{
    std::size_t all = 0;
    const std::vector<Drawn> drawn = drawnOf(set, scores, attributes, all);
    report::PlotSpec spec = choice == CurveChoice::Calibration ? calibrationOf(set, scores, drawn) : rocOf(set, scores, drawn, choice == CurveChoice::Roc);
    if (!scores.hasLabels)
        spec.emptyText = tr("The log has no label; nothing can be said about what happened.").toStdString();
    if (all > kMostCurves)
        spec.sentences.push_back(tr("Drawn are everybody and the %1 largest of %2 groups.").arg(kMostCurves).arg(all).toStdString());
    else if (all == 0)
        spec.sentences.push_back(tr("No curves of these groups were kept; drawn is everybody.").toStdString());
    return spec;
}

} // namespace countersign::pages
