#include "models/importers/mlflow/mlflowrest.h"

#include "models/base/number.h"

#include <algorithm>
#include <charconv>

namespace countersign::importers::rest {

std::string text(const json::Value &object, std::string_view key)
{
    const json::Value *const member = object.find(key);
    if (!member)
        return {};
    if (const std::string *const string = member->string())
        return *string;
    if (const json::Number *const number = member->number())
        return number->lexeme;
    return {};
}

std::int64_t integer(const json::Value &object, std::string_view key)
{
    const std::string digits = text(object, key); // protocol buffers may write 64 bits as a string
    std::int64_t number = 0;
    const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return code == std::errc() && end == digits.data() + digits.size() ? number : 0;
}

const json::Array &list(const json::Value &object, std::string_view key)
{
    static const json::Array none;
    const json::Value *const member = object.find(key);
    return member && member->array() ? *member->array() : none;
}

std::vector<Tag> pairs(const json::Value &object, std::string_view key, InventoryBuilder &builder)
{
    std::vector<Tag> pairs;
    for (const json::Value &entry : list(object, key))
        pairs.emplace_back(builder.text(text(entry, "key")), builder.text(text(entry, "value")));
    return pairs;
}

void readModel(const json::Value &value, const std::string &workspace, InventoryBuilder &builder)
{
    SourceModel &model = builder.model(workspace, builder.text(text(value, "name")));
    model.description = builder.text(text(value, "description"));
    model.createdAt = InventoryBuilder::instant(integer(value, "creation_timestamp"));
    model.updatedAt = InventoryBuilder::instant(integer(value, "last_updated_timestamp"));
    model.tags = pairs(value, "tags", builder);
    model.aliases.clear();
    for (const json::Value &alias : list(value, "aliases"))
        model.aliases.emplace_back(builder.text(text(alias, "alias")), builder.text(text(alias, "version")));
}

void readVersion(const json::Value &value, const std::string &workspace, InventoryBuilder &builder)
{
    SourceModel *const model = builder.findModel(workspace, builder.text(text(value, "name")));
    if (!model)
        return builder.countOrphan();
    SourceVersion version;
    version.label = builder.text(text(value, "version"));
    version.stage = builder.text(text(value, "current_stage"));
    if (InventoryBuilder::isDeletedVersion(version.stage))
        return builder.countDeletedVersion();
    version.description = builder.text(text(value, "description"));
    version.status = builder.text(text(value, "status"));
    version.artifactUri = builder.text(text(value, "source"));
    version.runId = builder.text(text(value, "run_id"));
    version.createdBy = builder.text(text(value, "user_id"));
    version.tags = pairs(value, "tags", builder);
    version.createdAt = InventoryBuilder::instant(integer(value, "creation_timestamp"));
    version.updatedAt = InventoryBuilder::instant(integer(value, "last_updated_timestamp"));
    const auto known = std::ranges::find(model->versions, version.label, &SourceVersion::label);
    if (known == model->versions.end())
        model->versions.push_back(std::move(version));
    else
        *known = std::move(version); // pages overlap while somebody registers
}

SourceRun *readRun(const json::Value &value, InventoryBuilder &builder)
{
    const json::Value *const info = value.find("info");
    const std::string id = info ? builder.text(text(*info, info->find("run_id") ? "run_id" : "run_uuid")) : std::string();
    if (id.empty())
        return nullptr;
    SourceRun &run = builder.run(id);
    run.experimentId = builder.text(text(*info, "experiment_id"));
    run.name = builder.text(text(*info, "run_name"));
    run.status = runStatus(builder.text(text(*info, "status")));
    run.isDeleted = text(*info, "lifecycle_stage") == "deleted";
    run.user = builder.text(text(*info, "user_id"));
    run.artifactUri = builder.text(text(*info, "artifact_uri"));
    const std::int64_t start = integer(*info, "start_time");
    const std::int64_t end = integer(*info, "end_time");
    run.startedAt = start ? std::optional(InventoryBuilder::instant(start)) : std::nullopt;
    run.endedAt = end ? std::optional(InventoryBuilder::instant(end)) : std::nullopt;
    run.metrics.clear();
    if (const json::Value *const data = value.find("data")) {
        run.parameters = pairs(*data, "params", builder);
        run.tags = pairs(*data, "tags", builder);
        for (const json::Value &metric : list(*data, "metrics"))
            run.metrics.push_back(builder.text(text(metric, "key")));
    }
    return &run;
}

Result<Point> readPoint(const json::Value &value)
{
    const auto number = number::parse(text(value, "value"));
    if (!number)
        return number.error();
    return Point{integer(value, "step"), InventoryBuilder::instant(integer(value, "timestamp")), *number};
}

} // namespace countersign::importers::rest
