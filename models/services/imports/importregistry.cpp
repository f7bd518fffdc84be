// A registry into the record: what is new is registered, what differs is changed field by field, what is known adds nothing.

#include "models/base/searchkey.h"
#include "models/base/text.h"
#include "models/cards/cardtags.h"
#include "models/crypto/sha256.h"
#include "models/importers/mlflow/runlinks.h"
#include "models/services/imports/importrun.h"
#include "models/store/queries/queries.h"
#include "models/store/statements.h"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace countersign::services {

namespace {

constexpr std::size_t kMaxListed = 1000;
constexpr std::string_view kOwnerTag = "owner";
constexpr std::string_view kTierTag = "risk_tier"; // "tier-1", "1"

Error cancelled() { return {ErrorKind::Cancelled, "The import was cancelled; nothing was changed.", {}}; }

Stage stageOf(const std::string &sourceStage)
{
    if (sourceStage == "Production")
        return Stage::InUse;
    if (sourceStage == "Staging")
        return Stage::Validation;
    if (sourceStage == "Archived")
        return Stage::Retired;
    return Stage::Development;
}

std::string tagOf(const std::vector<Tag> &tags, std::string_view key)
{
    const auto tag = std::ranges::find(tags, key, &Tag::first);
    return tag == tags.end() ? std::string() : tag->second;
}

std::optional<int> tierOf(const std::vector<Tag> &tags)
{
    const std::string text = tagOf(tags, kTierTag);
    if (text.empty() || text.back() < '1' || text.back() > '3' || (text.size() > 1 && text[text.size() - 2] >= '0' && text[text.size() - 2] <= '9'))
        return {};
    return text.back() - '0';
}

std::optional<std::string> tierText(const std::optional<int> &tier) { return tier ? std::optional(std::to_string(*tier)) : std::nullopt; }

void compare(std::vector<store::FieldChange> &changes, const char *field, const std::string &before, const std::string &after)
{
    if (before != after)
        changes.push_back({field, before, after});
}

void compareTags(std::vector<store::FieldChange> &changes, const std::string &prefix, const std::vector<Tag> &before, const std::vector<Tag> &after)
{
    std::map<std::string, std::pair<std::optional<std::string>, std::optional<std::string>>> all;
    for (const auto &[key, value] : before)
        all[key].first = value;
    for (const auto &[key, value] : after)
        all[key].second = value;
    // What came with a model card is not the registry's to take away.
    const auto isDocumentation = [](const std::string &key, const auto &values) { return !values.second && key.starts_with(cards::kTagPrefix); };
    for (const auto &[key, values] : all)
        if (values.first != values.second && !isDocumentation(key, values))
            changes.push_back({prefix + key, values.first, values.second});
}

class RegistryImport
{
public:
    RegistryImport(Session &session, ImportRun &run, const StagedRegistry &staged, const Progress &progress)
        : m_session(session), m_run(run), m_staged(staged), m_progress(progress), m_links(importers::linkRuns(staged.inventory))
    {
    }

    Status importAll()
    {
        for (const auto &step : {&RegistryImport::numberRuns, &RegistryImport::importModels, &RegistryImport::importRuns, &RegistryImport::importHistories})
            if (const auto status = (this->*step)(); !status)
                return status;
        return {};
    }

private:
    Status numberRuns()
    {
        store::Statements sql(m_session.connection());
        sql.each("SELECT source_id, id FROM run WHERE source = ?", [&](const database::Query &row) { m_knownRuns.emplace(row.text(0), RunId::of(row.text(1))); },
                 m_staged.uri);
        for (const auto &run : m_staged.inventory.runs) {
            const auto known = m_knownRuns.find(run.id);
            m_runs.emplace(run.id, known != m_knownRuns.end() ? known->second : RunId::of(m_session.environment().randomness->uuid()));
        }
        return sql.status();
    }

    Status importModels()
    {
        const auto &models = m_staged.inventory.models;
        m_versions.resize(models.size());
        for (std::size_t i = 0; i < models.size(); ++i) {
            if (m_progress.isCancelled())
                return cancelled();
            m_progress(i, models.size(), "registering models");
            const auto model = importModel(models[i]);
            if (!model)
                return model.error();
            for (const auto &version : models[i].versions) {
                const auto id = importVersion(*model, models[i], version);
                if (!id)
                    return id.error();
                m_versions[i].push_back(*id);
            }
        }
        return {};
    }

