#pragma once

#include "models/domain/waivers.h"
#include "models/policy/waivers.h"
#include "models/services/workspace/session.h"

/// Waivers: one requirement of one version may be missed until a day, with what guards instead. Asked for by one person, granted by the personal
/// signature of another; on its day it ends by itself, and what it held open is closed again.
namespace countersign::services {

struct WaiverRequest {
    VersionId version;
    WaivedRequirement requirement;
    std::string reason;
    std::string control; ///< what guards instead
    Instant until{};
};

/// What is missed now: the verdict of a limit, or that a pack's limit has nothing to look at. NotFound: nothing is judged by it for that slice. Conflict: it is no breach.
Result<WaivedRequirement> missedLimit(Session &session, const VersionId &version, const RuleId &rule, const Slice &slice);
/// An open finding about the version or its model. NotFound, or Conflict: it is closed, or about another model.
Result<WaivedRequirement> missedFinding(Session &session, const VersionId &version, const FindingId &finding);

/// Evidence that a pack asks for ("PACK/REQUIREMENT") and that is missing, refused, expired or awaits its review. NotFound: no pack that governs the model asks for
/// it. Conflict: it is there; or the pack does not let it be waived.
Result<WaivedRequirement> missedEvidence(Session &session, const VersionId &version, const std::string &requirement);

/// Denied: nobody works here, or not in a role that asks for waivers. Invalid: no reason, no compensating control, a day that is past or too far.
/// Conflict: the same is asked for or granted already.
Result<Waiver> requestWaiver(Session &session, const WaiverRequest &request);

/// Denied, Conflict: policy::mayDecideWaiver. Conflict also: what it is about is no longer as it was asked for. `reason` may be empty.
Result<Waiver> grantWaiver(Session &session, const WaiverId &waiver, const std::string &reason, const Person &person, const crypto::SigningKey &key);
/// As who works here. Invalid: no reason.
Result<Waiver> declineWaiver(Session &session, const WaiverId &waiver, const std::string &reason);
/// Before its day: taken back by who asked, or ended by others. Denied, Conflict: policy::mayEndWaiver. Invalid: no reason.
Result<Waiver> endWaiver(Session &session, const WaiverId &waiver, const std::string &reason);

/// "W-3", "w:0c3f…" or the beginning of an id. NotFound; Invalid when it fits several.
Result<Waiver> findWaiver(Session &session, const std::string &text);

} // namespace countersign::services
