#include "models/importers/mlflow/runlinks.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace countersign::importers {

namespace {

using VersionKey = std::tuple<std::string_view, std::string_view, std::string_view>; // workspace, model, version

const std::string *findTag(const SourceRun &run, std::string_view key)
{
    const auto tag = std::ranges::find(run.tags, key, &Tag::first);
    return tag == run.tags.end() ? nullptr : &tag->second;
}

} // namespace

std::unordered_map<std::string, VersionIndex> linkRuns(const Inventory &inventory)
{
    std::unordered_map<std::string, VersionIndex> links;
    std::map<VersionKey, VersionIndex> versions;
    for (std::size_t m = 0; m < inventory.models.size(); ++m) {
        const SourceModel &model = inventory.models[m];
        for (std::size_t v = 0; v < model.versions.size(); ++v) {
            versions.emplace(VersionKey(model.workspace, model.name, model.versions[v].label), VersionIndex{m, v});
            if (!model.versions[v].runId.empty())
                links.emplace(model.versions[v].runId, VersionIndex{m, v});
        }
    }
    for (const SourceRun &run : inventory.runs) {
        for (const LinkTags &tags : kLinkTags) {
            const std::string *const model = findTag(run, tags.model);
            const std::string *const version = findTag(run, tags.version);
            if (!model || !version)
                continue;
            const auto found = versions.find(VersionKey(run.workspace, *model, *version));
            if (found != versions.end())
                links.emplace(run.id, found->second);
        }
    }
    return links;
}

} // namespace countersign::importers
