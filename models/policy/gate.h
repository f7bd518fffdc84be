#pragma once

#include "models/domain/contribution.h"
#include "models/domain/evidence.h"
#include "models/domain/findings.h"
#include "models/domain/waivers.h"
#include "models/policy/packs/pack.h"

#include <string>
#include <vector>

/// Gates: what has to hold before a version may move to another stage, looked at one by one, each with a sentence that says how it stands.
namespace countersign::policy {

/// How one thing that a gate asks for stands. Ordered from worst to best.
enum class CheckState { NotMet, NotEnough, Waived, Met };
std::string_view checkStateKey(CheckState state);   ///< "notEnough"
std::string_view checkStateTitle(CheckState state); ///< "Not enough evidence"

struct GateCheck {
    enum class Kind { Fact, Rule, Evidence, Finding, SignOff, Condition };
    Kind kind = Kind::Fact;
    std::string pack;      ///< that asks for it
    std::string id;        ///< in the pack: a fact's key, a rule, evidence or signature; a finding's or condition's own id
    CheckState state = CheckState::NotMet;
    std::string sentence;  ///< "Validation report: E-5 awaits review."
    std::string waiver;    ///< "W-3" where one holds it open
};
std::string_view checkKindKey(GateCheck::Kind kind); ///< "signOff"

/// What is known about a version when a gate is judged.
struct GateFacts {
    MlModel model;
    ModelVersion version;
    std::vector<Verdict> verdicts;           ///< as of now
    std::vector<Rule> rules;                 ///< every revision: tells which verdict is of which rule of a pack
    std::vector<Exhibit> exhibits;           ///< about the version or its model as such
    std::vector<Finding> findings;           ///< about the version or its model as such; closed ones do not matter
    std::vector<Waiver> waivers;             ///< of the version
    std::vector<SignOff> signOffs;           ///< of the version, with what is stale by now marked
    std::vector<Contribution> contributions; ///< of the model
    std::vector<Person> people;
    std::vector<std::string> openConditions; ///< of approvals: a sentence each
    Instant now{};
};

/// pass, fail, insufficientEvidence or waived, with every check, the worst first.
struct GateVerdict {
    CheckState state = CheckState::Met;
    std::vector<GateCheck> checks;

    bool isOpen() const { return state == CheckState::Met || state == CheckState::Waived; }
    std::string_view word() const; ///< "insufficientEvidence"
    /// "Open: all 9 checks are met." "Closed: 2 of 9 checks are not met, 1 has not enough evidence."
    std::string sentence() const;
    /// Those that keep it closed.
    std::vector<GateCheck> reasons() const;
};

/// Judges everything that the transition asks of a model of this tier.
GateVerdict judgeGate(const Pack &pack, const Transition &transition, const GateFacts &facts);
/// Several gates that all have to be open.
GateVerdict together(std::vector<GateVerdict> gates);

/// The stage of a pack in which a version stands: the one it was moved to, otherwise the first that shows the same; nullptr: the pack has none.
const PackStage *stageOf(const Pack &pack, const ModelVersion &version);
/// The moves from there, in the pack's order.
std::vector<const Transition *> movesFrom(const Pack &pack, const PackStage &stage);

} // namespace countersign::policy
