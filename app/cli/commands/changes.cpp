#include "app/cli/commands/commands.h"
#include "app/cli/terminal/output.h"
#include "models/services/computed/changes.h"

namespace countersign::cli {

namespace {

using services::ChangeRequest;

json::Array thresholdsJson(const services::ChangeProposal &proposal)
{
    json::Array array;
    for (const auto &threshold : proposal.thresholds) {
        json::Object item{{"group", threshold.group.text()}};
        setReal(item, "threshold", threshold.threshold);
        array.emplace_back(std::move(item));
    }
    return array;
}

json::Object changeJson(const ChangeRequest &change)
{
    const auto &proposal = change.proposal;
    json::Object item{{"actor", change.actor}, {"attributes", textArray(proposal.attributes)}, {"basis", proposal.basis ? json::Value(proposal.basis->text()) : json::Value()},
                      {"constraint", proposal.constraint.empty() ? json::Value() : json::Value(proposal.constraint)}, {"entry", change.entry},
                      {"evidence", change.evidence.text()}, {"id", change.id}, {"kind", services::changeKindKey(proposal.kind)}, {"legalNote", proposal.legalNote},
                      {"model", change.model.text()}, {"modelName", change.modelName}, {"reason", proposal.reason}, {"summary", proposal.summary},
                      {"thresholds", thresholdsJson(proposal)}, {"version", proposal.version.text()}, {"versionLabel", change.versionLabel}};
    if (proposal.tolerance)
        setReal(item, "tolerance", *proposal.tolerance);
    setTime(item, "time", change.at);
    if (change.withdrawn) {
        json::Object withdrawn{{"actor", change.withdrawn->actor}, {"entry", change.withdrawn->entry}, {"reason", change.withdrawn->reason}};
        setTime(withdrawn, "time", change.withdrawn->at);
        item.set("withdrawn", std::move(withdrawn));
    } else {
        item.set("withdrawn", nullptr);
    }
    return item;
}

std::string joined(const std::vector<std::string> &parts)
{
    std::string text;
    for (const auto &part : parts)
        text += (text.empty() ? "" : ", ") + part;
    return text;
}

std::string changeText(const ChangeRequest &change)
{
    const auto &proposal = change.proposal;
    std::vector<std::pair<std::string, std::string>> facts{{"Change request", change.id}, {"Of", change.modelName + " " + change.versionLabel}, {"Proposed", proposal.summary}};
    for (const auto &threshold : proposal.thresholds)
        facts.emplace_back("Threshold", realText(threshold.threshold) + (threshold.group.isOverall() ? "" : " for " + threshold.group.text()));
    if (!proposal.attributes.empty())
        facts.emplace_back("By", joined(proposal.attributes));
    if (!proposal.constraint.empty())
        facts.emplace_back("Constraint", proposal.constraint + (proposal.tolerance ? " within " + realText(*proposal.tolerance) : ""));
    facts.emplace_back("Reason", proposal.reason);
    if (!proposal.legalNote.empty())
        facts.emplace_back("Acknowledged", proposal.legalNote);
    facts.emplace_back("By", change.actor + ", " + timeText(change.at) + ", ledger entry " + std::to_string(change.entry));
    facts.emplace_back("Figures", change.evidence.text());
    if (change.withdrawn)
        facts.emplace_back("Withdrawn", change.withdrawn->reason + " (" + change.withdrawn->actor + ", " + timeText(change.withdrawn->at) + ")");
    return factLines(facts);
}

} // namespace

Result<ExitCode> runChangesList(Context &context)
{
    const auto changes = listOfSubject(context, [](services::Session &session, const auto &id) { return services::listChanges(session, id); });
    if (!changes)
        return changes.error();
    Listing listing(context, "changes", {{"Id"}, {"Version"}, {"Proposed"}, {"By"}, {"What"}, {"State"}});
    for (const auto &change : *changes)
        listing.add({change.id.substr(0, 10), change.versionLabel, timeText(change.at), change.actor, change.proposal.summary, change.withdrawn ? "withdrawn" : "proposed"},
                    changeJson(change));
    return listing.finish("No change is proposed.");
}

Result<ExitCode> runChangesShow(Context &context)
{
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto change = services::findChange(**session, context.line().argument(0));
    if (!change)
        return change.error();
    const auto evidence = services::loadChangeEvidence(**session, *change);
    if (!evidence)
        return evidence.error();
    if (!context.isJson()) {
        context.terminal().print(changeText(*change));
        return Done;
    }
    json::Object document = changeJson(*change);
    auto figures = json::parse(*evidence);
    document.set("figures", figures ? *std::move(figures) : json::Value());
    document.set("media", change->proposal.evidenceMedia);
    printJson(context, "change", std::move(document));
    return Done;
}

Result<ExitCode> runChangesWithdraw(Context &context)
{
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto change = services::findChange(**session, context.line().argument(0));
    if (!change)
        return change.error();
    if (const auto status = services::withdrawChange(**session, change->id, context.line().valueOr("--reason", {})); !status)
        return status.error();
    if (context.isJson())
        printJson(context, "change.withdraw", {{"change", change->id}, {"withdrawn", true}});
    else
        context.terminal().print("Change request " + change->id + " is withdrawn.\n");
    return Done;
}

} // namespace countersign::cli
