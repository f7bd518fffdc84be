#include "models/store/queries/portfolio.h"

#include "models/store/queries/observationcolumns.h"
#include "models/store/statements.h"

#include <map>
#include <tuple>

namespace countersign::store {

namespace {

// The last row of each series by its key, without reading the others.
constexpr std::string_view kOrder = "ORDER BY window_end DESC, window_start DESC, step DESC, revision DESC LIMIT 1";

std::string newestSql(database::Backend backend)
{
    const std::string columns = "SELECT s.id, s.version, s.slice, " + observationColumns("o.") + " FROM series s ";
    const std::string newest = backend == database::Backend::Postgres
        ? "CROSS JOIN LATERAL (SELECT * FROM observation WHERE series = s.id " + std::string(kOrder) + ") o "
        : "JOIN observation o ON o.series = s.id AND (o.window_end, o.window_start, o.step, o.revision) = "
          "(SELECT window_end, window_start, step, revision FROM observation WHERE series = s.id " + std::string(kOrder) + ") ";
    return columns + newest + "WHERE s.metric = ? AND s.version <> '' ORDER BY s.id";
}

} // namespace

Result<std::vector<PortfolioVersion>> portfolioVersions(database::Connection &connection)
{
    Statements sql(connection);
    std::vector<PortfolioVersion> versions;
    sql.each("SELECT m.id, m.name, m.tier, v.id, v.label FROM version v JOIN model m ON m.id = v.model ORDER BY m.id, v.id", [&](const database::Query &row) {
        PortfolioVersion version;
        version.model.id = ModelId::of(row.text(0));
        version.model.name = row.text(1);
        if (const auto tier = row.integerOrNull(2))
            version.model.tier = static_cast<int>(*tier);
        version.version = VersionId::of(row.text(3));
        version.label = row.text(4);
        versions.push_back(std::move(version));
    });
    if (!sql.ok())
        return sql.status().error();
    return versions;
}

Result<std::vector<NewestValue>> newestValues(database::Connection &connection, const std::vector<std::string> &metrics)
{
    Statements sql(connection);
    const std::string select = newestSql(connection.backend());
    std::map<std::tuple<VersionId, std::string, Slice>, Observation> newest;
    for (const std::string &metric : metrics)
        sql.each(select, [&](const database::Query &row) {
            const auto slice = Slice::parse(row.text(2));
            if (!slice)
                return;
            Observation observation = readObservation(row, row.integer(0), 3).observation();
            const auto [place, isNew] = newest.try_emplace({VersionId::of(row.text(1)), metric, *slice}, observation);
            if (!isNew && observation.window.end > place->second.window.end)
                place->second = std::move(observation);
        }, metric);
    if (!sql.ok())
        return sql.status().error();
    std::vector<NewestValue> values;
    values.reserve(newest.size());
    for (auto &[key, observation] : newest)
        values.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), std::move(observation)});
    return values;
}

} // namespace countersign::store
