#pragma once

#include "models/predictions/formats/rowbuilder.h"

#include <string>
#include <string_view>

namespace countersign::predictions {

/// Reads JSON lines into a RowBuilder: one strict RFC 8259 object a line. Values of mapped keys are texts, numbers, true, false or
/// null (missing); a key that is not there is missing too; other keys may hold anything well-formed, 64 levels deep.
/// A number written as a text is a number. One per thread.
class JsonLineParser
{
public:
    JsonLineParser(const std::vector<std::string> &columns, RowBuilder &rows);

    /// Whole lines, the last one with its line feed. How many.
    std::uint64_t parse(std::string_view text);

private:
    void parseLine(std::string_view line);
    bool parseObject(const char *&at, const char *end);
    bool parseMember(const char *&at, const char *end);
    bool putValue(std::size_t column, const char *&at, const char *end);
    std::size_t columnOf(std::string_view key);

    RowBuilder &m_rows;
    std::vector<std::pair<std::string, std::size_t>> m_used; ///< keys that are mapped
    std::vector<bool> m_seen;  ///< by index into m_used
    std::size_t m_expected = 0; ///< lines mostly have the same keys in the same order
    std::string m_key;
    std::string m_value;
};

} // namespace countersign::predictions
