#include "app/cli/options/reference.h"

#include <filesystem>

namespace countersign::cli {

using scoretables::WindowUnit;

namespace {

/// 'd' in the pattern is a digit, anything else itself.
bool isLike(std::string_view text, std::string_view pattern)
{
    if (text.size() != pattern.size())
        return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (pattern[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != pattern[i])
            return false;
    return true;
}

} // namespace

std::optional<WindowUnit> unitNamed(std::string_view reference)
{
    const std::string_view name = reference.substr(0, reference.find(".."));
    for (const auto &[pattern, unit] : std::initializer_list<std::pair<std::string_view, WindowUnit>>{
             {"dddd-dd-ddTdd", WindowUnit::Hour}, {"dddd-dd-dd", WindowUnit::Week}, {"dddd-dd", WindowUnit::Month}, {"dddd-Qd", WindowUnit::Quarter}})
        if (isLike(name, pattern))
            return unit;
    return std::nullopt;
}

Result<Reference> referenceOf(const CommandLine &line, const predictions::DialectChoice &dialect)
{
    Reference reference;
    const std::string value = line.valueOr("--reference", {});
    if (value.empty())
        return reference;
    std::error_code code;
    const bool isFile = std::filesystem::exists(value, code);
    const bool isWindow = unitNamed(value) || value == "(no time)";
    if (isFile && isWindow)
        return usageError("--reference " + value + " is a window's name, and a file of this name is here too. Write ./" + value + " for the file.", line.path());
    if (!isFile && !isWindow)
        return Error{ErrorKind::NotFound, "--reference is another log, or windows as they are named in the result (2025-01-06, 2025-01..2025-03). It is neither.",
                     value};
    if (isWindow) {
        reference.windows = value;
        return reference;
    }
    auto log = predictions::LogReader::open(std::filesystem::path(value), dialect);
    if (!log)
        return log.error().in("--reference");
    reference.log.emplace(*std::move(log));
    return reference;
}

} // namespace countersign::cli
