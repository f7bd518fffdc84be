#include "models/pushdown/engines/tabseparated.h"

namespace countersign::pushdown {

namespace {

constexpr std::size_t kLongestLine = 64U << 20U;
constexpr std::size_t kKeptLine = 1000;

char unescaped(char c)
{
    switch (c) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case '0': return '\0';
    default: return c;
    }
}

} // namespace

Status TabSeparatedReader::line(std::string_view text, const RowSink &sink)
{
    if (!m_failure.empty())
        return {};
    if (text.starts_with("Code: ") && text.find("DB::Exception") != std::string_view::npos) {
        m_failure = text.substr(0, kKeptLine);
        return {};
    }
    if (m_state == State::Totals)
        m_state = State::Blank; // something follows them: no totals after all
    if (m_hasTotals && (text.empty() || m_state == State::Blank)) {
        m_state = text.empty() ? State::Blank : State::Totals;
        return {};
    }
    m_cells.clear();
    m_unescaped.clear();
    m_unescaped.reserve(text.size()); // cells point into it
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find('\t', at), text.size());
        const std::string_view cell = text.substr(at, end - at);
        at = end + 1;
        if (cell == "\\N") {
            m_cells.emplace_back();
        } else if (cell.find('\\') == std::string_view::npos) {
            m_cells.emplace_back(cell);
        } else {
            const std::size_t begin = m_unescaped.size();
            for (std::size_t i = 0; i < cell.size(); ++i)
                m_unescaped += cell[i] == '\\' && i + 1 < cell.size() ? unescaped(cell[++i]) : cell[i];
            m_cells.emplace_back(std::string_view(m_unescaped).substr(begin));
        }
    }
    ++m_rows;
    return sink(m_cells);
}

Status TabSeparatedReader::add(std::string_view bytes, const RowSink &sink)
{
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        if (end == std::string_view::npos) {
            m_rest += bytes;
            return m_rest.size() <= kLongestLine ? Status() : Error{ErrorKind::Io, "The server answers with a line that has no end.", {}};
        }
        std::string_view whole = bytes.substr(0, end);
        bytes.remove_prefix(end + 1);
        std::string joined;
        if (!m_rest.empty()) {
            joined = std::exchange(m_rest, {}) + std::string(whole);
            whole = joined;
        }
        if (const auto status = line(whole, sink); !status)
            return status;
    }
    return {};
}

} // namespace countersign::pushdown
