#include "models/policy/gate.h"

#include "models/domain/names.h"
#include "models/metrics/definition.h"
#include "models/policy/authority.h"
#include "models/policy/evidence.h"
#include "models/policy/signaturecount.h"

#include <algorithm>

namespace countersign::policy {

namespace {

constexpr std::array<std::string_view, 4> kStates{"notMet", "notEnough", "waived", "met"};
constexpr std::array<std::string_view, 4> kStateTitles{"Not met", "Not enough evidence", "Waived", "Met"};
constexpr std::array<std::string_view, 6> kKinds{"fact", "rule", "evidence", "finding", "signOff", "condition"};

std::string factTitle(ModelFact fact)
{
    switch (fact) {
    case ModelFact::Owner: return "an owner";
    case ModelFact::Tier: return "a tier";
    case ModelFact::Purpose: return "a purpose";
    case ModelFact::UseCase: return "a use case";
    case ModelFact::Description: break;
    }
    return "a description";
}

bool hasFact(const MlModel &model, ModelFact fact)
{
    switch (fact) {
    case ModelFact::Owner: return !model.owner.empty();
    case ModelFact::Tier: return model.tier.has_value();
    case ModelFact::Purpose: return !model.purpose.empty();
    case ModelFact::UseCase: return !model.useCase.empty();
    case ModelFact::Description: break;
    }
    return !model.description.empty();
}

/// Judges one transition's gate of one pack.
class GateJudge
{
public:
    GateJudge(const Pack &pack, const GateFacts &facts) : m_pack(pack), m_facts(facts) {}

    void look(const GateRequirement &gate)
    {
        for (const ModelFact fact : gate.facts)
            add(GateCheck::Kind::Fact, std::string(modelFactKey(fact)), hasFact(m_facts.model, fact) ? CheckState::Met : CheckState::NotMet,
                hasFact(m_facts.model, fact) ? "The model has " + factTitle(fact) + "." : "The model needs " + factTitle(fact) + ".");
        for (const PackRule &rule : m_pack.rules)
            if (asksFor(gate, rule))
                oneRule(rule);
        for (const std::string &evidence : gate.evidence)
            oneEvidence(evidence);
        if (gate.findingsBelow)
            findings(*gate.findingsBelow);
        if (gate.conditionsClosed)
            conditions();
    }

    /// Signatures that several parts of the gate ask for are counted together: they may depend on each other.
    void signOffs(const std::vector<SignOffNeed> &needs)
    {
        if (needs.empty())
            return;
        for (const SignOff &signOff : m_facts.signOffs)
            if (signOff.decision == Decision::Reject && !signOff.withdrawn && !signOff.isStale)
                add(GateCheck::Kind::SignOff, signOff.id.text(), CheckState::NotMet,
                    signOff.personName + " rejected this version on " + formatDate(signOff.signedAt) + " (entry " + std::to_string(signOff.entry) + ")"
                        + (signOff.comment.empty() ? "." : ": " + signOff.comment));
        for (const CountedNeed &counted : countSignatures(m_pack, needs, m_facts))
            add(GateCheck::Kind::SignOff, counted.need->id, counted.isMet ? CheckState::Met : CheckState::NotMet, counted.sentence);
    }

    std::vector<GateCheck> checks;

private:
    void add(GateCheck::Kind kind, std::string id, CheckState state, std::string sentence, std::string waiver = {})
    {
        // Two parts of a gate may ask for the same.
        if (std::ranges::none_of(checks, [&](const GateCheck &known) { return known.kind == kind && known.id == id && known.sentence == sentence; }))
            checks.push_back({kind, m_pack.id, std::move(id), state, std::move(sentence), std::move(waiver)});
    }

    /// The rule of the pack that a verdict is about; nullptr: of none.
    const PackRule *ruleOf(const Verdict &verdict) const
    {
        const auto rule = std::ranges::find_if(m_facts.rules, [&](const Rule &one) { return one.id == verdict.rule && one.revision == verdict.ruleRevision; });
        return rule != m_facts.rules.end() && rule->origin && rule->origin->pack == m_pack.id ? m_pack.rule(rule->origin->rule) : nullptr;
    }

