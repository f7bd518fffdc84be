#include "models/policy/ruledocument.h"

#include "models/base/members.h"
#include "models/policy/evaluator.h"

#include <algorithm>

namespace countersign::policy {

json::Object ruleDocument(const Rule &rule)
{
    json::Object document{{"attribute", json::textValue(rule.attribute)}, {"direction", std::string(directionKey(rule.direction))},
                          {"inForceFrom", json::timeValue(rule.inForceFrom)}, {"limit", json::measured(rule.limit)}, {"metric", json::textValue(rule.metric)},
                          {"retired", rule.isRetired}, {"revision", rule.revision}, {"rule", rule.id.text()}, {"sentence", json::textValue(sentence(rule))},
                          {"severity", std::string(severityKey(rule.severity))}};
    if (rule.direction == Direction::Within)
        document.set("upperLimit", json::measured(rule.upperLimit));
    if (rule.watch)
        document.set("watch", json::measured(*rule.watch));
    if (rule.minimumN)
        document.set("minimumN", *rule.minimumN);
    if (rule.basis != Basis::Value)
        document.set("basis", std::string(basisKey(rule.basis)));
    if (rule.maxAgeDays)
        document.set("maxAgeDays", *rule.maxAgeDays);
    if (!rule.tiers.empty()) {
        json::Array tiers;
        for (const int tier : rule.tiers)
            tiers.push_back(tier);
        document.set("tiers", json::Value(std::move(tiers)));
    }
    if (rule.model)
        document.set("model", rule.model->text());
    if (rule.origin)
        document.set("origin", json::Object{{"pack", rule.origin->pack}, {"rule", rule.origin->rule}, {"version", rule.origin->version}});
    return document;
}

Result<Rule> readRule(const json::Object &document)
{
    const json::MemberReader members(document);
    Rule rule;
    rule.id = RuleId::of(members.text("rule"));
    rule.revision = static_cast<int>(members.integer("revision"));
    rule.metric = members.text("metric");
    rule.attribute = members.textOr("attribute");
    rule.limit = members.real("limit");
    rule.upperLimit = members.realOrNone("upperLimit").value_or(0);
    rule.watch = members.realOrNone("watch");
    rule.minimumN = members.integerOrNone("minimumN");
    if (const auto days = members.integerOrNone("maxAgeDays"))
        rule.maxAgeDays = static_cast<int>(*days);
    // Limits that were set before a limit could have several tiers.
    if (const auto tier = members.integerOrNone("tier"))
        rule.tiers = {static_cast<int>(*tier)};
    if (const json::Value *tiers = members.find("tiers"); tiers && tiers->array())
        for (const auto &tier : *tiers->array())
            rule.tiers.push_back(static_cast<int>(tier.integer() ? *tier.integer() : 0));
    if (const auto model = members.textOr("model"); !model.empty())
        rule.model = ModelId::of(model);
    rule.inForceFrom = members.time("inForceFrom");
    rule.isRetired = members.flag("retired");
    if (const json::Value *origin = members.find("origin"); origin && origin->object())
        rule.origin = {origin->textOr("pack", {}), origin->textOr("version", {}), origin->textOr("rule", {})};
    const auto direction = parseDirection(members.text("direction"));
    const auto basis = members.find("basis") ? parseBasis(members.text("basis")) : Result<Basis>(Basis::Value);
    const auto severity = members.find("severity") ? parseSeverity(members.text("severity")) : Result<Severity>(Severity::Medium);
    if (members.failure())
        return *members.failure();
    if (std::ranges::any_of(rule.tiers, [](int tier) { return tier < 1 || tier > 3; }))
        return Error{ErrorKind::Invalid, "The tiers of a limit are not 1 to 3.", {}};
    if (!direction || !basis || !severity)
        return !direction ? direction.error() : !basis ? basis.error() : severity.error();
    rule.direction = *direction;
    rule.basis = *basis;
    rule.severity = *severity;
    return rule;
}

} // namespace countersign::policy
