#include "models/computed/scores/whatif.h"

#include "models/base/csv.h"
#include "models/base/number.h"
#include "models/computed/compute.h"

namespace countersign::computed {

namespace {

using metrics::BinaryMetric;
using metrics::Comparison;
using metrics::Constraint;
using metrics::Counts;
using metrics::Reason;

constexpr std::size_t kMostThresholdsTried = 20'000;
constexpr std::array kMetrics{BinaryMetric::SelectionRate, BinaryMetric::Recall, BinaryMetric::FalsePositiveRate, BinaryMetric::Precision,
                              BinaryMetric::Accuracy};
constexpr std::array kComparisons{Comparison::Difference, Comparison::Ratio};

/// Disparities over the groups of a side, with intervals of all of them from the same redraws.
class SideDisparities
{
public:
    SideDisparities(const ScoreSource &source, const WhatIfOptions &options, WhatIfSide &side) : m_source(source), m_options(options), m_side(side) {}

    void add()
    {
        std::vector<metrics::Group> groups;
        std::vector<Counts> cells;
        for (std::size_t g = 0; g < m_side.groups.size(); ++g) {
            groups.push_back({m_side.groups[g].counts, m_source.groups()[g].isMissing});
            cells.push_back(m_side.groups[g].counts);
        }
        for (const BinaryMetric metric : m_source.hasLabels() ? std::span(kMetrics) : std::span(kMetrics).first(1))
            for (const Comparison comparison : kComparisons)
                keep(metrics::disparity(groups, metric, comparison, m_options.options, m_options.participation),
                     metrics::disparityKey(metric, comparison), metric, {}, comparison);
        for (const Comparison comparison : m_source.hasLabels() ? std::span(kComparisons) : std::span<const Comparison>())
            keep(metrics::equalizedOdds(groups, comparison, false, m_options.options, m_options.participation),
                 comparison == Comparison::Difference ? "equalized_odds_difference" : "equalized_odds_ratio", BinaryMetric::Recall,
                 BinaryMetric::FalsePositiveRate, comparison);
        if (m_options.bootstrapDraws <= 0 || !m_options.options.intervals)
            return;
        const auto intervals = metrics::bootstrap(cells, m_requests, {m_options.seed, m_options.bootstrapDraws, m_options.options.level,
                                                                      static_cast<int>(predictions::threadCount(m_options.threads))});
        for (std::size_t i = 0; i < intervals.size(); ++i)
            m_side.disparities[i].figure.interval = intervals[i];
    }

private:
    void keep(const metrics::Disparity &disparity, std::string name, BinaryMetric metric, std::optional<BinaryMetric> second, Comparison comparison)
    {
        const auto place = [](std::optional<int> index) { return index ? std::optional(static_cast<std::size_t>(*index)) : std::nullopt; };
        m_side.disparities.push_back({std::move(name), second ? "equalized_odds" : std::string(metrics::key(metric)), disparity.figure,
                                      place(disparity.highest), place(disparity.lowest), disparity.used, disparity.small, disparity.missing,
                                      disparity.undefined});
        m_requests.push_back({metric, second, false, comparison == Comparison::Difference ? metrics::Spread::Difference : metrics::Spread::Ratio,
                              disparity.figure.isDefined() ? disparity.members : std::vector<int>()});
    }

