#include "models/services/asof/asofpoint.h"

#include <algorithm>
#include <charconv>

namespace countersign::services {

namespace {

constexpr std::chrono::milliseconds kDay = std::chrono::hours(24);
constexpr std::size_t kDateLength = 10; // "2026-12-01"

Error notUnderstood(const std::string &text)
{
    return {ErrorKind::Invalid, "\"" + text + "\" is neither a number of entries nor a time. Write 1234, 2026-12-01T03:00Z, 2026-12-01T04:00+01:00, or a date.", {}};
}

bool hasZone(const std::string &text)
{
    const auto time = text.find(':');
    return text.ends_with('Z') || text.ends_with('z') || (time != std::string::npos && text.find_first_of("+-", time) != std::string::npos);
}

/// The moment at which a clock on the wall here shows this date and time.
Instant localTime(Instant asIfUtc, const Clock &clock)
{
    // The offset at the moment itself, not the one of the other side of a change of the clocks.
    const auto guess = asIfUtc - std::chrono::minutes(clock.utcOffsetMinutes(asIfUtc));
    return asIfUtc - std::chrono::minutes(clock.utcOffsetMinutes(guess));
}

Result<AsOfPoint> endOfDay(const std::string &text, Instant midnight, const Clock &clock)
{
    AsOfPoint point;
    const Instant now = clock.now();
    point.time = localTime(midnight + kDay, clock) - std::chrono::milliseconds(1);
    if (localTime(midnight, clock) > now)
        return Error{ErrorKind::Invalid, text + " has not come yet; it is " + formatUtc(now) + ".", {}};
    if (point.time > now) {
        point.time = now;
        point.reading = text + " is today: taken as now, " + formatUtc(now) + ".";
    } else {
        point.reading = text + " is taken as the end of that day here (UTC" + formatOffset(clock.utcOffsetMinutes(point.time)) + "), " + formatUtc(point.time) + ".";
    }
    return point;
}

} // namespace

Result<AsOfPoint> readAsOf(const std::string &text, const Clock &clock)
{
    AsOfPoint point;
    if (!text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) {
        std::uint64_t size = 0;
        if (std::from_chars(text.data(), text.data() + text.size(), size).ec != std::errc())
            return notUnderstood(text);
        point.size = size;
        return point;
    }
    if (text.size() < kDateLength || text[4] != '-' || text[7] != '-')
        return notUnderstood(text);
    const auto time = parseTime(text);
    if (!time)
        return notUnderstood(text);
    if (text.size() == kDateLength)
        return endOfDay(text, *time, clock);
    if (!hasZone(text))
        return Error{ErrorKind::Invalid, "\"" + text + "\" does not say its zone. Write " + text + "Z for UTC, or an offset such as " + text + "+01:00.", {}};
    point.time = *time;
    if (point.time > clock.now())
        return Error{ErrorKind::Invalid, text + " has not come yet; it is " + formatUtc(clock.now()) + ".", {}};
    return point;
}

std::string AsOf::sentence() const
{
    std::string text = "As of " + formatUtc(at) + ": the first " + std::to_string(size) + " of " + std::to_string(headSize) + " entries, root " + root.hex() + ".";
    if (laterClaims > 0)
        text += " " + std::to_string(laterClaims) + (laterClaims == 1 ? " of them says a later time" : " of them say a later time") + "; the order in the ledger counts.";
    return text;
}

} // namespace countersign::services
