#include "models/policy/packs/packshape.h"

#include "models/yaml/members.h"

namespace countersign::policy {

namespace {

using yaml::MemberReader;
using yaml::Node;
using Faults = std::vector<yaml::Fault>;

constexpr int kFormat = 1;
constexpr int kMostPoints = 100;
constexpr int kMostQuorum = 9;
constexpr int kMostMonths = 120;
constexpr int kMostDays = 3660;
constexpr int kMostYears = 100;
constexpr int kMostHours = 24 * 366;

/// What other doors also take by title, or in other letters, has one spelling in a pack.
template<class T>
Result<T> spelled(std::string_view text, const Result<T> &value, std::string_view (*key)(T))
{
    if (value && key(*value) != text)
        return Error{ErrorKind::Invalid, "\"" + std::string(text) + "\" is written " + std::string(key(*value)) + " here.", {}};
    return value;
}

Result<Role> roleOf(std::string_view text) { return spelled(text, parseRole(text), roleKey); }
Result<Stage> stageOf(std::string_view text) { return spelled(text, parseStage(text), stageKey); }

/// Every element of a list, read by the function of its kind.
template<class T>
std::vector<T> each(MemberReader &members, std::string_view name, T (*read)(const Node &, Faults &), Faults &faults)
{
    std::vector<T> list;
    for (const Node &node : members.items(name))
        list.push_back(read(node, faults));
    return list;
}

std::optional<int> smallOrNone(MemberReader &members, std::string_view name, int low, int high)
{
    const auto value = members.integerOrNone(name, low, high);
    return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

int small(MemberReader &members, std::string_view name, int low, int high) { return static_cast<int>(members.integer(name, low, high)); }

int tierOf(MemberReader &members) { return small(members, "tier", 1, kMostTiers); }

/// Absent: every model. An empty list would be read as no model by people, and is a fault.
std::vector<int> tiersOf(MemberReader &members)
{
    const Node *node = members.find("tiers");
    if (node && node->kind == Node::Kind::Sequence && node->items.empty())
        members.fail(*node, "`tiers` names none; leave it out for every model.");
    return members.integers("tiers", 1, kMostTiers);
}

PackSource readSource(const Node &node, Faults &faults)
{
    MemberReader members(node, "a source", faults);
    PackSource source{members.text("title"), members.textOr("url"), members.text("citation"), members.dateOrNone("checked")};
    members.finish();
    return source;
}

PackTier readTier(const Node &node, Faults &faults)
{
    MemberReader members(node, "a tier", faults);
    PackTier tier{tierOf(members), members.text("title"), members.text("meaning")};
    members.finish();
    return tier;
}

Scoring::Level readLevel(const Node &node, Faults &faults)
{
    MemberReader members(node, "a level of a factor", faults);
    Scoring::Level level{members.id("id"), members.text("title"), small(members, "points", 0, kMostPoints), smallOrNone(members, "atLeast", 1, kMostTiers)};
    members.finish();
    return level;
}

Scoring::Factor readFactor(const Node &node, Faults &faults)
{
    MemberReader members(node, "a factor", faults);
    Scoring::Factor factor{members.id("id"), members.text("title"), members.text("question"), each(members, "levels", readLevel, faults)};
    members.finish();
    return factor;
}

Scoring::Band readBand(const Node &node, Faults &faults)
{
    constexpr int kMost = 1'000'000;
    MemberReader members(node, "a band of points", faults);
    Scoring::Band band{tierOf(members), small(members, "from", 0, kMost), small(members, "to", 0, kMost)};
    members.finish();
    return band;
}

Scoring readScoring(const Node &node, Faults &faults)
{
    MemberReader members(node, "the scoring", faults);
    Scoring scoring;
    scoring.combine = members.choice("combine", parseCombine);
    scoring.factors = each(members, "factors", readFactor, faults);
    scoring.bands = each(members, "bands", readBand, faults);
    scoring.override = members.choice("override", parseOverride);
    members.finish();
    return scoring;
}

PackStage readStage(const Node &node, Faults &faults)
{
    MemberReader members(node, "a stage", faults);
    PackStage stage;
    stage.id = members.id("id");
    const auto known = stageOf(stage.id);
    const auto as = members.choiceOrNone("as", stageOf);
    const std::string title = members.textOr("title");
    if (!stage.id.empty() && !known && (!as || title.empty()))
        members.fail(node, "The stage \"" + stage.id + "\" is the pack's own, so it needs a `title`, and `as` which of these the inventory shows it: " +
                               "proposed, development, validation, approved, inUse, restricted, retired.");
    if (known && as && *as != *known)
        members.fail(node, "The stage \"" + stage.id + "\" is known to the inventory, and can't be shown there as another.");
    stage.stage = known ? *known : as.value_or(Stage::Proposed);
    stage.title = !title.empty() ? title : known ? std::string(stageTitle(*known)) : std::string();
    members.finish();
    return stage;
}

SignOffNeed readSignOff(const Node &node, Faults &faults)
{
    MemberReader members(node, "a sign-off", faults);
    SignOffNeed need;
    need.id = members.id("id");
    if (members.required("roles"))
        need.roles = members.choices("roles", roleOf);
    need.quorum = members.find("quorum") ? small(members, "quorum", 1, kMostQuorum) : 1;
    need.inDistinctRoles = members.flagOr("distinctRoles", false);
    need.after = members.ids("after");
    need.apart = members.ids("apart");
    need.isIndependent = members.flagOr("independent", false);
    need.independentMonths = smallOrNone(members, "independentMonths", 1, kMostMonths);
    need.meaning = members.idOr("meaning");
    members.finish();
    return need;
}

GateRequirement readGate(const Node &node, Faults &faults)
{
    MemberReader members(node, "a requirement of a gate", faults);
    GateRequirement gate;
    gate.tiers = tiersOf(members);
    const Node *rules = members.find("rules");
    gate.allRules = rules && rules->kind == Node::Kind::Scalar && rules->text == "all";
    if (rules && !gate.allRules && rules->kind != Node::Kind::Sequence)
        members.failKind(*rules, "rules", "`all` or a list of ids");
    else if (rules && !gate.allRules)
        gate.rules = members.ids("rules");
    gate.evidence = members.ids("evidence");
    gate.facts = members.choices("facts", parseModelFact);
    gate.signOffs = each(members, "signOffs", readSignOff, faults);
    gate.findingsBelow = members.choiceOrNone("findingsBelow", parseSeverity);
    gate.conditionsClosed = members.flagOr("conditionsClosed", false);
    members.finish();
    return gate;
}

Transition readTransition(const Node &node, Faults &faults)
{
    MemberReader members(node, "a transition", faults);
    Transition transition;
    transition.id = members.id("id");
    transition.title = members.text("title");
    transition.from = members.id("from");
    transition.to = members.id("to");
    transition.isRework = members.flagOr("rework", false);
    transition.needsReason = members.flagOr("reason", false);
    transition.gate = each(members, "gate", readGate, faults);
    members.finish();
    return transition;
}

EvidenceNeed readEvidence(const Node &node, Faults &faults)
{
    MemberReader members(node, "required evidence", faults);
    EvidenceNeed need;
    need.id = members.id("id");
    need.title = members.text("title");
    need.what = members.text("what");
    need.tiers = tiersOf(members);
    need.obligations = members.ids("obligations");
    need.stage = members.idOr("stage");
    need.validDays = smallOrNone(members, "validDays", 1, kMostDays);
    need.isWaivable = members.flagOr("waivable", true);
    members.finish();
    return need;
}

/// `record`, or a mapping of what it is to its id: `evidence: validation-report`.
Obligation::Cover readCover(const Node &node, Faults &faults)
{
    using Kind = Obligation::Cover::Kind;
    if (node.kind == Node::Kind::Scalar && node.text == coverKey(Kind::Record))
        return {};
    MemberReader members(node, "what covers an obligation", faults);
    Obligation::Cover cover;
    for (const Kind kind : {Kind::Evidence, Kind::Rule, Kind::Section, Kind::Gate, Kind::Meaning})
        if (members.find(coverKey(kind)))
            cover = {kind, members.idOr(coverKey(kind))};
    if (node.kind == Node::Kind::Mapping && node.names.size() != 1)
        members.fail(node, "What covers an obligation is one name and its id, or `record`; here are " + std::to_string(node.names.size()) + ".");
    members.finish();
    return cover;
}

Obligation readObligation(const Node &node, Faults &faults)
{
    MemberReader members(node, "an obligation", faults);
    Obligation obligation;
    obligation.id = members.id("id");
    obligation.citation = members.text("citation");
    obligation.text = members.text("text");
    obligation.covers = each(members, "covers", readCover, faults);
    obligation.note = members.textOr("note");
    obligation.checked = members.dateOrNone("checked");
    members.finish();
    return obligation;
}

/// One of `atLeast`, `atMost` and `within`.
void readLimit(const Node &node, MemberReader &members, Rule &limit)
{
    int directions = 0;
    for (const Direction direction : {Direction::AtLeast, Direction::AtMost, Direction::Within}) {
        const std::string_view name = directionKey(direction);
        const Node *edge = members.find(name);
        if (!edge)
            continue;
        ++directions;
        limit.direction = direction;
        if (direction != Direction::Within)
            limit.limit = members.real(*edge, name).value_or(0);
        else if (edge->kind != Node::Kind::Sequence || edge->items.size() != 2)
            members.failKind(*edge, name, "a list of two numbers");
        else {
            limit.limit = members.real(edge->items[0], name).value_or(0);
            limit.upperLimit = members.real(edge->items[1], name).value_or(0);
        }
    }
    if (node.kind == Node::Kind::Mapping && directions != 1)
        members.fail(node, "A rule has one of `atLeast`, `atMost` and `within`; here are " + std::to_string(directions) + ".");
}

PackRule readRule(const Node &node, Faults &faults)
{
    MemberReader members(node, "a rule", faults);
    PackRule rule;
    rule.id = members.id("id");
    rule.why = members.textOr("why");
    rule.limit.metric = members.text("metric");
    rule.limit.attribute = members.textOr("attribute");
    readLimit(node, members, rule.limit);
    rule.limit.watch = members.realOrNone("watch");
    rule.limit.minimumN = members.integerOrNone("minimumN", 1, 1'000'000'000);
    rule.limit.basis = members.choiceOrNone("basis", parseBasis).value_or(Basis::Value);
    rule.limit.maxAgeDays = smallOrNone(members, "maxAgeDays", 1, kMostDays);
    rule.limit.severity = members.choiceOrNone("severity", parseSeverity).value_or(Severity::Medium);
    rule.limit.tiers = tiersOf(members);
    rule.obligations = members.ids("obligations");
    rule.isGuideline = members.flagOr("guideline", false);
    rule.isWaivable = members.flagOr("waivable", true);
    members.finish();
    return rule;
}

PackRole readRole(const Node &node, Faults &faults)
{
    MemberReader members(node, "a role", faults);
    PackRole role{members.choice("role", roleOf), members.text("duty")};
    members.finish();
    return role;
}

/// Pairs that are not to be one person: `[developer, validator]`.
std::vector<std::pair<Role, Role>> readApart(MemberReader &members)
{
    std::vector<std::pair<Role, Role>> pairs;
    for (const Node &node : members.items("apart")) {
        pairs.emplace_back(); // one for every element, so that places agree
        if (node.kind != Node::Kind::Sequence || node.items.size() != 2) {
            members.failKind(node, "apart", "a list of pairs of roles");
            continue;
        }
        Role roles[2]{};
        for (std::size_t i = 0; i < 2; ++i) {
            const auto word = members.line(node.items[i], "apart");
            const auto role = word ? roleOf(*word) : Result<Role>(Role{});
            if (!role)
                members.fail(node.items[i], "`apart`: " + role.error().message);
            else
                roles[i] = *role;
        }
        pairs.back() = {roles[0], roles[1]};
    }
    return pairs;
}

Revalidation::Cadence readCadence(const Node &node, Faults &faults)
{
    MemberReader members(node, "a cadence", faults);
    Revalidation::Cadence cadence{tierOf(members), small(members, "months", 1, kMostMonths)};
    members.finish();
    return cadence;
}

Revalidation readRevalidation(const Node &node, Faults &faults)
{
    MemberReader members(node, "the revalidation", faults);
    Revalidation revalidation;
    revalidation.cadence = each(members, "cadence", readCadence, faults);
    revalidation.triggers = members.choices("triggers", parseTrigger);
    revalidation.noticeDays = smallOrNone(members, "noticeDays", 0, 366).value_or(revalidation.noticeDays);
    members.finish();
    return revalidation;
}

SigningMeaning readMeaning(const Node &node, Faults &faults)
{
    MemberReader members(node, "a meaning of signatures", faults);
    SigningMeaning meaning{members.id("id"), members.text("title"), members.text("text"), members.choices("roles", roleOf)};
    members.finish();
    return meaning;
}

ReportSection readSection(const Node &node, Faults &faults)
{
    MemberReader members(node, "a section of the report", faults);
    ReportSection section{members.id("id"), members.text("title"), members.choices("shows", parseSectionContent), members.ids("evidence"), members.ids("obligations")};
    members.finish();
    return section;
}

IncidentClock readClock(const Node &node, Faults &faults)
{
    MemberReader members(node, "a clock of incidents", faults);
    IncidentClock clock{members.id("id"), members.text("title"), small(members, "hours", 1, kMostHours), members.text("citation"), members.dateOrNone("checked")};
    members.finish();
    return clock;
}

Deadline readDeadline(const Node &node, Faults &faults)
{
    MemberReader members(node, "a deadline", faults);
    Deadline deadline{members.id("id"), members.text("title"), members.date("date"), members.text("citation"), members.dateOrNone("checked")};
    members.finish();
    return deadline;
}

} // namespace

Pack readShape(const yaml::Node &root, std::vector<yaml::Fault> &faults)
{
    MemberReader members(root, "a pack", faults);
    Pack pack;
    if (const auto format = members.integer("format", 1, 1'000'000); format != kFormat)
        members.fail(*members.find("format"), "The pack is in format " + std::to_string(format) + "; this program reads format " + std::to_string(kFormat) + ".");
    pack.id = members.id("id");
    pack.title = members.text("title");
    pack.version = members.text("version");
    pack.dated = members.date("dated");
    pack.status = members.text("status");
    if (const Node *source = members.required("source"))
        pack.source = readSource(*source, faults);
    pack.note = members.text("note");
    pack.tiers = each(members, "tiers", readTier, faults);
    if (const Node *scoring = members.required("scoring"))
        pack.scoring = readScoring(*scoring, faults);
    pack.stages = each(members, "stages", readStage, faults);
    pack.transitions = each(members, "transitions", readTransition, faults);
    pack.evidence = each(members, "evidence", readEvidence, faults);
    pack.obligations = each(members, "obligations", readObligation, faults);
    pack.rules = each(members, "rules", readRule, faults);
    pack.roles = each(members, "roles", readRole, faults);
    pack.apart = readApart(members);
    if (const Node *revalidation = members.required("revalidation"))
        pack.revalidation = readRevalidation(*revalidation, faults);
    pack.meanings = each(members, "meanings", readMeaning, faults);
    pack.report = each(members, "report", readSection, faults);
    pack.clocks = each(members, "clocks", readClock, faults);
    pack.deadlines = each(members, "deadlines", readDeadline, faults);
    pack.waiverDays = smallOrNone(members, "waiverDays", 1, kMostDays);
    pack.retentionYears = smallOrNone(members, "retentionYears", 1, kMostYears);
    members.finish();
    return pack;
}

} // namespace countersign::policy
