#pragma once

#include "models/base/result.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace countersign {

/// A moment in UTC with millisecond resolution. Stored as an integer, milliseconds since 1970-01-01T00:00:00Z.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

inline std::int64_t toMillis(Instant t) { return t.time_since_epoch().count(); }
inline Instant fromMillis(std::int64_t ms) { return Instant(std::chrono::milliseconds(ms)); }

/// "2026-11-23T06:01:02.123Z": fixed width, so text order is time order. Years 0000 to 9999.
std::string formatUtc(Instant t);
/// "2026-11-23".
std::string formatDate(Instant t);
/// Reads exactly what formatUtc writes.
Result<Instant> parseUtc(std::string_view text);
/// Reads what people and programs write: ISO 8601 date ("2026-11-23", midnight UTC), date and time with 'T' or a space, seconds and
/// fraction optional, zone 'Z', "+01:00", "+0100" or none (taken as UTC), and whole numbers as epoch seconds or, from 10^11 on, milliseconds.
/// Invalid for a date that does not exist (30 February), never rolled over.
Result<Instant> parseTime(std::string_view text);

/// "+01:00" for 60.
std::string formatOffset(int minutes);
Result<int> parseOffset(std::string_view text);

/// Where the time comes from. Tests freeze it.
class Clock
{
public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
    /// Minutes that local time is ahead of UTC at that moment.
    virtual int utcOffsetMinutes(Instant t) const = 0;
};

class SystemClock final : public Clock
{
public:
    Instant now() const override;
    int utcOffsetMinutes(Instant t) const override;
};

/// Stands still until moved.
class FixedClock final : public Clock
{
public:
    explicit FixedClock(Instant t, int offsetMinutes = 0) : m_now(t), m_offset(offsetMinutes) {}
    Instant now() const override { return m_now; }
    int utcOffsetMinutes(Instant) const override { return m_offset; }
    void set(Instant t) { m_now = t; }
    void advance(std::chrono::milliseconds by) { m_now += by; }

private:
    Instant m_now;
    int m_offset;
};

} // namespace countersign