    Result<ModelId> importModel(const importers::SourceModel &source)
    {
        const std::string key = source.workspace.empty() ? source.name : source.workspace + '\t' + source.name;
        store::Statements sql(m_session.connection());
        const auto known = sql.text("SELECT id FROM model WHERE source = ? AND source_key = ?", m_staged.uri, key);
        if (!sql.ok())
            return sql.status().error();
        if (known)
            return changeModel(ModelId::of(*known), source);
        if (const auto status = noteNamesake(source.name); !status)
            return status.error();
        const ModelId id = ModelId::of(m_session.environment().randomness->uuid());
        json::Object body{{"aliases", store::pairArray(source.aliases)}, {"createdAt", store::timeValue(source.createdAt)},
                          {"description", store::textValue(source.description)}, {"model", id.text()}, {"name", store::textValue(source.name)},
                          {"owner", store::textValue(tagOf(source.tags, kOwnerTag))}, {"source", store::textValue(m_staged.uri)}, {"sourceKey", store::textValue(key)},
                          {"tags", store::pairArray(source.tags)}, {"updatedAt", store::timeValue(source.updatedAt)}};
        if (const auto tier = tierOf(source.tags))
            body.set("tier", *tier);
        if (const auto status = m_run.record("model.register", std::move(body)); !status)
            return status.error();
        ++m_run.outcome().models;
        if (m_run.outcome().newModels.size() < kMaxListed)
            m_run.outcome().newModels.push_back(source.name);
        return id;
    }

    /// The same name in two sources may be two models; only people know.
    Status noteNamesake(const std::string &name)
    {
        store::Statements sql(m_session.connection());
        const auto other = sql.text("SELECT source FROM model WHERE name_key = ? AND name = ? AND source <> ? ORDER BY no LIMIT 1", text::searchKey(name), name, m_staged.uri);
        if (other && m_run.outcome().notes.size() < kMaxListed)
            m_run.outcome().notes.push_back("There is a model \"" + text::visible(name) + "\" from another source already (" + text::visible(*other) + "). The two stay apart.");
        return sql.status();
    }

    Result<ModelId> changeModel(const ModelId &id, const importers::SourceModel &source)
    {
        const auto model = store::findModel(m_session.connection(), id);
        if (!model)
            return model.error();
        const auto aliases = store::modelAliases(m_session.connection(), id);
        if (!aliases)
            return aliases.error();
        std::vector<store::FieldChange> changes;
        compare(changes, "description", model->description, source.description);
        compareTags(changes, "tag:", model->tags, source.tags);
        compareTags(changes, "alias:", *aliases, source.aliases);
        // Owner and tier follow their tags only while nobody has set them here.
        const std::string ownerBefore = tagOf(model->tags, kOwnerTag);
        const std::string ownerNow = tagOf(source.tags, kOwnerTag);
        if (ownerBefore != ownerNow) {
            if (model->owner == ownerBefore)
                compare(changes, "owner", model->owner, ownerNow);
            else
                m_run.outcome().clashes.push_back(text::visible(source.name) + ": the source changed the owner to \"" + text::visible(ownerNow) + "\"; \""
                                                  + text::visible(model->owner) + "\", set here, stays.");
        }
        const auto tierNow = tierOf(source.tags);
        if (tierOf(model->tags) != tierNow) {
            if (model->tier == tierOf(model->tags))
                changes.push_back({"tier", tierText(model->tier), tierText(tierNow)});
            else
                m_run.outcome().clashes.push_back(text::visible(source.name) + ": the source changed the tier; the tier set here stays.");
        }
        if (const auto status = recordChanges("model.update", {{"model", id.text()}}, text::visible(source.name), changes); !status)
            return status.error();
        return id;
    }

    Result<VersionId> importVersion(const ModelId &model, const importers::SourceModel &parent, const importers::SourceVersion &source)
    {
        const auto known = store::versionLabelled(m_session.connection(), model, source.label);
        if (!known)
            return known.error();
        const auto run = m_runs.find(source.runId);
        const std::string runId = run == m_runs.end() ? std::string() : run->second.text();
        if (*known)
            return changeVersion(**known, parent, source, runId);
        const VersionId id = VersionId::of(m_session.environment().randomness->uuid());
        json::Object body{{"artifactUri", store::textValue(source.artifactUri)}, {"createdAt", store::timeValue(source.createdAt)},
                          {"createdBy", store::textValue(source.createdBy)}, {"description", store::textValue(source.description)},
                          {"label", store::textValue(source.label)}, {"model", model.text()}, {"run", runId}, {"sourceStage", store::textValue(source.stage)},
                          {"sourceStatus", store::textValue(source.status)}, {"stage", std::string(stageKey(stageOf(source.stage)))},
                          {"tags", store::pairArray(source.tags)}, {"updatedAt", store::timeValue(source.updatedAt)}, {"version", id.text()}};
        if (const auto status = m_run.record("version.register", std::move(body)); !status)
            return status.error();
        ++m_run.outcome().versions;
        return id;
    }

