#include "models/services/governance/findings.h"

#include "app/cli/commands/governance/governance.h"
#include "app/cli/terminal/output.h"
#include "models/base/text.h"
#include "models/services/review/rules.h"
#include "models/store/queries/governance/findings.h"
#include "models/store/queries/queries.h"

namespace countersign::cli {

namespace {

json::Value optionalId(const std::string &id) { return id.empty() ? json::Value() : json::Value(id); }

json::Object findingJson(const Finding &finding, Instant now)
{
    json::Object origin{{"kind", originKey(finding.origin.kind)}, {"rule", optionalId(finding.origin.rule.text())}, {"sentence", finding.origin.sentence},
                        {"slice", finding.origin.slice.text()}, {"n", finding.origin.n ? json::Value(*finding.origin.n) : json::Value()}};
    setReal(origin, "value", finding.origin.value);
    setTime(origin, "windowStart", finding.origin.window ? std::optional(finding.origin.window->start) : std::nullopt);
    setTime(origin, "windowEnd", finding.origin.window ? std::optional(finding.origin.window->end) : std::nullopt);
    json::Object object{{"entry", finding.entry}, {"id", finding.id.text()}, {"model", finding.model.text()}, {"modelName", finding.modelName}, {"number", finding.number()},
                        {"openedBy", finding.openedByName}, {"origin", std::move(origin)}, {"overdue", finding.isOverdue(now)}, {"owner", optionalId(finding.owner.text())},
                        {"ownerName", finding.ownerName}, {"plan", finding.plan}, {"resolution", finding.resolution ? json::Value(resolutionKey(*finding.resolution)) : json::Value()},
                        {"severity", severityKey(finding.severity)}, {"state", findingStateKey(finding.state)}, {"text", finding.text}, {"title", finding.title},
                        {"version", finding.version ? json::Value(finding.version->text()) : json::Value()}, {"versionLabel", finding.versionLabel}};
    setTime(object, "changedAt", finding.changedAt);
    setTime(object, "due", finding.due);
    setTime(object, "openedAt", finding.openedAt);
    return object;
}

std::string subjectText(const Finding &finding) { return finding.modelName + (finding.versionLabel.empty() ? "" : " " + finding.versionLabel); }

std::string stateText(const Finding &finding)
{
    return std::string(findingStateTitle(finding.state)) + (finding.resolution ? ": " + std::string(resolutionTitle(*finding.resolution)) : "");
}

std::string dueText(const Finding &finding, Instant now)
{
    if (!finding.due)
        return "–";
    return formatDate(*finding.due) + (finding.isOverdue(now) ? ", overdue" : "");
}

Result<ExitCode> told(Context &context, const char *what, const Finding &finding)
{
    if (context.isJson())
        printJson(context, what, {{"finding", findingJson(finding, context.session().now())}});
    else
        context.terminal().print(finding.number() + " " + text::visible(finding.title) + "\n" + stateText(finding) + ".\n");
    return Done;
}

/// The severity, owner and due date that the command line names, where it does.
struct Terms {
    std::optional<Severity> severity;
    std::optional<PersonId> owner;
    std::optional<Instant> due;
};

Result<Terms> readTerms(Context &context)
{
    Terms terms;
    const CommandLine &line = context.line();
    if (const auto word = line.value("--severity")) {
        const auto severity = parseSeverity(*word);
        if (!severity)
            return usageError("--severity is low, medium, high or critical.", line.path());
        terms.severity = *severity;
    }
    if (const auto name = line.value("--owner")) {
        const auto person = store::findPerson(context.session().connection(), *name);
        if (!person)
            return person.error();
        terms.owner = person->id;
    }
    if (const auto date = line.value("--due")) {
        const auto due = parseTime(*date);
        if (!due)
            return due.error().in("--due");
        terms.due = *due;
    }
    return terms;
}

Result<ExitCode> step(Context &context, policy::FindingStep step)
{
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto finding = services::findFinding(**session, context.line().argument(0));
    if (!finding)
        return finding.error();
    step.text = context.line().valueOr("--text", {});
    const auto after = services::stepFinding(**session, finding->id, step);
    return after ? told(context, "finding.step", *after) : Result<ExitCode>(after.error());
}

} // namespace

Result<ExitCode> runFindingOpen(Context &context)
{
    const CommandLine &line = context.line();
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto subject = line.has("--rule") ? services::findVersionSubject(**session, line.argument(0)) : services::findSubject(**session, line.argument(0));
    if (!subject)
        return subject.error();
    services::FindingRequest request;
    if (const auto name = line.value("--rule")) {
        const auto rule = services::findRule(**session, *name);
        const auto slice = Slice::parse(line.valueOr("--slice", {}));
        if (!rule || !slice)
            return rule ? slice.error().in("--slice") : rule.error();
        auto breach = services::findingFromBreach(**session, subject->version->id, rule->id, *slice);
        if (!breach)
            return breach.error();
        request = std::move(*breach);
    } else {
        if (!line.has("--title"))
            return usageError("Say what is wrong with --title TEXT, or name the limit that is breached with --rule.", line.path());
        request.model = subject->model.id;
        if (subject->version)
            request.version = subject->version->id;
    }
    const auto terms = readTerms(context);
    if (!terms)
        return terms.error();
    request.title = line.valueOr("--title", request.title);
    request.text = line.valueOr("--text", {});
    request.severity = terms->severity.value_or(request.severity);
    request.owner = terms->owner.value_or(request.owner);
    request.due = terms->due;
    const auto opened = services::openFinding(**session, request);
    return opened ? told(context, "finding.open", *opened) : Result<ExitCode>(opened.error());
}

Result<ExitCode> runFindingList(Context &context)
{
    const CommandLine &line = context.line();
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    store::FindingFilter filter;
    filter.isOpen = !line.has("--all");
    if (const auto status = narrow(context, filter); !status)
        return status.error();
    if (line.has("--mine")) {
        const auto person = context.whoAsks();
        if (!person)
            return person.error();
        filter.owner = person->id;
    }
    const auto findings = store::listFindings((*session)->connection(), filter);
    if (!findings)
        return findings.error();
    const Instant now = (*session)->now();
    Listing listing(context, "findings", {{"Finding"}, {"Severity"}, {"State"}, {"Of"}, {"Title"}, {"Owner"}, {"Due"}});
    for (const Finding &finding : *findings)
        listing.add({finding.number(), std::string(severityTitle(finding.severity)), stateText(finding), subjectText(finding), finding.title,
                     finding.ownerName.empty() ? "–" : finding.ownerName, dueText(finding, now)},
                    findingJson(finding, now));
    return listing.finish(filter.isOpen ? "No finding is open." : "No finding is recorded.");
}

Result<ExitCode> runFindingShow(Context &context)
{
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto finding = services::findFinding(**session, context.line().argument(0));
    if (!finding)
        return finding.error();
    const auto notes = store::findingNotes((*session)->connection(), finding->id);
    if (!notes)
        return notes.error();
    const Instant now = (*session)->now();
    if (context.isJson()) {
        json::Object document = findingJson(*finding, now);
        json::Array steps;
        for (const FindingNote &note : *notes) {
            json::Object item{{"act", note.act}, {"entry", note.entry}, {"outcome", note.outcome}, {"person", note.personName}, {"text", note.text}};
            setTime(item, "time", note.at);
            steps.emplace_back(std::move(item));
        }
        document.set("steps", json::Value(std::move(steps)));
        printJson(context, "finding", std::move(document));
        return Done;
    }
    std::vector<std::pair<std::string, std::string>> facts{{"Finding", finding->number() + " " + finding->title}, {"Of", subjectText(*finding)},
                                                           {"Severity", std::string(severityTitle(finding->severity))}, {"State", stateText(*finding)},
                                                           {"Owner", finding->ownerName.empty() ? "nobody yet" : finding->ownerName}, {"Due", dueText(*finding, now)}};
    if (!finding->text.empty())
        facts.emplace_back("Text", finding->text);
    if (!finding->origin.sentence.empty())
        facts.emplace_back("Found", finding->origin.sentence);
    if (!finding->plan.empty())
        facts.emplace_back("Plan", finding->plan);
    for (const FindingNote &note : *notes)
        facts.emplace_back(timeText(note.at), note.personName + ": " + note.act + (note.outcome.empty() ? "" : " (" + note.outcome + ")") + (note.text.empty() ? "" : ": " + note.text)
                                                  + " [entry " + std::to_string(note.entry) + "]");
    context.terminal().print(factLines(facts));
    return Done;
}

Result<ExitCode> runFindingChange(Context &context)
{
    const CommandLine &line = context.line();
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto finding = services::findFinding(**session, line.argument(0));
    if (!finding)
        return finding.error();
    const auto terms = readTerms(context);
    if (!terms)
        return terms.error();
    services::FindingChange change;
    change.title = line.value("--title");
    change.text = line.value("--text");
    change.plan = line.value("--plan");
    change.reason = line.valueOr("--reason", {});
    change.severity = terms->severity;
    change.owner = line.has("--no-owner") ? std::optional(PersonId()) : terms->owner;
    if (terms->due || line.has("--no-due"))
        change.due = terms->due;
    const auto after = services::changeFinding(**session, finding->id, change);
    return after ? told(context, "finding.change", *after) : Result<ExitCode>(after.error());
}

Result<ExitCode> runFindingChallenge(Context &context) { return step(context, {.act = FindingAct::Challenge}); }
Result<ExitCode> runFindingAnswer(Context &context) { return step(context, {.act = FindingAct::Answer}); }
Result<ExitCode> runFindingRemediate(Context &context) { return step(context, {.act = FindingAct::Remediate}); }
Result<ExitCode> runFindingReopen(Context &context) { return step(context, {.act = FindingAct::Reopen}); }

Result<ExitCode> runFindingRetest(Context &context)
{
    const CommandLine &line = context.line();
    if (line.has("--passed") == line.has("--failed"))
        return usageError("Say --passed or --failed.", line.path());
    return step(context, {.act = FindingAct::Retest, .hasPassed = line.has("--passed")});
}

Result<ExitCode> runFindingClose(Context &context)
{
    policy::FindingStep close{.act = FindingAct::Close};
    if (const auto word = context.line().value("--resolution")) {
        const auto resolution = parseResolution(*word);
        if (!resolution)
            return usageError("--resolution is remediated, accepted, notAnIssue or duplicate.", context.line().path());
        close.resolution = *resolution;
    }
    return step(context, close);
}

} // namespace countersign::cli
