#include "models/duckdb/celltext.h"

#include "models/duckdb/capi.h"

#include <array>
#include <charconv>
#include <chrono>
#include <limits>

namespace countersign::duckdb {

namespace {

enum Type : int {
    kBoolean = 1,
    kTinyInt = 2,
    kSmallInt = 3,
    kInteger = 4,
    kBigInt = 5,
    kUnsignedTinyInt = 6,
    kUnsignedSmallInt = 7,
    kUnsignedInteger = 8,
    kUnsignedBigInt = 9,
    kFloat = 10,
    kDouble = 11,
    kTimestamp = 12, // microseconds
    kDate = 13,      // days
    kVarchar = 17,
    kTimestampSeconds = 20,
    kTimestampMilliseconds = 21,
    kTimestampNanoseconds = 22,
    kList = 24,
    kStruct = 25,
    kMap = 26,
    kUnion = 28,
    kTimestampZoned = 31, // microseconds
    kArray = 33,
};

template<class T>
void appendNumber(const void *data, std::size_t row, std::string &to)
{
    std::array<char, 40> buffer;
    const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), static_cast<const T *>(data)[row]);
    to.append(buffer.data(), result.ptr);
}

void appendDigits(std::int64_t value, int width, std::string &to)
{
    std::array<char, 20> digits{};
    int count = 0;
    for (auto left = static_cast<std::uint64_t>(value < 0 ? -value : value); left > 0 || count < width; left /= 10)
        digits[static_cast<std::size_t>(count++)] = static_cast<char>('0' + left % 10);
    if (value < 0)
        to += '-';
    while (count > 0)
        to += digits[static_cast<std::size_t>(--count)];
}

/// Howard Hinnant's days → year, month, day, in 64 bits: DuckDB's dates reach further than std::chrono's.
void appendDate(std::int64_t days, std::string &to)
{
    days += 719'468;
    const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
    const std::int64_t dayOfEra = days - era * 146'097;
    const std::int64_t yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36'524 - dayOfEra / 146'096) / 365;
    const std::int64_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const std::int64_t shifted = (5 * dayOfYear + 2) / 153;
    const std::int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
    appendDigits(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), 4, to);
    to += '-';
    appendDigits(month, 2, to);
    to += '-';
    appendDigits(dayOfYear - (153 * shifted + 2) / 5 + 1, 2, to);
}

/// `perSecond` units a second since 1970, as "2025-01-06T05:12:33.5Z".
void appendTimestamp(std::int64_t value, std::int64_t perSecond, std::string &to)
{
    constexpr std::int64_t kInfinite = std::numeric_limits<std::int64_t>::max();
    if (value == kInfinite || value == -kInfinite) {
        to += value > 0 ? "infinity" : "-infinity";
        return;
    }
    constexpr std::int64_t kDay = 86'400;
    const auto floored = [](std::int64_t number, std::int64_t by) { return number >= 0 ? number / by : -((by - 1 - number) / by); };
    const std::int64_t seconds = perSecond == 1 ? value : floored(value, perSecond);
    const std::int64_t days = floored(seconds, kDay);
    const std::int64_t ofDay = seconds - days * kDay;
    appendDate(days, to);
    to += 'T';
    appendDigits(ofDay / 3600, 2, to);
    to += ':';
    appendDigits(ofDay / 60 % 60, 2, to);
    to += ':';
    appendDigits(ofDay % 60, 2, to);
    std::int64_t fraction = value - seconds * perSecond;
    if (fraction != 0) {
        to += '.';
        for (std::int64_t unit = perSecond / 10; fraction > 0 && unit > 0; unit /= 10) {
            to += static_cast<char>('0' + fraction / unit);
            fraction %= unit;
        }
    }
    to += 'Z';
}

void appendDateCell(std::int32_t days, std::string &to)
{
    constexpr std::int32_t kInfinite = std::numeric_limits<std::int32_t>::max();
    if (days == kInfinite || days == -kInfinite)
        to += days > 0 ? "infinity" : "-infinity";
    else
        appendDate(days, to);
}

} // namespace

Kind kindOf(int type)
{
    switch (type) {
    case kBoolean: return Kind::Boolean;
    case kTinyInt:
    case kSmallInt:
    case kInteger:
    case kBigInt:
    case kUnsignedTinyInt:
    case kUnsignedSmallInt:
    case kUnsignedInteger:
    case kUnsignedBigInt: return Kind::Integer;
    case kFloat: return Kind::ShortReal;
    case kDouble: return Kind::Real;
    case kVarchar: return Kind::Text;
    case kTimestamp:
    case kTimestampSeconds:
    case kTimestampMilliseconds:
    case kTimestampNanoseconds: return Kind::Timestamp;
    case kTimestampZoned: return Kind::TimestampZoned;
    case kDate: return Kind::Date;
    case kList:
    case kStruct:
    case kMap:
    case kUnion:
    case kArray: return Kind::Nested;
    default: return Kind::Other;
    }
}

void appendCell(int type, const void *data, std::size_t row, std::string &to)
{
    const auto moment = [&](std::int64_t perSecond) { appendTimestamp(static_cast<const std::int64_t *>(data)[row], perSecond, to); };
    switch (type) {
    case kBoolean: to += static_cast<const bool *>(data)[row] ? "true" : "false"; break;
    case kTinyInt: appendNumber<std::int8_t>(data, row, to); break;
    case kSmallInt: appendNumber<std::int16_t>(data, row, to); break;
    case kInteger: appendNumber<std::int32_t>(data, row, to); break;
    case kBigInt: appendNumber<std::int64_t>(data, row, to); break;
    case kUnsignedTinyInt: appendNumber<std::uint8_t>(data, row, to); break;
    case kUnsignedSmallInt: appendNumber<std::uint16_t>(data, row, to); break;
    case kUnsignedInteger: appendNumber<std::uint32_t>(data, row, to); break;
    case kUnsignedBigInt: appendNumber<std::uint64_t>(data, row, to); break;
    case kFloat: appendNumber<float>(data, row, to); break;
    case kDouble: appendNumber<double>(data, row, to); break;
    case kTimestamp:
    case kTimestampZoned: moment(1'000'000); break;
    case kTimestampSeconds: moment(1); break;
    case kTimestampMilliseconds: moment(1000); break;
    case kTimestampNanoseconds: moment(1'000'000'000); break;
    case kDate: appendDateCell(static_cast<const std::int32_t *>(data)[row], to); break;
    case kVarchar: {
        const CText &text = static_cast<const CText *>(data)[row];
        const std::uint32_t length = text.near.length;
        to.append(length <= CNearText::kMost ? text.near.bytes : text.far.bytes, length);
        break;
    }
    default: break;
    }
}

} // namespace countersign::duckdb