    Result<VersionId> changeVersion(const VersionId &id, const importers::SourceModel &parent, const importers::SourceVersion &source, const std::string &runId)
    {
        const auto version = store::findVersion(m_session.connection(), id);
        if (!version)
            return version.error();
        std::vector<store::FieldChange> changes;
        compare(changes, "description", version->description, source.description);
        compare(changes, "sourceStage", version->sourceStage, source.stage);
        compare(changes, "sourceStatus", version->sourceStatus, source.status);
        compare(changes, "artifactUri", version->artifactUri, source.artifactUri);
        compare(changes, "createdBy", version->createdBy, source.createdBy);
        compare(changes, "run", version->run ? version->run->text() : std::string(), runId);
        compareTags(changes, "tag:", version->tags, source.tags);
        const std::string name = text::visible(parent.name) + " " + text::visible(source.label);
        if (version->sourceStage != source.stage) {
            const auto model = store::findModel(m_session.connection(), version->model);
            if (!model)
                return model.error();
            // Where gates decide, nobody else does.
            if (version->stage == stageOf(version->sourceStage) && model->packs.empty())
                compare(changes, "stage", std::string(stageKey(version->stage)), std::string(stageKey(stageOf(source.stage))));
            else
                m_run.outcome().clashes.push_back(name + ": the source moved it to " + text::visible(source.stage) + "; the stage set here stays.");
        }
        if (const auto status = recordChanges("version.update", {{"model", version->model.text()}, {"version", id.text()}}, name, changes); !status)
            return status.error();
        return id;
    }

    Status importRuns()
    {
        const auto &runs = m_staged.inventory.runs;
        for (std::size_t i = 0; i < runs.size(); ++i) {
            if (m_progress.isCancelled())
                return cancelled();
            m_progress(i, runs.size(), "recording runs");
            const auto status = m_knownRuns.contains(runs[i].id) ? changeRun(runs[i]) : recordRun(runs[i]);
            if (!status)
                return status;
        }
        return {};
    }

    std::string versionOf(const importers::SourceRun &source) const
    {
        const auto link = m_links.find(source.id);
        return link == m_links.end() ? std::string() : m_versions[link->second.model][link->second.version].text();
    }

    Status recordRun(const importers::SourceRun &source)
    {
        const auto time = [](const std::optional<Instant> &t) { return t ? store::timeValue(*t) : json::Value(); };
        json::Object body{{"artifactUri", store::textValue(source.artifactUri)}, {"endedAt", time(source.endedAt)}, {"experiment", store::textValue(source.experiment)},
                          {"isDeleted", source.isDeleted}, {"name", store::textValue(source.name)}, {"parameters", store::pairArray(source.parameters)},
                          {"run", m_runs.at(source.id).text()}, {"source", store::textValue(m_staged.uri)}, {"sourceId", store::textValue(source.id)},
                          {"startedAt", time(source.startedAt)}, {"status", store::textValue(source.status)}, {"tags", store::pairArray(source.tags)},
                          {"user", store::textValue(source.user)}, {"version", versionOf(source)}};
        ++m_run.outcome().runs;
        return m_run.record("run.record", std::move(body));
    }

    Status changeRun(const importers::SourceRun &source)
    {
        const auto run = store::findRun(m_session.connection(), m_runs.at(source.id));
        if (!run)
            return run.error();
        const auto time = [](const std::optional<Instant> &t) { return t ? std::optional(formatUtc(*t)) : std::nullopt; };
        std::vector<store::FieldChange> changes;
        compare(changes, "name", run->name, source.name);
        compare(changes, "experiment", run->experiment, source.experiment);
        compare(changes, "status", run->status, source.status);
        compare(changes, "user", run->user, source.user);
        compare(changes, "artifactUri", run->artifactUri, source.artifactUri);
        compare(changes, "version", run->version ? run->version->text() : std::string(), versionOf(source));
        if (run->isDeleted != source.isDeleted)
            changes.push_back({"isDeleted", run->isDeleted ? "true" : "false", source.isDeleted ? "true" : "false"});
        if (run->startedAt != source.startedAt)
            changes.push_back({"startedAt", time(run->startedAt), time(source.startedAt)});
        if (run->endedAt != source.endedAt)
            changes.push_back({"endedAt", time(run->endedAt), time(source.endedAt)});
        compareTags(changes, "parameter:", run->parameters, source.parameters);
        compareTags(changes, "tag:", run->tags, source.tags);
        return recordChanges("run.update", {{"name", store::textValue(source.name)}, {"run", run->id.text()}, {"version", versionOf(source)}}, "Run " + text::visible(source.name),
                             changes);
    }

