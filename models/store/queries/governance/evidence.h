#pragma once

#include "models/database/connection.h"
#include "models/domain/evidence.h"

#include <optional>
#include <string>
#include <vector>

namespace countersign::store {

struct ExhibitFilter {
    std::optional<ModelId> model;
    std::optional<VersionId> version; ///< also what is about its model as such
    std::string requirement;          ///< "PACK/EVIDENCE-ID"; empty: any, and none
    std::optional<ExhibitState> state;
    bool isStanding = false;          ///< neither withdrawn nor superseded
    std::optional<Instant> expiresBefore; ///< only those with an end, and before this
    std::optional<std::int64_t> no;
    std::string idPrefix;             ///< "x:0c3f"
};

/// The newest first.
Result<std::vector<Exhibit>> listExhibits(database::Connection &connection, const ExhibitFilter &filter = {});
/// Its steps, oldest first, its adding included.
Result<std::vector<ExhibitNote>> exhibitNotes(database::Connection &connection, const ExhibitId &exhibit);

struct EvidenceRequestFilter {
    std::optional<ModelId> model;
    std::optional<VersionId> version; ///< also what is about its model as such
    std::optional<PersonId> asked;
    bool isWaiting = false;           ///< only those that wait for evidence
    std::optional<std::int64_t> no;
    std::string idPrefix;             ///< "y:0c3f"
};

/// Those that wait first, then the earliest due.
Result<std::vector<EvidenceRequest>> listEvidenceRequests(database::Connection &connection, const EvidenceRequestFilter &filter = {});

} // namespace countersign::store
