#include "models/policy/packs/lifecyclecheck.h"

#include <algorithm>
#include <map>
#include <set>

namespace countersign::policy {

namespace {

using Id = std::string;

// More than anybody draws, and few enough to follow every way.
constexpr std::size_t kMostStages = 40;
constexpr std::size_t kMostTransitions = 200;
constexpr std::size_t kMostSignOffs = 20;

/// Which can be reached from where, as moves are added.
class Ways
{
public:
    void add(const Id &from, const Id &to) { m_next[from].insert(to); }
    std::set<Id> from(const Id &start) const
    {
        std::set<Id> reached{start};
        std::vector<Id> open{start};
        while (!open.empty()) {
            const auto next = m_next.find(open.back());
            open.pop_back();
            if (next == m_next.end())
                continue;
            for (const Id &id : next->second)
                if (reached.insert(id).second)
                    open.push_back(id);
        }
        return reached;
    }
    bool lead(const Id &start, const Id &end) const { return from(start).contains(end); }

private:
    std::map<Id, std::set<Id>> m_next;
};

std::string quoted(const std::string &id) { return "\"" + id + "\""; }

/// Moves name stages that there are, each pair once.
void checkEnds(const Pack &pack, const Place &transitions, FaultList &faults)
{
    std::set<std::pair<Id, Id>> pairs;
    for (std::size_t i = 0; i < pack.transitions.size(); ++i) {
        const Transition &move = pack.transitions[i];
        const Place place = transitions.at(i);
        for (const auto &[end, name] : {std::pair(&move.from, "from"), std::pair(&move.to, "to")})
            if (!end->empty() && !pack.stage(*end))
                faults.add(place.in(name), "There is no stage " + quoted(*end) + " in this pack.");
        if (move.from.empty() || move.to.empty())
            continue;
        if (move.from == move.to)
            faults.add(place.in("to"), "This transition leads from " + quoted(move.from) + " to itself.");
        else if (!pairs.emplace(move.from, move.to).second)
            faults.add(place, "There is another transition from " + quoted(move.from) + " to " + quoted(move.to) + "; there can be one.");
        const PackStage *from = pack.stage(move.from);
        if (from && from->stage == Stage::Retired && !move.isRework)
            faults.add(place.in("from"), quoted(move.from) + " is the end; only rework leads out of it.");
    }
}

/// Forward moves lead forward, and rework leads back. The move that closes a circle is the later one of the file.
void checkOrder(const Pack &pack, const Place &transitions, FaultList &faults)
{
    Ways forward;
    for (std::size_t i = 0; i < pack.transitions.size(); ++i) {
        const Transition &move = pack.transitions[i];
        if (move.isRework || move.from.empty() || move.from == move.to)
            continue;
        if (forward.lead(move.to, move.from))
            faults.add(transitions.at(i), "This leads in a circle: " + quoted(move.to) + " comes before " + quoted(move.from) + " already. Mark a way back with `rework: true`.");
        else
            forward.add(move.from, move.to);
    }
    for (std::size_t i = 0; i < pack.transitions.size(); ++i) {
        const Transition &move = pack.transitions[i];
        if (move.isRework && pack.stage(move.from) && pack.stage(move.to) && !forward.lead(move.to, move.from))
            faults.add(transitions.at(i).in("rework"), "This is marked as rework, but " + quoted(move.to) + " does not come before " + quoted(move.from) + ".");
    }
}

void checkReach(const Pack &pack, const Place &stages, FaultList &faults)
{
    Ways ways;
    Ways back;
    for (const Transition &move : pack.transitions) {
        ways.add(move.from, move.to);
        back.add(move.to, move.from);
    }
    std::set<Id> retiring;
    for (const PackStage &stage : pack.stages)
        if (stage.stage == Stage::Retired && !stage.id.empty())
            retiring.merge(back.from(stage.id));
    if (retiring.empty())
        faults.add(stages, "No stage is retired, so that nothing ever ends.");
    const std::set<Id> reached = ways.from(pack.stages.front().id);
    for (std::size_t i = 0; i < pack.stages.size(); ++i) {
        const Id &id = pack.stages[i].id;
        if (id.empty())
            continue;
        if (!reached.contains(id))
            faults.add(stages.at(i), "Nothing leads to the stage " + quoted(id) + " from the first one, " + quoted(pack.stages.front().id) + ".");
        if (!retiring.empty() && !retiring.contains(id))
            faults.add(stages.at(i), "No way leads from the stage " + quoted(id) + " to retirement.");
    }
}

/// A signature that a gate asks for, with its place.
struct Asked {
    const SignOffNeed *need;
    Place place;
};

void checkSigners(const Pack &pack, const Asked &asked, FaultList &faults)
{
    const SignOffNeed &need = *asked.need;
    if (need.roles.empty())
        faults.add(asked.place.in("roles"), "The sign-off " + quoted(need.id) + " names no role, so that nobody can give it.");
    faults.signingRoles(need.roles, asked.place.in("roles"));
    if (need.independentMonths && !need.isIndependent)
        faults.add(asked.place.in("independentMonths"), "`independentMonths` goes with `independent: true`.");
    const SigningMeaning *meaning = pack.meaning(need.meaning);
    if (!need.meaning.empty() && !meaning)
        faults.add(asked.place.in("meaning"), "There is no meaning of signatures " + quoted(need.meaning) + " in this pack.");
    const auto may = [&](Role role) { return !meaning || meaning->roles.empty() || std::ranges::find(meaning->roles, role) != meaning->roles.end(); };
    const auto usable = std::ranges::count_if(need.roles, may);
    if (!need.roles.empty() && usable == 0)
        faults.add(asked.place.in("meaning"), "None of these roles may sign as " + quoted(need.meaning) + ".");
    else if (need.inDistinctRoles && !need.roles.empty() && need.quorum > usable)
        faults.add(asked.place.in("quorum"), "`quorum` asks for " + std::to_string(need.quorum) + " signatures in different roles, but " + std::to_string(usable) +
                                                 (usable == 1 ? " role" : " roles") + " can give them.");
}

/// Signatures of one gate refer to each other: to others that there are, and not round in a circle.
void checkReferences(const std::vector<Asked> &all, FaultList &faults)
{
    Ways before;
    std::set<Id> ids;
    for (const Asked &asked : all)
        if (!asked.need->id.empty() && !ids.insert(asked.need->id).second)
            faults.add(asked.place, "A sign-off with the id " + quoted(asked.need->id) + " was there before in this transition.");
    for (const Asked &asked : all) {
        const SignOffNeed &need = *asked.need;
        for (const auto &[others, name] : {std::pair(&need.after, "after"), std::pair(&need.apart, "apart")})
            for (const Id &other : *others) {
                const Place place = asked.place.in(name).of(other);
                if (!ids.contains(other))
                    faults.add(place, "There is no sign-off " + quoted(other) + " in this transition.");
                else if (other == need.id)
                    faults.add(place, "A sign-off is not `" + std::string(name) + "` itself.");
                else if (others == &need.after && before.lead(need.id, other))
                    faults.add(place, quoted(other) + " waits for " + quoted(need.id) + " already; neither could be given.");
                else if (others == &need.after)
                    before.add(other, need.id);
            }
    }
}

void checkGate(const Pack &pack, const Transition &move, const Place &place, FaultList &faults)
{
    std::vector<Asked> signatures;
    const auto hasTier = [&](int tier) { return pack.tier(tier) != nullptr; };
    for (std::size_t i = 0; i < move.gate.size(); ++i) {
        const GateRequirement &gate = move.gate[i];
        const Place at = place.in("gate").at(i);
        for (const int tier : gate.tiers)
            if (!hasTier(tier))
                faults.add(at.in("tiers"), "There is no tier " + std::to_string(tier) + " in this pack.");
        faults.knownIds(gate.rules, at.in("rules"), [&](const Id &id) { return pack.rule(id); }, "rule");
        faults.knownIds(gate.evidence, at.in("evidence"), [&](const Id &id) { return pack.evidenceNeed(id); }, "required evidence");
        for (std::size_t s = 0; s < gate.signOffs.size(); ++s)
            signatures.push_back({&gate.signOffs[s], at.in("signOffs").at(s)});
        const bool asks = gate.allRules || !gate.rules.empty() || !gate.evidence.empty() || !gate.facts.empty() || !gate.signOffs.empty() || gate.findingsBelow || gate.conditionsClosed;
        if (!asks)
            faults.add(at, "This requirement asks for nothing.");
    }
    if (signatures.size() > kMostSignOffs) {
        faults.add(place.in("gate"), "A transition asks for at most " + std::to_string(kMostSignOffs) + " sign-offs; here are " + std::to_string(signatures.size()) + ".");
        return;
    }
    for (const Asked &asked : signatures)
        checkSigners(pack, asked, faults);
    checkReferences(signatures, faults);
}

} // namespace

void checkLifecycle(const Pack &pack, const Place &root, FaultList &faults)
{
    const Place stages = root.in("stages");
    const Place transitions = root.in("transitions");
    faults.uniqueIds(pack.stages, stages, &PackStage::id, "A stage");
    faults.uniqueIds(pack.transitions, transitions, &Transition::id, "A transition");
    if (pack.stages.empty()) {
        faults.add(stages, "A pack has stages; the first is where a version begins.");
        return;
    }
    if (pack.stages.size() > kMostStages || pack.transitions.size() > kMostTransitions) {
        faults.add(stages, "A pack has at most " + std::to_string(kMostStages) + " stages and " + std::to_string(kMostTransitions) + " transitions.");
        return;
    }
    checkEnds(pack, transitions, faults);
    checkOrder(pack, transitions, faults);
    checkReach(pack, stages, faults);
    for (std::size_t i = 0; i < pack.transitions.size(); ++i)
        checkGate(pack, pack.transitions[i], transitions.at(i), faults);
}

} // namespace countersign::policy
