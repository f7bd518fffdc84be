#pragma once

#include "models/importers/source.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace countersign::importers {

/// Puts an Inventory together from what MLflow's database, server or folder holds, by one set of rules: prompts are no models, deleted
/// versions are left out, everything is sorted, text is cleaned and times lie between the years 1 and 9999. What is left out or changed
/// becomes a note.
class InventoryBuilder
{
public:
    /// Text as the source has it, made well-formed.
    std::string text(std::string_view bytes);
    /// Empty for MLflow's "default": that is where everything lies that was there before a store had workspaces, and it keeps its name.
    std::string workspace(std::string_view bytes) { return bytes == "default" ? std::string() : text(bytes); }
    /// Milliseconds since 1970, held to the years that can be written.
    static Instant instant(std::int64_t milliseconds);
    static bool isDeletedVersion(std::string_view stage) { return stage == "Deleted_Internal"; }

    /// Names are unique per workspace: a model that is there already is given back as it is.
    SourceModel &model(const std::string &workspace, const std::string &name);
    SourceModel *findModel(const std::string &workspace, const std::string &name);
    void countDeletedVersion() { ++m_deletedVersions; }
    void countOrphan() { ++m_orphans; }
    void note(std::string sentence) { m_inventory.notes.push_back(std::move(sentence)); }
    /// A run that is there already (a page served twice) is given back as it is.
    SourceRun &run(const std::string &id);
    SourceRun *findRun(const std::string &id);

    Inventory finish(std::string description);

private:
    static std::string key(const std::string &workspace, const std::string &name);
    void dropPrompts();
    void sortAll();
    void addNotes();

    Inventory m_inventory;
    std::unordered_map<std::string, std::size_t> m_models;
    std::unordered_map<std::string, std::size_t> m_runs;
    std::uint64_t m_replaced = 0;
    std::size_t m_prompts = 0;
    std::size_t m_deletedVersions = 0;
    std::size_t m_orphans = 0;
};

/// In the order of (time, step, value) with NaN last, and without exact repetitions.
void sortPoints(std::vector<Point> &points);

/// MLflow's status of a run: the word, or the number that file stores keep.
std::string runStatus(std::string_view text);

} // namespace countersign::importers
