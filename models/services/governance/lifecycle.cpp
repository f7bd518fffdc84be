#include "models/services/governance/lifecycle.h"

#include "models/crypto/sha256.h"
#include "models/policy/authority.h"
#include "models/services/governance/packs.h"
#include "models/services/governance/parts.h"
#include "models/services/workspace/journal.h"
#include "models/store/queries/governance/contributions.h"
#include "models/store/queries/governance/evidence.h"
#include "models/store/queries/governance/findings.h"
#include "models/store/queries/governance/lifecycle.h"
#include "models/store/queries/governance/waivers.h"
#include "models/store/queries/queries.h"
#include "models/store/queries/reviewinputs.h"

#include <algorithm>
#include <array>

namespace countersign::services {

namespace {

constexpr std::array kMovers{Role::Owner, Role::Developer, Role::Validator, Role::Approver, Role::ComplianceOfficer, Role::ItOperator};
constexpr const char *kGateMedia = "application/vnd.countersign.gate.v1+json";

/// Signatures with what became stale by itself meanwhile marked too: the inputs are compared as they are now.
Result<std::vector<SignOff>> standingSignOffs(Session &session, const VersionId &version)
{
    auto rows = store::listSignOffs(session.connection(), version);
    if (!rows)
        return rows.error();
    std::vector<SignOff> signOffs;
    std::optional<Digest> inputs;
    for (auto &row : *rows) {
        if (!row.signOff.isStale && !row.signOff.withdrawn) {
            if (!inputs) {
                const auto now = store::reviewInputs(session.connection(), version, session.now());
                const auto bytes = now ? json::writeRestricted(*now) : Result<Bytes>(now.error());
                if (!bytes)
                    return bytes.error();
                inputs = crypto::sha256(*bytes);
            }
            const auto bundle = store::findBundle(session.connection(), row.signOff.bundle);
            if (!bundle)
                return bundle.error();
            if (*bundle && (*bundle)->inputs != *inputs) {
                row.signOff.isStale = true;
                row.signOff.changes = {"what was signed has changed with the day: a waiver ended, a limit began, or a value became too old."};
            }
        }
        signOffs.push_back(std::move(row.signOff));
    }
    return signOffs;
}

/// The gate of a move: the first pack's, and what the other packs ask for on the way to the same stage.
policy::GateVerdict gateOf(const std::vector<policy::Pack> &packs, const policy::Transition &transition, const policy::PackStage &to, const policy::GateFacts &facts)
{
    std::vector<policy::GateVerdict> gates{policy::judgeGate(packs.front(), transition, facts)};
    for (auto pack = std::next(packs.begin()); pack != packs.end(); ++pack)
        if (const policy::PackStage *stage = policy::stageOf(*pack, facts.version))
            for (const policy::Transition *move : policy::movesFrom(*pack, *stage))
                if (const policy::PackStage *end = pack->stage(move->to); end && end->stage == to.stage)
                    gates.push_back(policy::judgeGate(*pack, *move, facts));
    return policy::together(std::move(gates));
}

Result<VersionLife> lifeFrom(const std::vector<policy::Pack> &packs, const policy::GateFacts &facts)
{
    if (packs.empty())
        return Error{ErrorKind::NotFound, "No pack governs " + facts.model.name + ". Publish one for all models, or choose one for this model.", {}};
    VersionLife life{facts.model, facts.version, packs.front(), {}, {}};
    const policy::PackStage *stage = policy::stageOf(packs.front(), facts.version);
    if (!stage)
        return life;
    life.stage = *stage;
    for (const policy::Transition *transition : policy::movesFrom(packs.front(), *stage))
        if (const policy::PackStage *to = packs.front().stage(transition->to))
            life.moves.push_back({*transition, *to, gateOf(packs, *transition, *to, facts)});
    return life;
}

Error noSuchMove(const VersionLife &life, const std::string &where)
{
    std::string moves;
    for (const VersionMove &move : life.moves)
        moves += (moves.empty() ? "" : ", ") + move.transition.id + " (to " + move.to.id + ")";
    return {ErrorKind::Invalid, "There is no move \"" + where + "\" from " + (life.stage ? life.stage->title : std::string(stageTitle(life.version.stage)))
                                    + (moves.empty() ? "; there is none at all." : ". There are: " + moves + "."), {}};
}

} // namespace

Result<policy::GateFacts> gateFacts(Session &session, const VersionId &id)
{
    auto &connection = session.connection();
    policy::GateFacts facts;
    facts.now = session.now();
    auto version = store::findVersion(connection, id);
    if (!version)
        return version.error();
    auto model = store::findModel(connection, version->model);
    auto verdicts = store::listVerdicts(connection, id, facts.now);
    auto rules = store::listRules(connection, false);
    store::FindingFilter open;
    open.version = id;
    open.isOpen = true;
    auto findings = store::listFindings(connection, open);
    store::ExhibitFilter about;
    about.version = id;
    auto exhibits = store::listExhibits(connection, about);
    store::WaiverFilter granted;
    granted.version = id;
    auto waivers = store::listWaivers(connection, granted);
    auto signOffs = standingSignOffs(session, id);
    auto contributions = store::listContributions(connection, version->model);
    auto people = store::listPeople(connection);
    for (const Error *error : {model ? nullptr : &model.error(), verdicts ? nullptr : &verdicts.error(), rules ? nullptr : &rules.error(), findings ? nullptr : &findings.error(),
                               exhibits ? nullptr : &exhibits.error(), waivers ? nullptr : &waivers.error(), signOffs ? nullptr : &signOffs.error(),
                               contributions ? nullptr : &contributions.error(), people ? nullptr : &people.error()})
        if (error)
            return *error;
    facts.model = std::move(*model);
    facts.version = std::move(*version);
    facts.verdicts = std::move(*verdicts);
    facts.rules = std::move(*rules);
    facts.findings = std::move(*findings);
    facts.exhibits = std::move(*exhibits);
    facts.waivers = std::move(*waivers);
    facts.signOffs = std::move(*signOffs);
    facts.contributions = std::move(*contributions);
    facts.people = std::move(*people);
    return facts;
}

Result<VersionLife> lifeOf(Session &session, const VersionId &version)
{
    const auto facts = gateFacts(session, version);
    if (!facts)
        return facts.error();
    const auto packs = packsOf(session, facts->model);
    return packs ? lifeFrom(*packs, *facts) : Result<VersionLife>(packs.error());
}

Result<StageMove> moveVersion(Session &session, const VersionId &id, const std::string &where, const std::string &reason)
{
    if (const auto status = checkText(reason); !status)
        return status.error();
    auto journal = SignedJournal::begin(session);
    if (!journal)
        return journal.error();
    if (const auto role = policy::actingRole(*session.person(), kMovers, "Versions are moved to another stage"); !role)
        return role.error();
    const auto life = lifeOf(session, id);
    if (!life)
        return life.error();
    const auto move = std::ranges::find_if(life->moves, [&](const VersionMove &one) { return one.transition.id == where || one.to.id == where; });
    if (move == life->moves.end())
        return noSuchMove(*life, where);
    if (move->transition.needsReason)
        if (const auto status = checkReason(reason, "Say why: \"" + move->transition.title + "\" needs a reason."); !status)
            return status.error();
    if (!move->gate.isOpen()) {
        std::string message = versionName(life->version.label) + " of " + life->model.name + " cannot move to " + move->to.title + ". " + move->gate.sentence();
        for (const policy::GateCheck &check : move->gate.reasons())
            message += "\n– " + check.sentence;
        return Error{ErrorKind::Conflict, std::move(message), {}};
    }
    const auto bytes = json::writeRestricted(json::Value(gateDocument(move->gate)));
    if (!bytes)
        return bytes.error();
    const auto gate = journal->journal->putEvidence(kGateMedia, *bytes);
    if (!gate)
        return gate.error();
    json::Object body{{"from", life->stage->id}, {"model", life->model.id.text()}, {"pack", life->pack.id}, {"packVersion", life->pack.version},
                      {"stage", std::string(stageKey(move->to.stage))}, {"to", move->to.id}, {"transition", move->transition.id}, {"version", id.text()}};
    if (!reason.empty())
        body.set("reason", store::textValue(reason));
    if (const auto seq = journal->record({"version.move", std::move(body), *gate, {}, {}}); !seq)
        return seq.error();
    if (const auto status = journal->journal->commit(); !status)
        return status.error();
    const auto moves = store::stageMoves(session.connection(), id);
    if (!moves)
        return moves.error();
    return moves->back();
}

json::Object gateDocument(const policy::GateVerdict &gate)
{
    json::Array checks;
    for (const policy::GateCheck &check : gate.checks) {
        json::Object one{{"id", json::textValue(check.id)}, {"kind", std::string(policy::checkKindKey(check.kind))}, {"pack", check.pack},
                         {"sentence", json::textValue(check.sentence)}, {"state", std::string(policy::checkStateKey(check.state))}};
        if (!check.waiver.empty())
            one.set("waiver", check.waiver);
        checks.emplace_back(std::move(one));
    }
    return {{"checks", json::Value(std::move(checks))}, {"schema", "countersign.gate/1"}, {"verdict", std::string(gate.word())}};
}

} // namespace countersign::services
