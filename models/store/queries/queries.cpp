#include "models/store/queries/queries.h"

#include "models/store/queries/governance/packs.h"
#include "models/store/queries/turned.h"
#include "models/store/statements.h"

#include <algorithm>

namespace countersign::store {

namespace {

std::vector<Tag> readPairs(Statements &sql, std::string_view text, const std::string &id)
{
    std::vector<Tag> pairs;
    sql.each(text, [&](const database::Query &row) { pairs.emplace_back(row.text(0), row.text(1)); }, id);
    return pairs;
}

std::optional<Instant> instantOrNone(const database::Query &row, int column)
{
    const auto ms = row.integerOrNull(column);
    return ms ? std::optional(fromMillis(*ms)) : std::nullopt;
}

constexpr std::string_view kVersionColumns = "v.id, v.model, v.label, v.description, v.stage, v.source_stage, v.source_status, v.artifact_uri, v.created_by, v.run, "
                                             "v.created_at, v.updated_at, v.stage_id";

ModelVersion readVersion(const database::Query &row)
{
    ModelVersion version;
    version.id = VersionId::of(row.text(0));
    version.model = ModelId::of(row.text(1));
    version.label = row.text(2);
    version.description = row.text(3);
    version.stage = static_cast<Stage>(row.integer(4));
    version.sourceStage = row.text(5);
    version.sourceStatus = row.text(6);
    version.artifactUri = row.text(7);
    version.createdBy = row.text(8);
    if (const auto run = row.text(9); !run.empty())
        version.run = RunId::of(run);
    version.createdAt = fromMillis(row.integer(10));
    version.updatedAt = fromMillis(row.integer(11));
    version.stageId = row.text(12);
    return version;
}

/// Those whose newest version is one for all models.
std::vector<std::string> defaultPacks(Statements &sql)
{
    std::vector<std::string> packs;
    sql.each("SELECT pack FROM pack p WHERE is_default = 1 AND retired_entry IS NULL AND entry = (SELECT max(entry) FROM pack WHERE pack = p.pack) ORDER BY pack",
             [&packs](const database::Query &row) { packs.push_back(row.text(0)); });
    return packs;
}

/// The packs chosen for a model, in their order; otherwise the default ones.
std::vector<std::string> packsOf(Statements &sql, const std::string &model)
{
    std::vector<std::string> packs;
    sql.each("SELECT pack FROM model_pack WHERE model = ? ORDER BY place", [&packs](const database::Query &row) { packs.push_back(row.text(0)); }, model);
    return packs.empty() ? defaultPacks(sql) : packs;
}

VersionRow readVersionRow(const database::Query &row)
{
    VersionRow result;
    result.version = readVersion(row);
    result.modelName = row.text(13);
    result.verdict = static_cast<VerdictState>(row.integer(14));
    result.verdictSentence = row.text(15);
    result.worst = row.text(16);
    result.signOffs = static_cast<int>(row.integer(17));
    result.staleSignOffs = static_cast<int>(row.integer(18));
    return result;
}

std::string versionRowSql(const char *where)
{
    return "SELECT " + std::string(kVersionColumns)
        + ", m.name, coalesce(t.verdict, v.verdict), coalesce(t.sentence, v.verdict_sentence), coalesce(t.worst, v.worst), "
          "(SELECT count(*) FROM signoff s WHERE s.version = v.id AND s.withdrawal IS NULL), "
          "(SELECT count(*) FROM signoff s WHERE s.version = v.id AND s.is_stale = 1 AND s.withdrawal IS NULL) FROM version v JOIN model m ON m.id = v.model LEFT JOIN "
        + std::string(kTurned) + " t ON t.version = v.id " + where;
}

Error notFound(const char *what, const std::string &id) { return {ErrorKind::NotFound, std::string("There is no ") + what + " " + id + ".", {}}; }

} // namespace

Result<MlModel> findModel(database::Connection &connection, const ModelId &id)
{
    Statements sql(connection);
    std::optional<MlModel> found;
    sql.each("SELECT name, description, purpose, use_case, owner, tier, source, created_at, updated_at FROM model WHERE id = ?",
             [&](const database::Query &row) {
                 MlModel model;
                 model.id = id;
                 model.name = row.text(0);
                 model.description = row.text(1);
                 model.purpose = row.text(2);
                 model.useCase = row.text(3);
                 model.owner = row.text(4);
                 if (const auto tier = row.integerOrNull(5))
                     model.tier = static_cast<int>(*tier);
                 model.source = row.text(6);
                 model.createdAt = fromMillis(row.integer(7));
                 model.updatedAt = fromMillis(row.integer(8));
                 found = std::move(model);
             }, id.text());
    if (found) {
        found->tags = readPairs(sql, "SELECT key, value FROM model_tag WHERE model = ? ORDER BY key", id.text());
        found->packs = packsOf(sql, id.text());
    }
    if (!sql.ok())
        return sql.status().error();
    if (!found)
        return notFound("model", id.text());
    return *found;
}

Result<std::vector<MlModel>> listModels(database::Connection &connection)
{
    Statements sql(connection);
    std::vector<MlModel> models;
    sql.each("SELECT id, name, owner, tier FROM model ORDER BY no", [&](const database::Query &row) {
        MlModel model;
        model.id = ModelId::of(row.text(0));
        model.name = row.text(1);
        model.owner = row.text(2);
        if (const auto tier = row.integerOrNull(3))
            model.tier = static_cast<int>(*tier);
        models.push_back(std::move(model));
    });
    const auto chosen = chosenPacks(connection);
    if (!chosen)
        return chosen.error();
    const auto defaults = defaultPacks(sql);
    for (MlModel &model : models) {
        const auto own = chosen->find(model.id);
        model.packs = own == chosen->end() ? defaults : own->second;
    }
    if (!sql.ok())
        return sql.status().error();
    return models;
}

Result<std::vector<ModelId>> modelsNamed(database::Connection &connection, const std::string &name)
{
    Statements sql(connection);
    std::vector<ModelId> ids;
    sql.each("SELECT id FROM model WHERE name = ? ORDER BY no", [&](const database::Query &row) { ids.push_back(ModelId::of(row.text(0))); }, name);
    if (!sql.ok())
        return sql.status().error();
    return ids;
}

Result<std::vector<Tag>> modelAliases(database::Connection &connection, const ModelId &id)
{
    Statements sql(connection);
    auto aliases = readPairs(sql, "SELECT alias, label FROM model_alias WHERE model = ? ORDER BY alias", id.text());
    if (!sql.ok())
        return sql.status().error();
    return aliases;
}

Result<ModelVersion> findVersion(database::Connection &connection, const VersionId &id)
{
    Statements sql(connection);
    std::optional<ModelVersion> found;
    sql.each("SELECT " + std::string(kVersionColumns) + " FROM version v WHERE v.id = ?", [&](const database::Query &row) { found = readVersion(row); }, id.text());
    if (found) {
        found->tags = readPairs(sql, "SELECT key, value FROM version_tag WHERE version = ? ORDER BY key", id.text());
        sql.each("SELECT alias FROM model_alias WHERE model = ? AND label = ? ORDER BY alias",
                 [&](const database::Query &row) { found->aliases.push_back(row.text(0)); }, found->model.text(), found->label);
    }
    if (!sql.ok())
        return sql.status().error();
    if (!found)
        return notFound("version", id.text());
    return *found;
}

Result<std::optional<VersionId>> versionLabelled(database::Connection &connection, const ModelId &model, const std::string &label)
{
    Statements sql(connection);
    const auto id = sql.text("SELECT id FROM version WHERE model = ? AND label = ?", model.text(), label);
    if (!sql.ok())
        return sql.status().error();
    return id ? std::optional(VersionId::of(*id)) : std::nullopt;
}

Result<std::optional<VersionId>> currentVersion(database::Connection &connection, const ModelId &model)
{
    Statements sql(connection);
    const auto id = sql.text("SELECT current_version FROM model WHERE id = ?", model.text());
    if (!sql.ok())
        return sql.status().error();
    return id && !id->empty() ? std::optional(VersionId::of(*id)) : std::nullopt;
}

Result<Run> findRun(database::Connection &connection, const RunId &id)
{
    Statements sql(connection);
    std::optional<Run> found;
    sql.each("SELECT source_id, name, experiment, status, is_deleted, user_name, artifact_uri, version, started_at, ended_at FROM run WHERE id = ?",
             [&](const database::Query &row) {
                 Run run;
                 run.id = id;
                 run.sourceId = row.text(0);
                 run.name = row.text(1);
                 run.experiment = row.text(2);
                 run.status = row.text(3);
                 run.isDeleted = row.integer(4) != 0;
                 run.user = row.text(5);
                 run.artifactUri = row.text(6);
                 if (const auto version = row.text(7); !version.empty())
                     run.version = VersionId::of(version);
                 run.startedAt = instantOrNone(row, 8);
                 run.endedAt = instantOrNone(row, 9);
                 found = std::move(run);
             }, id.text());
    if (found) {
        found->parameters = readPairs(sql, "SELECT key, value FROM run_parameter WHERE run = ? ORDER BY key", id.text());
        found->tags = readPairs(sql, "SELECT key, value FROM run_tag WHERE run = ? ORDER BY key", id.text());
    }
    if (!sql.ok())
        return sql.status().error();
    if (!found)
        return notFound("run", id.text());
    return *found;
}

Result<std::vector<VersionRow>> listVersions(database::Connection &connection, const std::optional<ModelId> &model, Instant now)
{
    Statements sql(connection);
    std::vector<VersionRow> rows;
    const auto add = [&](const database::Query &row) { rows.push_back(readVersionRow(row)); };
    if (model)
        sql.each(versionRowSql("WHERE v.model = ?"), add, toMillis(now), model->text());
    else
        sql.each(versionRowSql("ORDER BY m.name_key, m.no"), add, toMillis(now));
    if (!sql.ok())
        return sql.status().error();
    std::ranges::stable_sort(rows, [](const VersionRow &a, const VersionRow &b) {
        return a.version.model == b.version.model && labelLess(b.version.label, a.version.label);
    });
    if (model)
        for (auto &row : rows) {
            sql.each("SELECT alias FROM model_alias WHERE model = ? AND label = ? ORDER BY alias",
                     [&](const database::Query &query) { row.version.aliases.push_back(query.text(0)); }, model->text(), row.version.label);
        }
    if (!sql.ok())
        return sql.status().error();
    return rows;
}

Result<VersionRow> versionRow(database::Connection &connection, const VersionId &id, Instant now)
{
    Statements sql(connection);
    std::optional<VersionRow> found;
    sql.each(versionRowSql("WHERE v.id = ?"), [&](const database::Query &row) { found = readVersionRow(row); }, toMillis(now), id.text());
    if (!sql.ok())
        return sql.status().error();
    if (!found)
        return notFound("version", id.text());
    return *found;
}

Result<std::vector<Person>> listPeople(database::Connection &connection)
{
    Statements sql(connection);
    std::vector<Person> people;
    sql.each("SELECT p.id, p.name, p.login, p.roles, p.since, EXISTS (SELECT 1 FROM enrolled_key k WHERE k.owner = p.id AND k.class = 'person' AND "
             "k.revoked_from IS NULL AND k.is_awaiting = 0), EXISTS (SELECT 1 FROM enrolled_key k WHERE k.owner = p.id AND k.revoked_from IS NULL AND k.is_awaiting = 1) "
             "FROM person p ORDER BY p.since, p.login",
             [&](const database::Query &row) {
                 Person person;
                 person.id = PersonId::of(row.text(0));
                 person.name = row.text(1);
                 person.login = row.text(2);
                 std::string roles = row.text(3);
                 for (std::size_t at = 0; at < roles.size();) {
                     const auto end = std::min(roles.find(',', at), roles.size());
                     if (const auto role = parseRole(roles.substr(at, end - at)))
                         person.roles.push_back(*role);
                     at = end + 1;
                 }
                 person.since = fromMillis(row.integer(4));
                 person.hasKey = row.integer(5) != 0;
                 person.awaitsKey = row.integer(6) != 0;
                 people.push_back(std::move(person));
             });
    if (!sql.ok())
        return sql.status().error();
    return people;
}

Result<Person> findPerson(database::Connection &connection, const std::string &text)
{
    const auto people = listPeople(connection);
    if (!people)
        return people.error();
    const Person *found = nullptr;
    std::string logins;
    for (const auto &person : *people) {
        if (person.id.text() == text || person.login == text)
            return person;
        if (person.name == text) {
            if (found)
                return Error{ErrorKind::Invalid, "Two people are called " + text + "; name one by login.", {}};
            found = &person;
        }
        logins += (logins.empty() ? "" : ", ") + person.login;
    }
    if (!found)
        return Error{ErrorKind::NotFound, "There is nobody called \"" + text + "\" in this workspace. Logins are: " + logins + ".", {}};
    return *found;
}

Result<std::string> subjectHead(database::Connection &connection, const std::string &subject)
{
    Statements sql(connection);
    const auto head = sql.text("SELECT event FROM subject_head WHERE subject = ?", subject);
    if (!sql.ok())
        return sql.status().error();
    return head.value_or(std::string());
}

} // namespace countersign::store
