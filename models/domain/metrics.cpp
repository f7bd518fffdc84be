#include "models/domain/metrics.h"

#include <algorithm>

namespace countersign {

namespace {

std::string escaped(const std::string &part)
{
    std::string out;
    for (const char c : part) {
        if (c == '\\' || c == ';' || c == '=')
            out.push_back('\\');
        out.push_back(c);
    }
    return out;
}

template<class Write>
std::string joined(const Slice &slice, const Write &write)
{
    if (slice.isOverall())
        return "overall";
    std::string out;
    for (const auto &[attribute, value] : slice.parts)
        out += (out.empty() ? "" : "; ") + write(attribute) + "=" + write(value);
    return out;
}

/// Text up to an unescaped delimiter (or the end), unescaped and without spaces around it. Advances past the delimiter.
std::string takePart(std::string_view &text, std::string_view delimiters, char &found)
{
    std::string part;
    std::size_t keep = 0; // escaped blanks at the end survive trimming
    std::size_t i = 0;
    found = '\0';
    for (; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) {
            part.push_back(text[++i]);
            keep = part.size();
            continue;
        }
        if (delimiters.find(text[i]) != std::string_view::npos) {
            found = text[i++];
            break;
        }
        if (text[i] == ' ' && part.empty())
            continue;
        part.push_back(text[i]);
        if (text[i] != ' ')
            keep = part.size();
    }
    text.remove_prefix(i);
    part.resize(keep);
    return part;
}

} // namespace

std::string Slice::text() const { return joined(*this, escaped); }

std::string Slice::shown() const
{
    return joined(*this, [](const std::string &part) { return part; });
}

Result<Slice> Slice::parse(std::string_view text)
{
    Slice slice;
    if (text.empty() || text == "overall")
        return slice;
    while (!text.empty()) {
        char found = '\0';
        std::string attribute = takePart(text, "=;", found);
        if (found != '=' || attribute.empty())
            return Error{ErrorKind::Invalid, "A slice is written attribute=value, several separated by semicolons.", {}};
        slice.parts.emplace_back(std::move(attribute), takePart(text, ";", found));
    }
    std::ranges::sort(slice.parts);
    const auto twice = std::ranges::adjacent_find(slice.parts, {}, [](const auto &part) { return part.first; });
    if (twice != slice.parts.end())
        return Error{ErrorKind::Invalid, "The slice names \"" + twice->first + "\" twice.", {}};
    return slice;
}

} // namespace countersign
