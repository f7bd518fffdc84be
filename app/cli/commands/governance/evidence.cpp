#include "models/services/governance/evidence.h"

#include "app/cli/commands/governance/governance.h"
#include "app/cli/terminal/output.h"
#include "app/cli/terminal/outputfile.h"
#include "models/base/text.h"
#include "models/policy/packs/pack.h"
#include "models/services/governance/evidencerequests.h"
#include "models/store/queries/governance/evidence.h"

#include <charconv>

namespace countersign::cli {

namespace {

json::Value orNull(const std::string &text) { return text.empty() ? json::Value() : json::Value(text); }

json::Object exhibitJson(const Exhibit &exhibit, Instant now)
{
    json::Object object{{"addedBy", exhibit.addedByName}, {"decidedBy", orNull(exhibit.decidedByName)}, {"digest", exhibit.digest ? json::Value(exhibit.digest->text()) : json::Value()},
                        {"entry", exhibit.entry}, {"expired", exhibit.isExpired(now)}, {"file", orNull(exhibit.name)}, {"id", exhibit.id.text()}, {"media", orNull(exhibit.media)},
                        {"model", exhibit.model.text()}, {"modelName", exhibit.modelName}, {"note", exhibit.note}, {"number", exhibit.number()}, {"reason", exhibit.reason},
                        {"reference", orNull(exhibit.reference)}, {"replacedBy", orNull(exhibit.replacedBy)}, {"replaces", orNull(exhibit.replacesNumber)},
                        {"requirement", orNull(exhibit.requirement)}, {"size", exhibit.digest ? json::Value(exhibit.size) : json::Value()}, {"state", exhibitStateKey(exhibit.state)},
                        {"title", exhibit.title}, {"version", exhibit.version ? json::Value(exhibit.version->text()) : json::Value()}, {"versionLabel", exhibit.versionLabel}};
    setTime(object, "addedAt", exhibit.addedAt);
    setTime(object, "decidedAt", exhibit.decidedAt);
    setTime(object, "expires", exhibit.expires);
    setTime(object, "from", exhibit.from);
    setTime(object, "to", exhibit.to);
    return object;
}

std::string subjectText(const Exhibit &exhibit) { return exhibit.modelName + (exhibit.versionLabel.empty() ? "" : " " + exhibit.versionLabel); }

std::string stateText(const Exhibit &exhibit, Instant now)
{
    std::string text(exhibitStateTitle(exhibit.state));
    if (exhibit.isSuperseded())
        text += ", replaced by " + exhibit.replacedBy;
    return text + (exhibit.isExpired(now) ? ", expired" : "");
}

std::string dateText(const std::optional<Instant> &time) { return time ? formatDate(*time) : "–"; }

Result<ExitCode> told(Context &context, const char *what, const Result<Exhibit> &exhibit)
{
    if (!exhibit)
        return exhibit.error();
    const Instant now = context.session().now();
    if (context.isJson())
        printJson(context, what, {{"evidence", exhibitJson(*exhibit, now)}});
    else
        context.terminal().print(exhibit->number() + " " + text::visible(exhibit->title) + "\n" + stateText(*exhibit, now) + ".\n");
    return Done;
}

Status readDates(const CommandLine &line, services::ExhibitRequest &request)
{
    for (const auto &[option, target] : {std::pair{"--from", &request.from}, std::pair{"--to", &request.to}, std::pair{"--expires", &request.expires}}) {
        const auto date = line.value(option);
        if (!date)
            continue;
        const auto time = parseTime(*date);
        if (!time)
            return time.error().in(option);
        *target = *time;
    }
    return {};
}

} // namespace

Result<ExitCode> runEvidenceAdd(Context &context)
{
    const CommandLine &line = context.line();
    services::ExhibitRequest request;
    request.title = line.valueOr("--title", {});
    request.note = line.valueOr("--note", {});
    request.requirement = line.valueOr("--for", {});
    request.reference = line.valueOr("--reference", {});
    if (const auto status = readDates(line, request); !status)
        return status.error();
    // Before anybody is asked for anything.
    if (const auto path = line.argument(1); !path.empty()) {
        auto file = services::readEvidenceFile(path);
        if (!file)
            return file.error();
        request.file = std::move(*file);
    }
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto subject = services::findSubject(**session, line.argument(0));
    if (!subject)
        return subject.error();
    request.model = subject->model.id;
    if (subject->version)
        request.version = subject->version->id;
    if (const auto name = line.value("--replaces")) {
        const auto replaced = services::findExhibit(**session, *name);
        if (!replaced)
            return replaced.error().in("--replaces");
        request.replaces = replaced->id;
    }
    if (const auto name = line.value("--answers")) {
        const auto asked = services::findEvidenceRequest(**session, *name);
        if (!asked)
            return asked.error().in("--answers");
        request.answers = asked->id;
    }
    return told(context, "evidence.add", services::addExhibit(**session, request));
}

Result<ExitCode> runEvidenceList(Context &context)
{
    const CommandLine &line = context.line();
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    store::ExhibitFilter filter;
    filter.isStanding = !line.has("--all");
    filter.requirement = line.valueOr("--for", {});
    if (line.has("--awaiting"))
        filter.state = ExhibitState::Awaiting;
    if (const auto status = narrow(context, filter); !status)
        return status.error();
    const Instant now = (*session)->now();
    if (const auto text = line.value("--expiring")) {
        int days = 0;
        const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), days);
        if (error != std::errc() || end != text->data() + text->size() || days < 0 || days > 36'500)
            return usageError("--expiring is a number of days.", line.path());
        filter.expiresBefore = now + std::chrono::days(days);
        filter.state = ExhibitState::Accepted;
    }
    const auto exhibits = store::listExhibits((*session)->connection(), filter);
    if (!exhibits)
        return exhibits.error();
    Listing listing(context, "evidence", {{"Evidence"}, {"Title"}, {"State"}, {"Of"}, {"For"}, {"Expires"}, {"File"}});
    for (const Exhibit &exhibit : *exhibits)
        listing.add({exhibit.number(), exhibit.title, stateText(exhibit, now), subjectText(exhibit), exhibit.requirement.empty() ? "–" : exhibit.requirement,
                     dateText(exhibit.expires), exhibit.digest ? exhibit.name : "reference"},
                    exhibitJson(exhibit, now));
    return listing.finish(filter.expiresBefore ? "No accepted evidence ends by then." : filter.state ? "No evidence awaits review." : "No evidence is recorded.");
}

