#include "models/domain/inventory.h"

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

} // namespace countersign
