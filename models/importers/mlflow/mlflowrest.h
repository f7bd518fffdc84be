#pragma once

#include "models/base/json.h"
#include "models/importers/mlflow/inventorybuilder.h"

#include <optional>
#include <string>
#include <string_view>

/// Which member of MLflow's REST answers is which field of ours. Members that are empty, 0 or null are absent from the answers.
namespace countersign::importers::rest {

/// The text of a member: a string, or a number as it was written (versions and ids come as either). Empty when absent.
std::string text(const json::Value &object, std::string_view key);
std::int64_t integer(const json::Value &object, std::string_view key);
/// An array member, empty when absent or something else.
const json::Array &list(const json::Value &object, std::string_view key);
/// Key and value of every entry of a list of tags or parameters.
std::vector<Tag> pairs(const json::Value &object, std::string_view key, InventoryBuilder &builder);

void readModel(const json::Value &model, const std::string &workspace, InventoryBuilder &builder);
void readVersion(const json::Value &version, const std::string &workspace, InventoryBuilder &builder);
/// The run, without the name of its experiment and its workspace. Nothing when it has no id.
SourceRun *readRun(const json::Value &run, InventoryBuilder &builder);
/// Invalid: a value that is no number.
Result<Point> readPoint(const json::Value &point);

} // namespace countersign::importers::rest
