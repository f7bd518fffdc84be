#include "ui/model/modelview.h"

#include "models/policy/evaluator.h"

#include <algorithm>

namespace countersign::pages {

namespace {

/// The rule's sentence in the revision that judged; the present one says what counts now where that is the same.
std::string ruleSentence(const std::vector<Rule> &rules, const Verdict &verdict)
{
    const auto found = std::ranges::find_if(rules, [&](const Rule &rule) { return rule.id == verdict.rule && rule.revision == verdict.ruleRevision; });
    return found == rules.end() ? std::string() : policy::sentence(*found);
}

Result<std::optional<VersionId>> chooseVersion(database::Connection &connection, const ModelView &view, const std::optional<VersionId> &wanted)
{
    const auto has = [&](const VersionId &id) { return std::ranges::any_of(view.versions, [&](const store::VersionRow &row) { return row.version.id == id; }); };
    if (wanted && has(*wanted))
        return wanted;
    const auto current = store::currentVersion(connection, view.model.id);
    if (!current)
        return current.error();
    if (*current && has(**current))
        return *current;
    return view.versions.empty() ? std::nullopt : std::optional(view.versions.front().version.id);
}

Status readVersion(services::Session &session, ModelView &view, const VersionId &id)
{
    database::Connection &connection = session.connection();
    view.current = *std::ranges::find(view.versions, id, [](const store::VersionRow &row) { return row.version.id; });
    const auto version = store::findVersion(connection, id);
    if (!version)
        return version.error();
    view.versionTags = version->tags;
    view.current->version.description = version->description;
    if (version->run) {
        const auto run = store::findRun(connection, *version->run);
        if (!run && run.error().kind != ErrorKind::NotFound)
            return run.error();
        if (run)
            view.run = *run;
    }
    const auto rules = store::listRules(connection, false);
    if (!rules)
        return rules.error();
    const auto verdicts = store::listVerdicts(connection, id, session.now());
    if (!verdicts)
        return verdicts.error();
    for (const Verdict &verdict : *verdicts)
        view.limits.push_back({verdict, ruleSentence(*rules, verdict)});
    auto signOffs = store::listSignOffs(connection, id);
    if (!signOffs)
        return signOffs.error();
    view.signOffs = std::move(*signOffs);
    return {};
}

} // namespace

Result<ModelView> readModel(services::Session &session, const ModelId &model, const std::optional<VersionId> &version)
{
    database::Connection &connection = session.connection();
    ModelView view;
    auto found = store::findModel(connection, model);
    if (!found)
        return found.error();
    view.model = std::move(*found);
    auto versions = store::listVersions(connection, model, session.now());
    if (!versions)
        return versions.error();
    view.versions = std::move(*versions);
    auto history = store::modelHistory(connection, model);
    if (!history)
        return history.error();
    view.history = std::move(*history);
    const auto chosen = chooseVersion(connection, view, version);
    if (!chosen)
        return chosen.error();
    if (*chosen) {
        if (const auto status = readVersion(session, view, **chosen); !status)
            return status.error();
    }
    return view;
}

} // namespace countersign::pages
