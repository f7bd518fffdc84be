#include "models/services/governance/packs.h"

#include "app/cli/commands/governance/governance.h"
#include "app/cli/terminal/output.h"
#include "models/services/inventory.h"
#include "models/store/queries/governance/packs.h"

namespace countersign::cli {

namespace {

json::Object packJson(const PublishedPack &pack, Instant now)
{
    json::Object object{{"default", pack.isDefault}, {"document", pack.document.text()}, {"entry", pack.entry}, {"isInForce", pack.effectiveFrom <= now && !pack.retired},
                        {"note", pack.note}, {"pack", pack.pack}, {"publishedBy", pack.publishedByName}, {"title", pack.title}, {"version", pack.version}};
    setTime(object, "effectiveFrom", pack.effectiveFrom);
    setTime(object, "publishedAt", pack.publishedAt);
    if (pack.retired)
        setTime(object, "retiredAt", pack.retired->at);
    return object;
}

json::Value stateJson(const std::optional<VerdictState> &state) { return state ? json::Value(std::string(verdictKey(*state))) : json::Value(); }
std::string stateText(const std::optional<VerdictState> &state) { return state ? std::string(verdictTitle(*state)) : "–"; }

Result<services::PublishRequest> readRequest(Context &context)
{
    const CommandLine &line = context.line();
    services::PublishRequest request;
    auto pack = packNamed(line.argument(0));
    if (!pack)
        return pack.error();
    request.pack = std::move(*pack);
    request.isDefault = line.has("--default");
    request.note = line.valueOr("--note", {});
    if (const auto date = line.value("--from")) {
        const auto from = parseTime(*date);
        if (!from)
            return from.error().in("--from");
        request.effectiveFrom = *from;
    }
    return request;
}

} // namespace

Result<ExitCode> runPackPreview(Context &context)
{
    const auto request = readRequest(context);
    if (!request)
        return request.error();
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto impact = services::previewPack(**session, *request);
    if (!impact)
        return impact.error();
    context.terminal().say(impact->sentence() + " Limits that begin or change: " + std::to_string(impact->rulesSet) + "; that end: " + std::to_string(impact->rulesRetired) + ".");
    Listing listing(context, "flips", {{"Model"}, {"Version"}, {"Metric"}, {"Group"}, {"Now"}, {"Then"}, {"Because"}});
    for (const services::Flip &flip : impact->flips)
        listing.add({flip.modelName, flip.versionLabel, flip.metric, flip.slice.isOverall() ? "everybody" : flip.slice.shown(), stateText(flip.before), stateText(flip.after), flip.sentence},
                    {{"after", stateJson(flip.after)}, {"before", stateJson(flip.before)}, {"metric", flip.metric}, {"model", flip.modelName}, {"sentence", flip.sentence},
                     {"slice", flip.slice.text()}, {"version", flip.versionLabel}});
    return listing.finish("No verdict would be another.");
}

Result<ExitCode> runPackPublish(Context &context)
{
    const auto request = readRequest(context);
    if (!request)
        return request.error();
    const auto session = context.openForWriting();
    if (!session)
        return session.error();
    const auto impact = services::previewPack(**session, *request);
    if (!impact)
        return impact.error(); // before anybody types a passphrase
    context.terminal().say(impact->sentence());
    const auto key = context.personKey();
    if (!key)
        return key.error();
    const auto published = services::publishPack(**session, *request, context.person(), **key);
    if (!published)
        return published.error();
    if (context.isJson())
        printJson(context, "pack.publish", {{"pack", packJson(*published, (*session)->now())}});
    else
        context.terminal().print(published->name() + ", in force from " + formatDate(published->effectiveFrom) + (published->isDefault ? ", for every model without another.\n" : ".\n"));
    return Done;
}

Result<ExitCode> runPackPublished(Context &context)
{
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto packs = store::listPacks((*session)->connection());
    if (!packs)
        return packs.error();
    const Instant now = (*session)->now();
    Listing listing(context, "packs", {{"Pack"}, {"Version"}, {"Title"}, {"Stands"}, {"Since"}, {"For"}, {"Published by"}});
    std::string newest;
    for (const PublishedPack &pack : *packs) {
        const auto inForce = store::packInForce(*packs, pack.pack, now);
        const std::string stands = pack.retired ? "Retired" : pack.effectiveFrom > now ? "To come" : inForce && inForce->version == pack.version ? "In force" : "Replaced";
        listing.add({pack.pack, pack.version, pack.title, stands, formatDate(pack.effectiveFrom), pack.isDefault ? "every model without another" : "models it was chosen for",
                     pack.publishedByName},
                    packJson(pack, now));
    }
    return listing.finish("No pack is published. The built-in ones: pack list.");
}

Result<ExitCode> runPackRetire(Context &context)
{
    const auto session = context.openForWriting();
    if (!session)
        return session.error();
    const auto key = context.personKey();
    if (!key)
        return key.error();
    const auto status = services::retirePack(**session, context.line().argument(0), context.line().valueOr("--reason", {}), context.person(), **key);
    if (!status)
        return status.error();
    context.terminal().say("Retired: its limits no longer judge.");
    return Done;
}

Result<ExitCode> runPackAssign(Context &context)
{
    const CommandLine &line = context.line();
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto subject = services::findSubject(**session, line.argument(0));
    if (!subject)
        return subject.error();
    const std::vector<std::string> packs = line.values("--pack");
    if (packs.empty() != line.has("--none"))
        return usageError("Name the packs with --pack, several times for several; or --none for the default ones.", line.path());
    const auto model = services::governModel(**session, subject->model.id, packs, line.valueOr("--reason", {}));
    if (!model)
        return model.error();
    std::string names;
    for (const std::string &pack : model->packs)
        names += (names.empty() ? "" : ", ") + pack;
    context.terminal().print(model->name + ": " + (names.empty() ? "no pack" : names) + "\n");
    return Done;
}

} // namespace countersign::cli
