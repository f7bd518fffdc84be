#pragma once

#include "models/base/json.h"
#include "models/importers/source.h"

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace countersign::importers {

/// Everything that a registry gave.
struct Content {
    Inventory inventory;
    std::map<std::pair<std::string, std::string>, std::vector<Point>> histories; ///< by run and metric
};

Result<Content> readAll(Registry &registry);

/// What an older schema doesn't have.
struct Generation {
    bool hasModelTags = true;
    bool hasAliases = true;
    bool hasKilledRuns = true;
};

/// The differences between a content and the canonical content of a store (expected-*.json of the shared data), a line each.
std::vector<std::string> differences(const Content &content, const json::Value &expected, const Generation &generation = {});
Result<json::Value> loadExpected(const std::filesystem::path &file);

/// The differences between two contents, notes and descriptions aside. Used where one store is read in two ways.
std::vector<std::string> differences(const Inventory &first, const Inventory &second);

/// Unpacks a gzip file with zcat. False when there is none or it fails.
bool unpack(const std::filesystem::path &packed, const std::filesystem::path &to);

} // namespace countersign::importers
