#include "models/policy/evaluator.h"

#include "models/metrics/definition.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace countersign::policy {

namespace {

std::string title(const Rule &rule, const Slice &slice)
{
    std::string text = metrics::define(rule.metric).title;
    if (!slice.isOverall())
        text += " for " + slice.shown();
    return text;
}

std::string cases(std::int64_t n) { return std::to_string(n) + (n == 1 ? " case" : " cases"); }

bool isBreach(const Rule &rule, double value)
{
    switch (rule.direction) {
    case Direction::AtLeast: return value < rule.limit;
    case Direction::AtMost: return value > rule.limit;
    case Direction::Within: return value < rule.limit || value > rule.upperLimit;
    }
    return false;
}

std::string breachText(const Rule &rule)
{
    const char *side = rule.direction == Direction::AtLeast ? "below" : rule.direction == Direction::AtMost ? "above" : "outside";
    return std::string("is ") + side + " the limit of " + limitText(rule);
}

bool isOnWatch(const Rule &rule, double value)
{
    if (!rule.watch)
        return false;
    switch (rule.direction) {
    case Direction::AtLeast: return value < *rule.watch;
    case Direction::AtMost: return value > *rule.watch;
    case Direction::Within: return value < rule.limit + *rule.watch || value > rule.upperLimit - *rule.watch;
    }
    return false;
}

std::string watchText(const Rule &rule)
{
    switch (rule.direction) {
    case Direction::AtLeast: return "watch below " + valueText(*rule.watch);
    case Direction::AtMost: return "watch above " + valueText(*rule.watch);
    case Direction::Within: return "watch closer than " + valueText(*rule.watch) + " to an edge";
    }
    return {};
}

Error nonsense(std::string message) { return {ErrorKind::Invalid, std::move(message), {}}; }

} // namespace

std::string valueText(double value)
{
    if (std::isnan(value))
        return "not a number";
    if (std::isinf(value))
        return value < 0 ? "minus infinity" : "infinity";
    std::array<char, 400> buffer{};
    const double size = std::fabs(value);
    const int decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3;
    if (size >= 1e12 || (size > 0 && size < 0.0005))
        std::snprintf(buffer.data(), buffer.size(), "%.2e", size);
    else
        std::snprintf(buffer.data(), buffer.size(), "%.*f", decimals, size);
    std::string text = buffer.data();
    if (text.starts_with("0."))
        text.erase(0, 1);
    const auto point = std::min(text.find_first_of(".e"), text.size());
    for (std::size_t at = point; at > 3 && text.find('e') == std::string::npos; at -= 3)
        text.insert(at - 3, at == 3 ? "" : ",");
    const bool isZero = text.find_first_of("123456789") == std::string::npos;
    return (value < 0 && !isZero ? "\u2212" : "") + text;
}

std::string limitText(const Rule &rule)
{
    switch (rule.direction) {
    case Direction::AtLeast: return "at least " + valueText(rule.limit);
    case Direction::AtMost: return "at most " + valueText(rule.limit);
    case Direction::Within: return "within " + valueText(rule.limit) + " and " + valueText(rule.upperLimit);
    }
    return {};
}

std::string sentence(const Rule &rule)
{
    std::string text = metrics::define(rule.metric).title;
    if (!rule.attribute.empty())
        text += " of every " + rule.attribute + " group";
    text += " is " + limitText(rule);
    if (rule.watch)
        text += ", " + watchText(rule);
    if (rule.minimumN)
        text += ", needs " + cases(*rule.minimumN);
    if (rule.tier)
        text += ", for tier " + std::to_string(*rule.tier);
    return text;
}

Status check(const Rule &rule)
{
    const auto definition = metrics::define(rule.metric);
    if (rule.metric.empty())
        return nonsense("A limit needs the name of a metric.");
    if (!std::isfinite(rule.limit) || (rule.direction == Direction::Within && !std::isfinite(rule.upperLimit)))
        return nonsense("A limit must be a finite number.");
    if (rule.direction == Direction::Within && rule.limit >= rule.upperLimit)
        return nonsense("The lower edge " + valueText(rule.limit) + " must be smaller than the upper edge " + valueText(rule.upperLimit) + ".");
    if (definition.highest && rule.direction == Direction::AtLeast && rule.limit > *definition.highest)
        return nonsense(definition.title + " is never above " + valueText(*definition.highest) + ", so \"at least " + valueText(rule.limit)
                        + "\" could not be met.");
    if (definition.lowest && rule.direction == Direction::AtMost && rule.limit < *definition.lowest)
        return nonsense(definition.title + " is never below " + valueText(*definition.lowest) + ", so \"at most " + valueText(rule.limit)
                        + "\" could not be met.");
    if (rule.watch) {
        const double watch = *rule.watch;
        const bool inside = rule.direction == Direction::AtLeast ? watch >= rule.limit
            : rule.direction == Direction::AtMost                ? watch <= rule.limit
                                                                 : watch > 0 && 2 * watch < rule.upperLimit - rule.limit;
        if (!std::isfinite(watch) || !inside)
            return nonsense("The watch level " + valueText(watch) + " must lie inside the limit of " + limitText(rule) + ".");
    }
    if (rule.minimumN && *rule.minimumN < 1)
        return nonsense("The smallest number of cases must be 1 or more.");
    if (rule.tier && (*rule.tier < 1 || *rule.tier > 3))
        return nonsense("A tier is 1, 2 or 3.");
    return {};
}

