#include "models/policy/packs/packcheck.h"

#include "models/metrics/definition.h"
#include "models/policy/evaluator.h"
#include "models/policy/packs/lifecyclecheck.h"

#include <algorithm>
#include <cstdint>

namespace countersign::policy {

namespace {

constexpr std::int64_t kMostScore = 1'000'000;

bool isName(std::string_view id)
{
    return std::ranges::all_of(id, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; });
}

/// "2026.12", "1.2.0": up to four numbers with dots between.
bool isVersion(std::string_view version)
{
    int parts = 1;
    bool hasDigit = false;
    for (const char c : version) {
        if (c == '.' && hasDigit) {
            ++parts;
            hasDigit = false;
        } else if (c >= '0' && c <= '9') {
            hasDigit = true;
        } else {
            return false;
        }
    }
    return hasDigit && parts <= 4 && version.size() <= 32;
}

void checkHead(const Pack &pack, const Place &root, FaultList &faults)
{
    if (!isName(pack.id))
        faults.add(root.in("id"), "`id` of a pack is to be small letters, digits, '-' and '.', it is \"" + pack.id + "\".");
    if (!pack.version.empty() && !isVersion(pack.version))
        faults.add(root.in("version"), "`version` is to be up to four numbers with dots between (2026.12), it is \"" + pack.version + "\".");
}

void checkTier(const Pack &pack, int tier, const Place &place, FaultList &faults)
{
    if (!pack.tier(tier))
        faults.add(place, "There is no tier " + std::to_string(tier) + " in this pack.");
}

void checkTiers(const Pack &pack, const std::vector<int> &tiers, const Place &place, FaultList &faults)
{
    for (const int tier : tiers)
        checkTier(pack, tier, place, faults);
}

void checkTierList(const Pack &pack, const Place &place, FaultList &faults)
{
    if (pack.tiers.empty())
        faults.add(place, "A pack has one tier at least.");
    for (std::size_t i = 0; i < pack.tiers.size(); ++i)
        if (pack.tiers[i].tier != static_cast<int>(i) + 1) {
            faults.add(place.at(i).in("tier"), "Tiers count from 1 up, so this is tier " + std::to_string(i + 1) + ", not " + std::to_string(pack.tiers[i].tier) + ".");
            return;
        }
}

struct ScoreRange {
    std::int64_t low;
    std::int64_t high;
};

ScoreRange possibleScores(const Scoring &scoring)
{
    const bool isSum = scoring.combine == Scoring::Combine::Sum;
    ScoreRange all = isSum ? ScoreRange{0, 0} : ScoreRange{1, 1};
    for (const Scoring::Factor &factor : scoring.factors) {
        const auto [least, most] = std::ranges::minmax(factor.levels, {}, &Scoring::Level::points);
        all = isSum ? ScoreRange{all.low + least.points, all.high + most.points}
                    : ScoreRange{std::min(all.low * least.points, kMostScore + 1), std::min(all.high * most.points, kMostScore + 1)};
    }
    return all;
}

std::string points(std::int64_t from, std::int64_t to)
{
    return from == to ? std::to_string(from) + (from == 1 ? " point" : " points") : std::to_string(from) + " to " + std::to_string(to) + " points";
}

/// Together the bands hold every possible score, and each once.
void checkBands(const Scoring &scoring, const Place &place, FaultList &faults)
{
    const ScoreRange possible = possibleScores(scoring);
    if (possible.high > kMostScore) {
        faults.add(place.in("factors"), "Scores reach beyond " + std::to_string(kMostScore) + " points.");
        return;
    }
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < scoring.bands.size(); ++i) {
        if (scoring.bands[i].from > scoring.bands[i].to)
            faults.add(place.in("bands").at(i), "This band ends before it begins.");
        else
            order.push_back(i);
    }
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return scoring.bands[i].from; });
    std::int64_t next = possible.low;
    for (const std::size_t i : order) {
        const Scoring::Band &band = scoring.bands[i];
        if (band.from > next && next <= possible.high)
            faults.add(place.in("bands").at(i), "No tier is given for " + points(next, std::min<std::int64_t>(band.from - 1, possible.high)) + ".");
        else if (i != order.front() && band.from < next)
            faults.add(place.in("bands").at(i), "Another band gives a tier for " + points(band.from, std::min<std::int64_t>(band.to, next - 1)) + " too.");
        next = std::max<std::int64_t>(next, band.to + 1);
    }
    if (next <= possible.high)
        faults.add(place.in("bands"), "No tier is given for " + points(next, possible.high) + ".");
}