    Status recordChanges(const std::string &kind, json::Object body, const std::string &name, const std::vector<store::FieldChange> &changes)
    {
        if (changes.empty())
            return {};
        ++m_run.outcome().changes;
        if (m_run.outcome().changed.size() < kMaxListed) {
            std::string fields;
            for (const auto &change : changes)
                fields += (fields.empty() ? "" : ", ") + text::visible(change.field);
            m_run.outcome().changed.push_back(name + ": " + fields);
        }
        body.set("changes", store::changeArray(changes));
        return m_run.record(kind, std::move(body));
    }

    Status importHistories()
    {
        const auto &runs = m_staged.inventory.runs;
        std::uint64_t done = 0;
        for (std::size_t i = 0; i < runs.size() && i < m_staged.histories.size(); ++i) {
            SeriesKey key;
            key.run = m_runs.at(runs[i].id);
            if (const std::string version = versionOf(runs[i]); !version.empty())
                key.version = VersionId::of(version);
            for (const auto &history : m_staged.histories[i]) {
                if (m_progress.isCancelled())
                    return cancelled();
                m_progress(done, static_cast<std::uint64_t>(m_staged.points), "recording metrics");
                key.metric = history.metric;
                const auto series = m_run.observations().series(key);
                if (!series)
                    return series.error();
                for (const auto &point : history.points) {
                    Observation observation;
                    observation.window = {point.time, point.time};
                    observation.step = point.step;
                    observation.value = point.value;
                    if (const auto status = m_run.observations().add(*series, observation); !status)
                        return status;
                }
                done += history.points.size();
            }
        }
        return {};
    }

    Session &m_session;
    ImportRun &m_run;
    const StagedRegistry &m_staged;
    const Progress &m_progress;
    std::unordered_map<std::string, importers::VersionIndex> m_links;
    std::unordered_map<std::string, RunId> m_knownRuns;
    std::unordered_map<std::string, RunId> m_runs;
    std::vector<std::vector<VersionId>> m_versions; // as the inventory's models and versions
};

Result<ImportOutcome> importStaged(Session &session, Journal::Mode mode, const StagedRegistry &staged, const Progress &progress)
{
    auto run = ImportRun::begin(session, mode, "mlflow", staged.uri, {});
    if (!run)
        return run.error();
    (*run)->outcome().description = staged.inventory.description;
    (*run)->outcome().notes = staged.inventory.notes;
    if (const auto status = RegistryImport(session, **run, staged, progress).importAll(); !status)
        return status.error();
    progress(0, 0, "writing");
    auto clashes = (*run)->outcome().clashes;
    auto outcome = (*run)->finish();
    if (outcome)
        outcome->clashes.insert(outcome->clashes.begin(), clashes.begin(), clashes.end());
    return outcome;
}

} // namespace

Result<StagedRegistry> stageRegistry(importers::Registry &registry, const Progress &progress)
{
    StagedRegistry staged;
    auto inventory = registry.readInventory(progress);
    if (!inventory)
        return inventory.error();
    staged.uri = registry.uri();
    staged.inventory = std::move(*inventory);
    staged.histories.resize(staged.inventory.runs.size());
    std::unordered_map<const importers::SourceRun *, std::size_t> places;
    for (std::size_t i = 0; i < staged.inventory.runs.size(); ++i)
        places.emplace(&staged.inventory.runs[i], i);
    const auto status = registry.readHistories(staged.inventory,
                                               [&](const importers::SourceRun &run, const std::string &metric, const std::vector<importers::Point> &points) -> Status {
                                                   staged.histories[places.at(&run)].push_back({metric, points});
                                                   staged.points += static_cast<std::int64_t>(points.size());
                                                   return {};
                                               },
                                               progress);
    if (!status)
        return status.error();
    if (progress.isCancelled())
        return cancelled();
    return staged;
}

Result<ImportOutcome> previewRegistry(Session &session, const StagedRegistry &staged, const Progress &progress)
{
    return importStaged(session, Journal::Mode::Rehearse, staged, progress);
}

Result<ImportOutcome> importRegistry(Session &session, const StagedRegistry &staged, const Progress &progress)
{
    return importStaged(session, Journal::Mode::Write, staged, progress);
}

} // namespace countersign::services
