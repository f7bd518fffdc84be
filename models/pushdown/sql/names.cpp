#include "models/pushdown/sql/names.h"

namespace countersign::pushdown {

std::string quotedName(Sql sql, std::string_view name)
{
    const char quote = sql == Sql::ClickHouse ? '`' : '"';
    std::string out(1, quote);
    for (const char c : name) {
        if (sql == Sql::ClickHouse && (c == quote || c == '\\'))
            out += '\\'; // ClickHouse reads escapes in names, the others double the quote
        else if (c == quote)
            out += quote;
        out += c;
    }
    return out + quote;
}

Result<TableName> TableName::parse(std::string_view text)
{
    const Error wrong{ErrorKind::Invalid, "\"" + std::string(text) + "\" is no name of a table. Write table or schema.table; quote a part that holds a dot: schema.\"my.table\".", {}};
    TableName name;
    std::size_t at = 0;
    for (;;) {
        std::string part;
        if (at < text.size() && text[at] == '"') {
            for (++at; at < text.size(); ++at) {
                if (text[at] != '"')
                    part += text[at];
                else if (at + 1 < text.size() && text[at + 1] == '"')
                    part += text[at++];
                else
                    break;
            }
            if (at == text.size())
                return wrong;
            ++at;
        } else {
            for (; at < text.size() && text[at] != '.'; ++at)
                part += text[at];
        }
        if (part.empty() || part.find('\0') != std::string::npos || (at < text.size() && text[at] != '.'))
            return wrong;
        name.parts.push_back(std::move(part));
        if (at == text.size())
            break;
        ++at;
    }
    if (name.parts.size() > 3)
        return wrong;
    return name;
}

std::string TableName::quoted(Sql sql) const
{
    std::string out;
    for (const auto &part : parts)
        out += (out.empty() ? "" : ".") + quotedName(sql, part);
    return out;
}

} // namespace countersign::pushdown
