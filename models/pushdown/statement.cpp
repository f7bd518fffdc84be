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

    /// From one time to the other in milliseconds; those of each are cut off below, as reading its text does.
    std::string delay(const TableColumn &from, const TableColumn &to) const
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
    /// A time to the last digit, as an export has it.
    std::string timeAsWritten(const TableColumn &column) const
    {
        const bool hasZone = column.kind == ColumnKind::Timestamp || column.kind == ColumnKind::FineTimestamp;
        return m_sql == Sql::ClickHouse && hasZone ? "toString(" + quotedName(m_sql, column.name) + ", 'UTC')" : plain(column);
    }
    static bool isTime(const TableColumn &column)
    {
        return column.kind == ColumnKind::Unknown || column.kind == ColumnKind::Timestamp || column.kind == ColumnKind::FineTimestamp
               || column.kind == ColumnKind::ZonedTimestamp || column.kind == ColumnKind::Date;
    }

private:
    static std::string milliseconds(const std::string &name, ColumnKind kind)
    {
        if (kind == ColumnKind::FineTimestamp)
            return "toUnixTimestamp64Milli(" + name + ")";
        return "toInt64(" + name + ") * " + (kind == ColumnKind::Date ? "86400000" : "1000");
    }
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
        for (const std::string *column : {&mapping.label, &mapping.score, &mapping.prediction, &mapping.time, &mapping.labelTime, &mapping.weight})
            m_taken.insert(*column);
        for (const auto &attribute : mapping.attributes)
            m_taken.insert(attribute.column);
        for (const auto &feature : mapping.features)
            m_taken.insert(feature.column);
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
    Mapping pushed = mapping;
    pushed.classScores.clear();
    pushed.dialect = {};
    return pushed;
}

namespace {

/// The fields of a statement, from the mapping that the builder was made for.
class Fields
{
public:
    Fields(Sql sql, const Mapping &mapping, WindowUnit unit, const std::vector<TableColumn> &columns)
        : m_builder(sql, mapping, columns), m_writer(sql, unit, mapping.timeFormat), m_mapping(m_builder.mapping())
    {
        m_mapping = mapping;
    }

    void addTruth()
    {
        plain("label", m_mapping.label);
        plain("score", m_mapping.score);
        plain("decision", m_mapping.prediction);
        plain("weight", m_mapping.weight);
    }
    void addTime()
    {
        if (m_mapping.time.empty())
            return;
        const TableColumn found = m_builder.find(m_mapping.time);
        m_mapping.time = m_builder.add("time", found, m_writer.time(found));
        m_spanTimes = m_writer.span(found);
    }
    void addAttributes()
    {
        std::size_t number = 0;
        for (auto &attribute : m_mapping.attributes) {
            const TableColumn found = m_builder.find(attribute.column);
            const std::string value = attribute.bands.isEmpty() ? m_writer.group(found) : m_writer.band(found, attribute.bands);
            attribute.column = m_builder.add("group_" + std::to_string(++number), found, value);
        }
    }
    void addFeatures()
    {
        for (auto &feature : m_mapping.features) {
            const TableColumn found = m_builder.find(feature.column);
            feature.column = m_builder.add("feature", found, feature.isNumber ? m_writer.plain(found) : m_writer.group(found));
        }
    }
    /// Where both are times; false: they are to be read as they are written.
    bool addDelay()
    {
        const TableColumn from = m_builder.find(m_mapping.time);
        const TableColumn to = m_builder.find(m_mapping.labelTime);
        if (!Writer::isTime(from) || !Writer::isTime(to))
            return false;
        m_mapping.features = {{m_builder.add("delay", to, m_writer.delay(from, to)), true}};
        m_mapping.labelTime.clear();
        return true;
    }
    void addTimesAsWritten()
    {
        for (const auto &[name, column] : {std::pair("time", &m_mapping.time), std::pair("label_time", &m_mapping.labelTime)}) {
            const TableColumn found = m_builder.find(*column);
            *column = m_builder.add(name, found, m_writer.timeAsWritten(found));
        }
    }
    Result<Statement> finish(const std::string &from) { return m_builder.finish(from, m_spanTimes); }

private:
    void plain(const char *name, std::string &column)
    {
        if (column.empty())
            return;
        const TableColumn found = m_builder.find(column);
        column = m_builder.add(name, found, m_writer.plain(found));
    }

    Builder m_builder;
    Writer m_writer;
    Mapping &m_mapping;
    std::string m_spanTimes;
};

/// Only the roles of these columns, and the time.
Mapping restricted(const Mapping &mapping, const std::vector<std::string> &columns)
{
    const auto isIn = [&](const std::string &column) { return std::ranges::find(columns, column) != columns.end(); };
    Mapping result = mapping;
    for (std::string *column : {&result.label, &result.score, &result.prediction, &result.weight})
        if (!isIn(*column))
            column->clear();
    result.labelTime.clear();
    result.features.clear();
    std::erase_if(result.attributes, [&](const auto &attribute) { return !isIn(attribute.column); });
    return result;
}

} // namespace

Result<Statement> groupingStatement(Sql sql, const std::string &from, const Mapping &mapping, WindowUnit unit, const std::vector<TableColumn> &columns)
{
    if (const auto checked = mapping.check(); !checked)
        return checked.error();
    Mapping own = mapping;
    own.features.clear();
    own.labelTime.clear();
    Fields fields(sql, own, unit, columns);
    fields.addTruth();
    fields.addTime();
    fields.addAttributes();
    return fields.finish(from);
}

Result<Statement> featureStatement(Sql sql, const std::string &from, const Mapping &mapping, const predictions::FeatureMapping &feature, WindowUnit unit,
                                   const std::vector<std::string> &also, const std::vector<TableColumn> &columns)
{
    Mapping own = restricted(mapping, also);
    own.features = {feature};
    Fields fields(sql, own, unit, columns);
    fields.addTruth();
    fields.addTime();
    fields.addAttributes();
    fields.addFeatures();
    return fields.finish(from);
}

Result<Statement> delayStatement(Sql sql, const std::string &from, const Mapping &mapping, WindowUnit unit, const std::vector<std::string> &also,
                                 const std::vector<TableColumn> &columns)
{
    Mapping own = restricted(mapping, also);
    own.labelTime = mapping.labelTime;
    Fields counted(sql, own, unit, columns);
    if (counted.addDelay()) {
        counted.addTruth();
        counted.addTime();
        counted.addAttributes();
        return counted.finish(from);
    }
    own.label = mapping.label; // which the time of the label is nothing without
    Fields written(sql, own, unit, columns);
    written.addTruth();
    written.addTimesAsWritten();
    written.addAttributes();
    return written.finish(from);
}

} // namespace countersign::pushdown
