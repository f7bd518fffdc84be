#include "app/cli/text/columns.h"

#include "models/base/text.h"

#include <utf8proc.h>

#include <algorithm>
#include <numeric>

namespace countersign::cli {

namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 8;

std::size_t widthOf(utf8proc_int32_t codePoint) { return static_cast<std::size_t>(std::max(0, utf8proc_charwidth(codePoint))); }

/// Calls with each code point and its bytes until told to stop.
template<class Visit>
void eachCharacter(std::string_view utf8, Visit visit)
{
    const auto *data = reinterpret_cast<const utf8proc_uint8_t *>(utf8.data());
    for (std::size_t at = 0; at < utf8.size();) {
        utf8proc_int32_t codePoint = 0;
        const auto length = utf8proc_iterate(data + at, static_cast<utf8proc_ssize_t>(utf8.size() - at), &codePoint);
        const auto bytes = length > 0 ? static_cast<std::size_t>(length) : 1U;
        if (!visit(length > 0 ? codePoint : 0xFFFD, bytes))
            return;
        at += bytes;
    }
}

std::string cut(const std::string &text, std::size_t width)
{
    if (displayWidth(text) <= width)
        return text;
    std::size_t taken = 0;
    std::size_t bytes = 0;
    eachCharacter(text, [&](utf8proc_int32_t codePoint, std::size_t length) {
        if (taken + widthOf(codePoint) + 1 > width)
            return false;
        taken += widthOf(codePoint);
        bytes += length;
        return true;
    });
    return text.substr(0, bytes) + "…";
}

} // namespace

std::size_t displayWidth(std::string_view utf8)
{
    std::size_t width = 0;
    eachCharacter(utf8, [&](utf8proc_int32_t codePoint, std::size_t) {
        width += widthOf(codePoint);
        return true;
    });
    return width;
}

std::vector<std::size_t> Columns::widths(const std::vector<std::vector<std::string>> &rows, std::size_t limit) const
{
    std::vector<std::size_t> widths;
    for (const auto &heading : m_headings)
        widths.push_back(displayWidth(heading.title));
    for (const auto &row : rows)
        for (std::size_t i = 0; i < widths.size() && i < row.size(); ++i)
            widths[i] = std::max(widths[i], displayWidth(row[i]));
    if (limit == 0)
        return widths;
    const std::size_t gaps = kGap * (widths.size() - 1);
    while (std::accumulate(widths.begin(), widths.end(), gaps) > limit) {
        const auto widest = std::ranges::max_element(widths);
        if (*widest <= kNarrowest)
            break;
        --*widest;
    }
    return widths;
}

std::string Columns::text(const Terminal &terminal) const
{
    std::vector<std::vector<std::string>> rows(1);
    for (const auto &heading : m_headings)
        rows.front().push_back(heading.title);
    for (const auto &row : m_rows) {
        rows.emplace_back();
        for (const auto &cell : row)
            rows.back().push_back(text::visible(cell));
    }
    const auto widths = this->widths(rows, terminal.width());
    std::string out;
    for (std::size_t r = 0; r < rows.size(); ++r) {
        std::string line;
        for (std::size_t i = 0; i < widths.size(); ++i) {
            const std::string cell = cut(rows[r][i], widths[i]);
            const std::string padding(widths[i] - std::min(widths[i], displayWidth(cell)), ' ');
            line += (i ? std::string(kGap, ' ') : "") + (m_headings[i].side == Side::Right ? padding + cell : cell + padding);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += r == 0 && terminal.hasColour() ? "\x1b[1m" + line + "\x1b[0m\n" : line + "\n";
    }
    return out;
}

std::string factLines(const std::vector<std::pair<std::string, std::string>> &facts)
{
    std::size_t width = 0;
    for (const auto &[name, value] : facts)
        width = std::max(width, displayWidth(name));
    std::string out;
    for (const auto &[name, value] : facts) {
        const std::string line = name + std::string(width - displayWidth(name) + kGap, ' ') + text::visible(value);
        out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return out;
}

} // namespace countersign::cli
