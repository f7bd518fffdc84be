#include "models/services/governance/cards.h"

#include "app/cli/commands/governance/governance.h"
#include "app/cli/terminal/output.h"
#include "app/cli/terminal/outputfile.h"
#include "models/base/text.h"
#include "models/cards/huggingface.h"
#include "models/cards/toolkit.h"
#include "models/services/governance/boms.h"

namespace countersign::cli {

namespace {

/// Writes the file that --output names, and says its name.
Result<ExitCode> written(Context &context, const char *what, BytesView bytes)
{
    const std::filesystem::path path = context.line().valueOr("--output", {});
    if (const auto status = writeOutput(path, context.line().has("--force"), bytes); !status)
        return status.error();
    if (context.isJson())
        printJson(context, what, {{"bytes", static_cast<std::int64_t>(bytes.size())}, {"file", path.string()}});
    else
        context.terminal().print(text::visible(path.string()) + "\n");
    return Done;
}

Status checkOutput(Context &context) { return checkTarget(context.line().valueOr("--output", {}), context.line().has("--force")); }

json::Array changesJson(const services::CardChanges &changes)
{
    json::Array items;
    for (const auto *list : {&changes.model, &changes.version})
        for (const auto &change : *list)
            items.emplace_back(json::Object{{"field", change.field}, {"new", change.after ? json::Value(*change.after) : json::Value()},
                                            {"of", list == &changes.model ? "model" : "version"}, {"old", change.before ? json::Value(*change.before) : json::Value()}});
    return items;
}

void print(Context &context, const services::CardChanges &changes)
{
    constexpr std::size_t longest = 100;
    std::string text;
    const auto shown = [](const std::optional<std::string> &value) { return value ? "“" + text::visible(text::shortened(*value, longest)) + "”" : std::string("nothing"); };
    for (const auto *list : {&changes.model, &changes.version})
        for (const auto &change : *list)
            text += text::visible(change.field) + ": " + shown(change.before) + " becomes " + shown(change.after) + "\n";
    context.terminal().print(text.empty() ? "The card says nothing new.\n" : text);
    for (const std::string &note : changes.notes)
        context.terminal().say(note);
}

Result<ExitCode> listed(Context &context, const cards::Bom &bom, json::Object document)
{
    Columns columns({{"Type"}, {"Name"}, {"Version"}, {"Licence"}, {"Package"}});
    json::Array components;
    for (const cards::BomComponent &component : bom.components) {
        columns.add({component.type, (component.group.empty() ? "" : component.group + "/") + component.name, component.version, cards::joined(component.licenses), component.purl});
        json::Array hashes;
        for (const auto &[algorithm, content] : component.hashes)
            hashes.emplace_back(json::Object{{"algorithm", algorithm}, {"content", content}});
        components.emplace_back(json::Object{{"group", component.group}, {"hashes", json::Value(std::move(hashes))}, {"licenses", json::Value(textArray(component.licenses))},
                                             {"name", component.name}, {"purl", component.purl}, {"type", component.type}, {"version", component.version}});
    }
    if (context.isJson()) {
        document.set("components", json::Value(std::move(components))).set("models", static_cast<std::int64_t>(bom.cards.size())).set("specVersion", bom.specVersion);
        printJson(context, "bom", std::move(document));
    } else {
        context.terminal().print(bom.components.empty() ? "It lists no component.\n" : columns.text(context.terminal()));
    }
    return Done;
}

} // namespace

Result<ExitCode> runCardExport(Context &context)
{
    const CommandLine &line = context.line();
    const std::string format = line.valueOr("--format", "hf");
    if (format != "hf" && format != "mct")
        return usageError("--format is hf (Hugging Face) or mct (Model Card Toolkit).", line.path());
    if (const auto status = checkOutput(context); !status)
        return status.error();
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto subject = services::findVersionSubject(**session, line.argument(0));
    if (!subject)
        return subject.error();
    const auto card = services::cardOf(**session, subject->version->id);
    if (!card)
        return card.error();
    const auto bytes = format == "hf" ? Result<Bytes>(cards::huggingFaceText(*card)) : json::canonical(json::Value(cards::toolkitDocument(*card)));
    return bytes ? written(context, "card.export", *bytes) : Result<ExitCode>(bytes.error());
}

Result<ExitCode> runCardImport(Context &context)
{
    const CommandLine &line = context.line();
    const auto file = services::readEvidenceFile(line.argument(1));
    if (!file)
        return file.error();
    const bool isPreview = line.has("--preview");
    const auto session = isPreview ? context.openForReading() : context.openForDevice();
    if (!session)
        return session.error();
    const auto subject = services::findVersionSubject(**session, line.argument(0));
    if (!subject)
        return subject.error();
    services::CardChanges changes;
    json::Object document;
    if (isPreview) {
        auto preview = services::cardChanges(**session, subject->version->id, file->bytes, line.has("--replace"));
        if (!preview)
            return preview.error().in(line.argument(1));
        changes = std::move(*preview);
    } else {
        auto imported = services::importCard(**session, subject->version->id, *file, line.has("--replace"), line.valueOr("--for", {}));
        if (!imported)
            return imported.error();
        changes = std::move(imported->changes);
        document.set("evidence", imported->exhibit.number());
        context.terminal().say("The card is kept as evidence " + imported->exhibit.number() + ".");
    }
    if (context.isJson())
        printJson(context, "card.import", document.set("changes", json::Value(changesJson(changes))).set("format", changes.format).set("notes", json::Value(textArray(changes.notes)))
                                              .set("preview", isPreview));
    else
        print(context, changes);
    return Done;
}

Result<ExitCode> runBomExport(Context &context)
{
    const CommandLine &line = context.line();
    if (const auto status = checkOutput(context); !status)
        return status.error();
    std::vector<cards::BomFile> artifacts;
    for (const std::string &path : line.values("--artifact")) {
        auto file = services::fileForBom(path, context.terminal().progress());
        if (!file)
            return file.error();
        artifacts.push_back(std::move(*file));
    }
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto subject = services::findVersionSubject(**session, line.argument(0));
    if (!subject)
        return subject.error();
    const auto bytes = services::bomOf(**session, subject->version->id, std::move(artifacts));
    return bytes ? written(context, "bom.export", *bytes) : Result<ExitCode>(bytes.error());
}

Result<ExitCode> runBomImport(Context &context)
{
    const CommandLine &line = context.line();
    auto file = services::readEvidenceFile(line.argument(1));
    if (!file)
        return file.error();
    const auto bom = services::readBom(file->bytes);
    if (!bom)
        return bom.error().in(line.argument(1));
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto subject = services::findSubject(**session, line.argument(0));
    if (!subject)
        return subject.error();
    services::ExhibitRequest request;
    request.model = subject->model.id;
    if (subject->version)
        request.version = subject->version->id;
    request.title = line.valueOr("--title", "Bill of materials (CycloneDX " + bom->specVersion + ")");
    request.requirement = line.valueOr("--for", {});
    request.file = std::move(*file);
    const auto exhibit = services::addExhibit(**session, request);
    if (!exhibit)
        return exhibit.error();
    context.terminal().say("The bill of materials is kept as evidence " + exhibit->number() + ".");
    return listed(context, *bom, {{"evidence", exhibit->number()}});
}

Result<ExitCode> runBomShow(Context &context)
{
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto exhibit = services::findExhibit(**session, context.line().argument(0));
    if (!exhibit)
        return exhibit.error();
    const auto bytes = services::exhibitBytes(**session, *exhibit);
    if (!bytes)
        return bytes.error();
    const auto bom = services::readBom(*bytes);
    return bom ? listed(context, *bom, {{"evidence", exhibit->number()}}) : Result<ExitCode>(bom.error().in(exhibit->number()));
}

} // namespace countersign::cli
