#pragma once

#include "models/domain/evidence.h"
#include "models/services/workspace/session.h"

#include <optional>
#include <string>

/// Requests for evidence that is missing: one person is asked, and whoever has it answers by adding it (ExhibitRequest::answers). Evidence that is rejected or
/// withdrawn answers nothing: the request waits again.
namespace countersign::services {

struct EvidenceRequestDraft {
    ModelId model;
    std::optional<VersionId> version;
    std::string requirement;    ///< "PACK/EVIDENCE-ID", or empty
    std::string text;           ///< what is asked for; may be empty where a requirement says it
    PersonId asked;
    std::optional<Instant> due;
};

/// Denied: policy::mayRequestEvidence. Invalid: neither text nor requirement, due in the past, asked is somebody who may add none. NotFound.
Result<EvidenceRequest> requestEvidence(Session &session, const EvidenceRequestDraft &draft);

/// Denied, Conflict and Invalid: policy::mayDeclineRequest, policy::mayCancelRequest.
Result<EvidenceRequest> declineEvidenceRequest(Session &session, const EvidenceRequestId &request, const std::string &reason);
Result<EvidenceRequest> cancelEvidenceRequest(Session &session, const EvidenceRequestId &request, const std::string &reason);

/// "ER-2", "y:0c3f…" or the beginning of an id. NotFound; Invalid when it fits several.
Result<EvidenceRequest> findEvidenceRequest(Session &session, const std::string &text);

} // namespace countersign::services
