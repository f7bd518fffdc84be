#pragma once

#include "models/domain/evidence.h"
#include "models/policy/evidence.h"
#include "models/services/governance/evidencefile.h"
#include "models/services/workspace/session.h"

#include <optional>
#include <string>

/// Evidence: files that are kept once by their digest, and references to what is kept elsewhere, with what they show, for which requirement, of which time
/// and until when. Somebody else than who added it accepts or rejects it. Nothing is ever deleted or opened.
/// Whoever works here acts, and this computer signs.
namespace countersign::services {

struct SignedJournal;

struct ExhibitRequest {
    ModelId model;
    std::optional<VersionId> version;
    std::string title;                 ///< one line
    std::string note;
    std::string requirement;           ///< "PACK/EVIDENCE-ID", or empty
    std::optional<EvidenceFile> file;  ///< or
    std::string reference;             ///< where it is; one of both
    std::optional<Instant> from;
    std::optional<Instant> to;
    std::optional<Instant> expires;
    ExhibitId replaces;                ///< of the same model; may be empty
    EvidenceRequestId answers;         ///< a request about the same model and version, which waits; its requirement is taken over. May be empty
};

/// Denied: policy::mayAddEvidence. Invalid: no title, neither file nor reference, a period that ends before it begins, an expiry before the end of the period,
/// a requirement of another form, or another than the request's. Conflict: what it replaces is withdrawn, or has been replaced; the request waits for
/// nothing. NotFound.
Result<Exhibit> addExhibit(Session &session, const ExhibitRequest &request);

/// The same as a part of another write, which the caller commits.
Result<ExhibitId> recordExhibit(Session &session, SignedJournal &journal, const ExhibitRequest &request);

/// Denied, Conflict and Invalid: policy::mayReviewEvidence.
Result<Exhibit> reviewExhibit(Session &session, const ExhibitId &exhibit, bool isAccepted, const std::string &reason);

/// Denied, Conflict and Invalid: policy::mayWithdrawEvidence.
Result<Exhibit> withdrawExhibit(Session &session, const ExhibitId &exhibit, const std::string &reason);

/// "E-12", "x:0c3f…" or the beginning of an id. NotFound; Invalid when it fits several.
Result<Exhibit> findExhibit(Session &session, const std::string &text);

/// What a pack asks for of a version at this stage, or at the one where it stands, by its model's tier.
Result<policy::Completeness> evidenceCompleteness(Session &session, const VersionId &version, const policy::Pack &pack, std::optional<Stage> stage = {});

/// Invalid: neither empty nor "PACK/EVIDENCE-ID".
Status checkRequirement(const std::string &requirement);

/// The bytes of its file, which have its digest. NotFound: it is a reference. Tampered.
Result<Bytes> exhibitBytes(Session &session, const Exhibit &exhibit);

} // namespace countersign::services