Result<ExitCode> runEvidenceShow(Context &context)
{
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto exhibit = services::findExhibit(**session, context.line().argument(0));
    if (!exhibit)
        return exhibit.error();
    const auto notes = store::exhibitNotes((*session)->connection(), exhibit->id);
    if (!notes)
        return notes.error();
    const Instant now = (*session)->now();
    if (context.isJson()) {
        json::Object document = exhibitJson(*exhibit, now);
        json::Array steps;
        for (const ExhibitNote &note : *notes) {
            json::Object item{{"act", note.act}, {"entry", note.entry}, {"person", note.personName}, {"text", note.text}};
            setTime(item, "time", note.at);
            steps.emplace_back(std::move(item));
        }
        document.set("steps", json::Value(std::move(steps)));
        printJson(context, "evidence", std::move(document));
        return Done;
    }
    std::vector<std::pair<std::string, std::string>> facts{{"Evidence", exhibit->number() + " " + exhibit->title}, {"Of", subjectText(*exhibit)}, {"State", stateText(*exhibit, now)}};
    const auto add = [&facts](const char *name, const std::string &value) {
        if (!value.empty())
            facts.emplace_back(name, value);
    };
    add("For", exhibit->requirement);
    if (exhibit->digest) {
        add("File", exhibit->name + ", " + std::to_string(exhibit->size) + " bytes, " + exhibit->media);
        add("Digest", exhibit->digest->text());
    }
    add("Reference", exhibit->reference);
    if (exhibit->from || exhibit->to)
        add("About", dateText(exhibit->from) + " to " + dateText(exhibit->to));
    add("Expires", exhibit->expires ? dateText(exhibit->expires) : std::string());
    add("Replaces", exhibit->replacesNumber);
    add("Note", exhibit->note);
    for (const ExhibitNote &note : *notes)
        facts.emplace_back(timeText(note.at),
                           note.personName + ": " + note.act + (note.text.empty() || note.act == "add" ? "" : ": " + note.text) + " [entry " + std::to_string(note.entry) + "]");
    context.terminal().print(factLines(facts));
    return Done;
}

