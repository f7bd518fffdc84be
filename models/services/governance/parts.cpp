#include "models/services/governance/parts.h"

#include "models/base/text.h"

#include <algorithm>
#include <charconv>

namespace countersign::services {

namespace {

Error invalid(std::string message) { return {ErrorKind::Invalid, std::move(message), {}}; }

std::string lowered(std::string text)
{
    text.front() = static_cast<char>(text.front() - 'A' + 'a');
    return text;
}

/// A capital letter, and it or its small one.
bool isSameLetter(char capital, char c) { return c == capital || c == capital - 'A' + 'a'; }

} // namespace

Status checkTitle(const std::string &title, const std::string &what)
{
    if (text::isBlank(title))
        return invalid(what + " needs a title: one line that says what it is about.");
    if (title.find_first_of("\r\n") != std::string::npos)
        return invalid("The title of " + lowered(what) + " is one line; the rest belongs into its text.");
    if (title.size() > kLongestTitle)
        return invalid("The title of " + lowered(what) + " is longer than 300 bytes. Say it shorter; the rest belongs into its text.");
    return {};
}

Status checkText(const std::string &text)
{
    if (text.size() > kLongestText)
        return invalid("The text is longer than 16,384 bytes. Say it shorter.");
    return {};
}

Status checkReason(const std::string &text, const std::string &wanted)
{
    return text::isBlank(text) ? Status(invalid(wanted)) : checkText(text);
}

Result<RecordName> readRecordName(const std::string &text, const std::string &letters, const std::string &prefix, const std::string &what)
{
    RecordName name;
    const std::size_t digits = letters.size() + 1;
    if (text.size() >= digits && text[letters.size()] == '-' && std::ranges::equal(letters, std::string_view(text).substr(0, letters.size()), isSameLetter)) {
        std::int64_t no = 0;
        const auto [end, error] = std::from_chars(text.data() + digits, text.data() + text.size(), no);
        if (error != std::errc() || end != text.data() + text.size() || no < 1)
            return invalid("\"" + text + "\" names no " + what + ". Write its number as " + letters + "-12.");
        name.no = no;
        return name;
    }
    name.idPrefix = text.starts_with(prefix) ? text : prefix + text;
    if (name.idPrefix == prefix) // begins every id
        return invalid("Name the " + what + " by its number, as " + letters + "-12, or by the beginning of its id.");
    return name;
}

} // namespace countersign::services
