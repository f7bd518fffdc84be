#pragma once

#include "models/predictions/mapping/mapping.h"
#include "models/pushdown/sql/names.h"
#include "models/scoretables/windows.h"

#include <map>

/// The SQL that groups the rows where they are. One text for one question: it depends on nothing but what is given here.
namespace countersign::pushdown {

/// What a column holds, as far as SQL has to differ.
enum class ColumnKind : std::uint8_t {
    Unknown, ///< nobody has looked: numbers are taken for binary64, times for timestamps
    Boolean,
    Integer,
    Real,          ///< binary64
    ShortReal,     ///< binary32: its shortest decimal text counts, as in an export
    Decimal,
    Text,
    Timestamp,
    FineTimestamp, ///< ClickHouse's DateTime64, whose functions for weeks and months have bounds
    ZonedTimestamp,
    Date,
    Other,         ///< is read as the text that the engine makes of it
    Nested,        ///< lists and structures: nothing can be grouped by them
};

struct TableColumn {
    std::string name;
    ColumnKind kind = ColumnKind::Unknown;
    std::string type; ///< as the engine calls it
};

/// What comes back for a group of equal rows: a cell for each of `fields`, then how many rows there are.
struct Statement {
    std::string sql;
    std::string span;                   ///< a second statement: how many rows, and the first and last time where there are times
    bool hasSpanTimes = false;
    std::vector<std::string> fields;    ///< aliases, in order
    std::vector<std::string> columns;   ///< of the table, for each field
    std::vector<std::size_t> order;     ///< fields in the order of the table
    predictions::Mapping mapping;       ///< what the fields mean: the mapping with aliases for columns
};

/// Groups by everything that a row counts for: label, score, decision, weight and values of attributes as they are stored, times by the unit of
/// the windows, numbers in bands by the band. What a value means (missing, positive, not a number at all) is not decided in SQL: the distinct
/// values travel and are read by the same code that reads files.
/// `from` stands behind FROM. Invalid: a column that is not in `columns` (when these are given), or is nested.
Result<Statement> groupingStatement(Sql sql, const std::string &from, const predictions::Mapping &mapping, scoretables::WindowUnit unit,
                                    const std::vector<TableColumn> &columns = {});

/// The same by the window and one feature of the mapping alone. `also`: columns with cells that are no values of theirs, which the same rows are
/// refused for. One feature is left in the statement's mapping.
Result<Statement> featureStatement(Sql sql, const std::string &from, const predictions::Mapping &mapping, const predictions::FeatureMapping &feature,
                                   scoretables::WindowUnit unit, const std::vector<std::string> &also, const std::vector<TableColumn> &columns = {});

/// By the window and how long the label took: in whole milliseconds where both are times of the engine, as the one feature of the statement's mapping; else by
/// both times as they are written, and Statement::mapping has them as times.
Result<Statement> delayStatement(Sql sql, const std::string &from, const predictions::Mapping &mapping, scoretables::WindowUnit unit,
                                 const std::vector<std::string> &also, const std::vector<TableColumn> &columns = {});

/// What a mapping for files comes to here: class scores are not read, features and times of labels have statements of their own. Unsupported: several
/// outcomes, amounts.
Result<predictions::Mapping> pushedMapping(const predictions::Mapping &mapping);

} // namespace countersign::pushdown
