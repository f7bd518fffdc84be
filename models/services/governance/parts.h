#pragma once

#include "models/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What the acts of governance have in common: what a title and a text may be, and how a record is named.
namespace countersign::services {

inline constexpr std::size_t kLongestTitle = 300;   ///< bytes
inline constexpr std::size_t kLongestText = 16'384; ///< bytes

/// Invalid: blank, of several lines, or too long. `what`: "A finding".
Status checkTitle(const std::string &title, const std::string &what);
/// Invalid: too long.
Status checkText(const std::string &text);
/// Invalid: blank, with `wanted` ("Say why the waiver is ended."), or too long.
Status checkReason(const std::string &text, const std::string &wanted);

/// How somebody names a record: by its number ("W-3") or by the beginning of its id ("w:0c3f", "0c3f").
struct RecordName {
    std::optional<std::int64_t> no;
    std::string idPrefix;
};
/// Invalid: neither. `letters`: "W"; `prefix`: "w:"; `what`: "waiver".
Result<RecordName> readRecordName(const std::string &text, const std::string &letters, const std::string &prefix, const std::string &what);
inline Result<RecordName> readRecordName(const std::string &text, char letter, const std::string &prefix, const std::string &what)
{
    return readRecordName(text, std::string(1, letter), prefix, what);
}

/// The one that was found. NotFound: none; Invalid: several. `what`: "waiver".
template<class Record>
Result<Record> theOne(Result<std::vector<Record>> found, const std::string &text, const std::string &what)
{
    if (!found)
        return found.error();
    if (found->empty())
        return Error{ErrorKind::NotFound, "There is no " + what + " \"" + text + "\".", {}};
    if (found->size() > 1)
        return Error{ErrorKind::Invalid, std::to_string(found->size()) + " ids begin with \"" + text + "\". Write more of it.", {}};
    return std::move(found->front());
}

} // namespace countersign::services
