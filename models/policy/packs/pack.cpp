#include "models/policy/packs/pack.h"

#include "models/domain/names.h"

#include <algorithm>
#include <array>

namespace countersign::policy {

namespace {

constexpr std::array<std::string_view, 2> kCombines{"sum", "product"};
constexpr std::array<std::string_view, 3> kOverrides{"never", "reason", "secondPerson"};
constexpr std::array<std::string_view, 5> kModelFacts{"owner", "tier", "purpose", "useCase", "description"};
constexpr std::array<std::string_view, 6> kCovers{"evidence", "rule", "section", "gate", "meaning", "record"};
constexpr std::array<std::string_view, 11> kTriggers{"breach",      "newVersion",  "drift",      "incident",    "dependencyChanged", "ownerChanged",
                                                     "tierChanged", "dataChanged", "useChanged", "packChanged", "waiverEnded"};
constexpr std::array<std::string_view, 11> kTriggerTitles{"A breach of a limit", "A new version", "Drift", "An incident", "A change of a model it depends on", "Another owner",
                                                          "Another tier", "Other data", "Another use", "A new version of the pack", "The end of a waiver"};
constexpr std::array<std::string_view, 14> kContents{"facts",    "tier",     "obligations", "limits",   "metrics", "fairness",  "drift",
                                                     "evidence", "findings", "waivers",     "signOffs", "changes", "incidents", "verification"};

/// The element of a list that has this id; nullptr when none has.
template<class T, class Key, class Member>
const T *findBy(const std::vector<T> &list, const Key &key, Member member)
{
    const auto found = std::ranges::find(list, key, member);
    return found == list.end() ? nullptr : &*found;
}

} // namespace

std::string_view combineKey(Scoring::Combine combine) { return nameOf(combine, kCombines); }
Result<Scoring::Combine> parseCombine(std::string_view text) { return parseName<Scoring::Combine>(text, kCombines, "a way to combine points"); }

std::string_view overrideKey(Scoring::Override override) { return nameOf(override, kOverrides); }
Result<Scoring::Override> parseOverride(std::string_view text) { return parseName<Scoring::Override>(text, kOverrides, "a way to override a tier"); }

std::string_view modelFactKey(ModelFact fact) { return nameOf(fact, kModelFacts); }
Result<ModelFact> parseModelFact(std::string_view text) { return parseName<ModelFact>(text, kModelFacts, "a fact of a model"); }

std::string_view coverKey(Obligation::Cover::Kind kind) { return nameOf(kind, kCovers); }
Result<Obligation::Cover::Kind> parseCover(std::string_view text) { return parseName<Obligation::Cover::Kind>(text, kCovers, "what covers an obligation"); }

std::string_view triggerKey(Trigger trigger) { return nameOf(trigger, kTriggers); }
std::string_view triggerTitle(Trigger trigger) { return nameOf(trigger, kTriggerTitles); }
Result<Trigger> parseTrigger(std::string_view text) { return parseName<Trigger>(text, kTriggers, "a trigger"); }

std::string_view sectionContentKey(SectionContent content) { return nameOf(content, kContents); }
Result<SectionContent> parseSectionContent(std::string_view text) { return parseName<SectionContent>(text, kContents, "what a section shows"); }

const PackTier *Pack::tier(int number) const { return findBy(tiers, number, &PackTier::tier); }
const PackStage *Pack::stage(std::string_view stageId) const { return findBy(stages, stageId, &PackStage::id); }
const Transition *Pack::transition(std::string_view transitionId) const { return findBy(transitions, transitionId, &Transition::id); }
const EvidenceNeed *Pack::evidenceNeed(std::string_view evidenceId) const { return findBy(evidence, evidenceId, &EvidenceNeed::id); }
const Obligation *Pack::obligation(std::string_view obligationId) const { return findBy(obligations, obligationId, &Obligation::id); }
const PackRule *Pack::rule(std::string_view ruleId) const { return findBy(rules, ruleId, &PackRule::id); }
const SigningMeaning *Pack::meaning(std::string_view meaningId) const { return findBy(meanings, meaningId, &SigningMeaning::id); }

std::string packName(const Pack &pack) { return pack.title + " " + pack.version; }

bool asksFor(const GateRequirement &gate, const PackRule &rule)
{
    return gate.allRules ? !rule.isGuideline : std::ranges::find(gate.rules, rule.id) != gate.rules.end();
}

bool isForTier(const std::vector<int> &tiers, std::optional<int> tier)
{
    return tiers.empty() || !tier || std::ranges::find(tiers, *tier) != tiers.end();
}

} // namespace countersign::policy
