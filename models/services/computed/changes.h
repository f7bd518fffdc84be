#pragma once

#include "models/domain/metrics.h"
#include "models/services/workspace/session.h"

#include <optional>
#include <string>
#include <vector>

/// Change requests: that a version should decide otherwise, with the figures before and after. A proposal in the record; it changes no model.
namespace countersign::services {

enum class ChangeKind { Threshold, GroupThresholds, Reweighing };
std::string_view changeKindKey(ChangeKind kind); ///< "threshold", "groupThresholds", "reweighing"
Result<ChangeKind> parseChangeKind(std::string_view key);

struct ProposedThreshold {
    Slice group; ///< overall for everybody else, or for all
    double threshold = 0;
};

struct ChangeProposal {
    VersionId version;
    ChangeKind kind = ChangeKind::Threshold;
    std::vector<std::string> attributes;       ///< that thresholds or weights differ by; empty for one threshold
    std::vector<ProposedThreshold> thresholds; ///< one for Threshold, several for GroupThresholds, none for Reweighing
    std::string constraint;                    ///< "demographic_parity", "equal_opportunity", "equalized_odds"; empty: none
    std::optional<double> tolerance;           ///< of the constraint
    std::optional<ImportId> basis;             ///< the recorded set that the figures are of
    std::string summary;                       ///< one sentence: what is proposed
    std::string reason;                        ///< why, in the proposer's words; needed
    std::string legalNote;                     ///< the text that the proposer was shown and acknowledged; needed where groups are treated differently
    Bytes evidence;                            ///< figures before and after with their intervals; needed
    std::string evidenceMedia = "application/vnd.countersign.change.v1+json";
};

struct ChangeRequest {
    std::string id;         ///< "c:…"
    ChangeProposal proposal; ///< without the evidence; see loadChangeEvidence()
    Digest evidence;
    ModelId model;
    std::string modelName;
    std::string versionLabel;
    Instant at{};
    std::string actor;      ///< name
    std::int64_t entry = 0; ///< ledger number
    struct Withdrawal {
        std::int64_t entry = 0;
        Instant at{};
        std::string actor;
        std::string reason;
    };
    std::optional<Withdrawal> withdrawn;
};

/// Records the request, signed by this computer for the person who works here. Returns the request's id.
/// Invalid: what is needed is missing, or thresholds and kind do not fit together. NotFound: no such version or basis.
Result<std::string> proposeChange(Session &session, const ChangeProposal &proposal);
/// NotFound; Conflict: it is withdrawn already. Invalid: no reason.
Status withdrawChange(Session &session, const std::string &id, const std::string &reason);

/// Newest first, withdrawn ones too.
Result<std::vector<ChangeRequest>> listChanges(Session &session, const ModelId &model);
Result<std::vector<ChangeRequest>> listChanges(Session &session, const VersionId &version);
/// By id or a beginning of it, with or without "c:". NotFound; Invalid when it fits two.
Result<ChangeRequest> findChange(Session &session, const std::string &text);
/// The bytes that were given as evidence, checked against their digest.
Result<Bytes> loadChangeEvidence(Session &session, const ChangeRequest &change);

} // namespace countersign::services
