#pragma once

#include "app/cli/terminal/terminal.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace countersign::cli {

/// Columns that the text takes on a terminal: wide characters take two, combining ones none.
std::size_t displayWidth(std::string_view utf8);

/// A table for people: aligned by what is seen, one line a row, no character that steers a terminal. On a terminal long cells are cut
/// with "…" so that a row fits into a line; anywhere else nothing is cut.
class Columns
{
public:
    enum class Side { Left, Right };
    struct Heading {
        std::string title;
        Side side = Side::Left;
    };
    explicit Columns(std::vector<Heading> headings) : m_headings(std::move(headings)) {}
    void add(std::vector<std::string> cells) { m_rows.push_back(std::move(cells)); }
    bool isEmpty() const { return m_rows.empty(); }
    std::string text(const Terminal &terminal) const;

private:
    std::vector<std::size_t> widths(const std::vector<std::vector<std::string>> &rows, std::size_t limit) const;

    std::vector<Heading> m_headings;
    std::vector<std::vector<std::string>> m_rows;
};

/// "Owner   Ana Ruiz" lines with the names aligned; a value of several lines stays in one, escaped.
std::string factLines(const std::vector<std::pair<std::string, std::string>> &facts);

} // namespace countersign::cli
