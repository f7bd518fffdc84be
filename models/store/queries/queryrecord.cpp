// Reads of reviews, imports, reports and the trail.

#include "models/base/json.h"
#include "models/base/searchkey.h"
#include "models/domain/inventory.h"
#include "models/store/queries/queries.h"
#include "models/store/statements.h"

#include <algorithm>

namespace countersign::store {

namespace {

constexpr std::string_view kBundleSql = "SELECT b.id, b.version, m.name, v.label, b.inputs, b.frozen_at, b.frozen_by, b.entry FROM bundle b "
                                        "JOIN version v ON v.id = b.version JOIN model m ON m.id = v.model ";

BundleRow readBundle(const database::Query &row)
{
    BundleRow bundle;
    bundle.id = BundleId::of(row.text(0));
    bundle.version = VersionId::of(row.text(1));
    bundle.modelName = row.text(2);
    bundle.versionLabel = row.text(3);
    if (const auto inputs = Digest::fromBytes(row.bytes(4)))
        bundle.inputs = *inputs;
    bundle.frozenAt = fromMillis(row.integer(5));
    bundle.frozenBy = row.text(6);
    bundle.entry = row.integer(7);
    return bundle;
}

/// LIKE's wildcards in text from people stand for themselves; used with ESCAPE '\'.
std::string likeLiteral(const std::string &text)
{
    std::string pattern;
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\')
            pattern.push_back('\\');
        pattern.push_back(c);
    }
    return pattern;
}

} // namespace

Result<std::optional<BundleRow>> findBundle(database::Connection &connection, const BundleId &id)
{
    Statements sql(connection);
    std::optional<BundleRow> found;
    sql.each(std::string(kBundleSql) + "WHERE b.id = ?", [&](const database::Query &row) { found = readBundle(row); }, id.text());
    if (!sql.ok())
        return sql.status().error();
    return found;
}

Result<std::vector<BundleRow>> bundlesLike(database::Connection &connection, const std::string &prefix)
{
    Statements sql(connection);
    std::vector<BundleRow> rows;
    const std::string begin = prefix.starts_with("b:") ? prefix : "b:" + prefix;
    sql.each(std::string(kBundleSql) + "WHERE b.id LIKE ? ESCAPE '\\' ORDER BY b.entry DESC", [&](const database::Query &row) { rows.push_back(readBundle(row)); },
             likeLiteral(begin) + "%");
    if (!sql.ok())
        return sql.status().error();
    return rows;
}

Result<std::vector<BundleRow>> listBundles(database::Connection &connection, const VersionId &version)
{
    Statements sql(connection);
    std::vector<BundleRow> rows;
    sql.each(std::string(kBundleSql) + "WHERE b.version = ? ORDER BY b.entry DESC", [&](const database::Query &row) { rows.push_back(readBundle(row)); },
             version.text());
    if (!sql.ok())
        return sql.status().error();
    return rows;
}

namespace {

template<class... Args>
Result<std::vector<SignOffRow>> selectSignOffs(database::Connection &connection, const std::string &where, const Args &...args)
{
    Statements sql(connection);
    std::vector<SignOffRow> rows;
    const auto add = [&](const database::Query &row) {
        SignOffRow result;
        SignOff &signOff = result.signOff;
        signOff.id = SignOffId::of(row.text(0));
        signOff.bundle = BundleId::of(row.text(1));
        signOff.version = VersionId::of(row.text(2));
        signOff.person = PersonId::of(row.text(3));
        signOff.personName = row.text(4);
        if (const auto role = parseRole(row.text(5)))
            signOff.role = *role;
        signOff.decision = static_cast<Decision>(row.integer(6));
        signOff.meaning = row.text(7);
        signOff.comment = row.text(8);
        result.sentence = row.text(9);
        signOff.signedAt = fromMillis(row.integer(10));
        signOff.utcOffsetMinutes = static_cast<int>(row.integer(11));
        signOff.entry = row.integer(12);
        signOff.key = KeyId::of(row.text(13));
        signOff.isStale = row.integer(14) != 0;
        if (const auto changes = json::parse(row.text(15)); changes && changes->array())
            for (const auto &change : *changes->array())
                if (change.string())
                    signOff.changes.push_back(*change.string());
        if (const auto digest = Digest::parse("sha256:" + signOff.bundle.text().substr(2)))
            signOff.bundleDigest = *digest;
        result.modelName = row.text(16);
        result.versionLabel = row.text(17);
        if (!row.isNull(18))
            signOff.withdrawn = {row.integer(18), fromMillis(row.integer(19)), row.text(20)};
        if (const auto rendering = Digest::parse("sha256:" + row.text(21)))
            signOff.rendering = *rendering;
        rows.push_back(std::move(result));
    };
    const std::string select = "SELECT s.id, s.bundle, s.version, s.person, s.person_name, s.role, s.decision, s.meaning, s.comment, s.sentence, s.signed_at, "
                               "s.utc_offset, s.entry, s.key, s.is_stale, s.changes, m.name, v.label, s.withdrawal, s.withdrawn_at, s.withdrawn_reason, s.rendering FROM signoff s "
                               "JOIN version v ON v.id = s.version JOIN model m ON m.id = v.model ";
    sql.each(select + where + " ORDER BY s.entry DESC", add, args...);
    if (!sql.ok())
        return sql.status().error();
    return rows;
}

} // namespace

