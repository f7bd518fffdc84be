#include "models/store/queries/governance/contributions.h"

#include "models/store/queries/governance/columns.h"
#include "models/store/statements.h"

namespace countersign::store {

namespace {

Contribution::Kind kindOf(const std::string &event)
{
    if (event == "evidence.add")
        return Contribution::Kind::Evidence;
    if (event == "change.propose")
        return Contribution::Kind::Change;
    return event == "finding.remediate" ? Contribution::Kind::Remediation : Contribution::Kind::Version;
}

} // namespace

Result<std::vector<Contribution>> listContributions(database::Connection &connection, const ModelId &model)
{
    Statements sql(connection);
    std::vector<Contribution> contributions;
    sql.each("SELECT t.kind, t.actor, t.actor_name, t.version, coalesce(v.label, ''), t.at, t.entry FROM trail t LEFT JOIN version v ON v.id = t.version WHERE t.model = ? "
             "AND t.kind IN ('evidence.add', 'version.register', 'version.update', 'run.record', 'run.update', 'change.propose', 'finding.remediate') "
             "AND t.import = '' AND t.actor <> '' ORDER BY t.entry",
             [&](const database::Query &row) {
                 Contribution contribution{kindOf(row.text(0)), personOrNone(row, 1), row.text(2), {}, row.text(4), fromMillis(row.integer(5)), row.integer(6)};
                 if (const auto version = row.text(3); !version.empty())
                     contribution.version = VersionId::of(version);
                 contributions.push_back(std::move(contribution));
             },
             model.text());
    if (!sql.ok())
        return sql.status().error();
    return contributions;
}

} // namespace countersign::store
