#pragma once

#include "models/predictions/mapping/bands.h"
#include "models/pushdown/sql/statement.h"

namespace countersign::pushdown {

/// Writes the expressions of one engine for one unit of windows and one format of times.
class SqlWriter
{
public:
    SqlWriter(Sql sql, scoretables::WindowUnit unit, predictions::TimeFormat format) : m_sql(sql), m_unit(unit), m_format(format) {}

    /// As the engine stores it; what it could call equal although it is written in two ways goes by its text.
    std::string plain(const TableColumn &column) const;
    /// A value that is a group's name.
    std::string group(const TableColumn &column) const;
    /// The lower edge of the band, or the number itself where comparing in SQL would not be exactly what comparing its text is.
    std::string band(const TableColumn &column, const predictions::Bands &bands) const;
    std::string time(const TableColumn &column) const;
    /// The first and the last time, or nothing.
    std::string span(const TableColumn &column) const;
    /// From one time to the other in milliseconds; those of each are cut off below, as reading its text does.
    std::string delay(const TableColumn &from, const TableColumn &to) const;
    /// A time to the last digit, as an export has it.
    std::string timeAsWritten(const TableColumn &column) const;
    static bool isTime(const TableColumn &column);

private:
    static std::string milliseconds(const std::string &name, ColumnKind kind);
    std::string asText(const std::string &name) const;
    std::string asReal(const std::string &name) const;
    /// A literal that is exactly this binary64: DuckDB takes digits with a point for a DECIMAL, and divides.
    std::string real(double value) const;
    /// The first moment of the unit, or of a finer one.
    std::string start(const std::string &name, ColumnKind kind) const;
    std::string clickHouseStart(const std::string &name, ColumnKind kind) const;
    /// Whole numbers since 1970, rounded down to the hour or day where that cannot change what they are taken for.
    std::string epoch(const std::string &name) const;
    /// Times written as ISO 8601 in UTC lose what a window does not need; any other text stays, and is judged like that of a file.
    std::string cutText(const std::string &name) const;

    Sql m_sql;
    scoretables::WindowUnit m_unit;
    predictions::TimeFormat m_format;
};

} // namespace countersign::pushdown
