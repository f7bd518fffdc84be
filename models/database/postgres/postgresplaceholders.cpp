#include "models/database/postgres/postgresconnection.h"

namespace countersign::database {

namespace {

bool isNameCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

/// The end of a text that starts at `start` with a quote and closes with the same one; doubled quotes belong to it.
std::size_t endOfQuoted(std::string_view sql, std::size_t start)
{
    const char quote = sql[start];
    const bool hasEscapes = quote == '\'' && start > 0 && (sql[start - 1] == 'E' || sql[start - 1] == 'e');
    for (std::size_t i = start + 1; i < sql.size(); ++i) {
        if (hasEscapes && sql[i] == '\\')
            ++i;
        else if (sql[i] == quote)
            return i + 1; // a doubled quote opens the rest of the same text again
    }
    return sql.size();
}

std::size_t endOfBlockComment(std::string_view sql, std::size_t start)
{
    int depth = 0;
    for (std::size_t i = start; i < sql.size(); ++i) {
        if (sql.substr(i, 2) == "/*") {
            ++depth;
            ++i;
        } else if (sql.substr(i, 2) == "*/") {
            ++i;
            if (--depth == 0)
                return i + 1;
        }
    }
    return sql.size();
}

/// The end of $tag$ … $tag$, or `start` when no dollar quote begins there.
std::size_t endOfDollarQuote(std::string_view sql, std::size_t start)
{
    std::size_t i = start + 1;
    while (i < sql.size() && isNameCharacter(sql[i]))
        ++i;
    const bool isDigitFirst = i > start + 1 && sql[start + 1] >= '0' && sql[start + 1] <= '9';
    if (i >= sql.size() || sql[i] != '$' || isDigitFirst || (start > 0 && isNameCharacter(sql[start - 1])))
        return start;
    const std::string_view tag = sql.substr(start, i + 1 - start);
    const auto end = sql.find(tag, i + 1);
    return end == std::string_view::npos ? sql.size() : end + tag.size();
}

/// The end of what begins at `i` and may hold a '?' that is no placeholder; `i` when nothing of the kind begins there.
std::size_t endOfOpaque(std::string_view sql, std::size_t i)
{
    if (sql[i] == '\'' || sql[i] == '"')
        return endOfQuoted(sql, i);
    if (sql.substr(i, 2) == "--")
        return std::min(sql.find('\n', i), sql.size());
    if (sql.substr(i, 2) == "/*")
        return endOfBlockComment(sql, i);
    return sql[i] == '$' ? endOfDollarQuote(sql, i) : i;
}

} // namespace

PostgresStatement numberedPlaceholders(std::string_view sql)
{
    PostgresStatement statement;
    for (std::size_t i = 0; i < sql.size();) {
        if (const auto end = endOfOpaque(sql, i); end > i) {
            statement.text += sql.substr(i, end - i);
            i = end;
            continue;
        }
        if (sql[i] == '?')
            statement.text += "$" + std::to_string(++statement.parameters);
        else
            statement.text += sql[i];
        ++i;
    }
    return statement;
}

} // namespace countersign::database
