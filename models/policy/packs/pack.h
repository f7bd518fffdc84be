#pragma once

#include "models/domain/inventory.h"
#include "models/domain/judgement.h"
#include "models/domain/people.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A pack is one framework as data: what a regulation, a standard or a house policy asks of models, in terms that the program can judge.
/// No code knows a law. Published packs never change; records stay tied to the version that they were made under. Ids are unique within
/// their list and made of letters, digits, '.', '-' and '_'; what one list says of another is checked when a pack is read.
namespace countersign::policy {

/// The tiers that a pack may have: 1 is the highest risk.
inline constexpr int kMostTiers = 3;

/// Where the framework comes from, and when somebody last looked.
struct PackSource {
    std::string title;
    std::string url;                ///< empty: none
    std::string citation;           ///< "SR 26-2, OCC Bulletin 2026-13"
    std::optional<Instant> checked; ///< the day on which the text was looked at; none: not checked against the text
    bool operator==(const PackSource &) const = default;
};

struct PackTier {
    int tier = 1;
    std::string title;   ///< "High"
    std::string meaning; ///< what it asks for, in a sentence
    bool operator==(const PackTier &) const = default;
};

/// How a tier follows from answers.
struct Scoring {
    struct Level {
        std::string id;
        std::string title;
        int points = 0;
        std::optional<int> atLeast; ///< whatever the points, the tier is this or a higher risk
        bool operator==(const Level &) const = default;
    };
    struct Factor {
        std::string id;       ///< "exposure"
        std::string title;
        std::string question; ///< as it is asked
        std::vector<Level> levels;
        bool operator==(const Factor &) const = default;
    };
    struct Band {
        int tier = 1;
        int from = 0; ///< points, both ends belong to it
        int to = 0;
        bool operator==(const Band &) const = default;
    };
    enum class Combine { Sum, Product };
    /// Who may choose another tier than the computed one.
    enum class Override { Never, WithReason, WithSecondPerson };