Result<std::vector<SignOffRow>> listSignOffs(database::Connection &connection, const std::optional<VersionId> &version)
{
    return version ? selectSignOffs(connection, "WHERE s.version = ?", version->text()) : selectSignOffs(connection, "");
}

Result<std::vector<SignOffRow>> listObjections(database::Connection &connection, const VersionId &version)
{
    return selectSignOffs(connection, "WHERE s.version = ? AND (s.decision <> 0 OR s.withdrawal IS NOT NULL)", version.text());
}

Result<std::vector<SignOffRow>> signOffsAt(database::Connection &connection, std::int64_t entry) { return selectSignOffs(connection, "WHERE s.entry = ?", entry); }

Result<std::vector<SignOffRow>> signOffsLike(database::Connection &connection, const std::string &prefix)
{
    return selectSignOffs(connection, "WHERE substr(s.id, 1, ?) = ?", static_cast<std::int64_t>(prefix.size()), prefix);
}

Result<std::vector<ImportRow>> listImports(database::Connection &connection)
{
    Statements sql(connection);
    std::vector<ImportRow> rows;
    sql.each("SELECT no, id, kind, source, description, content, at, actor, models, versions, runs, changes, observations, restated, rejected, entry, undone_by "
             "FROM import ORDER BY no DESC",
             [&](const database::Query &row) {
                 ImportRow import;
                 import.no = row.integer(0);
                 import.id = ImportId::of(row.text(1));
                 import.kind = row.text(2);
                 import.source = row.text(3);
                 import.description = row.text(4);
                 import.content = row.text(5);
                 import.at = fromMillis(row.integer(6));
                 import.actor = row.text(7);
                 import.models = row.integer(8);
                 import.versions = row.integer(9);
                 import.runs = row.integer(10);
                 import.changes = row.integer(11);
                 import.observations = row.integer(12);
                 import.restated = row.integer(13);
                 import.rejected = row.integer(14);
                 import.entry = row.integer(15);
                 import.undoneBy = row.integerOrNull(16);
                 rows.push_back(std::move(import));
             });
    if (!sql.ok())
        return sql.status().error();
    return rows;
}

Result<std::vector<ReportRow>> listReports(database::Connection &connection, const std::optional<VersionId> &version)
{
    Statements sql(connection);
    std::vector<ReportRow> rows;
    const auto add = [&](const database::Query &row) {
        ReportRow report;
        report.id = ReportId::of(row.text(0));
        report.version = VersionId::of(row.text(1));
        report.modelName = row.text(2);
        report.versionLabel = row.text(3);
        report.title = row.text(4);
        if (const auto facts = Digest::fromBytes(row.bytes(5)))
            report.facts = *facts;
        report.at = fromMillis(row.integer(6));
        report.actor = row.text(7);
        report.entry = row.integer(8);
        rows.push_back(std::move(report));
    };
    const std::string select = "SELECT r.id, r.version, m.name, v.label, r.title, r.facts, r.at, r.actor, r.entry FROM report r JOIN version v ON v.id = r.version "
                               "JOIN model m ON m.id = v.model ";
    if (version)
        sql.each(select + "WHERE r.version = ? ORDER BY r.entry DESC", add, version->text());
    else
        sql.each(select + "ORDER BY r.entry DESC", add);
    if (!sql.ok())
        return sql.status().error();
    return rows;
}

