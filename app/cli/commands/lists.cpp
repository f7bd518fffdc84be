#include "app/cli/commands/commands.h"
#include "app/cli/commands/inventoryfilter.h"
#include "app/cli/terminal/output.h"
#include "models/policy/evaluator.h"
#include "models/services/inventory.h"
#include "models/store/queries/inventoryquery.h"

#include <algorithm>
#include <array>
#include <set>

namespace countersign::cli {

namespace {

using Side = Columns::Side;

constexpr std::array<std::string_view, 4> kSignWords{"not signed", "signed", "stale", "rejected"};
constexpr std::size_t kPage = 2000;

std::string signWord(int state) { return std::string(kSignWords[static_cast<std::size_t>(std::clamp(state, 0, 3))]); }

std::string standing(const SignOff &signOff)
{
    if (signOff.withdrawn)
        return "withdrawn: " + signOff.withdrawn->reason;
    return signOff.isStale ? "stale: " + (signOff.changes.empty() ? std::string() : signOff.changes.front()) : "valid";
}

/// The models that a word of the command line names, when it names one.
Result<std::optional<services::Subject>> subjectOf(Context &context)
{
    const std::string text = context.line().argument(0);
    if (text.empty())
        return std::optional<services::Subject>();
    auto subject = services::findSubject(context.session(), text);
    if (!subject)
        return subject.error();
    return std::optional(std::move(*subject));
}

void addModel(Listing &listing, const store::InventoryRow &row)
{
    json::Object item{{"id", row.id.text()}, {"name", row.name}, {"owner", row.owner.empty() ? json::Value() : json::Value(row.owner)}, {"sentence", row.verdictSentence},
                      {"signed", signWord(row.signState)}, {"stage", stageKey(row.stage)}, {"tier", row.tier ? json::Value(*row.tier) : json::Value()},
                      {"useCase", row.useCase.empty() ? json::Value() : json::Value(row.useCase)}, {"verdict", verdictKey(row.verdict)},
                      {"version", row.currentLabel.empty() ? json::Value() : json::Value(row.currentLabel)}, {"versions", row.versionCount},
                      {"worst", row.worst}};
    setTime(item, "updatedAt", row.updatedAt);
    listing.add({row.name, row.currentLabel, row.tier ? std::to_string(*row.tier) : "", std::string(stageTitle(row.stage)), std::string(verdictTitle(row.verdict)),
                 signWord(row.signState), row.owner, row.worst},
                std::move(item));
}

std::string intervalText(const Observation &observation)
{
    if (!observation.lower && !observation.upper)
        return {};
    return "[" + (observation.lower ? realText(*observation.lower) : "") + ", " + (observation.upper ? realText(*observation.upper) : "") + "]";
}

void addObservation(Listing &listing, const store::SeriesRow &series, const std::optional<store::ObservationRow> &row)
{
    json::Object item{{"count", series.count}, {"metric", series.key.metric}, {"run", series.key.run ? json::Value(series.key.run->text()) : json::Value()},
                      {"slice", series.key.slice.text()}};
    std::vector<std::string> cells{series.key.metric, series.key.slice.shown(), std::to_string(series.count), "", "", "", ""};
    if (row) {
        const Observation observation = row->observation();
        item.set("latest", observationJson(observation));
        cells[3] = realText(observation.value);
        cells[4] = intervalText(observation);
        cells[5] = observation.n ? std::to_string(*observation.n) : "";
        cells[6] = timeText(observation.window.end);
    }
    listing.add(std::move(cells), std::move(item));
}

void addEvent(Listing &listing, const store::TrailRow &row)
{
    json::Object item{{"actor", row.actor}, {"actorName", row.actorName}, {"entry", row.entry}, {"kind", row.kind}, {"leaf", row.leaf.text()},
                      {"model", row.model.isEmpty() ? json::Value() : json::Value(row.model.text())}, {"subject", row.subject}, {"summary", row.summary},
                      {"version", row.version.isEmpty() ? json::Value() : json::Value(row.version.text())}};
    setTime(item, "time", row.at);
    listing.add({std::to_string(row.entry), timeText(row.at), row.actorName, row.kind, row.summary, row.leaf.shortHex()}, std::move(item));
}

} // namespace

Result<ExitCode> runListModels(Context &context)
{
    const auto filter = parseInventoryFilter(context.line().valueOr("--filter", {}));
    if (!filter)
        return filter.error().in("--filter");
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    auto numbers = store::inventoryOrder((*session)->connection(), *filter, {}, (*session)->now());
    if (!numbers)
        return numbers.error();
    const auto limit = limitOf(context);
    if (!limit)
        return limit.error();
    Listing listing(context, "models", {{"Model"}, {"Version"}, {"Tier", Side::Right}, {"Stage"}, {"Verdict"}, {"Signed"}, {"Owner"}, {"Worst limit"}});
    listing.setFiltered(numbers->size());
    numbers->resize(std::min(numbers->size(), *limit));
    for (std::size_t from = 0; from < numbers->size(); from += kPage) {
        const auto end = std::min(from + kPage, numbers->size());
        const auto rows = store::inventoryRows((*session)->connection(), {numbers->begin() + static_cast<std::ptrdiff_t>(from), numbers->begin() + static_cast<std::ptrdiff_t>(end)}, (*session)->now());
        if (!rows)
            return rows.error();
        for (const auto &row : *rows)
            addModel(listing, row);
    }
    return listing.finish("No models yet. Import some with: countersign-cli import mlflow SOURCE");
}

Result<ExitCode> runListVersions(Context &context)
{
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto subject = subjectOf(context);
    if (!subject)
        return subject.error();
    const auto rows = store::listVersions((*session)->connection(), *subject ? std::optional((*subject)->model.id) : std::nullopt, (*session)->now());
    if (!rows)
        return rows.error();
    Listing listing(context, "versions", {{"Model"}, {"Version"}, {"Stage"}, {"Verdict"}, {"Signed", Side::Right}, {"Stale", Side::Right}, {"Worst limit"}});
    for (const auto &row : *rows) {
        if (*subject && (*subject)->version && (*subject)->version->id != row.version.id)
            continue;
        listing.add({row.modelName, row.version.label, std::string(stageTitle(row.version.stage)), std::string(verdictTitle(row.verdict)), std::to_string(row.signOffs),
                     std::to_string(row.staleSignOffs), row.worst},
                    versionJson(row));
    }
    return listing.finish("No versions yet. Import some with: countersign-cli import mlflow SOURCE");
}

Result<ExitCode> runListMetrics(Context &context)
{
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    auto &connection = (*session)->connection();
    const auto subject = services::findVersionSubject(**session, context.line().argument(0));
    if (!subject)
        return subject.error();
    const auto series = store::listSeries(connection, subject->version->id, true);
    if (!series)
        return series.error();
    context.terminal().detail("Metrics of " + subject->model.name + " version " + subject->version->label + ".");
    const bool isHistory = context.line().has("--history");
    Listing listing(context, "metrics", {{"Metric"}, {"Slice"}, {"Values", Side::Right}, {"Value", Side::Right}, {"Interval"}, {"n", Side::Right}, {"Window ends"}});
    for (const auto &row : *series) {
        if (!isHistory) {
            addObservation(listing, row, row.latest);
            continue;
        }
        const auto values = store::readObservations(connection, row.id);
        if (!values)
            return values.error();
        for (const auto &value : *values)
            addObservation(listing, row, value);
    }
    return listing.finish("No metrics yet for " + subject->model.name + " version " + subject->version->label + ". Import some with: countersign-cli import metrics FILE");
}

Result<ExitCode> runListSignOffs(Context &context)
{
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    auto &connection = (*session)->connection();
    const auto subject = subjectOf(context);
    if (!subject)
        return subject.error();
    const bool isVersion = *subject && (*subject)->version;
    const auto rows = store::listSignOffs(connection, isVersion ? std::optional((*subject)->version->id) : std::nullopt);
    if (!rows)
        return rows.error();
    std::set<VersionId> wanted;
    if (*subject && !isVersion) {
        const auto versions = store::listVersions(connection, (*subject)->model.id, (*session)->now());
        if (!versions)
            return versions.error();
        for (const auto &row : *versions)
            wanted.insert(row.version.id);
    }
    Listing listing(context, "signoffs", {{"Entry", Side::Right}, {"Signed"}, {"Model"}, {"Version"}, {"Decision"}, {"Name"}, {"Role"}, {"Meaning"}, {"State"}});
    for (const auto &row : *rows) {
        const SignOff &signOff = row.signOff;
        if (*subject && !isVersion && !wanted.contains(signOff.version))
            continue;
        listing.add({std::to_string(signOff.entry), timeText(signOff.signedAt), row.modelName, row.versionLabel, std::string(decisionKey(signOff.decision)), signOff.personName,
                     std::string(roleTitle(signOff.role)), signOff.meaning, standing(signOff)},
                    signOffJson(row));
    }
    return listing.finish("Nothing is signed yet. Begin with: countersign-cli review freeze MODEL/VERSION");
}

Result<ExitCode> runListEvents(Context &context)
{
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    auto &connection = (*session)->connection();
    store::TrailFilter filter;
    filter.text = context.line().valueOr("--filter", {});
    auto entries = store::trailEntries(connection, filter);
    if (!entries)
        return entries.error();
    const auto limit = limitOf(context);
    if (!limit)
        return limit.error();
    Listing listing(context, "events", {{"Entry", Side::Right}, {"Time"}, {"By"}, {"Event"}, {"What"}, {"Hash"}});
    listing.setFiltered(entries->size());
    entries->resize(std::min(entries->size(), *limit));
    for (std::size_t from = 0; from < entries->size(); from += kPage) {
        const auto end = std::min(from + kPage, entries->size());
        const auto rows = store::trailRows(connection, {entries->begin() + static_cast<std::ptrdiff_t>(from), entries->begin() + static_cast<std::ptrdiff_t>(end)});
        if (!rows)
            return rows.error();
        for (const auto &row : *rows)
            addEvent(listing, row);
    }
    return listing.finish("The trail is empty.");
}

Result<ExitCode> runListImports(Context &context)
{
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto rows = store::listImports((*session)->connection());
    if (!rows)
        return rows.error();
    Listing listing(context, "imports", {{"Import"}, {"Time"}, {"By"}, {"Models", Side::Right}, {"Versions", Side::Right}, {"Values", Side::Right}, {"Rejected", Side::Right}, {"State"}, {"Source"}});
    for (const auto &row : *rows) {
        json::Object item{{"actor", row.actor}, {"changes", row.changes}, {"content", row.content}, {"description", row.description}, {"entry", row.entry}, {"id", row.id.text()},
                          {"kind", row.kind}, {"models", row.models}, {"number", row.number()}, {"observations", row.observations}, {"rejected", row.rejected},
                          {"restated", row.restated}, {"runs", row.runs}, {"source", row.source}, {"undoneBy", row.undoneBy ? json::Value(*row.undoneBy) : json::Value()},
                          {"versions", row.versions}};
        setTime(item, "time", row.at);
        listing.add({row.number(), timeText(row.at), row.actor, std::to_string(row.models), std::to_string(row.versions), std::to_string(row.observations),
                     std::to_string(row.rejected), row.undoneBy ? "undone by entry " + std::to_string(*row.undoneBy) : "in force", row.source},
                    std::move(item));
    }
    return listing.finish("Nothing is imported yet. Begin with: countersign-cli import mlflow SOURCE");
}

Result<ExitCode> runListReports(Context &context)
{
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto rows = store::listReports((*session)->connection());
    if (!rows)
        return rows.error();
    Listing listing(context, "reports", {{"Entry", Side::Right}, {"Time"}, {"By"}, {"Model"}, {"Version"}, {"Title"}, {"Facts"}});
    for (const auto &row : *rows) {
        json::Object item{{"actor", row.actor}, {"entry", row.entry}, {"facts", row.facts.text()}, {"id", row.id.text()}, {"model", row.modelName}, {"title", row.title},
                          {"version", row.versionLabel}};
        setTime(item, "time", row.at);
        listing.add({std::to_string(row.entry), timeText(row.at), row.actor, row.modelName, row.versionLabel, row.title, row.facts.shortHex()}, std::move(item));
    }
    return listing.finish("No report is made yet.");
}

Result<ExitCode> runListRules(Context &context)
{
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto rules = store::listRules((*session)->connection(), !context.line().has("--all"));
    if (!rules)
        return rules.error();
    Listing listing(context, "rules", {{"Rule"}, {"Revision", Side::Right}, {"Limit"}, {"Severity"}, {"Applies to"}, {"In force from"}, {"State"}});
    for (const Rule &rule : *rules) {
        std::string scope = rule.tiers.empty() ? "all models" : policy::tiersText(rule);
        if (rule.model) {
            const auto model = store::findModel((*session)->connection(), *rule.model);
            scope = model ? model->name : rule.model->text();
        }
        listing.add({rule.id.text().substr(0, 10), std::to_string(rule.revision), policy::sentence(rule), std::string(severityTitle(rule.severity)), scope, rule.inForceFrom == Instant{} ? "the beginning" : formatDate(rule.inForceFrom),
                     rule.isRetired ? "retired" : "in force"},
                    ruleJson(rule));
    }
    return listing.finish("No limits yet. Set one with: countersign-cli rule add --metric auc --at-least 0.7");
}

} // namespace countersign::cli
