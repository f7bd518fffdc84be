#include "app/cli/commands/commands.h"
#include "app/cli/commands/importtext.h"
#include "app/cli/options/computing.h"
#include "app/cli/terminal/output.h"
#include "app/cli/text/computedtext.h"
#include "models/computed/record/recompute.h"
#include "models/computed/scores/scoresummary.h"
#include "models/computed/scores/tablekeeper.h"
#include "models/services/computed/computedsets.h"

namespace countersign::cli {

namespace {

using Side = Columns::Side;

/// --period, --series, --series-depth.
Result<services::ObservationOptions> observationsOf(const CommandLine &line)
{
    services::ObservationOptions options;
    options.metrics = line.values("--series");
    const auto depth = line.integer("--series-depth");
    if (!depth)
        return depth.error();
    if (*depth && (**depth < 0 || **depth > 8))
        return usageError("--series-depth is from 0 to 8.", line.path());
    if (*depth)
        options.depth = static_cast<std::size_t>(**depth);
    if (const auto period = line.values("--period"); period.size() == 2) {
        const auto from = parseTime(period[0]);
        const auto to = parseTime(period[1]);
        if (!from || !to)
            return (from ? to : from).error().in("--period");
        if (*from > *to)
            return usageError("--period begins before it ends.", line.path());
        options.window = Window{*from, *to};
    }
    return options;
}

json::Value windowValue(const std::optional<computed::ComputedWindow> &window) { return window ? json::Value(window->name) : json::Value(); }

json::Object groupObject(const computed::GroupValues &group)
{
    json::Object object;
    for (const auto &[attribute, value] : group)
        object.set(attribute, value);
    return object;
}

json::Object recomputationJson(const services::ComputedRow &row, const computed::Recomputation &outcome)
{
    json::Array first;
    for (const auto &difference : outcome.first)
        first.emplace_back(json::Object{{"group", groupObject(difference.group)}, {"metric", difference.metric}, {"recomputed", difference.recomputed},
                                        {"sentence", difference.sentence()}, {"stored", difference.stored}, {"what", computed::whatKey(difference.what)},
                                        {"window", windowValue(difference.window)}});
    return {{"compared", outcome.compared}, {"differences", outcome.differences}, {"engine", outcome.engine}, {"equal", outcome.isEqual()}, {"first", std::move(first)},
            {"import", row.import.text()}, {"log", json::Object{{"digest", outcome.log.text()}, {"path", outcome.logName}}}, {"number", row.number()},
            {"rowsDigest", outcome.rows.text()}, {"sameLog", outcome.isSameLog()}, {"sentence", outcome.sentence()}, {"storedEngine", outcome.storedEngine},
            {"storedLog", json::Object{{"digest", outcome.storedLog.text()}, {"path", row.log}}}, {"storedRowsDigest", outcome.storedRows.text()}};
}

std::string recomputationText(const services::ComputedRow &row, const computed::Recomputation &outcome)
{
    std::string text = row.number() + ", " + row.modelName + " " + row.versionLabel + ". " + outcome.sentence() + "\n";
    for (const auto &difference : outcome.first)
        text += "  " + difference.sentence() + "\n";
    if (outcome.differences > outcome.first.size())
        text += "  … and " + std::to_string(outcome.differences - outcome.first.size()) + " more.\n";
    return text;
}

std::string checkText(const services::ComputedRow &row)
{
    if (!row.lastCheck)
        return {};
    return (row.lastCheck->isEqual ? "equal, " : std::to_string(row.lastCheck->differences) + " differ, ") + timeText(row.lastCheck->at);
}

void addRow(Listing &listing, const services::ComputedRow &row)
{
    json::Object item{{"actor", row.actor}, {"cells", row.cells}, {"engine", row.engine}, {"entry", row.entry}, {"hasScores", row.hasScores}, {"import", row.import.text()},
                      {"log", row.log}, {"logBytes", row.logBytes}, {"logDigest", row.logDigest.text()}, {"model", row.model.text()}, {"modelName", row.modelName},
                      {"note", row.note}, {"number", row.number()}, {"observations", row.observations}, {"rejected", row.rejected}, {"rows", row.rows},
                      {"rowsDigest", row.rowsDigest.text()}, {"set", row.set.text()}, {"undoneBy", row.undoneBy ? json::Value(*row.undoneBy) : json::Value()},
                      {"version", row.version.text()}, {"versionLabel", row.versionLabel}, {"windows", row.windows}};
    setTime(item, "time", row.at);
    item.set("lastCheck", row.lastCheck ? json::Value(json::Object{{"differences", row.lastCheck->differences}, {"entry", row.lastCheck->entry}, {"equal", row.lastCheck->isEqual}})
                                        : json::Value());
    listing.add({row.number(), row.versionLabel, timeText(row.at), row.actor, row.log, row.logDigest.shortHex(), std::to_string(row.rows), std::to_string(row.rejected),
                 std::to_string(row.cells), std::to_string(row.windows), row.undoneBy ? "undone" : checkText(row)},
                std::move(item));
}

/// The log's table on this computer, where --keep-table asks for it. What goes wrong is said, and the figures are recorded all the same.
class KeptTable
{
public:
    explicit KeptTable(Context &context) : m_context(context)
    {
        if (!context.line().has("--keep-table") || context.line().has("--preview"))
            return;
        if (const auto profile = context.profile())
            m_folder = (*profile)->folders().cache / "tables";
    }