void checkScoring(const Pack &pack, const Place &place, FaultList &faults)
{
    const Scoring &scoring = pack.scoring;
    faults.uniqueIds(scoring.factors, place.in("factors"), &Scoring::Factor::id, "A factor");
    bool isComplete = true;
    for (std::size_t f = 0; f < scoring.factors.size(); ++f) {
        const Scoring::Factor &factor = scoring.factors[f];
        const Place at = place.in("factors").at(f);
        if (factor.levels.empty())
            faults.add(at, "The factor \"" + factor.id + "\" has no levels.");
        isComplete = isComplete && !factor.levels.empty();
        faults.uniqueIds(factor.levels, at.in("levels"), &Scoring::Level::id, "A level");
        for (std::size_t l = 0; l < factor.levels.size(); ++l)
            if (factor.levels[l].atLeast)
                checkTier(pack, *factor.levels[l].atLeast, at.in("levels").at(l).in("atLeast"), faults);
    }
    for (std::size_t b = 0; b < scoring.bands.size(); ++b)
        checkTier(pack, scoring.bands[b].tier, place.in("bands").at(b).in("tier"), faults);
    if (!scoring.factors.empty() && isComplete)
        checkBands(scoring, place, faults);
    else if (scoring.factors.empty() && !scoring.bands.empty())
        faults.add(place.in("bands"), "Bands of points go with factors that give points.");
}

void checkEvidence(const Pack &pack, const Place &list, FaultList &faults)
{
    faults.uniqueIds(pack.evidence, list, &EvidenceNeed::id, "Required evidence");
    for (std::size_t i = 0; i < pack.evidence.size(); ++i) {
        const EvidenceNeed &need = pack.evidence[i];
        const Place at = list.at(i);
        checkTiers(pack, need.tiers, at.in("tiers"), faults);
        faults.knownIds(need.obligations, at.in("obligations"), [&](const std::string &id) { return pack.obligation(id); }, "obligation");
        if (!need.stage.empty() && !pack.stage(need.stage))
            faults.add(at.in("stage"), "There is no stage \"" + need.stage + "\" in this pack.");
    }
}

bool isThere(const Pack &pack, const Obligation::Cover &cover)
{
    using Kind = Obligation::Cover::Kind;
    switch (cover.kind) {
    case Kind::Evidence: return pack.evidenceNeed(cover.id);
    case Kind::Rule: return pack.rule(cover.id);
    case Kind::Section: return std::ranges::find(pack.report, cover.id, &ReportSection::id) != pack.report.end();
    case Kind::Gate: return pack.transition(cover.id);
    case Kind::Meaning: return pack.meaning(cover.id);
    case Kind::Record: return true;
    }
    return false;
}

void checkObligations(const Pack &pack, const Place &list, FaultList &faults)
{
    faults.uniqueIds(pack.obligations, list, &Obligation::id, "An obligation");
    for (std::size_t i = 0; i < pack.obligations.size(); ++i) {
        const Obligation &obligation = pack.obligations[i];
        for (std::size_t c = 0; c < obligation.covers.size(); ++c)
            if (const auto &cover = obligation.covers[c]; !cover.id.empty() && !isThere(pack, cover))
                faults.add(list.at(i).in("covers").at(c), "There is no " + std::string(cover.kind == Obligation::Cover::Kind::Gate ? "transition" : coverKey(cover.kind)) + " \"" + cover.id +
                                                              "\" in this pack.");
        if (obligation.covers.empty() && obligation.note.empty())
            faults.add(list.at(i), "Nothing covers the obligation \"" + obligation.id + "\"; `note` has to say what remains to be done.");
    }
}