Result<ExitCode> runEvidenceStatus(Context &context)
{
    const CommandLine &line = context.line();
    std::optional<Stage> stage;
    if (const auto word = line.value("--stage")) {
        const auto parsed = parseStage(*word);
        if (!parsed)
            return usageError(parsed.error().message, line.path());
        stage = *parsed;
    }
    const auto pack = packNamed(line.valueOr("--pack", {}));
    if (!pack)
        return pack.error();
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto subject = services::findVersionSubject(**session, line.argument(0));
    if (!subject)
        return subject.error();
    const auto status = services::evidenceCompleteness(**session, subject->version->id, *pack, stage);
    if (!status)
        return status.error();
    if (context.isJson()) {
        json::Array items;
        for (const policy::RequiredEvidence &item : status->items) {
            json::Object object{{"exhibit", item.exhibit ? json::Value(item.exhibit->text()) : json::Value()}, {"met", item.isMet()}, {"requirement", item.requirement.id},
                                {"sentence", item.sentence}, {"standing", policy::evidenceStandingKey(item.standing)}, {"title", item.requirement.title}};
            setTime(object, "until", item.until);
            items.emplace_back(std::move(object));
        }
        printJson(context, "evidenceStatus", {{"complete", status->isComplete()}, {"items", json::Value(std::move(items))}, {"met", status->met()},
                                              {"required", static_cast<std::int64_t>(status->items.size())}, {"sentence", status->sentence()}, {"undecided", status->undecided}});
    } else {
        Columns columns({{"Standing"}, {"Requirement"}, {"Why"}});
        for (const policy::RequiredEvidence &item : status->items)
            columns.add({std::string(policy::evidenceStandingTitle(item.standing)), item.requirement.id, item.sentence});
        context.terminal().print((columns.isEmpty() ? "" : columns.text(context.terminal())) + text::visible(status->sentence()) + ".\n");
    }
    return status->isComplete() ? Done : No;
}

Result<ExitCode> runEvidenceSave(Context &context)
{
    const CommandLine &line = context.line();
    const std::filesystem::path path = line.valueOr("--output", {});
    if (const auto status = checkTarget(path, line.has("--force")); !status)
        return status.error();
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto exhibit = services::findExhibit(**session, line.argument(0));
    if (!exhibit)
        return exhibit.error();
    const auto bytes = services::exhibitBytes(**session, *exhibit);
    if (!bytes)
        return bytes.error();
    if (const auto status = writeOutput(path, line.has("--force"), *bytes); !status)
        return status.error();
    if (context.isJson())
        printJson(context, "evidence.save", {{"digest", exhibit->digest->text()}, {"file", path.string()}, {"number", exhibit->number()}, {"size", exhibit->size}});
    else
        context.terminal().print(text::visible(path.string()) + "\n");
    return Done;
}

Result<ExitCode> runEvidenceReview(Context &context)
{
    const CommandLine &line = context.line();
    if (line.has("--accept") == line.has("--reject"))
        return usageError("Say --accept or --reject.", line.path());
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto exhibit = services::findExhibit(**session, line.argument(0));
    if (!exhibit)
        return exhibit.error();
    return told(context, "evidence.review", services::reviewExhibit(**session, exhibit->id, line.has("--accept"), line.valueOr("--reason", {})));
}

Result<ExitCode> runEvidenceWithdraw(Context &context)
{
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto exhibit = services::findExhibit(**session, context.line().argument(0));
    if (!exhibit)
        return exhibit.error();
    return told(context, "evidence.withdraw", services::withdrawExhibit(**session, exhibit->id, context.line().valueOr("--reason", {})));
}

} // namespace countersign::cli
