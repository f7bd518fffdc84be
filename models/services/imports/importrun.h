#pragma once

#include "models/services/imports/imports.h"
#include "models/services/workspace/journal.h"
#include "models/store/observations/observationrecorder.h"

#include <memory>

namespace countersign::services {

/// What the imports share: one journal, one recorder of observations, the counts, and the two closing events.
class ImportRun
{
public:
    static Result<std::unique_ptr<ImportRun>> begin(Session &session, Journal::Mode mode, std::string kind, std::string source, std::string content);

    Journal &journal() { return *m_journal; }
    const Signer &signer() const { return m_signer; }
    store::ObservationRecorder &observations() { return *m_recorder; }
    ImportOutcome &outcome() { return m_outcome; }
    const std::string &id() const { return m_outcome.import.text(); }

    /// Registers a model, a version …: counts, and records the event with the import's id.
    Status record(const std::string &kind, json::Object body);
    /// A model that the source names and nobody knew, and a version of one.
    Result<ModelId> registerModel(const std::string &name);
    Result<VersionId> registerVersion(const ModelId &model, const std::string &label);
    /// An event that belongs to the import, recorded between its observations and its closing event; makes the import something new. `import` and
    /// `importNo` are added to the body.
    void addClosing(Draft draft);
    /// Packs what is left, records the closing events and commits; in a rehearsal only counts. Nothing new: nothing is recorded.
    Result<ImportOutcome> finish();

private:
    ImportRun() = default;
    Journal::Mode m_mode = Journal::Mode::Write;
    std::string m_kind;
    std::string m_content;
    std::vector<Draft> m_closing;
    Signer m_signer;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<store::ObservationRecorder> m_recorder;
    ImportOutcome m_outcome;
};

} // namespace countersign::services
