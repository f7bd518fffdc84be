#include "models/pushdown/statement.h"

#include "models/base/number.h"
#include "models/predictions/rejects.h"

#include <algorithm>
#include <set>

namespace countersign::pushdown {

using predictions::Mapping;
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

/// Writes expressions of one engine.
class Writer
{
public:
    Writer(Sql sql, WindowUnit unit, TimeFormat format) : m_sql(sql), m_unit(unit), m_format(format) {}

    /// As the engine stores it; what it could call equal although it is written in two ways goes by its text.
    std::string plain(const TableColumn &column) const
    {
        const std::string name = quotedName(m_sql, column.name);
        return column.kind == ColumnKind::Other && m_sql != Sql::ClickHouse ? asText(name) : name;
    }

    /// A value that is a group's name.
    std::string group(const TableColumn &column) const
    {
        const bool isNumber = column.kind == ColumnKind::Real || column.kind == ColumnKind::ShortReal || column.kind == ColumnKind::Decimal;
        return isNumber && m_sql != Sql::ClickHouse ? asText(quotedName(m_sql, column.name)) : plain(column);
    }

    /// The lower edge of the band, or the number itself where comparing in SQL would not be exactly what comparing its text is.
    std::string band(const TableColumn &column, const predictions::Bands &bands) const
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

    std::string time(const TableColumn &column) const
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

    /// The first and the last time, or nothing.
    std::string span(const TableColumn &column) const
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

private:
    std::string asText(const std::string &name) const { return m_sql == Sql::Postgres ? name + "::text" : "CAST(" + name + " AS VARCHAR)"; }
    std::string asReal(const std::string &name) const
    {
        switch (m_sql) {
        case Sql::Postgres: return name + "::float8";
        case Sql::ClickHouse: return "toFloat64(" + name + ")";
        case Sql::DuckDb: return "CAST(" + name + " AS DOUBLE)";
        }
        return name;
    }

    /// A literal that is exactly this binary64: DuckDB takes digits with a point for a DECIMAL, and divides.
    std::string real(double value) const
    {
        const std::string digits = number::shortest(value);
        return m_sql == Sql::DuckDb && digits.find('.') != std::string::npos ? "CAST('" + digits + "' AS DOUBLE)" : digits;
    }

    /// The first moment of the unit, or of a finer one.
    std::string start(const std::string &name, ColumnKind kind) const
    {
        const bool isFine = m_unit == WindowUnit::Hour || m_unit == WindowUnit::Day;
        if (kind == ColumnKind::Date && isFine)
            return name;
        if (m_sql == Sql::ClickHouse)
            return clickHouseStart(name, kind);
        const std::string moment = m_sql == Sql::DuckDb && kind == ColumnKind::ZonedTimestamp ? "CAST(" + name + " AS TIMESTAMP)" : name;
        return "date_trunc('" + std::string(unitWord(m_unit)) + "', " + moment + ")";
    }
    std::string clickHouseStart(const std::string &name, ColumnKind kind) const
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

    /// Whole numbers since 1970, rounded down to the hour or day where that cannot change what they are taken for.
    std::string epoch(const std::string &name) const
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

    /// Times written as ISO 8601 in UTC lose what a window does not need; any other text stays, and is judged like that of a file.
    std::string cutText(const std::string &name) const
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

    Sql m_sql;
    WindowUnit m_unit;
    TimeFormat m_format;
};

/// Collects fields, each with an alias of its own.
class Builder
{
public:
    Builder(Sql sql, const Mapping &mapping, const std::vector<TableColumn> &columns) : m_sql(sql), m_columns(columns)
    {
        // ClickHouse takes a name for an alias wherever both are there, so no alias may be a column that is used.
        for (const std::string *column : {&mapping.label, &mapping.score, &mapping.prediction, &mapping.time, &mapping.weight})
            m_taken.insert(*column);
        for (const auto &attribute : mapping.attributes)
            m_taken.insert(attribute.column);
    }