void checkRules(const Pack &pack, const Place &list, FaultList &faults)
{
    faults.uniqueIds(pack.rules, list, &PackRule::id, "A rule");
    for (std::size_t i = 0; i < pack.rules.size(); ++i) {
        const PackRule &rule = pack.rules[i];
        const Place at = list.at(i);
        checkTiers(pack, rule.limit.tiers, at.in("tiers"), faults);
        faults.knownIds(rule.obligations, at.in("obligations"), [&](const std::string &id) { return pack.obligation(id); }, "obligation");
        if (rule.limit.metric.empty())
            continue;
        if (!metrics::define(rule.limit.metric).isKnown)
            faults.add(at.in("metric"), "The metric \"" + rule.limit.metric + "\" is not known.");
        else if (const Status status = check(rule.limit); !status)
            faults.add(at, status.error().message);
    }
}

void checkPeople(const Pack &pack, const Place &root, FaultList &faults)
{
    for (std::size_t i = 0; i < pack.roles.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (pack.roles[i].role == pack.roles[j].role)
                faults.add(root.in("roles").at(i), "The role " + std::string(roleKey(pack.roles[i].role)) + " was there before.");
    for (std::size_t i = 0; i < pack.apart.size(); ++i)
        if (pack.apart[i].first == pack.apart[i].second)
            faults.add(root.in("apart").at(i), "Here are to be two different roles.");
    faults.uniqueIds(pack.meanings, root.in("meanings"), &SigningMeaning::id, "A meaning");
    for (std::size_t i = 0; i < pack.meanings.size(); ++i)
        faults.signingRoles(pack.meanings[i].roles, root.in("meanings").at(i).in("roles"));
}

void checkRest(const Pack &pack, const Place &root, FaultList &faults)
{
    const Place cadence = root.in("revalidation").in("cadence");
    faults.uniqueIds(pack.revalidation.cadence, cadence, &Revalidation::Cadence::tier, "A cadence");
    for (std::size_t i = 0; i < pack.revalidation.cadence.size(); ++i)
        checkTier(pack, pack.revalidation.cadence[i].tier, cadence.at(i).in("tier"), faults);
    const Place report = root.in("report");
    faults.uniqueIds(pack.report, report, &ReportSection::id, "A section");
    for (std::size_t i = 0; i < pack.report.size(); ++i) {
        faults.knownIds(pack.report[i].evidence, report.at(i).in("evidence"), [&](const std::string &id) { return pack.evidenceNeed(id); }, "required evidence");
        faults.knownIds(pack.report[i].obligations, report.at(i).in("obligations"), [&](const std::string &id) { return pack.obligation(id); }, "obligation");
    }
    faults.uniqueIds(pack.clocks, root.in("clocks"), &IncidentClock::id, "A clock");
    faults.uniqueIds(pack.deadlines, root.in("deadlines"), &Deadline::id, "A deadline");
}

} // namespace

std::vector<yaml::Fault> checkPack(const Pack &pack, const yaml::Node *file)
{
    const Place root(file);
    FaultList faults;
    checkHead(pack, root, faults);
    checkTierList(pack, root.in("tiers"), faults);
    checkScoring(pack, root.in("scoring"), faults);
    checkLifecycle(pack, root, faults);
    checkEvidence(pack, root.in("evidence"), faults);
    checkObligations(pack, root.in("obligations"), faults);
    checkRules(pack, root.in("rules"), faults);
    checkPeople(pack, root, faults);
    checkRest(pack, root, faults);
    return faults.take();
}

} // namespace countersign::policy