const Rule *inForce(std::span<const Rule> revisions, Instant when)
{
    const Rule *current = nullptr;
    for (const auto &rule : revisions)
        if (rule.inForceFrom <= when)
            current = &rule;
    return current && !current->isRetired ? current : nullptr;
}

bool appliesTo(const Rule &rule, const MlModel &model)
{
    return (!rule.model || *rule.model == model.id) && (!rule.tier || rule.tier == model.tier);
}

bool appliesTo(const Rule &rule, const std::string &metric, const Slice &slice)
{
    if (rule.metric != metric)
        return false;
    if (rule.attribute.empty())
        return slice.isOverall();
    return slice.parts.size() == 1 && slice.parts.front().first == rule.attribute;
}

VerdictState stateOf(const Rule &rule, const std::optional<Observation> &observation)
{
    if (!observation || std::isnan(observation->value) || (rule.minimumN && (!observation->n || *observation->n < *rule.minimumN)))
        return VerdictState::NotEnoughData;
    if (isBreach(rule, observation->value))
        return VerdictState::Fail;
    return isOnWatch(rule, observation->value) ? VerdictState::Watch : VerdictState::Pass;
}

Verdict judge(const Rule &rule, const Slice &slice, const std::optional<Observation> &observation)
{
    Verdict verdict;
    verdict.rule = rule.id;
    verdict.ruleRevision = rule.revision;
    verdict.metric = rule.metric;
    verdict.slice = slice;
    verdict.observation = observation;
    verdict.state = stateOf(rule, observation);
    const std::string name = title(rule, slice);
    if (!observation) {
        verdict.sentence = name + " has not been recorded; the limit is " + limitText(rule) + ".";
        return verdict;
    }
    const double value = observation->value;
    if (std::isnan(value)) {
        verdict.sentence = name + " could not be computed by its source (not a number); the limit is " + limitText(rule) + ".";
        return verdict;
    }
    if (rule.minimumN && !observation->n) {
        verdict.sentence = name + " " + valueText(value) + " comes without its number of cases; " + std::to_string(*rule.minimumN) + " are needed.";
        return verdict;
    }
    if (rule.minimumN && *observation->n < *rule.minimumN) {
        verdict.sentence = name + " rests on " + cases(*observation->n) + "; " + std::to_string(*rule.minimumN - *observation->n)
            + " more are needed.";
        return verdict;
    }
    if (verdict.state == VerdictState::Fail)
        verdict.sentence = name + " " + valueText(value) + " " + breachText(rule) + ".";
    else if (verdict.state == VerdictState::Watch)
        verdict.sentence = name + " " + valueText(value) + " meets the limit of " + limitText(rule) + " but is on watch (" + watchText(rule) + ").";
    else
        verdict.sentence = name + " " + valueText(value) + " meets the limit of " + limitText(rule) + ".";
    return verdict;
}

Summary summarize(std::span<const Verdict> verdicts)
{
    Summary summary;
    const Verdict *worst = nullptr;
    for (const auto &verdict : verdicts) {
        summary.failed += verdict.state == VerdictState::Fail;
        summary.notEnough += verdict.state == VerdictState::NotEnoughData;
        summary.watch += verdict.state == VerdictState::Watch;
        summary.passed += verdict.state == VerdictState::Pass;
        if (!worst || verdict.state < worst->state)
            worst = &verdict;
    }
    const auto total = std::to_string(verdicts.size()) + (verdicts.size() == 1 ? " limit" : " limits");
    if (!worst) {
        summary.sentence = "Not judged: no limit applies.";
        return summary;
    }
    summary.state = worst->state;
    switch (worst->state) {
    case VerdictState::Fail: summary.sentence = "Fails " + std::to_string(summary.failed) + " of " + total + ": " + worst->sentence; break;
    case VerdictState::NotEnoughData:
        summary.sentence = "Not enough data for " + std::to_string(summary.notEnough) + " of " + total + ": " + worst->sentence;
        break;
    case VerdictState::Watch: summary.sentence = "Meets " + total + ", " + std::to_string(summary.watch) + " on watch: " + worst->sentence; break;
    default: summary.sentence = verdicts.size() == 1 ? "Meets its limit." : "Meets all " + total + "."; break;
    }
    if (worst->state == VerdictState::Fail || worst->state == VerdictState::NotEnoughData || worst->state == VerdictState::Watch)
        summary.worst = worst->sentence;
    return summary;
}

} // namespace countersign::policy