    Combine combine = Combine::Sum;
    std::vector<Factor> factors;      ///< empty: the tier is chosen, not computed
    std::vector<Band> bands;          ///< together every score that is possible, once
    Override override = Override::WithSecondPerson;
    bool operator==(const Scoring &) const = default;
};
std::string_view combineKey(Scoring::Combine combine); ///< "product"
Result<Scoring::Combine> parseCombine(std::string_view text);
std::string_view overrideKey(Scoring::Override override); ///< "secondPerson"
Result<Scoring::Override> parseOverride(std::string_view text);

struct PackStage {
    std::string id;    ///< a stage's key, or the pack's own
    std::string title;
    Stage stage = Stage::Proposed; ///< what the inventory shows of it
    bool operator==(const PackStage &) const = default;
};

/// Facts of the inventory that a gate can ask to be there.
enum class ModelFact { Owner, Tier, Purpose, UseCase, Description };
inline constexpr ModelFact kAllModelFacts[] = {ModelFact::Owner, ModelFact::Tier, ModelFact::Purpose, ModelFact::UseCase, ModelFact::Description};
std::string_view modelFactKey(ModelFact fact); ///< "useCase"
Result<ModelFact> parseModelFact(std::string_view text);

/// Signatures that a gate asks for: so many persons, each in one of the roles.
struct SignOffNeed {
    std::string id;                   ///< unique in its transition
    std::vector<Role> roles;          ///< any of them
    int quorum = 1;                   ///< so many different persons
    bool inDistinctRoles = false;     ///< each of them in another role
    std::vector<std::string> after;   ///< only once these needs of the transition are met
    std::vector<std::string> apart;   ///< by nobody who signed for these needs of the transition
    bool isIndependent = false;       ///< by nobody who wrote anything of this version or its evidence
    std::optional<int> independentMonths; ///< and nobody who did so of another version of the model in so many months
    std::string meaning;              ///< id of a signing meaning; empty: any
    bool operator==(const SignOffNeed &) const = default;
};

/// What has to hold before a move. Where several are for a model's tier, all of them have to. A rule that is asked for and whose metric
/// nobody recorded does not hold: unlike a verdict, a gate does not pass over it.
struct GateRequirement {
    std::vector<int> tiers;             ///< empty: every model
    bool allRules = false;              ///< every rule of the pack that applies to the model, guidelines aside
    std::vector<std::string> rules;     ///< otherwise these
    std::vector<std::string> evidence;  ///< there, accepted, not expired
    std::vector<ModelFact> facts;
    std::vector<SignOffNeed> signOffs;
    std::optional<Severity> findingsBelow; ///< every open finding weighs less than this; none: findings are not asked for
    bool conditionsClosed = false;      ///< of earlier conditional approvals
    bool operator==(const GateRequirement &) const = default;
};

/// A move that the pack allows. A gate without requirements is open.
struct Transition {
    std::string id;     ///< "approve"
    std::string title;  ///< "Approve for use"
    std::string from;   ///< stages
    std::string to;
    bool isRework = false;     ///< leads back; the other transitions never do
    bool needsReason = false;
    std::vector<GateRequirement> gate;
    bool operator==(const Transition &) const = default;
};

struct EvidenceNeed {
    std::string id;
    std::string title;
    std::string what;                     ///< what it has to show, in a sentence or two
    std::vector<int> tiers;               ///< empty: every model
    std::vector<std::string> obligations; ///< that it serves
    std::string stage;                    ///< the stage by which it is due; empty: none
    std::optional<int> validDays;         ///< after so many days it has to be renewed
    bool isWaivable = true;
    bool operator==(const EvidenceNeed &) const = default;
};

/// What the framework asks for, in our own words.
struct Obligation {
    /// What of the product serves it.
    struct Cover {
        enum class Kind { Evidence, Rule, Section, Gate, Meaning, Record };
        Kind kind = Kind::Record;
        std::string id;   ///< in the list of that kind (Gate: a transition); empty for Record: the ledger and what it proves
        bool operator==(const Cover &) const = default;
    };

