#include "models/services/review/rules.h"

#include "models/policy/authority.h"
#include "models/policy/evaluator.h"
#include "models/policy/ruledocument.h"
#include "models/services/workspace/hints.h"
#include "models/services/workspace/journal.h"
#include "models/store/queries/queries.h"

#include <algorithm>
#include <array>

namespace countersign::services {

namespace {

constexpr std::array kRuleRoles{Role::ComplianceOfficer, Role::Validator, Role::Administrator};

Result<std::vector<Rule>> revisionsOf(Session &session, const RuleId &id)
{
    auto all = store::listRules(session.connection(), false);
    if (!all)
        return all.error();
    std::erase_if(*all, [&](const Rule &rule) { return rule.id != id; });
    if (all->empty())
        return Error{ErrorKind::NotFound, "There is no limit " + id.text() + ".", {}};
    return all;
}

} // namespace

Result<Rule> setRule(Session &session, Rule rule, std::optional<Instant> inForceFrom, const Person &person, const crypto::SigningKey &key)
{
    const auto role = policy::actingRole(person, kRuleRoles, "Limits are set");
    if (!role)
        return role.error();
    if (const auto status = policy::check(rule); !status)
        return status.error();
    if (inForceFrom && *inForceFrom > session.now())
        return Error{ErrorKind::Invalid, "A limit cannot start in the future; set it on the day.", {}};
    auto journal = Journal::begin(session);
    if (!journal)
        return journal.error();
    if (rule.id.isEmpty()) {
        rule.id = RuleId::of(session.environment().randomness->uuid());
        rule.revision = 1;
        rule.inForceFrom = inForceFrom.value_or(Instant{});
    } else {
        const auto revisions = revisionsOf(session, rule.id);
        if (!revisions)
            return revisions.error();
        if (revisions->back().metric != rule.metric)
            return Error{ErrorKind::Invalid, "A limit keeps its metric. Retire this one and set a new one.", {}};
        rule.revision = revisions->back().revision + 1;
        rule.inForceFrom = inForceFrom.value_or(session.now());
        if (rule.inForceFrom < revisions->back().inForceFrom)
            return Error{ErrorKind::Invalid, "The earlier revision is in force since " + formatDate(revisions->back().inForceFrom) + "; the change cannot start before.", {}};
    }
    if (rule.model)
        if (const auto model = store::findModel(session.connection(), *rule.model); !model)
            return model.error();
    const auto seq = (*journal)->record({"policy.set", policy::ruleDocument(rule), {}, {}, {}}, session.personSigner(person, *role, key));
    if (!seq)
        return seq.error();
    if (const auto status = (*journal)->commit(); !status)
        return status.error();
    return rule;
}

Status retireRule(Session &session, const RuleId &id, const Person &person, const crypto::SigningKey &key)
{
    const auto revisions = revisionsOf(session, id);
    if (!revisions)
        return revisions.error();
    Rule rule = revisions->back();
    if (rule.isRetired)
        return Error{ErrorKind::Conflict, "The limit is retired already.", {}};
    rule.isRetired = true;
    const auto set = setRule(session, rule, {}, person, key);
    return set ? Status() : Status(set.error());
}

Result<Rule> findRule(Session &session, const std::string &text)
{
    const std::string prefix = text.starts_with("r:") ? text : "r:" + text;
    if (prefix == "r:") // begins every id: where there is one limit only, it would be that one by accident
        return Error{ErrorKind::Invalid, "Name the limit by its id, or by the beginning of it.", {}, hint::kListLimits};
    const auto rules = store::listRules(session.connection());
    if (!rules)
        return rules.error();
    std::vector<Rule> found;
    std::ranges::copy_if(*rules, std::back_inserter(found), [&](const Rule &rule) { return rule.id.text().starts_with(prefix); });
    if (found.size() == 1)
        return found.front();
    if (found.empty())
        return Error{ErrorKind::NotFound, "There is no limit \"" + text + "\".", {}, hint::kListLimits};
    return Error{ErrorKind::Invalid, std::to_string(found.size()) + " limits begin with \"" + text + "\". Write more of the id.", {}};
}

} // namespace countersign::services
