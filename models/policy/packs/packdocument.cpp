#include "models/policy/packs/packdocument.h"

#include "models/base/members.h"
#include "models/policy/packs/packshape.h"

namespace countersign::policy {

namespace {

using json::Array;
using json::Object;
using json::Value;

/// Members that are left out where they say nothing.
class Writer
{
public:
    Writer &set(std::string_view name, Value value)
    {
        m_object.set(std::string(name), std::move(value));
        return *this;
    }
    Writer &text(std::string_view name, const std::string &text) { return text.empty() ? *this : set(name, json::textValue(text)); }
    Writer &flag(std::string_view name, bool value, bool usual) { return value == usual ? *this : set(name, value); }
    Writer &date(std::string_view name, const std::optional<Instant> &day) { return day ? set(name, Value(formatDate(*day))) : *this; }
    Writer &number(std::string_view name, const std::optional<int> &value) { return value ? set(name, *value) : *this; }
    Writer &texts(std::string_view name, const std::vector<std::string> &list) { return list.empty() ? *this : set(name, json::textArray(list)); }
    Writer &numbers(std::string_view name, const std::vector<int> &list)
    {
        return each(name, list, [](int number) { return Value(number); });
    }
    template<class T, class Write>
    Writer &each(std::string_view name, const std::vector<T> &list, Write write)
    {
        Array array;
        for (const T &element : list)
            array.push_back(Value(write(element)));
        return list.empty() ? *this : set(name, Value(std::move(array)));
    }
    Object take() { return std::move(m_object); }

private:
    Object m_object;
};

Value word(std::string_view key) { return Value(key); }
Value roleWord(Role role) { return word(roleKey(role)); }

Object write(const PackSource &source)
{
    return Writer().text("title", source.title).text("url", source.url).text("citation", source.citation).date("checked", source.checked).take();
}

Object writeTier(const PackTier &tier) { return Writer().set("tier", tier.tier).text("title", tier.title).text("meaning", tier.meaning).take(); }

Object writeLevel(const Scoring::Level &level)
{
    return Writer().text("id", level.id).text("title", level.title).set("points", level.points).number("atLeast", level.atLeast).take();
}

Object writeFactor(const Scoring::Factor &factor)
{
    return Writer().text("id", factor.id).text("title", factor.title).text("question", factor.question).each("levels", factor.levels, writeLevel).take();
}

Object writeBand(const Scoring::Band &band) { return Writer().set("tier", band.tier).set("from", band.from).set("to", band.to).take(); }

Object write(const Scoring &scoring)
{
    return Writer()
        .set("combine", word(combineKey(scoring.combine)))
        .each("factors", scoring.factors, writeFactor)
        .each("bands", scoring.bands, writeBand)
        .set("override", word(overrideKey(scoring.override)))
        .take();
}

Object writeStage(const PackStage &stage)
{
    return Writer().text("id", stage.id).text("title", stage.title).set("as", word(stageKey(stage.stage))).take();
}

Object writeSignOff(const SignOffNeed &need)
{
    return Writer()
        .text("id", need.id)
        .each("roles", need.roles, roleWord)
        .set("quorum", need.quorum)
        .flag("distinctRoles", need.inDistinctRoles, false)
        .texts("after", need.after)
        .texts("apart", need.apart)
        .flag("independent", need.isIndependent, false)
        .number("independentMonths", need.independentMonths)
        .text("meaning", need.meaning)
        .take();
}

Object writeGate(const GateRequirement &gate)
{
    Writer writer;
    writer.numbers("tiers", gate.tiers);
    if (gate.allRules)
        writer.set("rules", "all");
    else
        writer.texts("rules", gate.rules);
    writer.texts("evidence", gate.evidence).each("facts", gate.facts, [](ModelFact fact) { return word(modelFactKey(fact)); }).each("signOffs", gate.signOffs, writeSignOff);
    if (gate.findingsBelow)
        writer.set("findingsBelow", word(severityKey(*gate.findingsBelow)));
    return writer.flag("conditionsClosed", gate.conditionsClosed, false).take();
}

Object writeTransition(const Transition &transition)
{
    return Writer()
        .text("id", transition.id)
        .text("title", transition.title)
        .text("from", transition.from)
        .text("to", transition.to)
        .flag("rework", transition.isRework, false)
        .flag("reason", transition.needsReason, false)
        .each("gate", transition.gate, writeGate)
        .take();
}

Object writeEvidence(const EvidenceNeed &need)
{
    return Writer()
        .text("id", need.id)
        .text("title", need.title)
        .text("what", need.what)
        .numbers("tiers", need.tiers)
        .texts("obligations", need.obligations)
        .text("stage", need.stage)
        .number("validDays", need.validDays)
        .flag("waivable", need.isWaivable, true)
        .take();
}

Value writeCover(const Obligation::Cover &cover)
{
    const std::string_view kind = coverKey(cover.kind);
    return cover.kind == Obligation::Cover::Kind::Record ? word(kind) : Value(Object{{std::string(kind), cover.id}});
}

Object writeObligation(const Obligation &obligation)
{
    return Writer()
        .text("id", obligation.id)
        .text("citation", obligation.citation)
        .text("text", obligation.text)
        .each("covers", obligation.covers, writeCover)
        .text("note", obligation.note)
        .date("checked", obligation.checked)
        .take();
}

Object writeRule(const PackRule &rule)
{
    const Rule &limit = rule.limit;
    Writer writer;
    writer.text("id", rule.id).text("why", rule.why).text("metric", limit.metric).text("attribute", limit.attribute);
    if (limit.direction == Direction::Within)
        writer.set(directionKey(limit.direction), Value(Array{json::measured(limit.limit), json::measured(limit.upperLimit)}));
    else
        writer.set(directionKey(limit.direction), json::measured(limit.limit));
    if (limit.watch)
        writer.set("watch", json::measured(*limit.watch));
    if (limit.minimumN)
        writer.set("minimumN", *limit.minimumN);
    return writer.set("basis", word(basisKey(limit.basis)))
        .number("maxAgeDays", limit.maxAgeDays)
        .set("severity", word(severityKey(limit.severity)))
        .numbers("tiers", limit.tiers)
        .texts("obligations", rule.obligations)
        .flag("guideline", rule.isGuideline, false)
        .flag("waivable", rule.isWaivable, true)
        .take();
}

Object writeRole(const PackRole &role) { return Writer().set("role", roleWord(role.role)).text("duty", role.duty).take(); }
Value writePair(const std::pair<Role, Role> &pair) { return Value(Array{roleWord(pair.first), roleWord(pair.second)}); }

Object write(const Revalidation &revalidation)
{
    return Writer()
        .each("cadence", revalidation.cadence, [](const Revalidation::Cadence &c) { return Writer().set("tier", c.tier).set("months", c.months).take(); })
        .each("triggers", revalidation.triggers, [](Trigger trigger) { return word(triggerKey(trigger)); })
        .set("noticeDays", revalidation.noticeDays)
        .take();
}

Object writeMeaning(const SigningMeaning &meaning)
{
    return Writer().text("id", meaning.id).text("title", meaning.title).text("text", meaning.text).each("roles", meaning.roles, roleWord).take();
}

Object writeSection(const ReportSection &section)
{
    return Writer()
        .text("id", section.id)
        .text("title", section.title)
        .each("shows", section.shows, [](SectionContent content) { return word(sectionContentKey(content)); })
        .texts("evidence", section.evidence)
        .texts("obligations", section.obligations)
        .take();
}

Object writeClock(const IncidentClock &clock)
{
    return Writer().text("id", clock.id).text("title", clock.title).set("hours", clock.hours).text("citation", clock.citation).date("checked", clock.checked).take();
}

Object writeDeadline(const Deadline &deadline)
{
    return Writer().text("id", deadline.id).text("title", deadline.title).date("date", deadline.date).text("citation", deadline.citation).date("checked", deadline.checked).take();
}

yaml::Node scalar(std::string text, bool isPlain)
{
    yaml::Node node;
    node.kind = yaml::Node::Kind::Scalar;
    node.line = 0;
    node.column = 0;
    node.text = std::move(text);
    node.isPlain = isPlain;
    return node;
}

/// The tree that a file with the same content has, so that one reader serves both.
yaml::Node treeOf(const Value &value)
{
    yaml::Node node = scalar({}, false);
    if (const auto *object = value.object()) {
        if (const auto number = json::readMeasured(value); object->contains("f") && number)
            return scalar(*value.text("t"), true);
        node.kind = yaml::Node::Kind::Mapping;
        for (const json::Member &member : object->members()) {
            node.names.push_back(scalar(member.first, true));
            node.items.push_back(treeOf(member.second));
        }
    } else if (const auto *array = value.array()) {
        node.kind = yaml::Node::Kind::Sequence;
        for (const Value &element : *array)
            node.items.push_back(treeOf(element));
    } else if (const auto *flag = value.boolean()) {
        return scalar(*flag ? "true" : "false", true);
    } else if (const auto *number = value.number()) {
        return scalar(number->lexeme, true);
    } else if (const auto plain = json::plainText(&value)) {
        return scalar(*plain, false);
    } else {
        node.kind = yaml::Node::Kind::Null;
    }
    return node;
}

} // namespace

json::Object packDocument(const Pack &pack)
{
    return Writer()
        .set("format", 1)
        .text("id", pack.id)
        .text("title", pack.title)
        .text("version", pack.version)
        .date("dated", pack.dated)
        .text("status", pack.status)
        .set("source", write(pack.source))
        .text("note", pack.note)
        .each("tiers", pack.tiers, writeTier)
        .set("scoring", write(pack.scoring))
        .each("stages", pack.stages, writeStage)
        .each("transitions", pack.transitions, writeTransition)
        .each("evidence", pack.evidence, writeEvidence)
        .each("obligations", pack.obligations, writeObligation)
        .each("rules", pack.rules, writeRule)
        .each("roles", pack.roles, writeRole)
        .each("apart", pack.apart, writePair)
        .set("revalidation", write(pack.revalidation))
        .each("meanings", pack.meanings, writeMeaning)
        .each("report", pack.report, writeSection)
        .each("clocks", pack.clocks, writeClock)
        .each("deadlines", pack.deadlines, writeDeadline)
        .number("waiverDays", pack.waiverDays)
        .number("retentionYears", pack.retentionYears)
        .take();
}

Result<Pack> parsePackDocument(const json::Object &document)
{
    std::vector<yaml::Fault> faults;
    Pack pack = readShape(treeOf(Value(document)), faults);
    if (!faults.empty())
        return Error{ErrorKind::Invalid, yaml::text(faults), {}};
    return pack;
}

} // namespace countersign::policy