    void judged(const PackRule &rule, const Verdict &verdict)
    {
        CheckState state = CheckState::Met;
        std::string sentence = verdict.sentence;
        std::string waiver;
        if (verdict.state == VerdictState::Fail)
            state = CheckState::NotMet;
        else if (verdict.state == VerdictState::NotEnoughData || verdict.state == VerdictState::NotJudged)
            state = CheckState::NotEnough;
        else if (verdict.state == VerdictState::Waived) {
            state = rule.isWaivable ? CheckState::Waived : CheckState::NotMet;
            if (!rule.isWaivable)
                sentence += " The pack does not let this limit be waived.";
            const auto held = std::ranges::find_if(m_facts.waivers, [&](const Waiver &one) {
                return one.isInForce(m_facts.now) && one.requirement.id == verdict.rule.text() && one.requirement.slice == verdict.slice;
            });
            waiver = held == m_facts.waivers.end() ? std::string() : held->number();
        }
        add(GateCheck::Kind::Rule, rule.id, state, sentence, waiver);
    }

    /// A limit with nothing to look at is not met: nobody passes by not measuring.
    void oneRule(const PackRule &rule)
    {
        if (!isForTier(rule.limit.tiers, m_facts.model.tier))
            return;
        bool isAny = false;
        for (const Verdict &verdict : m_facts.verdicts)
            if (ruleOf(verdict) == &rule) {
                judged(rule, verdict);
                isAny = true;
            }
        if (isAny)
            return;
        const std::string sentence = "The limit \"" + rule.id + "\" has nothing to look at: " + metrics::define(rule.limit.metric).title + " is not recorded for this version.";
        const auto set = std::ranges::find_if(m_facts.rules, [&](const Rule &one) { return one.origin && one.origin->pack == m_pack.id && one.origin->rule == rule.id; });
        const Waiver *waiver = set == m_facts.rules.end() || !rule.isWaivable ? nullptr : waiverOf(WaivedRequirement::Kind::Limit, set->id.text());
        if (waiver)
            add(GateCheck::Kind::Rule, rule.id, CheckState::Waived, "Waived until " + formatDate(waiver->until) + " (" + waiver->number() + "): " + sentence, waiver->number());
        else
            add(GateCheck::Kind::Rule, rule.id, CheckState::NotEnough, sentence);
    }

    void oneEvidence(const std::string &id)
    {
        const EvidenceNeed *need = m_pack.evidenceNeed(id);
        if (!need || !isForTier(need->tiers, m_facts.model.tier))
            return;
        const std::string name = m_pack.id + "/" + id;
        const EvidenceRequirement required{name, need->title, {}, need->validDays, {}};
        const auto found = completeness(std::span(&required, 1), m_facts.exhibits, {m_facts.model.tier, {}, m_facts.now});
        const RequiredEvidence &item = found.items.front();
        if (!item.isMet() && need->isWaivable)
            if (const Waiver *waiver = waiverOf(WaivedRequirement::Kind::Evidence, name))
                return add(GateCheck::Kind::Evidence, id, CheckState::Waived, "Waived until " + formatDate(waiver->until) + " (" + waiver->number() + "): " + item.sentence, waiver->number());
        const bool isRefused = item.standing == EvidenceStanding::Rejected;
        add(GateCheck::Kind::Evidence, id, item.isMet() ? CheckState::Met : isRefused ? CheckState::NotMet : CheckState::NotEnough, item.sentence);
    }

    void findings(Severity below)
    {
        bool isAny = false;
        for (const Finding &finding : m_facts.findings) {
            if (!finding.isOpen() || finding.severity < below)
                continue;
            isAny = true;
            const std::string sentence = finding.number() + " is open, severity " + std::string(severityKey(finding.severity)) + ": " + finding.title;
            if (const Waiver *waiver = waiverOf(WaivedRequirement::Kind::Finding, finding.id.text()))
                add(GateCheck::Kind::Finding, finding.id.text(), CheckState::Waived, "Waived until " + formatDate(waiver->until) + " (" + waiver->number() + "): " + sentence, waiver->number());
            else
                add(GateCheck::Kind::Finding, finding.id.text(), CheckState::NotMet, sentence);
        }
        if (!isAny)
            add(GateCheck::Kind::Finding, "below-" + std::string(severityKey(below)), CheckState::Met,
                "No finding of severity " + std::string(severityKey(below)) + (below == Severity::Critical ? " is open." : " or above is open."));
    }