    const ScoreSource &m_source;
    const WhatIfOptions &m_options;
    WhatIfSide &m_side;
    std::vector<metrics::SpreadRequest> m_requests;
};

/// Why a constraint cannot be asked of a group; nothing when it can.
std::optional<LeftOutGroup> leftOut(const ScoreSource &source, std::size_t g, std::optional<Constraint> constraint, const WhatIfOptions &options)
{
    const ScoreSource::Group &group = source.groups()[g];
    if (!constraint)
        return std::nullopt;
    if (group.isMissing && !options.participation.includeMissing)
        return LeftOutGroup{g, true, Reason::Defined};
    if (group.rows < metrics::smallestGroup(options.participation, options.options))
        return LeftOutGroup{g, false, Reason::TooFewRows};
    if (*constraint != Constraint::DemographicParity && group.positives <= 0)
        return LeftOutGroup{g, false, Reason::NoPositives};
    if (*constraint == Constraint::EqualizedOdds && group.negatives <= 0)
        return LeftOutGroup{g, false, Reason::NoNegatives};
    return std::nullopt;
}

/// What a search works on: the groups that take part and their scores.
struct Search {
    std::vector<std::size_t> members;            ///< groups
    std::vector<metrics::ScoreTable> tables;     ///< of members
    std::vector<metrics::ScoreTable> bystanders;
    std::vector<LeftOutGroup> leftOut;
    std::size_t tried = 0;
    bool isEvery = false;
};

Result<Search> searchOf(const ScoreSource &source, std::optional<Constraint> constraint, const WhatIfOptions &options, const Progress &progress)
{
    if (!source.hasLabels())
        return Error{ErrorKind::Invalid, "Without labels nobody knows which decisions are right, so no threshold is the best one.", {}};
    ScoreSource::Tables tables = source.tables(kMostThresholdsTried, progress);
    if (progress.isCancelled())
        return Error{ErrorKind::Cancelled, "The search for thresholds was stopped.", {}};
    Search search;
    search.tried = tables.thresholds;
    search.isEvery = tables.isEvery;
    for (std::size_t g = 0; g < source.groups().size(); ++g) {
        if (const auto left = leftOut(source, g, constraint, options)) {
            search.leftOut.push_back(*left);
            search.bystanders.push_back(std::move(tables.tables[g]));
            continue;
        }
        search.members.push_back(g);
        search.tables.push_back(std::move(tables.tables[g]));
    }
    if (search.members.size() < (constraint ? 2U : 1U))
        return Error{ErrorKind::Invalid, "Fewer than two groups are large enough and have what the constraint is about, so there is nothing to make equal.", {}};
    return search;
}

/// Thresholds of the members, everything else as before.
DecisionRule perGroupRule(const ScoreSource &source, const DecisionRule &before, const Search &search, const std::vector<double> &thresholds)
{
    DecisionRule rule{before.threshold, std::vector<std::optional<double>>(source.groups().size())};
    for (std::size_t g = 0; g < rule.byGroup.size() && g < before.byGroup.size(); ++g)
        rule.byGroup[g] = before.byGroup[g];
    for (std::size_t i = 0; i < search.members.size(); ++i)
        rule.byGroup[search.members[i]] = thresholds[i];
    return rule;
}

} // namespace

std::string_view legalNote()
{
    return "Deciding by different thresholds for different groups treats people differently because of a characteristic that the law may protect. "
           "In many places that is unlawful even where it is meant to make outcomes more equal. In the United States it may be disparate treatment, "
           "for example under Title VII of the Civil Rights Act of 1964, which forbids different cutoff scores of employment-related tests by race, "
           "color, religion, sex or national origin, and under the Equal Credit Opportunity Act. In the European Union it may be direct "
           "discrimination under the equal-treatment directives and the laws of the member states. Exceptions are narrow and depend on the case. "
           "This note is general information and not legal advice: have the use that you intend reviewed by a lawyer before you rely on it.";
}

bool DecisionRule::isPerGroup() const
{
    return std::ranges::any_of(byGroup, [this](const auto &own) { return own && own != threshold; });
}

const metrics::Figure *WhatIfSide::find(std::string_view name) const
{
    const auto found = std::ranges::find(figures, name, &NamedFigure::name);
    return found == figures.end() ? nullptr : &found->figure;
}

const WhatIfDisparity *WhatIfSide::disparity(std::string_view name) const
{
    const auto found = std::ranges::find(disparities, name, &WhatIfDisparity::name);
    return found == disparities.end() ? nullptr : &*found;
}

Result<WhatIfSide> decideBy(const ScoreSource &source, const DecisionRule &rule, const WhatIfOptions &options)
{
    if (!rule.byGroup.empty() && rule.byGroup.size() != source.groups().size())
        return Error{ErrorKind::Invalid, "There must be one threshold for all or one for each group.", {}};
    WhatIfSide side;
    side.rule = rule;
    for (std::size_t g = 0; g < source.groups().size(); ++g) {
        const auto &logged = source.groups()[g].logged;
        WhatIfGroup group{rule.of(g), {}, {}};
        if (!group.threshold && !logged)
            return Error{ErrorKind::Invalid, "The log has no decisions of its own; a threshold is needed.", {}};
        if (group.threshold && std::isnan(*group.threshold))
            return Error{ErrorKind::Invalid, "A threshold has to be a number.", {}};
        group.counts = group.threshold ? source.countsAt(g, *group.threshold) : *logged;
        group.figures = countFigures(group.counts, options.options, source.hasLabels());
        side.counts += group.counts;
        side.groups.push_back(std::move(group));
    }
    side.figures = countFigures(side.counts, options.options, source.hasLabels());
    if (options.costs && source.hasLabels())
        side.cost = options.costs->of(side.counts);
    SideDisparities(source, options, side).add();
    return side;
}

std::vector<LeftOutGroup> leftOutGroups(const ScoreSource &source, std::optional<Constraint> constraint, const WhatIfOptions &options)
{
    std::vector<LeftOutGroup> all;
    for (std::size_t g = 0; g < source.groups().size(); ++g)
        if (const auto left = leftOut(source, g, constraint, options))
            all.push_back(*left);
    return all;
}

std::optional<double> accuracyOfMembers(const WhatIfSide &side, const std::vector<LeftOutGroup> &leftOut)
{
    double right = 0;
    double all = 0;
    for (std::size_t g = 0; g < side.groups.size(); ++g) {
        if (std::ranges::find(leftOut, g, &LeftOutGroup::group) != leftOut.end())
            continue;
        right += side.groups[g].counts.tp + side.groups[g].counts.tn;
        all += side.groups[g].counts.total();
    }
    return all > 0 ? std::optional(right / all) : std::nullopt;
}

std::string_view constrainedDisparity(Constraint constraint)
{
    switch (constraint) {
    case Constraint::DemographicParity: return "demographic_parity_difference";
    case Constraint::EqualOpportunity: return "equal_opportunity_difference";
    case Constraint::EqualizedOdds: return "equalized_odds_difference";
    }
    return "";
}

Result<FoundThresholds> findThresholds(const ScoreSource &source, const DecisionRule &before, const ConstraintChoice &choice,
                                       const WhatIfOptions &options, const Progress &progress)
{
    const auto search = searchOf(source, choice.constraint, options, progress);
    if (!search)
        return search.error();
    progress(0, 0, "looking for the best thresholds");
    // Without a constraint every difference of selection rates will do.
    const Constraint constraint = choice.constraint.value_or(Constraint::DemographicParity);
    const double tolerance = choice.constraint ? choice.tolerance : 1;
    const metrics::SearchOptions how{options.costs.value_or(metrics::Costs()), search->bystanders, predictions::threadCount(options.threads), progress};
    constexpr int kStarts = 2000;
    const auto found = choice.isPerGroup ? metrics::groupThresholds(search->tables, constraint, tolerance, kStarts, how)
                                         : metrics::commonThreshold(search->tables, constraint, tolerance, how);
    if (!found)
        return found.error();
    FoundThresholds result{{}, found->disparity, search->tried, search->isEvery, search->leftOut};
    result.rule = choice.isPerGroup ? perGroupRule(source, before, *search, found->thresholds) : DecisionRule{found->thresholds.front(), {}};
    return result;
}

Result<std::vector<FrontierPoint>> accuracyFrontier(const ScoreSource &source, const DecisionRule &before, Constraint constraint, bool isPerGroup,
                                                    int points, const WhatIfOptions &options, const Progress &progress)
{
    const auto search = searchOf(source, constraint, options, progress);
    if (!search)
        return search.error();
    const metrics::SearchOptions how{{}, {}, predictions::threadCount(options.threads), progress};
    const auto choices = metrics::frontier(search->tables, constraint, isPerGroup, points, how);
    if (!choices)
        return choices.error();
    std::vector<FrontierPoint> frontier;
    for (const auto &choice : *choices)
        frontier.push_back({choice.disparity, choice.accuracy,
                            isPerGroup ? perGroupRule(source, before, *search, choice.thresholds) : DecisionRule{choice.thresholds.front(), {}}});
    return frontier;
}

Result<std::vector<ReweighingRow>> reweighingRows(const ScoreSource &source)
{
    if (!source.hasLabels())
        return Error{ErrorKind::Invalid, "Weights by group and label need labels.", {}};
    std::vector<Counts> counts;
    for (const ScoreSource::Group &group : source.groups()) {
        counts.emplace_back();
        counts.back().fn = group.positives;
        counts.back().tn = group.negatives;
    }
    const auto weights = metrics::reweighing(counts);
    std::vector<ReweighingRow> rows;
    for (std::size_t g = 0; g < weights.size(); ++g) {
        const ScoreSource::Group &group = source.groups()[g];
        if (weights[g].negative)
            rows.push_back({group.group, false, *weights[g].negative, group.negatives});
        if (weights[g].positive)
            rows.push_back({group.group, true, *weights[g].positive, group.positives});
    }
    return rows;
}

std::string reweighingCsv(const ScoreSource &source, const std::vector<ReweighingRow> &rows)
{
    std::string text;
    for (const auto &name : source.attributes())
        text += csv::cell(name) + ",";
    text += "label,weight,n\r\n";
    for (const ReweighingRow &row : rows) {
        for (const auto &value : row.group)
            text += csv::cell(value.second) + ",";
        text += std::string(row.isPositive ? "1," : "0,") + number::shortest(row.weight) + "," + number::shortest(row.n) + "\r\n";
    }
    return text;
}

} // namespace countersign::computed
