#pragma once

#include "models/domain/judgement.h"

#include <optional>
#include <string>
#include <string_view>

namespace countersign {

/// Where a waiver stands. A granted one holds until its day; that it has ended then is computed, never recorded.
enum class WaiverState { Requested, Granted, Declined, Ended };
std::string_view waiverStateKey(WaiverState state); ///< "granted"

/// What may be missed for a while.
struct WaivedRequirement {
    enum class Kind { Limit, Evidence, Finding };
    Kind kind = Kind::Limit;
    std::string id;       ///< a limit's or finding's id; of evidence "PACK/REQUIREMENT"
    int revision = 0;     ///< Limit: the one that was looked at; a changed limit needs a new waiver
    Slice slice;          ///< Limit: the group
    std::string sentence; ///< what is missed, as it stood when the waiver was asked for
    bool operator==(const WaivedRequirement &) const = default;
};
std::string_view requirementKey(WaivedRequirement::Kind kind); ///< "limit"
Result<WaivedRequirement::Kind> parseRequirement(std::string_view text);

/// Permission to miss one requirement for a time (a policy exception), with what guards instead. Asked for by one person, granted by the
/// personal signature of another.
struct Waiver {
    std::int64_t no = 0; ///< counts waivers of the workspace: "W-3"
    WaiverId id;
    ModelId model;
    std::string modelName;
    VersionId version;
    std::string versionLabel;
    WaivedRequirement requirement;
    std::string reason;
    std::string control; ///< the compensating control
    Instant until{};     ///< holds before this moment
    WaiverState state = WaiverState::Requested;
    Instant requestedAt{};
    PersonId requestedBy;
    std::string requestedByName;
    std::int64_t entry = 0; ///< ledger number of the request

    /// The last act upon it: granted, declined or ended.
    struct Decision {
        Instant at{};
        PersonId by;
        std::string byName;
        std::string text;
        std::int64_t entry = 0;
    };
    std::optional<Decision> granted;
    std::optional<Decision> closed; ///< declined, or ended before its day

    std::string number() const { return "W-" + std::to_string(no); }
    bool isInForce(Instant now) const { return state == WaiverState::Granted && now < until; }
    bool hasRunOut(Instant now) const { return (state == WaiverState::Granted || state == WaiverState::Requested) && now >= until; }
    /// Begun days that are left; 0 when it no longer holds.
    int daysLeft(Instant now) const;
    /// "Asked for", "Granted, 12 days left", "Ran out on 2026-12-31", …
    std::string standing(Instant now) const;
};

} // namespace countersign
