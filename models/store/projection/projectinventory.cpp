// The inventory's part of the projector: models, versions, runs, and the fields that updates change.

#include "models/base/searchkey.h"
#include "models/domain/inventory.h"
#include "models/domain/judgement.h"
#include "models/store/projection/projector.h"

#include <array>

namespace countersign::store {

namespace {

struct Column {
    std::string_view field;
    std::string_view column;
};
constexpr std::array<Column, 5> kModelText{{{"name", "name"}, {"description", "description"}, {"purpose", "purpose"}, {"useCase", "use_case"}, {"owner", "owner"}}};
constexpr std::array<Column, 6> kVersionText{{{"description", "description"}, {"sourceStage", "source_stage"}, {"sourceStatus", "source_status"},
                                              {"artifactUri", "artifact_uri"}, {"createdBy", "created_by"}, {"run", "run"}}};
constexpr std::array<Column, 6> kRunText{{{"name", "name"}, {"experiment", "experiment"}, {"status", "status"}, {"user", "user_name"},
                                          {"artifactUri", "artifact_uri"}, {"version", "version"}}};

template<std::size_t N>
std::string_view columnOf(const std::array<Column, N> &columns, std::string_view field)
{
    for (const auto &column : columns)
        if (column.field == field)
            return column.column;
    return {};
}

/// "tag:owner" with prefix "tag:" gives "owner".
std::optional<std::string> keyAfter(std::string_view prefix, const std::string &field)
{
    if (!field.starts_with(prefix))
        return {};
    return field.substr(prefix.size());
}

std::optional<std::int64_t> millisOf(const std::optional<std::string> &value)
{
    const auto time = value ? parseUtc(*value) : Result<Instant>(Error{});
    return time ? std::optional(toMillis(*time)) : std::nullopt;
}

} // namespace

void Projector::registerModel(const Body &body, std::uint64_t)
{
    const std::string id = body.text("model");
    const std::string name = body.text("name");
    const auto no = nextNumber(m_nextModel, "SELECT coalesce(max(no), 0) + 1 FROM model");
    m_sql.post("INSERT INTO model (no, id, name, name_key, description, purpose, use_case, owner, tier, source, source_key, created_at, updated_at, import, "
              "version_count, current_version, current_label, stage, verdict, verdict_sentence, worst, sign_state) "
              "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '', '', ?, ?, '', '', 0)",
              no, id, name, text::searchKey(name), body.textOr("description"), body.textOr("purpose"), body.textOr("useCase"), body.textOr("owner"),
              body.integerOrNone("tier"), body.textOr("source"), body.textOr("sourceKey"), toMillis(body.time("createdAt")), toMillis(body.time("updatedAt")),
              body.textOr("import"), Stage::Development, VerdictState::NotJudged);
    putTags(body, "tags", "model_tag", "model", id);
    for (const auto &[alias, label] : body.pairs("aliases"))
        m_sql.post("INSERT INTO model_alias (model, alias, label) VALUES (?, ?, ?)", id, alias, label);
}

std::int64_t Projector::nextNumber(std::optional<std::int64_t> &next, std::string_view sql)
{
    if (!next)
        next = m_sql.integer(sql).value_or(1);
    return (*next)++;
}

void Projector::registerVersion(const Body &body, std::uint64_t)
{
    const std::string id = body.text("version");
    const std::string model = body.text("model");
    const auto stage = parseStage(body.text("stage"));
    if (!stage)
        return m_sql.fail(stage.error());
    const auto no = nextNumber(m_nextVersion, "SELECT coalesce(max(no), 0) + 1 FROM version");
    m_sql.post("INSERT INTO version (no, id, model, label, description, stage, source_stage, source_status, artifact_uri, created_by, run, created_at, updated_at, "
              "import, verdict, verdict_sentence, worst) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '')",
              no, id, model, body.text("label"), body.textOr("description"), *stage, body.textOr("sourceStage"), body.textOr("sourceStatus"),
              body.textOr("artifactUri"), body.textOr("createdBy"), body.textOr("run"), toMillis(body.time("createdAt")), toMillis(body.time("updatedAt")),
              body.textOr("import"), VerdictState::NotJudged);
    putTags(body, "tags", "version_tag", "version", id);
    touchVersion(id);
    m_touchedModels.insert(model);
}

void Projector::recordRun(const Body &body, std::uint64_t)
{
    const std::string id = body.text("run");
    const auto millis = [](const std::optional<Instant> &t) { return t ? std::optional(toMillis(*t)) : std::nullopt; };
    m_sql.post("INSERT INTO run (id, source, source_id, name, experiment, status, is_deleted, user_name, artifact_uri, version, started_at, ended_at, import) "
              "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
              id, body.text("source"), body.text("sourceId"), body.textOr("name"), body.textOr("experiment"), body.textOr("status"), body.flag("isDeleted"),
              body.textOr("user"), body.textOr("artifactUri"), body.textOr("version"), millis(body.timeOrNone("startedAt")), millis(body.timeOrNone("endedAt")),
              body.textOr("import"));
    putTags(body, "parameters", "run_parameter", "run", id);
    putTags(body, "tags", "run_tag", "run", id);
    touchVersion(body.textOr("version"));
}

void Projector::updateModel(const Body &body, std::uint64_t seq) { applyChanges(body, body.text("model"), seq); }
void Projector::updateVersion(const Body &body, std::uint64_t seq) { applyChanges(body, body.text("version"), seq); }
void Projector::updateRun(const Body &body, std::uint64_t seq) { applyChanges(body, body.text("run"), seq); }

void Projector::applyChanges(const Body &body, const std::string &subject, std::uint64_t seq)
{
    for (const auto &change : readChanges(body)) {
        setField(subject, change.field, change.after);
        noteChange(seq, subject, change.field, change.before, change.after, body.textOr("import"));
    }
}

void Projector::setField(const std::string &subject, const std::string &field, const std::optional<std::string> &value)
{
    if (subject.starts_with("m:"))
        setModelField(subject, field, value);
    else if (subject.starts_with("v:"))
        setVersionField(subject, field, value);
    else if (subject.starts_with("n:"))
        setRunField(subject, field, value);
}

void Projector::setModelField(const std::string &model, const std::string &field, const std::optional<std::string> &value)
{
    m_touchedModels.insert(model);
    m_sql.each("SELECT id FROM version WHERE model = ?", [this](const database::Query &row) { touchVersion(row.text(0)); }, model);
    if (const auto column = columnOf(kModelText, field); !column.empty()) {
        m_sql.run("UPDATE model SET " + std::string(column) + " = ? WHERE id = ?", value.value_or(std::string()), model);
        if (field == "name")
            m_sql.run("UPDATE model SET name_key = ? WHERE id = ?", text::searchKey(value.value_or(std::string())), model);
    } else if (field == "tier") {
        m_sql.run("UPDATE model SET tier = ? WHERE id = ?", value ? std::optional<std::int64_t>(std::atoi(value->c_str())) : std::nullopt, model);
    } else if (field == "updatedAt") {
        m_sql.run("UPDATE model SET updated_at = ? WHERE id = ?", millisOf(value), model);
    } else if (const auto tag = keyAfter("tag:", field)) {
        m_sql.run("DELETE FROM model_tag WHERE model = ? AND key = ?", model, *tag);
        if (value)
            m_sql.run("INSERT INTO model_tag (model, key, value) VALUES (?, ?, ?)", model, *tag, *value);
    } else if (const auto alias = keyAfter("alias:", field)) {
        m_sql.run("DELETE FROM model_alias WHERE model = ? AND alias = ?", model, *alias);
        if (value)
            m_sql.run("INSERT INTO model_alias (model, alias, label) VALUES (?, ?, ?)", model, *alias, *value);
    } else {
        m_sql.fail({ErrorKind::Invalid, "\"" + field + "\" is not a field of a model.", {}});
    }
}

void Projector::setVersionField(const std::string &version, const std::string &field, const std::optional<std::string> &value)
{
    touchVersion(version);
    m_touchedModels.insert(modelOfVersion(version));
    if (const auto column = columnOf(kVersionText, field); !column.empty()) {
        m_sql.run("UPDATE version SET " + std::string(column) + " = ? WHERE id = ?", value.value_or(std::string()), version);
    } else if (field == "stage") {
        const auto stage = parseStage(value.value_or(std::string()));
        if (!stage)
            return m_sql.fail(stage.error());
        m_sql.run("UPDATE version SET stage = ?, stage_id = '' WHERE id = ?", *stage, version);
    } else if (field == "updatedAt") {
        m_sql.run("UPDATE version SET updated_at = ? WHERE id = ?", millisOf(value), version);
    } else if (const auto tag = keyAfter("tag:", field)) {
        m_sql.run("DELETE FROM version_tag WHERE version = ? AND key = ?", version, *tag);
        if (value)
            m_sql.run("INSERT INTO version_tag (version, key, value) VALUES (?, ?, ?)", version, *tag, *value);
    } else {
        m_sql.fail({ErrorKind::Invalid, "\"" + field + "\" is not a field of a version.", {}});
    }
}

void Projector::setRunField(const std::string &run, const std::string &field, const std::optional<std::string> &value)
{
    touchVersion(m_sql.text("SELECT version FROM run WHERE id = ?", run).value_or(std::string()));
    if (const auto column = columnOf(kRunText, field); !column.empty()) {
        m_sql.run("UPDATE run SET " + std::string(column) + " = ? WHERE id = ?", value.value_or(std::string()), run);
        if (field == "version")
            touchVersion(value.value_or(std::string()));
    } else if (field == "isDeleted") {
        m_sql.run("UPDATE run SET is_deleted = ? WHERE id = ?", value == "true", run);
    } else if (field == "startedAt") {
        m_sql.run("UPDATE run SET started_at = ? WHERE id = ?", millisOf(value), run);
    } else if (field == "endedAt") {
        m_sql.run("UPDATE run SET ended_at = ? WHERE id = ?", millisOf(value), run);
    } else if (const auto parameter = keyAfter("parameter:", field)) {
        m_sql.run("DELETE FROM run_parameter WHERE run = ? AND key = ?", run, *parameter);
        if (value)
            m_sql.run("INSERT INTO run_parameter (run, key, value) VALUES (?, ?, ?)", run, *parameter, *value);
    } else if (const auto tag = keyAfter("tag:", field)) {
        m_sql.run("DELETE FROM run_tag WHERE run = ? AND key = ?", run, *tag);
        if (value)
            m_sql.run("INSERT INTO run_tag (run, key, value) VALUES (?, ?, ?)", run, *tag, *value);
    } else {
        m_sql.fail({ErrorKind::Invalid, "\"" + field + "\" is not a field of a run.", {}});
    }
}

void Projector::putTags(const Body &body, std::string_view member, std::string_view table, std::string_view owner, const std::string &id)
{
    const std::string sql = "INSERT INTO " + std::string(table) + " (" + std::string(owner) + ", key, value) VALUES (?, ?, ?)";
    for (const auto &[key, value] : body.pairs(member))
        m_sql.post(sql, id, key, value);
}

} // namespace countersign::store
