#include "models/services/governance/packimpact.h"

#include "models/store/queries/portfolio.h"
#include "models/store/queries/queries.h"

#include <map>
#include <set>

namespace countersign::services {

Result<std::vector<policy::PackRule>> rulesInForce(Session &session, const std::string &pack)
{
    const auto rules = store::listRules(session.connection());
    if (!rules)
        return rules.error();
    std::vector<policy::PackRule> followed;
    for (const Rule &rule : *rules) {
        if (!rule.origin || rule.origin->pack != pack)
            continue;
        policy::PackRule one;
        one.id = rule.origin->rule;
        one.limit = rule;
        followed.push_back(std::move(one));
    }
    return followed;
}

Result<PackImpact> impactOfRules(Session &session, const std::vector<policy::PackRule> &before, const std::vector<policy::PackRule> &after)
{
    auto versions = store::portfolioVersions(session.connection());
    if (!versions)
        return versions.error();
    std::set<std::string> metrics;
    for (const auto *rules : {&before, &after})
        for (const policy::PackRule &rule : *rules)
            metrics.insert(rule.limit.metric);
    auto values = store::newestValues(session.connection(), {metrics.begin(), metrics.end()});
    if (!values)
        return values.error();

    PackImpact result;
    std::vector<policy::ImpactSubject> subjects;
    std::map<VersionId, std::size_t> places;
    for (store::PortfolioVersion &version : *versions) {
        places.emplace(version.version, subjects.size());
        subjects.push_back({version.model, version.version, {}});
        result.versions.push_back({std::move(version.model), version.version, std::move(version.label)});
    }
    for (store::NewestValue &value : *values)
        if (const auto place = places.find(value.version); place != places.end())
            subjects[place->second].series.push_back({std::move(value.metric), std::move(value.slice), std::move(value.newest)});
    result.impact = policy::impactOf(before, after, subjects, session.now());
    return result;
}

Result<PackImpact> packImpact(Session &session, const policy::Pack &pack)
{
    const auto before = rulesInForce(session, pack.id);
    return before ? impactOfRules(session, *before, pack.rules) : Result<PackImpact>(before.error());
}

} // namespace countersign::services
