#include "models/predictions/formats/numbers.h"

#include <cmath>
#include <string>

namespace countersign::predictions {

namespace {

constexpr double kLastMillisecond = 253'402'300'799'999.0; // end of the year 9999

std::optional<Instant> parseEpoch(std::string_view text, double perUnit)
{
    double value = 0;
    if (!parseNumber(text, '.', value) || !std::isfinite(value))
        return {};
    const double ms = std::floor(value * perUnit);
    if (ms < -kLastMillisecond || ms > kLastMillisecond)
        return {};
    return fromMillis(static_cast<std::int64_t>(ms));
}

bool isYear(std::string_view text)
{
    return text.size() == 4 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

} // namespace

std::optional<Instant> parseMoment(std::string_view text, TimeFormat format)
{
    if (format == TimeFormat::EpochSeconds)
        return parseEpoch(text, 1000);
    if (format == TimeFormat::EpochMilliseconds)
        return parseEpoch(text, 1);
    if (isYear(text))
        return parseMoment(std::string(text) + "-01-01", format);
    if (text.size() == 7 && isYear(text.substr(0, 4)) && text[4] == '-')
        return parseMoment(std::string(text) + "-01", format);
    const bool isBare = text.find_first_not_of("0123456789") == std::string_view::npos;
    if (format == TimeFormat::Iso && isBare)
        return {};
    const auto moment = parseTime(text);
    return moment ? std::optional(*moment) : std::nullopt;
}

std::optional<Instant> MomentParser::parseSlowly(std::string_view text)
{
    const auto moment = parseMoment(text, m_format);
    if (moment && (text.size() == 19 || text.size() == 20) && m_format <= TimeFormat::Iso && text[4] == '-') {
        std::memcpy(m_day, text.data(), sizeof m_day);
        const auto ms = toMillis(*moment);
        constexpr std::int64_t day = 86'400'000;
        m_midnight = (ms >= 0 ? ms / day : (ms - day + 1) / day) * day;
    }
    return moment;
}

} // namespace countersign::predictions
