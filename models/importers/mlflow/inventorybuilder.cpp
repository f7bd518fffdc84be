#include "models/importers/mlflow/inventorybuilder.h"

#include "models/importers/cleantext.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <tuple>

namespace countersign::importers {

namespace {

constexpr std::string_view kPromptTag = "mlflow.prompt.is_prompt";
constexpr std::int64_t kFirstMillis = -62'135'596'800'000; // 0001-01-01
constexpr std::int64_t kLastMillis = 253'402'300'799'999;  // 9999-12-31

bool isPrompt(const SourceModel &model)
{
    return std::ranges::any_of(model.tags, [](const Tag &tag) { return tag.first == kPromptTag && tag.second == "true"; });
}

/// Version numbers as numbers, and before every label that is none.
std::tuple<bool, std::int64_t, std::string_view> versionOrder(const SourceVersion &version)
{
    std::int64_t number = 0;
    const std::string &label = version.label;
    const auto [end, code] = std::from_chars(label.data(), label.data() + label.size(), number);
    const bool isNumber = code == std::errc() && end == label.data() + label.size();
    return {!isNumber, isNumber ? number : 0, label};
}

/// "1 prompt is" or "2 prompts are".
std::string counted(std::size_t count, const std::string &thing, const std::string &one, const std::string &many)
{
    return std::to_string(count) + " " + thing + (count == 1 ? " " + one : "s " + many);
}

} // namespace

std::string InventoryBuilder::text(std::string_view bytes) { return wellFormed(bytes, m_replaced); }

Instant InventoryBuilder::instant(std::int64_t milliseconds) { return fromMillis(std::clamp(milliseconds, kFirstMillis, kLastMillis)); }

std::string InventoryBuilder::key(const std::string &workspace, const std::string &name)
{
    return std::to_string(workspace.size()) + ":" + workspace + name;
}

SourceModel &InventoryBuilder::model(const std::string &workspace, const std::string &name)
{
    const auto [at, isNew] = m_models.try_emplace(key(workspace, name), m_inventory.models.size());
    if (isNew) {
        SourceModel &model = m_inventory.models.emplace_back();
        model.workspace = workspace;
        model.name = name;
    }
    return m_inventory.models[at->second];
}

SourceModel *InventoryBuilder::findModel(const std::string &workspace, const std::string &name)
{
    const auto at = m_models.find(key(workspace, name));
    return at == m_models.end() ? nullptr : &m_inventory.models[at->second];
}

SourceRun &InventoryBuilder::run(const std::string &id)
{
    const auto [at, isNew] = m_runs.try_emplace(id, m_inventory.runs.size());
    if (isNew)
        m_inventory.runs.emplace_back().id = id;
    return m_inventory.runs[at->second];
}

SourceRun *InventoryBuilder::findRun(const std::string &id)
{
    const auto at = m_runs.find(id);
    return at == m_runs.end() ? nullptr : &m_inventory.runs[at->second];
}

void InventoryBuilder::dropPrompts() { m_prompts += std::erase_if(m_inventory.models, isPrompt); }

void InventoryBuilder::sortAll()
{
    std::ranges::sort(m_inventory.models, {}, [](const SourceModel &model) { return std::tie(model.workspace, model.name); });
    for (SourceModel &model : m_inventory.models) {
        std::ranges::sort(model.tags);
        std::ranges::sort(model.aliases);
        std::ranges::sort(model.versions, {}, versionOrder);
        for (SourceVersion &version : model.versions)
            std::ranges::sort(version.tags);
    }
    std::ranges::sort(m_inventory.runs, {}, &SourceRun::id);
    for (SourceRun &run : m_inventory.runs) {
        std::ranges::sort(run.parameters);
        std::ranges::sort(run.tags);
        std::ranges::sort(run.metrics);
        const auto twice = std::ranges::unique(run.metrics);
        run.metrics.erase(twice.begin(), twice.end());
    }
}

void InventoryBuilder::addNotes()
{
    if (m_prompts)
        note(counted(m_prompts, "prompt", "is not a model and was", "are not models and were") + " left out.");
    if (m_deletedVersions)
        note(counted(m_deletedVersions, "deleted version", "was", "were") + " left out.");
    if (m_orphans)
        note(counted(m_orphans, "record", "refers to something that doesn't exist and was", "refer to things that don't exist and were")
             + " left out.");
    if (m_replaced)
        note(counted(m_replaced, "piece", "of text that was not valid UTF-8 was", "of text that were not valid UTF-8 were") + " replaced by U+FFFD.");
}

Inventory InventoryBuilder::finish(std::string description)
{
    m_inventory.description = std::move(description);
    dropPrompts();
    sortAll();
    addNotes();
    m_models.clear();
    m_runs.clear();
    return std::move(m_inventory);
}

void sortPoints(std::vector<Point> &points)
{
    const auto isBefore = [](const Point &a, const Point &b) {
        if (a.time != b.time || a.step != b.step)
            return std::tie(a.time, a.step) < std::tie(b.time, b.step);
        return !std::isnan(a.value) && (std::isnan(b.value) || a.value < b.value);
    };
    if (!std::ranges::is_sorted(points, isBefore))
        std::ranges::sort(points, isBefore);
    const auto isSame = [](const Point &a, const Point &b) {
        const bool sameValue = a.value == b.value || (std::isnan(a.value) && std::isnan(b.value));
        return a.time == b.time && a.step == b.step && sameValue;
    };
    const auto twice = std::ranges::unique(points, isSame);
    points.erase(twice.begin(), twice.end());
}

std::string runStatus(std::string_view text)
{
    constexpr std::string_view words[] = {"", "RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"};
    if (text.size() == 1 && text[0] >= '1' && text[0] <= '5')
        return std::string(words[text[0] - '0']);
    return std::string(text);
}

} // namespace countersign::importers