Result<std::vector<std::int64_t>> trailEntries(database::Connection &connection, const TrailFilter &filter)
{
    Statements sql(connection);
    std::vector<std::int64_t> entries;
    const std::string key = text::searchKey(filter.text);
    // Each condition is switched off by its own argument, so that one statement with bound values serves every filter. Words are compared
    // here: the lower() of SQLite knows ASCII only, and that of PostgreSQL depends on how the server was set up.
    sql.each("SELECT entry, CASE WHEN ? = '' THEN '' ELSE summary END FROM trail WHERE (? = '' OR kind LIKE ? ESCAPE '\\') AND (? = '' OR actor = ?) AND (? = '' OR model = ?) AND (? = '' OR version = ?) "
             "AND at >= ? AND at < ? ORDER BY entry DESC",
             [&](const database::Query &row) {
                 if (key.empty() || text::searchKey(row.text(1)).find(key) != std::string::npos)
                     entries.push_back(row.integer(0));
             },
             key, filter.kindPrefix, likeLiteral(filter.kindPrefix) + "%", filter.actor,
             filter.actor, filter.model ? filter.model->text() : std::string(), filter.model ? filter.model->text() : std::string(),
             filter.version ? filter.version->text() : std::string(), filter.version ? filter.version->text() : std::string(),
             filter.from ? toMillis(*filter.from) : std::int64_t{-62'135'596'800'000}, filter.to ? toMillis(*filter.to) : std::int64_t{253'402'300'799'999});
    if (!sql.ok())
        return sql.status().error();
    return entries;
}

Result<std::vector<TrailRow>> trailRows(database::Connection &connection, const std::vector<std::int64_t> &entries)
{
    Statements sql(connection);
    std::vector<TrailRow> rows;
    rows.reserve(entries.size());
    for (const std::int64_t entry : entries)
        sql.each("SELECT t.entry, t.kind, t.at, t.actor, t.actor_name, t.subject, t.model, t.version, t.summary, e.leaf FROM trail t JOIN entry e ON e.seq = t.entry "
                 "WHERE t.entry = ?",
                 [&](const database::Query &row) {
                     TrailRow result;
                     result.entry = row.integer(0);
                     result.kind = row.text(1);
                     result.at = fromMillis(row.integer(2));
                     result.actor = row.text(3);
                     result.actorName = row.text(4);
                     result.subject = row.text(5);
                     if (const auto model = row.text(6); !model.empty())
                         result.model = ModelId::of(model);
                     if (const auto version = row.text(7); !version.empty())
                         result.version = VersionId::of(version);
                     result.summary = row.text(8);
                     if (const auto leaf = Digest::fromBytes(row.bytes(9)))
                         result.leaf = *leaf;
                     rows.push_back(std::move(result));
                 }, entry);
    if (!sql.ok())
        return sql.status().error();
    return rows;
}

Result<std::vector<ChangeRow>> modelHistory(database::Connection &connection, const ModelId &model)
{
    Statements sql(connection);
    std::vector<ChangeRow> rows;
    sql.each("SELECT t.entry, t.at, t.actor_name, coalesce(c.subject, t.subject), t.version, coalesce(c.field, ''), c.old, c.new, t.summary, coalesce(v.label, '') "
             "FROM trail t LEFT JOIN change c ON c.entry = t.entry LEFT JOIN version v ON v.id = t.version WHERE t.model = ? ORDER BY t.entry DESC, c.no",
             [&](const database::Query &row) {
                 ChangeRow change;
                 change.entry = row.integer(0);
                 change.at = fromMillis(row.integer(1));
                 change.actorName = row.text(2);
                 change.subject = row.text(3);
                 change.what = row.text(4).empty() ? "model" : "version " + row.text(9);
                 change.field = row.text(5);
                 if (!row.isNull(6))
                     change.before = row.text(6);
                 if (!row.isNull(7))
                     change.after = row.text(7);
                 change.summary = row.text(8);
                 rows.push_back(std::move(change));
             }, model.text());
    if (!sql.ok())
        return sql.status().error();
    return rows;
}

} // namespace countersign::store
