#include "models/store/queries/ruleusage.h"

#include "models/store/statements.h"

#include <algorithm>

namespace countersign::store {

Result<std::map<RuleId, RuleUsage>> ruleUsage(database::Connection &connection)
{
    Statements sql(connection);
    std::map<RuleId, RuleUsage> usage;
    // States are numbered from worst to best.
    sql.each("SELECT rule, worst, count(*) FROM (SELECT rule, version, min(state) AS worst FROM verdict GROUP BY rule, version) AS judged GROUP BY rule, worst",
             [&](const database::Query &row) {
                 RuleUsage &one = usage[RuleId::of(row.text(0))];
                 const std::int64_t count = row.integer(2);
                 one.versions += count;
                 switch (static_cast<VerdictState>(row.integer(1))) {
                 case VerdictState::Fail: one.fail += count; break;
                 case VerdictState::Watch: one.watch += count; break;
                 case VerdictState::NotEnoughData: one.notEnough += count; break;
                 case VerdictState::Waived:
                 case VerdictState::Pass:
                 case VerdictState::NotJudged: break;
                 }
             });
    if (!sql.ok())
        return sql.status().error();
    return usage;
}

Result<std::vector<std::string>> recordedMetrics(database::Connection &connection)
{
    Statements sql(connection);
    std::vector<std::string> names;
    sql.each("SELECT DISTINCT metric FROM series", [&](const database::Query &row) { names.push_back(row.text(0)); });
    if (!sql.ok())
        return sql.status().error();
    std::ranges::sort(names);
    return names;
}

} // namespace countersign::store