    void write(const computed::Table &table, const Progress &progress)
    {
        if (m_folder.empty())
            return;
        // What the columns mean is settled by now, but only the set says it: the name waits for it anyway.
        m_keeper.emplace(m_folder, predictions::Mapping(), table.unit());
        m_keeper->write(table, progress);
    }

    void finish(const computed::ComputedSet &set)
    {
        const auto status = m_keeper ? m_keeper->finish(set) : std::nullopt;
        if (status && *status)
            m_context.terminal().say("The table of the log is kept on this computer, in " + m_folder.string() + ".");
        else if (status)
            m_context.terminal().say("The table of the log was not kept: " + status->error().text());
        else if (!m_folder.empty())
            m_context.terminal().say("There is no table to keep: it is made of logs with two outcomes.");
    }

private:
    Context &m_context;
    std::filesystem::path m_folder; ///< empty: not asked for
    std::optional<computed::TableKeeper> m_keeper;
};

} // namespace

Result<ExitCode> runMetricsImport(Context &context)
{
    const CommandLine &line = context.line();
    const auto observations = observationsOf(line);
    if (!observations)
        return observations.error();
    const bool isPreview = line.has("--preview");
    const auto session = isPreview ? context.openForRehearsal() : context.openForDevice(); // asks for what is missing before the log is read
    if (!session)
        return session.error();
    services::ComputedImport import;
    import.model = line.valueOr("--model", {});
    import.label = line.valueOr("--version", {});
    import.note = line.valueOr("--note", {});
    import.observations = *observations;
    const Progress progress = context.terminal().progress();
    Status summarized;
    KeptTable kept(context);
    auto set = computeNamed(context, [&](const scoretables::Table &table) {
        kept.write(table, progress);
        if (line.has("--no-scores") || !table.hasScores() || table.size() == 0)
            return;
        const auto summary = computed::summarizeScores(table, 0, progress);
        if (summary)
            import.scores = computed::writeScores(*summary);
        else
            summarized = summary.error();
    });
    if (!set)
        return set.error();
    if (!summarized)
        return summarized.error();
    kept.finish(*set);
    for (const std::string &note : notesOf(*set))
        context.terminal().say("Note: " + note);
    import.set = std::make_shared<computed::ComputedSet>(*std::move(set));
    const auto outcome = isPreview ? services::previewComputed(**session, import, progress) : services::recordComputed(**session, import, progress);
    context.terminal().endProgress();
    if (!outcome)
        return outcome.error();
    return printOutcome(context, *outcome, isPreview, true);
}

Result<ExitCode> runMetricsRecompute(Context &context)
{
    const CommandLine &line = context.line();
    const bool isRecorded = line.has("--record");
    const auto session = isRecorded ? context.openForDevice() : context.openForReading();
    if (!session)
        return session.error();
    const auto row = services::findComputed(**session, line.argument(0));
    if (!row)
        return row.error();
    const auto stored = services::loadComputed(**session, row->import);
    if (!stored)
        return stored.error();
    computed::RecomputeOptions options;
    if (const auto reference = line.value("--reference"))
        options.referenceLog = *reference;
    options.evenIfAnotherLog = line.has("--any-log");
    options.isBounded = line.has("--bounded");
    options.read.progress = context.terminal().progress();
    const auto outcome = computed::recompute(*stored, line.valueOr("--log", {}), options);
    context.terminal().endProgress();
    if (!outcome)
        return outcome.error();
    json::Object document = recomputationJson(*row, *outcome);
    if (isRecorded) {
        const auto entry = services::recordRecomputation(**session, row->import, *outcome);
        if (!entry)
            return entry.error();
        document.set("entry", *entry);
    }
    if (context.isJson())
        printJson(context, "recompute", std::move(document));
    else
        context.terminal().print(recomputationText(*row, *outcome));
    return outcome->isEqual() ? Done : Integrity;
}

Result<ExitCode> runMetricsList(Context &context)
{
    const auto rows = listOfSubject(context, [](services::Session &session, const auto &id) { return services::listComputed(session, id); });
    if (!rows)
        return rows.error();
    Listing listing(context, "computed", {{"No"}, {"Version"}, {"Recorded"}, {"By"}, {"Log"}, {"SHA-256"}, {"Rows", Side::Right}, {"Rejected", Side::Right},
                                          {"Groups", Side::Right}, {"Windows", Side::Right}, {"Computed again"}});
    for (const auto &row : *rows)
        addRow(listing, row);
    return listing.finish("No figures are recorded of it. Record some: countersign-cli metrics import LOG.");
}

} // namespace countersign::cli
