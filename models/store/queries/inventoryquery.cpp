#include "models/store/queries/inventoryquery.h"

#include "models/base/searchkey.h"
#include "models/store/queries/turned.h"
#include "models/store/statements.h"

#include <algorithm>
#include <array>
#include <functional>
#include <unordered_map>

namespace countersign::store {

namespace {

/// A WHERE clause with its bound values. Values are always bound; the text is made of our own words only.
struct Where {
    std::string sql = "1 = 1";
    std::vector<std::function<void(database::Query &)>> binds;
    std::vector<std::function<void(database::Query &)>> sourceBinds; ///< of what stands before the condition

    void text(const std::string &condition, std::string value)
    {
        sql += " AND " + condition;
        binds.push_back([value = std::move(value)](database::Query &query) { query.bind(value); });
    }
    template<class Set, class ToInteger>
    void oneOf(const std::string &expression, const Set &values, ToInteger toInteger)
    {
        if (values.empty())
            return;
        sql += " AND " + expression + " IN (";
        bool first = true;
        for (const auto &value : values) {
            sql += first ? "?" : ", ?";
            first = false;
            binds.push_back([bound = toInteger(value)](database::Query &query) { query.bind(bound); });
        }
        sql += ")";
    }
};

/// The models as they are now. Where no version turned since it was settled, which is nearly always, that is the table itself with its indices.
Result<std::string> models(database::Connection &connection, Instant now, Where &clause)
{
    Statements sql(connection);
    const bool hasTurned = sql.integer("SELECT 1 FROM version_turn WHERE since <= ? LIMIT 1", toMillis(now)).has_value();
    if (!sql.ok())
        return sql.status().error();
    if (!hasTurned)
        return std::string("model");
    clause.sourceBinds.push_back([now](database::Query &query) { query.bind(toMillis(now)); });
    return "(SELECT m.no, m.id, m.name, m.name_key, m.current_label, m.current_version, m.tier, m.stage, m.sign_state, m.owner, m.use_case, m.version_count, m.updated_at, "
           "coalesce(t.verdict, m.verdict) AS verdict, coalesce(t.sentence, m.verdict_sentence) AS verdict_sentence, coalesce(t.worst, m.worst) AS worst "
           "FROM model m LEFT JOIN " + std::string(kTurned) + " t ON t.version = m.current_version) AS model";
}

Where where(database::Connection &connection, const InventoryFilter &filter)
{
    const auto integer = [](auto value) { return static_cast<std::int64_t>(value); };
    Where clause;
    if (!filter.text.empty()) {
        // Whether the one holds the other, byte by byte: a third of what LIKE costs on SQLite.
        const std::string contains = connection.backend() == database::Backend::Sqlite ? "instr" : "strpos";
        clause.sql += " AND (" + contains + "(name_key, ?) > 0 OR " + contains + "(lower(owner), ?) > 0)";
        const std::string key = text::searchKey(filter.text);
        for (int i = 0; i < 2; ++i)
            clause.binds.push_back([key](database::Query &query) { query.bind(key); });
    }
    clause.oneOf("coalesce(tier, 0)", filter.tiers, integer);
    clause.oneOf("stage", filter.stages, integer);
    clause.oneOf("owner", filter.owners, [](const std::string &owner) { return owner; });
    clause.oneOf("verdict", filter.verdicts, integer);
    clause.oneOf("sign_state", filter.signStates, integer);
    return clause;
}

std::string orderBy(const InventorySort &sort)
{
    const char *expression = "name_key";
    switch (sort.column) {
    case InventoryColumn::Name: break;
    case InventoryColumn::Version: expression = "current_label"; break;
    case InventoryColumn::Tier: expression = "coalesce(tier, 9)"; break;
    case InventoryColumn::Stage: expression = "stage"; break;
    case InventoryColumn::Verdict: expression = "verdict"; break;
    case InventoryColumn::Signed: expression = "sign_state"; break;
    case InventoryColumn::Owner: expression = "owner"; break;
    case InventoryColumn::UseCase: expression = "use_case"; break;
    case InventoryColumn::Updated: expression = "updated_at"; break;
    }
    const std::string direction = sort.descending ? " DESC" : "";
    if (sort.column == InventoryColumn::Name)
        return " ORDER BY name_key" + direction + ", no" + direction;
    return std::string(" ORDER BY ") + expression + direction + ", name_key, no";
}

template<class Row>
Status select(database::Connection &connection, const std::string &sql, const Where &clause, Row row)
{
    auto query = connection.prepare(sql);
    if (!query)
        return query.error();
    for (const auto *binds : {&clause.sourceBinds, &clause.binds})
        for (const auto &bind : *binds)
            bind(*query);
    if (const auto status = query->exec(); !status)
        return status;
    for (;;) {
        const auto more = query->next();
        if (!more)
            return more.error();
        if (!*more)
            return {};
        row(*query);
    }
}

} // namespace

Result<std::vector<std::int64_t>> inventoryOrder(database::Connection &connection, const InventoryFilter &filter, const InventorySort &sort, Instant now)
{
    Where clause = where(connection, filter);
    const auto source = models(connection, now, clause);
    if (!source)
        return source.error();
    std::vector<std::int64_t> numbers;
    // A text is looked for in every model anyway: row by row as they lie is quicker as in the order of an index.
    const bool scans = !filter.text.empty() && connection.backend() == database::Backend::Sqlite && clause.sourceBinds.empty();
    const auto status = select(connection, "SELECT no FROM " + *source + (scans ? " NOT INDEXED" : "") + " WHERE " + clause.sql + orderBy(sort), clause,
                               [&](const database::Query &row) { numbers.push_back(row.integer(0)); });
    if (!status)
        return status.error();
    return numbers;
}

Result<std::vector<InventoryRow>> inventoryRows(database::Connection &connection, const std::vector<std::int64_t> &numbers, Instant now)
{
    std::unordered_map<std::int64_t, InventoryRow> found;
    constexpr std::size_t kAtOnce = 200;
    for (std::size_t from = 0; from < numbers.size(); from += kAtOnce) {
        const std::size_t count = std::min(kAtOnce, numbers.size() - from);
        Where clause;
        clause.oneOf("no", std::vector<std::int64_t>(numbers.begin() + static_cast<std::ptrdiff_t>(from),
                                                     numbers.begin() + static_cast<std::ptrdiff_t>(from + count)),
                     [](std::int64_t no) { return no; });
        const auto source = models(connection, now, clause);
        if (!source)
            return source.error();
        const auto status = select(connection,
                                   "SELECT no, id, name, current_label, current_version, tier, stage, verdict, verdict_sentence, worst, sign_state, owner, use_case, "
                                   "version_count, updated_at FROM " + *source + " WHERE " + clause.sql,
                                   clause, [&](const database::Query &row) {
                                       InventoryRow model;
                                       model.no = row.integer(0);
                                       model.id = ModelId::of(row.text(1));
                                       model.name = row.text(2);
                                       model.currentLabel = row.text(3);
                                       if (const auto version = row.text(4); !version.empty())
                                           model.currentVersion = VersionId::of(version);
                                       if (const auto tier = row.integerOrNull(5))
                                           model.tier = static_cast<int>(*tier);
                                       model.stage = static_cast<Stage>(row.integer(6));
                                       model.verdict = static_cast<VerdictState>(row.integer(7));
                                       model.verdictSentence = row.text(8);
                                       model.worst = row.text(9);
                                       model.signState = static_cast<int>(row.integer(10));
                                       model.owner = row.text(11);
                                       model.useCase = row.text(12);
                                       model.versionCount = row.integer(13);
                                       model.updatedAt = fromMillis(row.integer(14));
                                       found.emplace(model.no, std::move(model));
                                   });
        if (!status)
            return status.error();
    }
    std::vector<InventoryRow> rows;
    rows.reserve(found.size());
    for (const std::int64_t no : numbers)
        if (const auto row = found.find(no); row != found.end())
            rows.push_back(row->second);
    return rows;
}

Result<InventoryFacets> inventoryFacets(database::Connection &connection, const InventoryFilter &filter, Instant now)
{
    InventoryFacets facets;
    std::unordered_map<std::string, std::int64_t> owners;
    // One pass over the models counts every combination; each facet then adds up those that the other facets let through.
    InventoryFilter textOnly;
    textOnly.text = filter.text;
    const auto passes = [](const auto &set, const auto &value) { return set.empty() || set.contains(value); };
    Where clause = where(connection, textOnly);
    const auto source = models(connection, now, clause);
    if (!source)
        return source.error();
    auto status = select(connection,
                         "SELECT coalesce(tier, 0), stage, verdict, sign_state, owner, count(*) FROM " + *source + " WHERE " + clause.sql
                             + " GROUP BY coalesce(tier, 0), stage, verdict, sign_state, owner",
                         clause, [&](const database::Query &row) {
                             const int tier = static_cast<int>(row.integer(0));
                             const auto stage = static_cast<Stage>(row.integer(1));
                             const auto verdict = static_cast<VerdictState>(row.integer(2));
                             const int signState = static_cast<int>(row.integer(3));
                             const std::string owner = row.text(4);
                             const std::array<bool, 5> is{passes(filter.tiers, tier), passes(filter.stages, stage), passes(filter.verdicts, verdict),
                                                          passes(filter.signStates, signState), passes(filter.owners, owner)};
                             const auto others = [&](std::size_t facet) {
                                 for (std::size_t i = 0; i < is.size(); ++i)
                                     if (i != facet && !is[i])
                                         return false;
                                 return true;
                             };
                             const std::int64_t n = row.integer(5);
                             if (others(0))
                                 facets.tiers[tier] += n;
                             if (others(1))
                                 facets.stages[stage] += n;
                             if (others(2))
                                 facets.verdicts[verdict] += n;
                             if (others(3))
                                 facets.signStates[signState] += n;
                             if (others(4))
                                 owners[owner] += n;
                         });
    if (status)
        status = select(connection, "SELECT count(*) FROM model", Where{}, [&](const database::Query &row) { facets.all = row.integer(0); });
    if (!status)
        return status.error();
    facets.owners.assign(owners.begin(), owners.end());
    std::ranges::sort(facets.owners, [](const auto &a, const auto &b) { return a.second != b.second ? a.second > b.second : a.first < b.first; });
    facets.owners.resize(std::min<std::size_t>(facets.owners.size(), 50));
    return facets;
}

} // namespace countersign::store
