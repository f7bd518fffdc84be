#include "models/policy/packs/builtin.h"
#include "models/policy/packs/packchanges.h"
#include "models/policy/packs/packdocument.h"
#include "models/policy/packs/packreader.h"
#include "models/policy/packs/packtext.h"

#include "app/cli/commands/governance/governance.h"
#include "app/cli/terminal/output.h"
#include "app/cli/terminal/textfile.h"
#include "models/base/text.h"

#include <algorithm>

namespace countersign::cli {

namespace {

/// One byte more than a pack may have, so that the reader says that it is too large.
constexpr std::size_t kMostBytes = (1U << 20) + 1;

/// The text of a built-in pack by its id; anything else is a file.
Result<std::string> packText(const std::string &name)
{
    const auto packs = policy::builtInPacks();
    const auto builtIn = std::ranges::find(packs, name, &policy::BuiltInPack::id);
    if (builtIn != packs.end())
        return std::string(builtIn->text);
    return readTextFile(name, kMostBytes, "There is no built-in pack of this name (pack list names them), and a file of it");
}

} // namespace

Result<policy::Pack> packNamed(const std::string &name)
{
    const auto text = packText(name);
    if (!text)
        return text.error();
    auto pack = policy::readPack(*text);
    return pack ? std::move(pack) : Result<policy::Pack>(pack.error().in(name));
}

Result<ExitCode> runPackList(Context &context)
{
    Listing listing(context, "packs", {{"Id"}, {"Title"}, {"Version"}, {"Source"}, {"Checked obligations"}});
    for (const policy::BuiltInPack &builtIn : policy::builtInPacks()) {
        const auto pack = policy::builtInPack(builtIn.id);
        if (!pack)
            return pack.error();
        json::Object item{{"citation", pack->source.citation}, {"dated", formatDate(pack->dated)}, {"id", pack->id}, {"status", pack->status},
                          {"title", pack->title},              {"version", pack->version}};
        item.set("checked", pack->source.checked ? json::Value(formatDate(*pack->source.checked)) : json::Value());
        const auto checked = std::ranges::count_if(pack->obligations, [](const policy::Obligation &obligation) { return obligation.checked.has_value(); });
        item.set("obligations", static_cast<std::int64_t>(pack->obligations.size()));
        item.set("obligationsChecked", static_cast<std::int64_t>(checked));
        listing.add({pack->id, pack->title, pack->version, pack->source.citation, std::to_string(checked) + " of " + std::to_string(pack->obligations.size())}, std::move(item));
    }
    return listing.finish("There is none.");
}

Result<ExitCode> runPackShow(Context &context)
{
    const std::string name = context.line().argument(0);
    const auto pack = packNamed(name);
    if (!pack)
        return pack.error();
    if (context.line().has("--yaml")) {
        context.terminal().print(*packText(name)); // nothing in it steers a terminal: the reader refuses such characters
        return Done;
    }
    if (context.isJson()) {
        printJson(context, "pack.show", {{"pack", policy::packDocument(*pack)}});
        return Done;
    }
    std::string out;
    for (const policy::PackPart &part : policy::packParts(*pack)) {
        if (!part.title.empty())
            out += "\n" + part.title + "\n";
        for (const std::string &line : part.lines)
            out += (part.title.empty() ? "" : "  ") + text::visible(line) + "\n";
    }
    context.terminal().print(out);
    return Done;
}

Result<ExitCode> runPackCompare(Context &context)
{
    const auto before = packNamed(context.line().argument(0));
    if (!before)
        return before.error();
    const auto after = packNamed(context.line().argument(1));
    if (!after)
        return after.error();
    const auto changes = policy::packChanges(*before, *after);
    if (context.isJson()) {
        json::Array parts;
        for (const policy::PackChange &change : changes)
            parts.push_back(json::Object{{"added", textArray(change.added)}, {"part", change.title}, {"removed", textArray(change.removed)}});
        printJson(context, "pack.compare", {{"changes", std::move(parts)}});
        return Done;
    }
    std::string out = changes.empty() ? "They say the same.\n" : "";
    for (const policy::PackChange &change : changes) {
        out += (out.empty() ? "" : "\n") + change.title + "\n";
        for (const std::string &line : change.removed)
            out += "  - " + text::visible(line) + "\n";
        for (const std::string &line : change.added)
            out += "  + " + text::visible(line) + "\n";
    }
    context.terminal().print(out);
    return Done;
}

Result<ExitCode> runPackSchema(Context &context)
{
    context.terminal().print(std::string(policy::packSchema()));
    return Done;
}

Result<ExitCode> runPackCheck(Context &context)
{
    const std::string file = context.line().argument(0);
    const auto text = readTextFile(file, kMostBytes, "The file");
    if (!text)
        return text.error();
    const policy::PackReading reading = policy::readPackFile(*text);
    if (context.isJson()) {
        json::Array faults;
        for (const yaml::Fault &fault : reading.faults)
            faults.push_back(json::Object{{"column", fault.column}, {"line", fault.line}, {"sentence", fault.sentence}});
        printJson(context, "pack.check", {{"faults", std::move(faults)}, {"file", file}, {"pack", reading.pack ? json::Value(reading.pack->id) : json::Value()}, {"valid", reading.pack.has_value()}});
    } else if (reading.pack) {
        context.terminal().print("The pack is sound: " + text::visible(policy::packName(*reading.pack)) + ".\n");
    } else {
        for (const yaml::Fault &fault : reading.faults)
            context.terminal().print(text::visible(file) + ":" + (fault.line > 0 ? std::to_string(fault.line) + ":" : "") + " " + text::visible(fault.sentence) + "\n");
    }
    return reading.pack ? Done : No;
}

} // namespace countersign::cli
