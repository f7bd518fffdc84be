#pragma once

#include "models/computed/scores/scoresource.h"

/// What if decisions were made by another threshold, or by one for each group: the best choice under a constraint, and all figures
/// before and after. Nothing here changes anything; it becomes a change request when somebody proposes it.
namespace countersign::computed {

inline constexpr std::string_view kWhatIfSchema = "countersign-whatif-1";

/// Why thresholds that differ by group may be unlawful. To be shown before they can be proposed, and recorded with the proposal. The only
/// place where these words stand.
std::string_view legalNote();

/// How rows are decided. Groups are those of the source, in its order.
struct DecisionRule {
    std::optional<double> threshold;             ///< score >= threshold is positive; none: the decisions of the log itself
    std::vector<std::optional<double>> byGroup;  ///< where a group has one of its own; empty: one threshold for all

    bool isPerGroup() const;
    std::optional<double> of(std::size_t group) const { return group < byGroup.size() && byGroup[group] ? byGroup[group] : threshold; }
    bool operator==(const DecisionRule &) const = default;
};

struct WhatIfOptions {
    metrics::Options options;
    metrics::Participation participation; ///< groups that disparities and constraints are about
    int bootstrapDraws = 1000;            ///< 0: disparities without intervals, as while a slider moves
    std::uint64_t seed = 20210101;
    std::optional<metrics::Costs> costs;  ///< of errors; none: the search is for accuracy
    unsigned threads = 0;                 ///< changes no figure
};

struct WhatIfGroup {
    std::optional<double> threshold; ///< in force for it; none: the log's own decisions
    metrics::Counts counts;
    std::vector<NamedFigure> figures; ///< as countFigures()
};

struct WhatIfDisparity {
    std::string name;   ///< "demographic_parity_difference", …
    std::string metric; ///< "selection_rate"; "equalized_odds"
    metrics::Figure figure;
    std::optional<std::size_t> highest; ///< groups that decided it
    std::optional<std::size_t> lowest;
    int used = 0;
    int small = 0;
    int missing = 0;
    int undefined = 0;
};

/// Everything about one way to decide.
struct WhatIfSide {
    DecisionRule rule;
    metrics::Counts counts;           ///< of everybody
    std::vector<NamedFigure> figures; ///< of everybody
    std::vector<WhatIfGroup> groups;
    std::vector<WhatIfDisparity> disparities;
    std::optional<double> cost;       ///< of all errors, where they have costs
    const metrics::Figure *find(std::string_view figure) const; ///< nullptr when there is none
    const WhatIfDisparity *disparity(std::string_view name) const;
};

/// Figures of a way to decide. Invalid: a rule for another number of groups, the log's decisions where it has none.
Result<WhatIfSide> decideBy(const ScoreSource &source, const DecisionRule &rule, const WhatIfOptions &options = {});

/// What the constrained rates may differ by: max − min over the groups that take part.
struct ConstraintChoice {
    std::optional<metrics::Constraint> constraint; ///< none: only accuracy or cost count
    double tolerance = 0.05;
    bool isPerGroup = false;
};

/// A group that no constraint is asked of, and why. It is decided as before.
struct LeftOutGroup {
    std::size_t group = 0;
    bool isMissing = false;
    metrics::Reason reason = metrics::Reason::Defined; ///< TooFewRows, or the rate that it does not have
};

/// By the same rules as the search.
std::vector<LeftOutGroup> leftOutGroups(const ScoreSource &source, std::optional<metrics::Constraint> constraint, const WhatIfOptions &options = {});
/// Right decisions among the groups that take part; nothing when there are none.
std::optional<double> accuracyOfMembers(const WhatIfSide &side, const std::vector<LeftOutGroup> &leftOut);
/// "demographic_parity_difference", …: the disparity that a constraint limits.
std::string_view constrainedDisparity(metrics::Constraint constraint);

struct FoundThresholds {
    DecisionRule rule;
    double disparity = 0;                  ///< of the constrained rates
    std::size_t tried = 0;                 ///< different thresholds that were looked at
    bool isEveryScore = false;             ///< they were all there are
    std::vector<LeftOutGroup> leftOut;
};
/// The best thresholds with a disparity within the tolerance: of everybody (one) or of each group (per group; groups that are left out and
/// everybody else stay as in `before`). Invalid: fewer than two groups take part. Cancelled.
Result<FoundThresholds> findThresholds(const ScoreSource &source, const DecisionRule &before, const ConstraintChoice &choice,
                                       const WhatIfOptions &options = {}, const Progress &progress = {});

/// The best accuracy of the groups that take part for each disparity, by rising disparity: with one threshold and with one per group.
struct FrontierPoint {
    double disparity = 0;
    double accuracy = 0;
    DecisionRule rule;
};
Result<std::vector<FrontierPoint>> accuracyFrontier(const ScoreSource &source, const DecisionRule &before, metrics::Constraint constraint,
                                                    bool isPerGroup, int points = 50, const WhatIfOptions &options = {},
                                                    const Progress &progress = {});

/// Weights that make group and label independent (Kamiran and Calders 2012), for training anew; groups without values of the attributes
/// too. Invalid: no labels.
struct ReweighingRow {
    GroupValues group;
    bool isPositive = false;
    double weight = 1;
    double n = 0; ///< rows; with a weight column the sum of weights
};
Result<std::vector<ReweighingRow>> reweighingRows(const ScoreSource &source);
/// One line for each group and label: attribute values, label, weight, n.
std::string reweighingCsv(const ScoreSource &source, const std::vector<ReweighingRow> &rows);

/// Where the figures come from, for the evidence.
struct WhatIfBasis {
    std::string logName;
    Digest log;
    Digest mapping;           ///< of writeMapping()
    std::string import;       ///< the recorded set's id; empty: none
};

struct WhatIf {
    WhatIfBasis basis;
    ConstraintChoice choice;
    WhatIfOptions options;
    WhatIfSide before;
    WhatIfSide after;
    std::vector<LeftOutGroup> leftOut;
    std::vector<FrontierPoint> frontierOfOne;       ///< with one threshold; empty: not asked for
    std::vector<FrontierPoint> frontierPerGroup;
};
/// Canonical JSON (RFC 8785), schema countersign-whatif-1: what change requests carry as evidence and what the command line prints.
/// With the legal note wherever groups are decided differently.
Bytes writeWhatIf(const ScoreSource &source, const WhatIf &whatIf);

/// One sentence: "One threshold of 0.42 instead of 0.5: 57.2 % instead of 61.0 % selected, …". For records and lists.
std::string whatIfSummary(const ScoreSource &source, const WhatIf &whatIf);

} // namespace countersign::computed
