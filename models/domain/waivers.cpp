#include "models/domain/waivers.h"

#include "models/domain/names.h"

namespace countersign {

namespace {
constexpr std::array<std::string_view, 4> kStates{"requested", "granted", "declined", "ended"};
constexpr std::array<std::string_view, 3> kRequirements{"limit", "evidence", "finding"};
} // namespace

std::string_view waiverStateKey(WaiverState state) { return nameOf(state, kStates); }

std::string_view requirementKey(WaivedRequirement::Kind kind) { return nameOf(kind, kRequirements); }
Result<WaivedRequirement::Kind> parseRequirement(std::string_view text) { return parseName<WaivedRequirement::Kind>(text, kRequirements, "what a waiver is about"); }

int Waiver::daysLeft(Instant now) const
{
    if (now >= until)
        return 0;
    return static_cast<int>(std::chrono::ceil<std::chrono::days>(until - now).count());
}

std::string Waiver::standing(Instant now) const
{
    switch (state) {
    case WaiverState::Declined: return "Declined";
    case WaiverState::Ended: return "Ended";
    case WaiverState::Requested: return now < until ? "Asked for, not granted" : "Asked for, its day is past";
    case WaiverState::Granted: break;
    }
    if (now >= until)
        return "Ran out on " + formatDate(until);
    const int days = daysLeft(now);
    return "Granted, " + std::to_string(days) + (days == 1 ? " day left" : " days left");
}

} // namespace countersign
