#pragma once

#include "models/domain/inventory.h"
#include "models/services/workspace/journal.h"
#include "models/store/eventbody.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace countersign::services {

/// What a person may set on a model and one of its versions. Absent: unchanged.
struct FactsRequest {
    ModelId model;
    std::optional<std::string> purpose;
    std::optional<std::string> useCase;
    std::optional<std::string> owner;
    std::optional<std::optional<int>> tier; ///< present and empty: no tier
    std::optional<VersionId> version;
    std::optional<Stage> stage;             ///< of that version
};

/// Records the facts that differ; nothing when none does. Returns the number of changed fields.
Result<int> setFacts(Session &session, const FactsRequest &request);

/// "credit-pd", "m:0c3f…", "credit-pd/3.2" or "v:…": a model, and a version where one is named. NotFound says what there is;
/// Invalid when a name fits several models.
struct Subject {
    MlModel model;
    std::optional<ModelVersion> version;
};
Result<Subject> findSubject(Session &session, const std::string &text);
/// The same, and the current version where none is named. NotFound when the model has no version.
Result<Subject> findVersionSubject(Session &session, const std::string &text);

/// Records an inventory event; large members go to an evidence document, so that no event outgrows its limit.
Result<std::uint64_t> recordInventory(Journal &journal, const std::string &kind, json::Object body, const Signer &signer);

} // namespace countersign::services
