#include "models/store/inventoryquery.h"

#include "models/base/searchkey.h"
#include "models/store/statements.h"

#include <functional>
#include <unordered_map>

namespace countersign::store {

namespace {

enum class Facet { None, Tier, Stage, Owner, Verdict, Signed };

/// A WHERE clause with its bound values. Values are always bound; the text is made of our own words only.
struct Where {
    std::string sql = "1 = 1";
    std::vector<std::function<void(database::Query &)>> binds;

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

std::string contains(const std::string &text)
{
    std::string pattern = "%";
    for (const char c : text::searchKey(text)) {
        if (c == '%' || c == '_' || c == '\\')
            pattern.push_back('\\');
        pattern.push_back(c);
    }
    return pattern + "%";
}

Where where(const InventoryFilter &filter, Facet without = Facet::None)
{
    const auto integer = [](auto value) { return static_cast<std::int64_t>(value); };
    Where clause;
    if (!filter.text.empty()) {
        const std::string pattern = contains(filter.text);
        clause.sql += " AND (name_key LIKE ? ESCAPE '\\' OR lower(owner) LIKE ? ESCAPE '\\')";
        for (int i = 0; i < 2; ++i)
            clause.binds.push_back([pattern](database::Query &query) { query.bind(pattern); });
    }
    if (without != Facet::Tier)
        clause.oneOf("coalesce(tier, 0)", filter.tiers, integer);
    if (without != Facet::Stage)
        clause.oneOf("stage", filter.stages, integer);
    if (without != Facet::Owner)
        clause.oneOf("owner", filter.owners, [](const std::string &owner) { return owner; });
    if (without != Facet::Verdict)
        clause.oneOf("verdict", filter.verdicts, integer);
    if (without != Facet::Signed)
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
    for (const auto &bind : clause.binds)
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

Result<std::vector<std::int64_t>> inventoryOrder(database::Connection &connection, const InventoryFilter &filter, const InventorySort &sort)
{
    const Where clause = where(filter);
    std::vector<std::int64_t> numbers;
    const auto status = select(connection, "SELECT no FROM model WHERE " + clause.sql + orderBy(sort), clause,
                               [&](const database::Query &row) { numbers.push_back(row.integer(0)); });
    if (!status)
        return status.error();
    return numbers;
}

Result<std::vector<InventoryRow>> inventoryRows(database::Connection &connection, const std::vector<std::int64_t> &numbers)
{
    std::unordered_map<std::int64_t, InventoryRow> found;
    constexpr std::size_t kAtOnce = 200;
    for (std::size_t from = 0; from < numbers.size(); from += kAtOnce) {
        const std::size_t count = std::min(kAtOnce, numbers.size() - from);
        Where clause;
        clause.oneOf("no", std::vector<std::int64_t>(numbers.begin() + static_cast<std::ptrdiff_t>(from),
                                                     numbers.begin() + static_cast<std::ptrdiff_t>(from + count)),
                     [](std::int64_t no) { return no; });
        const auto status = select(connection,
                                   "SELECT no, id, name, current_label, current_version, tier, stage, verdict, verdict_sentence, worst, sign_state, owner, use_case, "
                                   "version_count, updated_at FROM model WHERE " + clause.sql,
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

Result<InventoryFacets> inventoryFacets(database::Connection &connection, const InventoryFilter &filter)
{
    InventoryFacets facets;
    Status status;
    const auto count = [&](const char *expression, Facet facet, auto add, const char *tail = "") {
        if (!status)
            return;
        const Where clause = where(filter, facet);
        const std::string key = expression;
        status = select(connection, "SELECT " + key + ", count(*) FROM model WHERE " + clause.sql + " GROUP BY " + key + tail, clause, add);
    };
    count("coalesce(tier, 0)", Facet::Tier, [&](const database::Query &row) { facets.tiers[static_cast<int>(row.integer(0))] = row.integer(1); });
    count("stage", Facet::Stage, [&](const database::Query &row) { facets.stages[static_cast<Stage>(row.integer(0))] = row.integer(1); });
    count("verdict", Facet::Verdict, [&](const database::Query &row) { facets.verdicts[static_cast<VerdictState>(row.integer(0))] = row.integer(1); });
    count("sign_state", Facet::Signed, [&](const database::Query &row) { facets.signStates[static_cast<int>(row.integer(0))] = row.integer(1); });
    count("owner", Facet::Owner, [&](const database::Query &row) { facets.owners.emplace_back(row.text(0), row.integer(1)); },
          " ORDER BY count(*) DESC, owner LIMIT 50");
    if (status)
        status = select(connection, "SELECT count(*) FROM model", Where{}, [&](const database::Query &row) { facets.all = row.integer(0); });
    if (!status)
        return status.error();
    return facets;
}

} // namespace countersign::store