    std::string id;
    std::string citation;           ///< "Art. 10(2)(f)"
    std::string text;
    std::vector<Cover> covers;      ///< empty: the product does not cover it, and `note` says so
    std::string note;               ///< how it is covered, or what remains to be done outside
    std::optional<Instant> checked; ///< none: not checked against the text
    bool operator==(const Obligation &) const = default;
};
std::string_view coverKey(Obligation::Cover::Kind kind); ///< "evidence"
Result<Obligation::Cover::Kind> parseCover(std::string_view text);

/// A limit of the pack. `limit` has neither id, revision, model nor origin: they come with its publication.
struct PackRule {
    std::string id;
    std::string why;                      ///< the reason for the limit, in a sentence; may be empty
    Rule limit;
    std::vector<std::string> obligations;
    bool isGuideline = false;             ///< a common yardstick that asks for an explanation: no requirement, never called a pass of the framework
    bool isWaivable = true;
    bool operator==(const PackRule &) const = default;
};

struct PackRole {
    Role role = Role::Owner;
    std::string duty; ///< what the framework expects of it
    bool operator==(const PackRole &) const = default;
};

/// What makes a new validation due, beside the calendar.
enum class Trigger { Breach, NewVersion, Drift, Incident, DependencyChanged, OwnerChanged, TierChanged, DataChanged, UseChanged, PackChanged, WaiverEnded };
inline constexpr Trigger kAllTriggers[] = {Trigger::Breach,       Trigger::NewVersion,  Trigger::Drift,       Trigger::Incident,   Trigger::DependencyChanged, Trigger::OwnerChanged,
                                           Trigger::TierChanged, Trigger::DataChanged, Trigger::UseChanged, Trigger::PackChanged, Trigger::WaiverEnded};
std::string_view triggerKey(Trigger trigger);   ///< "newVersion"
std::string_view triggerTitle(Trigger trigger); ///< "A new version"
Result<Trigger> parseTrigger(std::string_view text);

struct Revalidation {
    struct Cadence {
        int tier = 1;
        int months = 12;
        bool operator==(const Cadence &) const = default;
    };
    std::vector<Cadence> cadence;  ///< a tier without one: triggers alone
    std::vector<Trigger> triggers;
    int noticeDays = 30;           ///< so long before it is due it is announced
    bool operator==(const Revalidation &) const = default;
};

/// What a signature can mean.
struct SigningMeaning {
    std::string id;            ///< "approval"
    std::string title;         ///< "Approval for use"
    std::string text;          ///< the words that the signer stands for
    std::vector<Role> roles;   ///< who may sign so; empty: whoever may sign
    bool operator==(const SigningMeaning &) const = default;
};

/// What a section of the report is made of.
enum class SectionContent { Facts, Tier, Obligations, Limits, Metrics, Fairness, Drift, Evidence, Findings, Waivers, SignOffs, Changes, Incidents, Verification };
std::string_view sectionContentKey(SectionContent content); ///< "signOffs"
Result<SectionContent> parseSectionContent(std::string_view text);

struct ReportSection {
    std::string id;
    std::string title;
    std::vector<SectionContent> shows;
    std::vector<std::string> evidence;    ///< needs whose items stand here
    std::vector<std::string> obligations; ///< that it answers
    bool operator==(const ReportSection &) const = default;
};

/// How long there is to report an incident.
struct IncidentClock {
    std::string id;
    std::string title;      ///< which incidents
    int hours = 0;
    std::string citation;
    std::optional<Instant> checked;
    bool operator==(const IncidentClock &) const = default;
};

/// A day that the framework names.
struct Deadline {
    std::string id;
    std::string title;
    Instant date{};
    std::string citation;
    std::optional<Instant> checked;
    bool operator==(const Deadline &) const = default;
};

struct Pack {
    std::string id;        ///< "sr-26-2"
    std::string title;
    std::string version;   ///< "2026.12" or "1.2.0": numbers with dots
    Instant dated{};       ///< the day of this version of the pack
    std::string status;    ///< of the framework, in a sentence: "Guidance, in force since 17 April 2026."
    PackSource source;
    std::string note;      ///< for whom it is and what it leaves out

    std::vector<PackTier> tiers;             ///< ascending, from 1
    Scoring scoring;
    std::vector<PackStage> stages;           ///< in their order; the first is where a version begins
    std::vector<Transition> transitions;
    std::vector<EvidenceNeed> evidence;
    std::vector<Obligation> obligations;
    std::vector<PackRule> rules;
    std::vector<PackRole> roles;
    std::vector<std::pair<Role, Role>> apart; ///< not one person on one model
    Revalidation revalidation;
    std::vector<SigningMeaning> meanings;
    std::vector<ReportSection> report;
    std::vector<IncidentClock> clocks;
    std::vector<Deadline> deadlines;
    std::optional<int> waiverDays;     ///< the longest a waiver may last; none: no limit
    std::optional<int> retentionYears; ///< after retirement; none: the framework names none
    bool operator==(const Pack &) const = default;

    // nullptr where there is none.
    const PackTier *tier(int number) const;
    const PackStage *stage(std::string_view stageId) const;
    const Transition *transition(std::string_view transitionId) const;
    const EvidenceNeed *evidenceNeed(std::string_view evidenceId) const;
    const Obligation *obligation(std::string_view obligationId) const;
    const PackRule *rule(std::string_view ruleId) const;
    const SigningMeaning *meaning(std::string_view meaningId) const;
};

/// "General model governance 2026.12".
std::string packName(const Pack &pack);
/// Whether the requirement asks for this rule, where the rule applies to the model at all.
bool asksFor(const GateRequirement &gate, const PackRule &rule);
/// Whether a list of tiers is for a model of this tier. A model without one has to meet what any tier has to.
bool isForTier(const std::vector<int> &tiers, std::optional<int> tier);

} // namespace countersign::policy
