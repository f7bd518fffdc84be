#include "models/services/review/rulefacts.h"

#include "models/policy/evaluator.h"
#include "models/store/eventbody.h"
#include "models/store/queries/queries.h"

namespace countersign::services {

namespace {

json::Value ruleValue(const Rule &rule)
{
    json::Object value{{"attribute", store::textValue(rule.attribute)}, {"direction", std::string(directionKey(rule.direction))}, {"inForceFrom", store::timeValue(rule.inForceFrom)},
                       {"limit", ledger::measured(rule.limit)}, {"metric", store::textValue(rule.metric)}, {"retired", rule.isRetired}, {"revision", rule.revision},
                       {"rule", rule.id.text()}, {"sentence", store::textValue(policy::sentence(rule))}};
    if (rule.direction == Direction::Within)
        value.set("upperLimit", ledger::measured(rule.upperLimit));
    if (rule.watch)
        value.set("watch", ledger::measured(*rule.watch));
    if (rule.minimumN)
        value.set("minimumN", *rule.minimumN);
    return json::Value(std::move(value));
}

} // namespace

Result<json::Value> ruleFacts(Session &session, const MlModel &model)
{
    const auto rules = store::listRules(session.connection(), false);
    if (!rules)
        return rules.error();
    json::Array list;
    for (const auto &rule : *rules)
        if (policy::appliesTo(rule, model))
            list.push_back(ruleValue(rule));
    return json::Value(std::move(list));
}

} // namespace countersign::services
