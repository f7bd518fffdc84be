#include "models/policy/evaluator.h"

#include "models/metrics/definition.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>

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

/// What is held against the limit: a value, or both ends of its interval.
struct Span {
    double low;
    double high;
};

bool isBreach(const Rule &rule, Span span)
{
    switch (rule.direction) {
    case Direction::AtLeast: return span.low < rule.limit;
    case Direction::AtMost: return span.high > rule.limit;
    case Direction::Within: return span.low < rule.limit || span.high > rule.upperLimit;
    }
    return false;
}

std::string breachText(const Rule &rule)
{
    const char *side = rule.direction == Direction::AtLeast ? "below" : rule.direction == Direction::AtMost ? "above" : "outside";
    return std::string("is ") + side + " the limit of " + limitText(rule);
}

bool isOnWatch(const Rule &rule, Span span)
{
    if (!rule.watch)
        return false;
    switch (rule.direction) {
    case Direction::AtLeast: return span.low < *rule.watch;
    case Direction::AtMost: return span.high > *rule.watch;
    case Direction::Within: return span.low < rule.limit + *rule.watch || span.high > rule.upperLimit - *rule.watch;
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

/// The interval that a limit is held against, where the source gave the sides that matter.
std::optional<Span> intervalOf(const Rule &rule, const Observation &observation)
{
    const auto isKnown = [](const std::optional<double> &bound) { return bound && !std::isnan(*bound); };
    const bool needsLow = rule.direction != Direction::AtMost;
    const bool needsHigh = rule.direction != Direction::AtLeast;
    if ((needsLow && !isKnown(observation.lower)) || (needsHigh && !isKnown(observation.upper)))
        return {};
    return Span{needsLow ? *observation.lower : observation.value, needsHigh ? *observation.upper : observation.value};
}

/// Why there is not enough data; in the order in which they are asked for.
enum class Lack { None, Unrecorded, NotANumber, NoCount, TooFew, TooOld, NoInterval, Inconclusive };

struct Judged {
    VerdictState state = VerdictState::NotEnoughData;
    Lack lack = Lack::None;
    Span span{};
};

Judged find(const Rule &rule, const std::optional<Observation> &observation, std::optional<Instant> today)
{
    if (!observation)
        return {.lack = Lack::Unrecorded};
    const double value = observation->value;
    if (std::isnan(value))
        return {.lack = Lack::NotANumber};
    if (rule.minimumN && !observation->n)
        return {.lack = Lack::NoCount};
    if (rule.minimumN && *observation->n < *rule.minimumN)
        return {.lack = Lack::TooFew};
    if (const auto ages = agesAt(rule, observation); ages && today && *today >= *ages)
        return {.lack = Lack::TooOld};
    Span span{value, value};
    if (isBreach(rule, span))
        return {VerdictState::Fail, Lack::None, span};
    if (rule.basis == Basis::Bound) {
        const auto interval = intervalOf(rule, *observation);
        if (!interval)
            return {.lack = Lack::NoInterval};
        span = *interval;
        if (isBreach(rule, span))
            return {VerdictState::NotEnoughData, Lack::Inconclusive, span};
    }
    return {isOnWatch(rule, span) ? VerdictState::Watch : VerdictState::Pass, Lack::None, span};
}

/// How many cases more would bring the nearer bound inside the limit, when the interval narrows with the root of n and the value stays.
std::optional<std::int64_t> missingCases(const Rule &rule, const Observation &observation, Span interval)
{
    if (!observation.n || *observation.n < 1)
        return {};
    double factor = 1;
    const auto ask = [&](double half, double room) { factor = std::max(factor, room > 0 ? half / room : std::numeric_limits<double>::infinity()); };
    if (rule.direction != Direction::AtMost && interval.low < rule.limit)
        ask(observation.value - interval.low, observation.value - rule.limit);
    const double top = rule.direction == Direction::Within ? rule.upperLimit : rule.limit;
    if (rule.direction != Direction::AtLeast && interval.high > top)
        ask(interval.high - observation.value, top - observation.value);
    const double needed = std::ceil(static_cast<double>(*observation.n) * factor * factor * (1 - 1e-9));
    if (!(needed < 1e12))
        return {};
    return std::max<std::int64_t>(static_cast<std::int64_t>(needed) - *observation.n, 1);
}

/// The bounds that a sentence names: "lower bound .760", "interval .760 to .840".
std::string boundText(const Rule &rule, Span span)
{
    switch (rule.direction) {
    case Direction::AtLeast: return "lower bound " + valueText(span.low);
    case Direction::AtMost: return "upper bound " + valueText(span.high);
    case Direction::Within: return "interval " + valueText(span.low) + " to " + valueText(span.high);
    }
    return {};
}

std::string grouped(std::int64_t n)
{
    std::string text = std::to_string(n);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
        text.insert(static_cast<std::size_t>(at), ",");
    return text;
}

constexpr std::chrono::milliseconds kDay = std::chrono::hours(24);

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
    if (rule.basis == Basis::Bound)
        text += rule.direction == Direction::Within ? ", the whole confidence interval"
            : rule.direction == Direction::AtLeast  ? ", also its lower confidence bound"
                                                    : ", also its upper confidence bound";
    if (rule.watch)
        text += ", " + watchText(rule);
    if (rule.minimumN)
        text += ", needs " + cases(*rule.minimumN);
    if (rule.maxAgeDays)
        text += ", not older than " + std::to_string(*rule.maxAgeDays) + (*rule.maxAgeDays == 1 ? " day" : " days");
    if (!rule.tiers.empty())
        text += ", for " + tiersText(rule);
    return text;
}

std::string tiersText(const Rule &rule)
{
    std::string text = rule.tiers.size() == 1 ? "tier " : "tiers ";
    for (std::size_t i = 0; i < rule.tiers.size(); ++i)
        text += (i == 0 ? "" : i + 1 == rule.tiers.size() ? " and " : ", ") + std::to_string(rule.tiers[i]);
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
    if (rule.maxAgeDays && (*rule.maxAgeDays < 1 || *rule.maxAgeDays > 36525))
        return nonsense("The greatest age of a value must be 1 to 36,525 days.");
    for (std::size_t i = 0; i < rule.tiers.size(); ++i)
        if (rule.tiers[i] < 1 || rule.tiers[i] > 3 || (i > 0 && rule.tiers[i] <= rule.tiers[i - 1]))
            return nonsense("A tier is 1, 2 or 3, and is named once.");
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
    return (!rule.model || *rule.model == model.id) && (!rule.origin || std::ranges::count(model.packs, rule.origin->pack) > 0) && (rule.tiers.empty() || (model.tier && std::ranges::count(rule.tiers, *model.tier) > 0));
}

bool appliesTo(const Rule &rule, const std::string &metric, const Slice &slice)
{
    if (rule.metric != metric)
        return false;
    if (rule.attribute.empty())
        return slice.isOverall();
    return slice.parts.size() == 1 && slice.parts.front().first == rule.attribute;
}

std::optional<Instant> agesAt(const Rule &rule, const std::optional<Observation> &observation)
{
    if (!rule.maxAgeDays || !observation)
        return {};
    return observation->window.end + *rule.maxAgeDays * kDay;
}

VerdictState stateOf(const Rule &rule, const std::optional<Observation> &observation, std::optional<Instant> today)
{
    return find(rule, observation, today).state;
}

Verdict judge(const Rule &rule, const Slice &slice, const std::optional<Observation> &observation, std::optional<Instant> today)
{
    const Judged found = find(rule, observation, today);
    Verdict verdict;
    verdict.rule = rule.id;
    verdict.ruleRevision = rule.revision;
    verdict.metric = rule.metric;
    verdict.slice = slice;
    verdict.observation = observation;
    verdict.state = found.state;
    const std::string name = title(rule, slice);
    const std::string measured = observation ? name + " " + valueText(observation->value) : name;
    switch (found.lack) {
    case Lack::Unrecorded: verdict.sentence = name + " has not been recorded; the limit is " + limitText(rule) + "."; return verdict;
    case Lack::NotANumber: verdict.sentence = name + " could not be computed by its source (not a number); the limit is " + limitText(rule) + "."; return verdict;
    case Lack::NoCount: verdict.sentence = measured + " comes without its number of cases; " + std::to_string(*rule.minimumN) + " are needed."; return verdict;
    case Lack::TooFew:
        verdict.missing = *rule.minimumN - *observation->n;
        verdict.sentence = name + " rests on " + cases(*observation->n) + "; " + std::to_string(*verdict.missing) + " more are needed.";
        return verdict;
    case Lack::TooOld:
        verdict.sentence = measured + " is of " + formatDate(observation->window.end) + ", more than " + std::to_string(*rule.maxAgeDays)
            + (*rule.maxAgeDays == 1 ? " day" : " days") + " ago; a newer value is needed.";
        return verdict;
    case Lack::NoInterval: verdict.sentence = measured + " comes without its confidence interval, on which the limit of " + limitText(rule) + " is judged."; return verdict;
    case Lack::Inconclusive:
        verdict.missing = missingCases(rule, *observation, found.span);
        verdict.sentence = measured + " meets the limit of " + limitText(rule) + ", but its " + boundText(rule, found.span) + " does not; "
            + (verdict.missing ? "about " + grouped(*verdict.missing) + " more cases are needed." : std::string("more cases are needed."));
        return verdict;
    case Lack::None: break;
    }
    if (verdict.state == VerdictState::Fail) {
        verdict.sentence = measured + " " + breachText(rule) + ".";
        return verdict;
    }
    verdict.sentence = measured + (rule.basis == Basis::Bound ? ", " + boundText(rule, found.span) + "," : std::string()) + " meets the limit of " + limitText(rule)
        + (verdict.state == VerdictState::Watch ? " but is on watch (" + watchText(rule) + ")." : ".");
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
        summary.waived += verdict.state == VerdictState::Waived;
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
    case VerdictState::Waived: summary.sentence = "Meets or is allowed to miss " + total + ", " + std::to_string(summary.waived) + " waived: " + worst->sentence; break;
    default: summary.sentence = verdicts.size() == 1 ? "Meets its limit." : "Meets all " + total + "."; break;
    }
    if (worst->state < VerdictState::Pass)
        summary.worst = worst->sentence;
    return summary;
}

} // namespace countersign::policy
