#include "models/domain/inventory.h"

#include <algorithm>
#include <array>

namespace countersign {

namespace {
struct StageName {
    Stage stage;
    std::string_view key;
    std::string_view title;
};
constexpr std::array<StageName, 7> kStageNames{{
    {Stage::Proposed, "proposed", "Proposed"},
    {Stage::Development, "development", "Development"},
    {Stage::Validation, "validation", "Validation"},
    {Stage::Approved, "approved", "Approved"},
    {Stage::InUse, "inUse", "In use"},
    {Stage::Restricted, "restricted", "Restricted"},
    {Stage::Retired, "retired", "Retired"},
}};
} // namespace

std::string_view stageKey(Stage stage) { return kStageNames[static_cast<std::size_t>(stage)].key; }
std::string_view stageTitle(Stage stage) { return kStageNames[static_cast<std::size_t>(stage)].title; }

Result<Stage> parseStage(std::string_view text)
{
    std::string choices;
    for (const auto &name : kStageNames) {
        if (text == name.key || text == name.title)
            return name.stage;
        choices += (choices.empty() ? "" : ", ") + std::string(name.key);
    }
    return Error{ErrorKind::Invalid, "\"" + std::string(text) + "\" is not a stage. Stages are: " + choices + ".", {}};
}

std::string versionName(const std::string &label)
{
    return !label.empty() && label.front() >= '0' && label.front() <= '9' ? "v" + label : label;
}

bool labelLess(std::string_view a, std::string_view b)
{
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() && j < b.size()) {
        if (isDigit(a[i]) && isDigit(b[j])) {
            const auto end = [&](std::string_view text, std::size_t from) {
                while (from < text.size() && isDigit(text[from]))
                    ++from;
                return from;
            };
            auto first = a.substr(i, end(a, i) - i);
            auto second = b.substr(j, end(b, j) - j);
            i += first.size();
            j += second.size();
            first.remove_prefix(std::min(first.find_first_not_of('0'), first.size()));
            second.remove_prefix(std::min(second.find_first_not_of('0'), second.size()));
            if (first.size() != second.size())
                return first.size() < second.size();
            if (first != second)
                return first < second;
            continue;
        }
        if (a[i] != b[j])
            return a[i] < b[j];
        ++i;
        ++j;
    }
    if (i < a.size() || j < b.size())
        return j < b.size();
    return a < b;
}

} // namespace countersign
