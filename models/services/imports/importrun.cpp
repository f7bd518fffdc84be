#include "models/services/imports/importrun.h"

#include "models/services/inventory.h"
#include "models/store/statements.h"

namespace countersign::services {

namespace {
constexpr std::size_t kMaxListed = 1000;
}

Result<std::unique_ptr<ImportRun>> ImportRun::begin(Session &session, Journal::Mode mode, std::string kind, std::string source, std::string content)
{
    std::unique_ptr<ImportRun> run(new ImportRun);
    auto signer = mode == Journal::Mode::Rehearse ? session.rehearsalSigner() : session.deviceSigner();
    if (!signer)
        return signer.error();
    auto journal = Journal::begin(session, mode);
    if (!journal)
        return journal.error();
    store::Statements sql(session.connection());
    run->m_mode = mode;
    run->m_kind = std::move(kind);
    run->m_content = std::move(content);
    run->m_signer = std::move(*signer);
    run->m_journal = std::move(*journal);
    run->m_outcome.import = ImportId::of(session.environment().randomness->uuid());
    run->m_outcome.no = sql.integer("SELECT coalesce(max(no), 0) + 1 FROM import").value_or(1);
    run->m_outcome.source = std::move(source);
    if (!sql.ok())
        return sql.status().error();
    run->m_recorder = std::make_unique<store::ObservationRecorder>(session.ledger(), run->m_journal->projector(), session.connection(), run->id(), run->m_outcome.no);
    return run;
}

Status ImportRun::record(const std::string &kind, json::Object body)
{
    body.set("import", id());
    const auto seq = recordInventory(*m_journal, kind, std::move(body), m_signer);
    return seq ? Status() : Status(seq.error());
}

Result<ModelId> ImportRun::registerModel(const std::string &name)
{
    Session &session = m_journal->session();
    const ModelId id = ModelId::of(session.environment().randomness->uuid());
    const json::Value now = store::timeValue(session.now());
    const auto status = record("model.register", {{"createdAt", now}, {"model", id.text()}, {"name", store::textValue(name)}, {"source", m_kind},
                                                  {"sourceKey", store::textValue(name)}, {"updatedAt", now}});
    if (!status)
        return status.error();
    ++m_outcome.models;
    if (m_outcome.newModels.size() < kMaxListed)
        m_outcome.newModels.push_back(name);
    return id;
}

Result<VersionId> ImportRun::registerVersion(const ModelId &model, const std::string &label)
{
    Session &session = m_journal->session();
    const VersionId id = VersionId::of(session.environment().randomness->uuid());
    const json::Value now = store::timeValue(session.now());
    const auto status = record("version.register", {{"createdAt", now}, {"label", store::textValue(label)}, {"model", model.text()},
                                                    {"stage", std::string(stageKey(Stage::Development))}, {"updatedAt", now}, {"version", id.text()}});
    if (!status)
        return status.error();
    ++m_outcome.versions;
    return id;
}

void ImportRun::addClosing(Draft draft)
{
    draft.body.set("import", id());
    draft.body.set("importNo", m_outcome.no);
    m_closing.push_back(std::move(draft));
}

Result<ImportOutcome> ImportRun::finish()
{
    if (const auto status = m_recorder->finish(); !status)
        return status.error();
    m_outcome.observations = m_recorder->added();
    m_outcome.known = m_recorder->known();
    m_outcome.restated = m_recorder->restated();
    m_outcome.clashes = m_recorder->restatements();
    m_outcome.computed = static_cast<std::int64_t>(m_closing.size());
    if (m_mode == Journal::Mode::Rehearse || m_outcome.isNothingNew())
        return std::move(m_outcome);
    if (m_outcome.observations > 0) {
        const auto manifest = m_recorder->manifest();
        if (!manifest)
            return manifest.error();
        const auto digest = m_journal->putEvidence("application/vnd.countersign.observation-list.v1+json", *manifest);
        if (!digest)
            return digest.error();
        m_journal->projector().setBlocksApplied(true);
        const auto seq = m_journal->record({"metrics.import",
                                            {{"import", id()}, {"importNo", m_outcome.no}, {"observations", m_outcome.observations}, {"series", m_recorder->newSeries()},
                                             {"source", store::textValue(m_outcome.source)}},
                                            *digest, {}, {}},
                                           m_signer);
        if (!seq)
            return seq.error();
    }
    for (Draft &draft : m_closing)
        if (const auto seq = m_journal->record(std::move(draft), m_signer); !seq)
            return seq.error();
    const auto seq = m_journal->record({"import.commit",
                                        {{"changes", m_outcome.changes}, {"content", m_content}, {"description", store::textValue(m_outcome.description)}, {"import", id()},
                                         {"importKind", m_kind}, {"importNo", m_outcome.no}, {"models", m_outcome.models}, {"observations", m_outcome.observations},
                                         {"rejected", m_outcome.rejected}, {"restated", m_outcome.restated}, {"runs", m_outcome.runs},
                                         {"source", store::textValue(m_outcome.source)}, {"versions", m_outcome.versions}},
                                        {}, {}, {}},
                                       m_signer);
    if (!seq)
        return seq.error();
    if (const auto status = m_journal->commit(); !status)
        return status.error();
    return std::move(m_outcome);
}

} // namespace countersign::services
