#include "models/pushdown/sql/sqlwriter.h"

#include "models/base/number.h"

namespace countersign::pushdown {

using predictions::TimeFormat;
using scoretables::WindowUnit;

namespace {

constexpr std::string_view kDay = "day";

/// Without windows times count for nothing, but one that is no time still makes a bad row: by year, few of them travel.
std::string_view unitWord(WindowUnit unit)
{
    switch (unit) {
    case WindowUnit::None: return "year";
    case WindowUnit::Hour: return "hour";
    case WindowUnit::Day: return kDay;
    case WindowUnit::Week: return "week";
    case WindowUnit::Month: return "month";
    case WindowUnit::Quarter: return "quarter";
    }
    return "";
}

} // namespace

std::string SqlWriter::plain(const TableColumn &column) const
{
    const std::string name = quotedName(m_sql, column.name);
    return column.kind == ColumnKind::Other && m_sql != Sql::ClickHouse ? asText(name) : name;
}

std::string SqlWriter::group(const TableColumn &column) const
{
    const bool isNumber = column.kind == ColumnKind::Real || column.kind == ColumnKind::ShortReal || column.kind == ColumnKind::Decimal;
    return isNumber && m_sql != Sql::ClickHouse ? asText(quotedName(m_sql, column.name)) : plain(column);
}

std::string SqlWriter::band(const TableColumn &column, const predictions::Bands &bands) const
{
    const bool isExact = column.kind == ColumnKind::Unknown || column.kind == ColumnKind::Integer || column.kind == ColumnKind::Real
                         || (column.kind == ColumnKind::Decimal && m_sql == Sql::Postgres);
    if (!isExact)
        return plain(column);
    const std::string value = asReal(quotedName(m_sql, column.name));
    std::string text = "CASE";
    if (m_sql == Sql::Postgres)
        text += " WHEN " + value + " = 'NaN' THEN NULL"; // which is larger than everything there
    else if (m_sql == Sql::DuckDb)
        text += " WHEN isnan(" + value + ") THEN NULL";
    std::string from = "-inf";
    for (const double edge : bands.edges()) {
        text += " WHEN " + value + " < " + real(edge) + " THEN '" + from + "'";
        from = number::shortest(edge);
    }
    return text + " WHEN " + value + " >= " + real(bands.edges().back()) + " THEN '" + from + "' END";
}

std::string SqlWriter::time(const TableColumn &column) const
{
    const std::string name = quotedName(m_sql, column.name);
    const bool isEpoch = m_format == TimeFormat::EpochSeconds || m_format == TimeFormat::EpochMilliseconds;
    switch (column.kind) {
    case ColumnKind::Unknown: return isEpoch ? epoch(name) : start(name, ColumnKind::Timestamp);
    case ColumnKind::Timestamp:
    case ColumnKind::ZonedTimestamp:
    case ColumnKind::FineTimestamp:
    case ColumnKind::Date: return start(name, column.kind);
    case ColumnKind::Integer: return epoch(name);
    case ColumnKind::Text: return isEpoch ? name : cutText(name);
    default: return plain(column);
    }
}

std::string SqlWriter::span(const TableColumn &column) const
{
    const std::string name = quotedName(m_sql, column.name);
    const bool isEpoch = m_format == TimeFormat::EpochSeconds || m_format == TimeFormat::EpochMilliseconds;
    const ColumnKind kind = column.kind != ColumnKind::Unknown ? column.kind : isEpoch ? ColumnKind::Integer : ColumnKind::Timestamp;
    if (kind == ColumnKind::Text || kind == ColumnKind::Real || kind == ColumnKind::ShortReal || kind == ColumnKind::Decimal || kind == ColumnKind::Boolean
        || kind == ColumnKind::Other)
        return {};
    std::string text;
    for (const char *function : {"min", "max"}) {
        const std::string value = std::string(function) + "(" + name + ")";
        const bool hasZone = kind == ColumnKind::Timestamp || kind == ColumnKind::FineTimestamp;
        text += ", " + (m_sql == Sql::ClickHouse && hasZone ? "toString(" + value + ", 'UTC')" : value);
    }
    return text;
}

std::string SqlWriter::delay(const TableColumn &from, const TableColumn &to) const
{
    const std::string begin = quotedName(m_sql, from.name);
    const std::string end = quotedName(m_sql, to.name);
    switch (m_sql) {
    case Sql::Postgres:
        return "CASE WHEN isfinite(" + begin + ") AND isfinite(" + end + ") THEN round(extract(epoch FROM date_trunc('milliseconds', " + end
               + ") - date_trunc('milliseconds', " + begin + ")) * 1000)::bigint END";
    case Sql::ClickHouse: return milliseconds(end, to.kind) + " - " + milliseconds(begin, from.kind);
    case Sql::DuckDb: return "date_diff('millisecond', CAST(" + begin + " AS TIMESTAMP), CAST(" + end + " AS TIMESTAMP))";
    }
    return {};
}

std::string SqlWriter::timeAsWritten(const TableColumn &column) const
{
    const bool hasZone = column.kind == ColumnKind::Timestamp || column.kind == ColumnKind::FineTimestamp;
    return m_sql == Sql::ClickHouse && hasZone ? "toString(" + quotedName(m_sql, column.name) + ", 'UTC')" : plain(column);
}

bool SqlWriter::isTime(const TableColumn &column)
{
    return column.kind == ColumnKind::Unknown || column.kind == ColumnKind::Timestamp || column.kind == ColumnKind::FineTimestamp
           || column.kind == ColumnKind::ZonedTimestamp || column.kind == ColumnKind::Date;
}

std::string SqlWriter::milliseconds(const std::string &name, ColumnKind kind)
{
    if (kind == ColumnKind::FineTimestamp)
        return "toUnixTimestamp64Milli(" + name + ")";
    return "toInt64(" + name + ") * " + (kind == ColumnKind::Date ? "86400000" : "1000");
}

std::string SqlWriter::asText(const std::string &name) const { return m_sql == Sql::Postgres ? name + "::text" : "CAST(" + name + " AS VARCHAR)"; }

std::string SqlWriter::asReal(const std::string &name) const
{
    switch (m_sql) {
    case Sql::Postgres: return name + "::float8";
    case Sql::ClickHouse: return "toFloat64(" + name + ")";
    case Sql::DuckDb: return "CAST(" + name + " AS DOUBLE)";
    }
    return name;
}

std::string SqlWriter::real(double value) const
{
    const std::string digits = number::shortest(value);
    return m_sql == Sql::DuckDb && digits.find('.') != std::string::npos ? "CAST('" + digits + "' AS DOUBLE)" : digits;
}

std::string SqlWriter::start(const std::string &name, ColumnKind kind) const
{
    const bool isFine = m_unit == WindowUnit::Hour || m_unit == WindowUnit::Day;
    if (kind == ColumnKind::Date && isFine)
        return name;
    if (m_sql == Sql::ClickHouse)
        return clickHouseStart(name, kind);
    const std::string moment = m_sql == Sql::DuckDb && kind == ColumnKind::ZonedTimestamp ? "CAST(" + name + " AS TIMESTAMP)" : name;
    return "date_trunc('" + std::string(unitWord(m_unit)) + "', " + moment + ")";
}

std::string SqlWriter::clickHouseStart(const std::string &name, ColumnKind kind) const
{
    if (kind == ColumnKind::FineTimestamp) {
        const std::string day = "substring(toString(" + name + ", 'UTC'), 1, ";
        return m_unit == WindowUnit::Hour ? "concat(" + day + "13), ':00')" : day + "10)";
    }
    const std::string arguments = kind == ColumnKind::Date ? "(" + name + ")" : "(" + name + ", 'UTC')";
    switch (m_unit) {
    case WindowUnit::Hour: return "toStartOfHour" + arguments;
    case WindowUnit::Day: return "toStartOfDay" + arguments;
    case WindowUnit::Week: return "toMonday" + arguments;
    case WindowUnit::Month: return "toStartOfMonth" + arguments;
    case WindowUnit::Quarter: return "toStartOfQuarter" + arguments;
    case WindowUnit::None: return "toStartOfYear" + arguments;
    }
    return name;
}

std::string SqlWriter::epoch(const std::string &name) const
{
    const std::int64_t seconds = m_unit == WindowUnit::Hour ? 3600 : 86'400;
    const auto rounded = [&](std::int64_t from, std::int64_t to, std::int64_t step) {
        const std::string by = std::to_string(step);
        const std::string value = m_sql == Sql::ClickHouse ? "intDiv(" + name + ", " + by + ") * " + by : name + " - " + name + " % " + by;
        return " WHEN " + name + " BETWEEN " + std::to_string(from) + " AND " + std::to_string(to) + " THEN " + value;
    };
    constexpr std::int64_t kFirstMillisecond = 100'000'000'000; // from here on Auto takes milliseconds
    constexpr std::int64_t kLastMillisecond = 253'402'300'799'999;
    std::string cases;
    if (m_format == TimeFormat::EpochSeconds)
        cases = rounded(0, kLastMillisecond / 1000, seconds);
    else if (m_format == TimeFormat::EpochMilliseconds)
        cases = rounded(0, kLastMillisecond, seconds * 1000);
    else if (m_format == TimeFormat::Auto) // away from where the number of digits or the unit could change
        cases = rounded(1'000'000'000, kFirstMillisecond - 1, seconds) + rounded(1'000'000'000'000, kLastMillisecond, seconds * 1000);
    if (cases.empty())
        return name;
    const std::string value = "CASE" + cases + " ELSE " + name + " END";
    return m_sql == Sql::DuckDb ? "CAST(" + value + " AS BIGINT)" : value;
}

std::string SqlWriter::cutText(const std::string &name) const
{
    static constexpr std::string_view kPattern = "'^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?Z?$'";
    const std::string length = m_unit == WindowUnit::Hour ? "13" : "10";
    const std::string begin = (m_sql == Sql::ClickHouse ? "substring(" + name + ", 1, " : "left(" + name + ", ") + length + ")";
    const std::string cut = m_unit != WindowUnit::Hour ? begin : m_sql == Sql::ClickHouse ? "concat(" + begin + ", ':00')" : begin + " || ':00'";
    const std::string test = m_sql == Sql::Postgres     ? name + " ~ " + std::string(kPattern)
                             : m_sql == Sql::ClickHouse ? "match(" + name + ", " + std::string(kPattern) + ")"
                                                        : "regexp_full_match(" + name + ", " + std::string(kPattern) + ")";
    return "CASE WHEN " + test + " THEN " + cut + " ELSE " + name + " END";
}

} // namespace countersign::pushdown
