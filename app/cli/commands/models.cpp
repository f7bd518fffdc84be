#include "app/cli/commands/commands.h"
#include "app/cli/terminal/output.h"
#include "models/services/inventory.h"

namespace countersign::cli {

namespace {

using Facts = std::vector<std::pair<std::string, std::string>>;

std::string orNone(const std::string &text) { return text.empty() ? "not provided" : text; }

Facts modelFacts(const MlModel &model)
{
    Facts facts{{"Model", model.name}, {"Id", model.id.text()}, {"Purpose", orNone(model.purpose)}, {"Use case", orNone(model.useCase)}, {"Owner", orNone(model.owner)},
                {"Tier", model.tier ? std::to_string(*model.tier) : "not provided"}, {"Description", orNone(model.description)}, {"Source", model.source},
                {"Recorded", timeText(model.createdAt) + ", changed " + timeText(model.updatedAt)}};
    for (const auto &[key, value] : model.tags)
        facts.emplace_back("Tag", key + " = " + value);
    return facts;
}

Facts versionFacts(const store::VersionRow &row)
{
    const ModelVersion &version = row.version;
    Facts facts{{"Version", version.label}, {"Stage", std::string(stageTitle(version.stage))}, {"Verdict", row.verdictSentence.empty() ? std::string(verdictTitle(row.verdict)) : row.verdictSentence}};
    for (const auto &alias : version.aliases)
        facts.emplace_back("Alias", alias);
    for (const auto &[key, value] : version.tags)
        facts.emplace_back("Tag", key + " = " + value);
    if (!version.artifactUri.empty())
        facts.emplace_back("Artifact", version.artifactUri);
    if (!version.description.empty())
        facts.emplace_back("Description", version.description);
    return facts;
}

/// Everything that show prints, read in one go.
struct Shown {
    services::Subject subject;
    std::vector<store::VersionRow> versions;
    std::optional<store::VersionRow> version;
    std::vector<Verdict> verdicts;
    std::vector<store::SignOffRow> signOffs;
};

Result<Shown> gather(services::Session &session, const std::string &text)
{
    auto subject = services::findSubject(session, text);
    if (!subject)
        return subject.error();
    Shown shown{std::move(*subject), {}, {}, {}, {}};
    auto &connection = session.connection();
    auto versions = store::listVersions(connection, shown.subject.model.id, session.now());
    if (!versions)
        return versions.error();
    shown.versions = std::move(*versions);
    auto id = shown.subject.version ? Result<std::optional<VersionId>>(std::optional(shown.subject.version->id)) : store::currentVersion(connection, shown.subject.model.id);
    if (!id)
        return id.error();
    if (!*id)
        return shown;
    auto row = store::versionRow(connection, **id, session.now());
    const auto full = store::findVersion(connection, **id);
    auto verdicts = store::listVerdicts(connection, **id, session.now());
    auto signOffs = store::listSignOffs(connection, **id);
    if (!row || !full || !verdicts || !signOffs)
        return !row ? row.error() : !full ? full.error() : !verdicts ? verdicts.error() : signOffs.error();
    row->version = *full;
    shown.version = std::move(*row);
    shown.verdicts = std::move(*verdicts);
    shown.signOffs = std::move(*signOffs);
    return shown;
}

void showJson(Context &context, const Shown &shown)
{
    json::Array versions, verdicts, signOffs;
    for (const auto &row : shown.versions)
        versions.emplace_back(row.version.label);
    for (const auto &verdict : shown.verdicts)
        verdicts.emplace_back(verdictJson(verdict));
    for (const auto &row : shown.signOffs)
        signOffs.emplace_back(signOffJson(row));
    printJson(context, "show", {{"model", modelJson(shown.subject.model)}, {"signOffs", std::move(signOffs)}, {"verdicts", std::move(verdicts)},
                                {"version", shown.version ? json::Value(versionJson(*shown.version)) : json::Value()}, {"versions", std::move(versions)}});
}

void showText(Context &context, const Shown &shown)
{
    std::string labels;
    for (const auto &row : shown.versions)
        labels += (labels.empty() ? "" : ", ") + row.version.label;
    auto facts = modelFacts(shown.subject.model);
    facts.emplace_back("Versions", labels.empty() ? "none" : labels);
    std::string out = factLines(facts);
    if (shown.version)
        out += "\n" + factLines(versionFacts(*shown.version));
    Facts lines;
    for (const auto &verdict : shown.verdicts)
        lines.emplace_back(verdictTitle(verdict.state), (verdict.slice.isOverall() ? "" : verdict.slice.shown() + ": ") + verdict.sentence);
    if (!lines.empty())
        out += "\nLimits\n" + factLines(lines);
    lines.clear();
    for (const auto &row : shown.signOffs)
        lines.emplace_back(row.signOff.withdrawn ? "Withdrawn" : row.signOff.isStale ? "Stale" : row.signOff.decision == Decision::Approve ? "Approved" : "Rejected",
                           row.signOff.personName + ", " + std::string(roleTitle(row.signOff.role)) + ", " + timeText(row.signOff.signedAt) + ", entry " + std::to_string(row.signOff.entry) + ": "
                               + row.signOff.meaning);
    if (!lines.empty())
        out += "\nSign-offs\n" + factLines(lines);
    context.terminal().print(out);
}

Result<services::FactsRequest> factsOf(Context &context, const services::Subject &subject)
{
    const CommandLine &line = context.line();
    services::FactsRequest request;
    request.model = subject.model.id;
    request.owner = line.value("--owner");
    request.purpose = line.value("--purpose");
    request.useCase = line.value("--use-case");
    if (line.value("--tier") == "none") {
        request.tier = std::optional<int>();
    } else {
        const auto tier = line.integer("--tier");
        if (!tier)
            return tier.error();
        if (tier->has_value())
            request.tier = std::optional(static_cast<int>(std::min<std::int64_t>(**tier, 99)));
    }
    if (const auto text = line.value("--stage")) {
        const auto stage = parseStage(*text);
        if (!stage)
            return stage.error().in("--stage");
        const auto version = services::findVersionSubject(context.session(), line.argument(0));
        if (!version)
            return version.error();
        request.version = version->version->id;
        request.stage = *stage;
    }
    return request;
}

} // namespace

Result<ExitCode> runShow(Context &context)
{
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto shown = gather(**session, context.line().argument(0));
    if (!shown)
        return shown.error();
    context.isJson() ? showJson(context, *shown) : showText(context, *shown);
    return Done;
}

Result<ExitCode> runSet(Context &context)
{
    const CommandLine &line = context.line();
    if (!line.has("--tier") && !line.has("--stage") && !line.has("--owner") && !line.has("--purpose") && !line.has("--use-case"))
        return usageError("Say what to set.", line.path());
    const auto session = context.openForWriting();
    if (!session)
        return session.error();
    const auto subject = services::findSubject(**session, line.argument(0));
    if (!subject)
        return subject.error();
    const auto request = factsOf(context, *subject);
    if (!request)
        return request.error();
    if (const auto status = context.ensureDevice(); !status)
        return status.error();
    const auto changed = services::setFacts(**session, *request);
    if (!changed)
        return changed.error();
    if (context.isJson())
        printJson(context, "set", {{"changed", *changed}, {"model", subject->model.id.text()}});
    else
        context.terminal().print(*changed == 0 ? "Nothing changed: that is what was recorded.\n" : std::to_string(*changed) + (*changed == 1 ? " field changed.\n" : " fields changed.\n"));
    return Done;
}

} // namespace countersign::cli
