#include "models/services/review/rulefacts.h"

#include "models/policy/evaluator.h"
#include "models/policy/ruledocument.h"
#include "models/store/queries/queries.h"

namespace countersign::services {

Result<json::Value> ruleFacts(Session &session, const MlModel &model)
{
    const auto rules = store::listRules(session.connection(), false);
    if (!rules)
        return rules.error();
    json::Array list;
    for (const auto &rule : *rules)
        if (policy::appliesTo(rule, model))
            list.push_back(json::Value(policy::ruleDocument(rule)));
    return json::Value(std::move(list));
}

} // namespace countersign::services