    void conditions()
    {
        for (const std::string &condition : m_facts.openConditions)
            add(GateCheck::Kind::Condition, {}, CheckState::NotMet, condition);
        if (m_facts.openConditions.empty())
            add(GateCheck::Kind::Condition, {}, CheckState::Met, "No condition of an approval is open.");
    }

    const Waiver *waiverOf(WaivedRequirement::Kind kind, const std::string &id) const
    {
        const auto found = std::ranges::find_if(m_facts.waivers, [&](const Waiver &one) {
            return one.requirement.kind == kind && one.requirement.id == id && one.isInForce(m_facts.now);
        });
        return found == m_facts.waivers.end() ? nullptr : &*found;
    }

    const Pack &m_pack;
    const GateFacts &m_facts;
};

std::string counted(std::ptrdiff_t n, const char *one, const char *many) { return std::to_string(n) + (n == 1 ? one : many); }

} // namespace

std::string_view checkStateKey(CheckState state) { return nameOf(state, kStates); }
std::string_view checkStateTitle(CheckState state) { return nameOf(state, kStateTitles); }
std::string_view checkKindKey(GateCheck::Kind kind) { return nameOf(kind, kKinds); }

std::string_view GateVerdict::word() const
{
    static constexpr std::array<std::string_view, 4> words{"fail", "insufficientEvidence", "waived", "pass"};
    return nameOf(state, words);
}

std::string GateVerdict::sentence() const
{
    const auto count = [this](CheckState wanted) { return std::ranges::count(checks, wanted, &GateCheck::state); };
    const auto all = static_cast<std::ptrdiff_t>(checks.size());
    if (all == 0)
        return "Open: it asks for nothing.";
    if (state == CheckState::Met)
        return all == 1 ? "Open: its one check is met." : "Open: all " + std::to_string(all) + " checks are met.";
    if (state == CheckState::Waived)
        return "Open under waiver: " + counted(count(CheckState::Waived), " check is", " checks are") + " waived, of " + std::to_string(all) + ".";
    std::string text = "Closed: ";
    if (const auto n = count(CheckState::NotMet); n > 0)
        text += counted(n, " check is", " checks are") + " not met";
    if (const auto n = count(CheckState::NotEnough); n > 0)
        text += std::string(count(CheckState::NotMet) > 0 ? ", " : "") + counted(n, " has", " have") + " not enough evidence";
    return text + ", of " + std::to_string(all) + ".";
}

std::vector<GateCheck> GateVerdict::reasons() const
{
    std::vector<GateCheck> kept;
    std::ranges::copy_if(checks, std::back_inserter(kept), [](const GateCheck &check) { return check.state < CheckState::Waived; });
    return kept;
}

GateVerdict judgeGate(const Pack &pack, const Transition &transition, const GateFacts &facts)
{
    GateJudge judge(pack, facts);
    std::vector<SignOffNeed> needs;
    for (const GateRequirement &gate : transition.gate) {
        if (!isForTier(gate.tiers, facts.model.tier))
            continue;
        judge.look(gate);
        needs.insert(needs.end(), gate.signOffs.begin(), gate.signOffs.end());
    }
    judge.signOffs(needs);
    GateVerdict verdict;
    verdict.checks = std::move(judge.checks);
    return together({std::move(verdict)});
}

GateVerdict together(std::vector<GateVerdict> gates)
{
    GateVerdict all;
    for (GateVerdict &gate : gates)
        std::ranges::move(gate.checks, std::back_inserter(all.checks));
    std::ranges::stable_sort(all.checks, {}, &GateCheck::state);
    if (!all.checks.empty())
        all.state = all.checks.front().state;
    return all;
}

const PackStage *stageOf(const Pack &pack, const ModelVersion &version)
{
    if (const PackStage *own = version.stageId.empty() ? nullptr : pack.stage(version.stageId); own && own->stage == version.stage)
        return own;
    const auto found = std::ranges::find(pack.stages, version.stage, &PackStage::stage);
    return found == pack.stages.end() ? nullptr : &*found;
}

std::vector<const Transition *> movesFrom(const Pack &pack, const PackStage &stage)
{
    std::vector<const Transition *> moves;
    for (const Transition &transition : pack.transitions)
        if (transition.from == stage.id)
            moves.push_back(&transition);
    return moves;
}

} // namespace countersign::policy
