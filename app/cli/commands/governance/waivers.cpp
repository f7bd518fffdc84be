#include "models/services/governance/waivers.h"

#include "app/cli/commands/governance/governance.h"
#include "app/cli/terminal/output.h"
#include "models/services/governance/findings.h"
#include "models/services/review/rules.h"
#include "models/store/queries/governance/waivers.h"

namespace countersign::cli {

namespace {

json::Object decisionJson(const Waiver::Decision &decision)
{
    json::Object object{{"entry", decision.entry}, {"person", decision.byName}, {"text", decision.text}};
    setTime(object, "time", decision.at);
    return object;
}

json::Object waiverJson(const Waiver &waiver, Instant now)
{
    json::Object object{{"control", waiver.control}, {"daysLeft", waiver.state == WaiverState::Granted ? waiver.daysLeft(now) : 0}, {"entry", waiver.entry},
                        {"id", waiver.id.text()}, {"isInForce", waiver.isInForce(now)}, {"misses", waiver.requirement.sentence}, {"model", waiver.modelName},
                        {"number", waiver.number()}, {"of", waiver.requirement.id}, {"reason", waiver.reason}, {"requestedBy", waiver.requestedByName},
                        {"requirement", std::string(requirementKey(waiver.requirement.kind))}, {"slice", waiver.requirement.slice.text()},
                        {"state", std::string(waiverStateKey(waiver.state))}, {"version", waiver.versionLabel}};
    setTime(object, "requestedAt", waiver.requestedAt);
    setTime(object, "until", waiver.until);
    if (waiver.granted)
        object.set("granted", json::Value(decisionJson(*waiver.granted)));
    if (waiver.closed)
        object.set("closed", json::Value(decisionJson(*waiver.closed)));
    return object;
}

Result<ExitCode> told(Context &context, const char *what, const Waiver &waiver)
{
    const Instant now = context.session().now();
    if (context.isJson())
        printJson(context, what, {{"waiver", waiverJson(waiver, now)}});
    else
        context.terminal().print(waiver.number() + " " + waiver.requirement.sentence + "\n" + waiver.standing(now) + ".\n");
    return Done;
}

Result<WaivedRequirement> readRequirement(Context &context, const VersionId &version)
{
    const CommandLine &line = context.line();
    if (line.has("--rule") + line.has("--finding") + line.has("--evidence") != 1)
        return usageError("Name what is to be waived: one of --rule RULE, --evidence PACK/ID and --finding FINDING.", line.path());
    if (const auto requirement = line.value("--evidence"))
        return services::missedEvidence(context.session(), version, *requirement);
    if (const auto name = line.value("--finding")) {
        const auto finding = services::findFinding(context.session(), *name);
        return finding ? services::missedFinding(context.session(), version, finding->id) : Result<WaivedRequirement>(finding.error());
    }
    const auto rule = services::findRule(context.session(), line.valueOr("--rule", {}));
    const auto slice = Slice::parse(line.valueOr("--slice", {}));
    if (!rule || !slice)
        return rule ? slice.error().in("--slice") : rule.error();
    return services::missedLimit(context.session(), version, rule->id, *slice);
}

using Act = Result<Waiver> (*)(services::Session &, const WaiverId &, const std::string &);

Result<ExitCode> close(Context &context, const char *what, Act act)
{
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto waiver = services::findWaiver(**session, context.line().argument(0));
    if (!waiver)
        return waiver.error();
    const auto after = act(**session, waiver->id, context.line().valueOr("--text", {}));
    return after ? told(context, what, *after) : Result<ExitCode>(after.error());
}

} // namespace

Result<ExitCode> runWaiverRequest(Context &context)
{
    const CommandLine &line = context.line();
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto subject = services::findVersionSubject(**session, line.argument(0));
    if (!subject)
        return subject.error();
    const auto until = parseTime(line.valueOr("--until", {}));
    if (!until)
        return until.error().in("--until");
    const auto requirement = readRequirement(context, subject->version->id);
    if (!requirement)
        return requirement.error();
    const auto waiver = services::requestWaiver(**session, {subject->version->id, *requirement, line.valueOr("--reason", {}), line.valueOr("--control", {}), *until});
    return waiver ? told(context, "waiver.request", *waiver) : Result<ExitCode>(waiver.error());
}

Result<ExitCode> runWaiverList(Context &context)
{
    const CommandLine &line = context.line();
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    store::WaiverFilter filter;
    if (const auto name = line.argument(0); !name.empty()) {
        const auto subject = services::findSubject(**session, name);
        if (!subject)
            return subject.error();
        if (subject->version)
            filter.version = subject->version->id;
        else
            filter.model = subject->model.id;
    }
    const auto waivers = store::listWaivers((*session)->connection(), filter);
    if (!waivers)
        return waivers.error();
    const Instant now = (*session)->now();
    Listing listing(context, "waivers", {{"Waiver"}, {"Stands"}, {"Until"}, {"Of"}, {"Misses"}, {"Asked by"}, {"Granted by"}});
    for (const Waiver &waiver : *waivers)
        if (line.has("--all") || (now < waiver.until && (waiver.state == WaiverState::Requested || waiver.state == WaiverState::Granted)))
            listing.add({waiver.number(), waiver.standing(now), formatDate(waiver.until), waiver.modelName + " " + waiver.versionLabel, waiver.requirement.sentence,
                         waiver.requestedByName, waiver.granted ? waiver.granted->byName : "–"},
                        waiverJson(waiver, now));
    return listing.finish(line.has("--all") ? "No waiver was ever asked for." : "No waiver holds or is asked for.");
}

Result<ExitCode> runWaiverShow(Context &context)
{
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto waiver = services::findWaiver(**session, context.line().argument(0));
    if (!waiver)
        return waiver.error();
    const Instant now = (*session)->now();
    if (context.isJson()) {
        printJson(context, "waiver", waiverJson(*waiver, now));
        return Done;
    }
    std::vector<std::pair<std::string, std::string>> facts{
        {"Waiver", waiver->number()},
        {"Of", waiver->modelName + " " + waiver->versionLabel},
        {"Misses", waiver->requirement.sentence},
        {"Stands", waiver->standing(now)},
        {"Until", timeText(waiver->until)},
        {"Reason", waiver->reason},
        {"Guards instead", waiver->control},
        {"Asked for", waiver->requestedByName + ", " + timeText(waiver->requestedAt) + " [entry " + std::to_string(waiver->entry) + "]"}};
    const auto add = [&facts](const char *what, const std::optional<Waiver::Decision> &decision) {
        if (decision)
            facts.emplace_back(what, decision->byName + ", " + timeText(decision->at) + (decision->text.empty() ? "" : ": " + decision->text) + " [entry "
                                         + std::to_string(decision->entry) + "]");
    };
    add("Granted", waiver->granted);
    add(waiver->state == WaiverState::Declined ? "Declined" : "Ended", waiver->closed);
    context.terminal().print(factLines(facts));
    return Done;
}

Result<ExitCode> runWaiverGrant(Context &context)
{
    const auto session = context.openForWriting();
    if (!session)
        return session.error();
    const auto waiver = services::findWaiver(**session, context.line().argument(0));
    if (!waiver)
        return waiver.error();
    const auto role = policy::mayDecideWaiver(context.person(), *waiver, (*session)->now());
    if (!role)
        return role.error(); // before anybody types a passphrase
    context.terminal().say(policy::waiverSentence(*waiver, context.person(), *role));
    const auto key = context.personKey();
    if (!key)
        return key.error();
    const auto granted = services::grantWaiver(**session, waiver->id, context.line().valueOr("--text", {}), context.person(), **key);
    return granted ? told(context, "waiver.grant", *granted) : Result<ExitCode>(granted.error());
}

Result<ExitCode> runWaiverDecline(Context &context) { return close(context, "waiver.decline", services::declineWaiver); }
Result<ExitCode> runWaiverEnd(Context &context) { return close(context, "waiver.end", services::endWaiver); }

} // namespace countersign::cli
