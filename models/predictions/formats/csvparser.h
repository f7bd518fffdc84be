#pragma once

#include "models/predictions/formats/cellblock.h"
#include "models/predictions/formats/csvgrammar.h"
#include "models/predictions/formats/rowbuilder.h"

#include <string>
#include <string_view>

namespace countersign::predictions {

/// Bytes behind a chunk's text that may be read (never used): the parser looks at 64 bytes at a time.
inline constexpr std::size_t kPadding = 64;

/// Reads whole records of comma-separated text into a RowBuilder, by the rules of csvgrammar.h. Rows as they should be are taken many at
/// a time; where one is not, it is taken by itself. One per thread.
class CsvParser
{
public:
    CsvParser(const CsvRules &rules, std::size_t columns, RowBuilder &rows)
        : m_rules(rules), m_columns(columns), m_rows(rows), m_block(rows.usedColumns())
    {
    }

    /// `text` begins with a record, ends with a line end, and kPadding bytes may be read behind it.
    /// How many lines it has.
    std::uint64_t parse(std::string_view text);

private:
    class Marks;
    const char *cutRows(const char *at, const char *end);
    bool cutRow(Marks &marks, const char *&at, const char *end);
    const char *parseRecord(const char *record, const char *end);
    const char *refuseFirstLine(RowProblem problem, const char *begin, const char *end);
    std::string_view unquoted(const char *open, const QuotedField &field);

    CsvRules m_rules;
    std::size_t m_columns;
    RowBuilder &m_rows;
    CellBlock m_block;
    std::uint64_t m_line = 0;
    std::string m_scratch; ///< a field with doubled quotes
};

} // namespace countersign::predictions