    std::string freeName(std::string name)
    {
        while (!m_taken.insert(name).second)
            name += '_';
        return name;
    }
    TableColumn find(const std::string &name)
    {
        const auto found = std::ranges::find(m_columns, name, &TableColumn::name);
        const bool isNul = name.find('\0') != std::string::npos;
        if ((found == m_columns.end() && !m_columns.empty()) || isNul) {
            fail("The table has no column \"" + predictions::shownSample(name) + "\".");
            return {};
        }
        if (found == m_columns.end())
            return {name, ColumnKind::Unknown, {}};
        if (found->kind == ColumnKind::Nested)
            fail("The column \"" + predictions::shownSample(name) + "\" (" + predictions::shownSample(found->type) + ") holds lists or structures, by which nothing can be grouped.");
        return *found;
    }
    /// The field's alias.
    std::string add(const std::string &name, const TableColumn &column, const std::string &expression)
    {
        const std::string alias = freeName(name);
        m_statement.fields.push_back(alias);
        m_statement.columns.push_back(column.name);
        m_select += (m_select.empty() ? "SELECT " : ",\n       ") + expression + " AS " + quotedName(m_sql, alias);
        // By place where that is standard; by name where places came late.
        const std::string key = m_sql == Sql::ClickHouse ? quotedName(m_sql, alias) : std::to_string(m_statement.fields.size());
        m_keys += (m_keys.empty() ? "" : ", ") + key;
        return alias;
    }
    void fail(std::string message)
    {
        if (!m_error)
            m_error = Error{ErrorKind::Invalid, std::move(message), "mapping"};
    }
    /// Cells are looked at in the order of the table, as those of an exported file are: of a row with two bad cells the first one counts.
    void putInOrder()
    {
        const auto placeOf = [&](std::size_t field) {
            const auto found = std::ranges::find(m_columns, m_statement.columns[field], &TableColumn::name);
            return found - m_columns.begin();
        };
        for (std::size_t field = 0; field < m_statement.fields.size(); ++field)
            m_statement.order.push_back(field);
        std::ranges::stable_sort(m_statement.order, {}, placeOf);
    }
    Result<Statement> finish(const std::string &from, const std::string &spanTimes)
    {
        if (m_error)
            return *m_error;
        const std::string count = m_sql == Sql::ClickHouse ? "count()" : "count(*)";
        m_statement.sql = m_select + ",\n       " + count + " AS " + quotedName(m_sql, freeName("rows")) + "\nFROM " + from + "\nGROUP BY " + m_keys;
        m_statement.span = "SELECT " + count + spanTimes + "\nFROM " + from;
        m_statement.hasSpanTimes = !spanTimes.empty();
        if (m_sql == Sql::ClickHouse)
            m_statement.sql += "\nWITH TOTALS"; // the last line, by which an answer is known to be whole
        putInOrder();
        return std::move(m_statement);
    }
    Mapping &mapping() { return m_statement.mapping; }

private:
    Sql m_sql;
    const std::vector<TableColumn> &m_columns;
    std::set<std::string> m_taken{""};
    Statement m_statement;
    std::string m_select;
    std::string m_keys;
    std::optional<Error> m_error;
};

} // namespace

Result<Mapping> pushedMapping(const Mapping &mapping)
{
    if (mapping.task != predictions::Task::Binary)
        return Error{ErrorKind::Unsupported,
                     "Counting where the rows are is for two outcomes. Export several classes or amounts as a log, and compute from that.", {}};
    if (!mapping.labelTime.empty())
        return Error{ErrorKind::Unsupported, "How long labels took is not counted where the rows are. Leave the time of the label out.", {}};
    Mapping pushed = mapping;
    pushed.features.clear();
    pushed.classScores.clear();
    pushed.dialect = {};
    return pushed;
}

Result<Statement> groupingStatement(Sql sql, const std::string &from, const Mapping &mapping, WindowUnit unit, const std::vector<TableColumn> &columns)
{
    if (const auto checked = mapping.check(); !checked)
        return checked.error();
    Builder builder(sql, mapping, columns);
    const Writer writer(sql, unit, mapping.timeFormat);
    builder.mapping() = mapping;
    const auto plain = [&](const char *name, std::string &column) {
        if (column.empty())
            return;
        const TableColumn found = builder.find(column);
        column = builder.add(name, found, writer.plain(found));
    };
    std::string spanTimes;
    plain("label", builder.mapping().label);
    plain("score", builder.mapping().score);
    plain("decision", builder.mapping().prediction);
    plain("weight", builder.mapping().weight);
    if (!mapping.time.empty()) {
        const TableColumn found = builder.find(mapping.time);
        builder.mapping().time = builder.add("time", found, writer.time(found));
        spanTimes = writer.span(found);
    }
    std::size_t number = 0;
    for (auto &attribute : builder.mapping().attributes) {
        const TableColumn found = builder.find(attribute.column);
        attribute.column = builder.add("group_" + std::to_string(++number), found, attribute.bands.isEmpty() ? writer.group(found) : writer.band(found, attribute.bands));
    }
    return builder.finish(from, spanTimes);
}

} // namespace countersign::pushdown
