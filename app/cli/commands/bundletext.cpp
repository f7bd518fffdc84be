#include "app/cli/commands/bundletext.h"

#include "app/cli/text/columns.h"
#include "models/base/text.h"
#include "models/domain/judgement.h"

namespace countersign::cli {

namespace {

using Facts = std::vector<std::pair<std::string, std::string>>;

const json::Array kNothing;

const json::Array &arrayOf(const json::Value *value, std::string_view key)
{
    const json::Value *found = value ? value->find(key) : nullptr;
    return found && found->array() ? *found->array() : kNothing;
}

/// A member as text: unescaped, numbers as they were written, "" for null.
std::string plain(const json::Value &value)
{
    if (const auto *number = value.number())
        return number->lexeme;
    if (!value.string())
        return {};
    const auto text = text::unescape(*value.string());
    return text ? *text : *value.string();
}

std::string plain(const json::Value *value, std::string_view key)
{
    const json::Value *found = value ? value->find(key) : nullptr;
    return found ? plain(*found) : std::string();
}

Facts factsOf(const json::Value *value, std::initializer_list<std::pair<const char *, const char *>> members)
{
    Facts facts;
    for (const auto &[title, key] : members) {
        const std::string text = plain(value, key);
        facts.emplace_back(title, text.empty() ? "not provided" : text);
    }
    return facts;
}

std::string section(const std::string &title, const std::string &body) { return "\n" + title + "\n" + std::string(title.size(), '-') + "\n" + body; }

/// A measured number as the source wrote it (FORMAT.md, "Numbers"); null where the source had none.
std::string measuredText(const json::Value &value)
{
    return value.isNull() ? "not available" : plain(&value, "t");
}

std::string limitsText(const json::Value *inputs)
{
    Facts lines;
    for (const auto &verdict : arrayOf(inputs, "verdicts")) {
        const auto state = parseVerdict(plain(&verdict, "state"));
        const std::string slice = plain(&verdict, "slice");
        lines.emplace_back(state ? std::string(verdictTitle(*state)) : plain(&verdict, "state"), (slice == "overall" ? "" : slice + ": ") + plain(&verdict, "sentence"));
    }
    return lines.empty() ? "No limit was judged.\n" : factLines(lines);
}

std::string seriesText(const json::Value *inputs)
{
    Facts lines;
    for (const auto &series : arrayOf(inputs, "series")) {
        const auto &points = arrayOf(&series, "points");
        std::string text = plain(&series, "slice") + ": " + plain(&series, "count") + (plain(&series, "count") == "1" ? " value" : " values");
        if (!points.empty() && points.back().array() && points.back().array()->size() > 4) {
            const auto &point = *points.back().array();
            text += ", last " + measuredText(point[3]) + " at " + plain(point[1]) + (point[4].isNull() ? "" : ", n " + plain(point[4]));
        }
        lines.emplace_back(plain(&series, "metric"), text);
    }
    return lines.empty() ? "No metrics.\n" : factLines(lines);
}

std::string earlierText(const json::Value *context)
{
    Facts lines;
    for (const auto &signOff : arrayOf(context, "signOffs"))
        lines.emplace_back(plain(&signOff, "decision"), plain(&signOff, "name") + ", " + plain(&signOff, "role") + ", " + plain(&signOff, "time") + ": " + plain(&signOff, "meaning"));
    return lines.empty() ? "None.\n" : factLines(lines);
}

std::string findingsText(const json::Value *context)
{
    Facts lines;
    for (const auto &finding : arrayOf(context, "findings"))
        lines.emplace_back(plain(&finding, "number"), "open, severity " + plain(&finding, "severity") + ": " + plain(&finding, "title"));
    for (const auto &waiver : arrayOf(context, "waivers"))
        lines.emplace_back(plain(&waiver, "number"), "waived until " + plain(&waiver, "until").substr(0, 10) + " by " + plain(&waiver, "by") + ": " + plain(&waiver, "misses"));
    return lines.empty() ? "None.\n" : factLines(lines);
}

std::string evidenceText(const json::Value *context)
{
    Facts lines;
    for (const auto &item : arrayOf(context, "evidence"))
        lines.emplace_back(plain(&item, "number"), plain(&item, "title") + ", " + plain(&item, "state") + (plain(&item, "replacedBy").empty() ? "" : ", replaced by " + plain(&item, "replacedBy")));
    return lines.empty() ? "None.\n" : factLines(lines);
}

} // namespace

std::string bundleText(const services::FrozenBundle &bundle)
{
    const json::Value *inputs = bundle.document.find("inputs");
    const json::Value *context = bundle.document.find("context");
    const json::Value *frozen = bundle.document.find("frozen");
    std::string out = factLines({{"Bundle", bundle.id.text()}, {"Frozen", plain(frozen, "at") + " by " + plain(frozen, "by")}, {"Summary", plain(inputs, "summary")}});
    out += section("Model", factLines(factsOf(inputs ? inputs->find("model") : nullptr,
                                              {{"Name", "name"}, {"Purpose", "purpose"}, {"Use case", "useCase"}, {"Owner", "owner"}, {"Tier", "tier"}, {"Description", "description"}})));
    auto version = factsOf(inputs ? inputs->find("version") : nullptr, {{"Label", "label"}, {"Artifact", "artifactUri"}, {"Created by", "createdBy"}, {"Description", "description"}});
    version.emplace_back("Stage", plain(context, "stage"));
    out += section("Version", factLines(version));
    if (const json::Value *run = inputs ? inputs->find("run") : nullptr)
        out += section("Run", factLines(factsOf(run, {{"Name", "name"}, {"Experiment", "experiment"}, {"Status", "status"}, {"User", "user"}})));
    out += section("Limits and verdicts", limitsText(inputs));
    out += section("Metrics", seriesText(inputs));
    out += section("Findings and waivers", findingsText(context));
    out += section("Evidence", evidenceText(context));
    return out + section("Earlier signatures", earlierText(context));
}

} // namespace countersign::cli
