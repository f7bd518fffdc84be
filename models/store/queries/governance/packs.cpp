#include "models/store/queries/governance/packs.h"

#include "models/store/statements.h"

namespace countersign::store {

Result<std::vector<PublishedPack>> listPacks(database::Connection &connection)
{
    Statements sql(connection);
    std::vector<PublishedPack> packs;
    sql.each("SELECT pack, version, title, document, note, is_default, effective_from, published_at, published_by_name, entry, retired_at, retired_by_name, retired_reason, "
             "retired_entry FROM pack ORDER BY pack, entry DESC",
             [&](const database::Query &row) {
                 PublishedPack pack;
                 pack.pack = row.text(0);
                 pack.version = row.text(1);
                 pack.title = row.text(2);
                 if (const auto digest = Digest::parse("sha256:" + row.text(3)))
                     pack.document = *digest;
                 pack.note = row.text(4);
                 pack.isDefault = row.integer(5) != 0;
                 pack.effectiveFrom = fromMillis(row.integer(6));
                 pack.publishedAt = fromMillis(row.integer(7));
                 pack.publishedByName = row.text(8);
                 pack.entry = row.integer(9);
                 if (const auto at = row.integerOrNull(10))
                     pack.retired = PublishedPack::Retirement{fromMillis(*at), row.text(11), row.text(12), row.integer(13)};
                 packs.push_back(std::move(pack));
             });
    if (!sql.ok())
        return sql.status().error();
    return packs;
}

Result<std::map<ModelId, std::vector<std::string>>> chosenPacks(database::Connection &connection)
{
    Statements sql(connection);
    std::map<ModelId, std::vector<std::string>> chosen;
    sql.each("SELECT model, pack FROM model_pack ORDER BY model, place", [&](const database::Query &row) { chosen[ModelId::of(row.text(0))].push_back(row.text(1)); });
    if (!sql.ok())
        return sql.status().error();
    return chosen;
}

std::optional<PublishedPack> packInForce(const std::vector<PublishedPack> &packs, const std::string &pack, Instant now)
{
    for (const PublishedPack &published : packs)
        if (published.pack == pack && published.effectiveFrom <= now && (!published.retired || now < published.retired->at))
            return published;
    return {};
}

} // namespace countersign::store
