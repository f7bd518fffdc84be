#pragma once

#include "models/domain/inventory.h"
#include "models/domain/judgement.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

/// The one place that judges. List, page, command line, chart and PDF repeat what these functions return.
namespace countersign::policy {

/// "AUC is at least .700", "PSI of every income group is at most .20, watch above .10, needs 500 cases". English.
std::string sentence(const Rule &rule);
/// The limit alone: "at least .700".
std::string limitText(const Rule &rule);
/// "tier 1", "tiers 1 and 2". Precondition: the rule names some.
std::string tiersText(const Rule &rule);
/// A value as sentences show it: three decimals below 10 without a leading zero (".693"), thousands separated.
std::string valueText(double value);

/// Invalid, with a sentence that says why: a limit that is not a number, a range turned round, a watch level on the wrong side,
/// a limit that the metric cannot reach ("AUC at least 1.2").
Status check(const Rule &rule);

/// The revision in force for a window that ends at `when`. `revisions` are of one rule, ascending. nullptr before the first.
const Rule *inForce(std::span<const Rule> revisions, Instant when);

/// Whether a rule looks at this model at all: it is for its tier, and of a pack that governs it or of none.
bool appliesTo(const Rule &rule, const MlModel &model);
/// Whether a rule looks at a series of this metric and slice.
bool appliesTo(const Rule &rule, const std::string &metric, const Slice &slice);

/// Judges one observation; none, a NaN value or too few cases are "not enough data" with the reason in the sentence. A limit that is judged
/// on a bound fails where the value itself misses it; where only the interval reaches beyond it, there is not enough data, and the verdict
/// estimates how many cases more would do (an interval narrows with the root of n).
/// `today`: also asks for Rule::maxAgeDays, which says nothing about a point of the past.
Verdict judge(const Rule &rule, const Slice &slice, const std::optional<Observation> &observation, std::optional<Instant> today = {});

/// The state alone, for many points at once. judge(rule, slice, o, t).state == stateOf(rule, o, t).
VerdictState stateOf(const Rule &rule, const std::optional<Observation> &observation, std::optional<Instant> today = {});
/// When a value that is new enough for its limit will be too old; nothing: never, or it is judged by something else already.
std::optional<Instant> agesAt(const Rule &rule, const std::optional<Observation> &observation);

/// Everything about a version in one state and one sentence.
struct Summary {
    VerdictState state = VerdictState::NotJudged;
    int failed = 0;
    int watch = 0;
    int notEnough = 0;
    int passed = 0;
    int waived = 0;
    std::string sentence; ///< "Fails 1 of 14 limits: AUC .693 is below the limit of at least .700."
    std::string worst;    ///< the worst verdict alone: "AUC .693, needs at least .700"; empty when all pass
};
Summary summarize(std::span<const Verdict> verdicts);

} // namespace countersign::policy
