#include "app/cli/terminal/output.h"

#include "models/base/number.h"
#include "models/base/searchkey.h"
#include "models/base/text.h"
#include "models/policy/evaluator.h"

#include <cmath>
#include <cstdio>

#include <utf8proc.h>

namespace countersign::cli {

namespace {

/// Forbidden characters occur inside strings only, where JSON lets every character be written as \uXXXX.
std::string withoutControls(const std::string &text)
{
    std::string out;
    const auto *data = reinterpret_cast<const utf8proc_uint8_t *>(text.data());
    for (std::size_t at = 0; at < text.size();) {
        utf8proc_int32_t codePoint = 0;
        const auto length = utf8proc_iterate(data + at, static_cast<utf8proc_ssize_t>(text.size() - at), &codePoint);
        const auto bytes = length > 0 ? static_cast<std::size_t>(length) : 1U;
        const auto character = static_cast<char32_t>(codePoint);
        if (length > 0 && text::isForbidden(character)) {
            char escape[16];
            if (character > 0xFFFF)
                std::snprintf(escape, sizeof escape, "\\u%04x\\u%04x", 0xD800 + static_cast<unsigned>((character - 0x10000) >> 10), 0xDC00 + static_cast<unsigned>(character & 0x3FF));
            else
                std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(character));
            out += escape;
        } else {
            out.append(text, at, bytes);
        }
        at += bytes;
    }
    return out;
}

json::Value optionalText(const std::string &text) { return text.empty() ? json::Value() : json::Value(text); }

} // namespace

void printJson(Context &context, const std::string &what, json::Object document)
{
    document.set("schema", "countersign." + what + "/1");
    if (const auto *asOf = context.asOf())
        document.set("asOf", json::Object{{"at", formatUtc(asOf->at)}, {"entriesNow", asOf->headSize}, {"laterClaims", asOf->laterClaims}, {"lastEntryAt", formatUtc(asOf->lastEntryAt)},
                                          {"root", asOf->root.text()}, {"size", asOf->size}});
    const auto bytes = json::canonical(json::Value(std::move(document)));
    if (bytes)
        context.terminal().print(withoutControls(*bytes) + "\n");
    else
        context.terminal().say(bytes.error().text());
}

void setReal(json::Object &object, const std::string &key, std::optional<double> value)
{
    if (value && std::isfinite(*value)) {
        object.set(key, json::Number{number::ecmaScript(*value)});
        return;
    }
    object.set(key, nullptr);
    if (value)
        object.set(key == "value" ? "reason" : key + "Reason", std::isnan(*value) ? "The source could not compute it." : *value > 0 ? "Infinity" : "-Infinity");
}

void setTime(json::Object &object, const std::string &key, const std::optional<Instant> &time)
{
    object.set(key, time ? json::Value(formatUtc(*time)) : json::Value());
}

std::string realText(double value) { return std::isnan(value) ? "not available" : number::shortest(value); }

std::string timeText(Instant time)
{
    const std::string full = formatUtc(time);
    return full.substr(0, 10) + " " + full.substr(11, 5) + " UTC";
}

json::Array textArray(const std::vector<std::string> &texts)
{
    json::Array array;
    for (const auto &text : texts)
        array.emplace_back(text);
    return array;
}

json::Object tagObject(const std::vector<Tag> &tags)
{
    json::Object object;
    for (const auto &[key, value] : tags)
        object.set(key, value);
    return object;
}

json::Object modelJson(const MlModel &model)
{
    json::Object object{{"description", model.description}, {"id", model.id.text()}, {"name", model.name}, {"owner", optionalText(model.owner)},
                        {"purpose", optionalText(model.purpose)}, {"source", model.source}, {"tags", tagObject(model.tags)},
                        {"tier", model.tier ? json::Value(*model.tier) : json::Value()}, {"useCase", optionalText(model.useCase)}};
    setTime(object, "createdAt", model.createdAt);
    setTime(object, "updatedAt", model.updatedAt);
    return object;
}

json::Object versionJson(const store::VersionRow &row)
{
    const ModelVersion &version = row.version;
    json::Object object{{"aliases", textArray(version.aliases)}, {"artifactUri", optionalText(version.artifactUri)}, {"createdBy", optionalText(version.createdBy)},
                        {"description", version.description}, {"id", version.id.text()}, {"label", version.label}, {"model", row.modelName},
                        {"modelId", version.model.text()}, {"sentence", row.verdictSentence}, {"signOffs", row.signOffs},
                        {"sourceStage", optionalText(version.sourceStage)}, {"staleSignOffs", row.staleSignOffs}, {"stage", stageKey(version.stage)},
                        {"tags", tagObject(version.tags)}, {"verdict", verdictKey(row.verdict)}};
    setTime(object, "createdAt", version.createdAt);
    setTime(object, "updatedAt", version.updatedAt);
    return object;
}

json::Object verdictJson(const Verdict &verdict)
{
    json::Object object{{"metric", verdict.metric}, {"rule", verdict.rule.text()}, {"ruleRevision", verdict.ruleRevision}, {"sentence", verdict.sentence},
                        {"slice", verdict.slice.text()}, {"state", verdictKey(verdict.state)}};
    object.set("observation", verdict.observation ? json::Value(observationJson(*verdict.observation)) : json::Value());
    return object;
}

json::Object ruleJson(const Rule &rule)
{
    json::Object object{{"attribute", optionalText(rule.attribute)}, {"direction", directionKey(rule.direction)}, {"id", rule.id.text()}, {"metric", rule.metric},
                        {"minimumN", rule.minimumN ? json::Value(*rule.minimumN) : json::Value()}, {"model", rule.model ? json::Value(rule.model->text()) : json::Value()},
                        {"retired", rule.isRetired}, {"revision", rule.revision}, {"sentence", policy::sentence(rule)},
                        {"basis", basisKey(rule.basis)}, {"maxAgeDays", rule.maxAgeDays ? json::Value(*rule.maxAgeDays) : json::Value()},
                        {"severity", severityKey(rule.severity)}};
    json::Array tiers;
    for (const int tier : rule.tiers)
        tiers.push_back(tier);
    object.set("tiers", json::Value(std::move(tiers)));
    object.set("origin", rule.origin ? json::Value(json::Object{{"pack", rule.origin->pack}, {"rule", rule.origin->rule}, {"version", rule.origin->version}}) : json::Value());
    setReal(object, "limit", rule.limit);
    setReal(object, "upperLimit", rule.direction == Direction::Within ? std::optional(rule.upperLimit) : std::nullopt);
    setReal(object, "watch", rule.watch);
    setTime(object, "inForceFrom", rule.inForceFrom);
    return object;
}

std::string roleList(const std::vector<Role> &roles)
{
    std::string text;
    for (const Role role : roles)
        text += (text.empty() ? "" : ", ") + std::string(roleKey(role));
    return text;
}

json::Object personJson(const Person &person)
{
    json::Array roles;
    for (const Role role : person.roles)
        roles.emplace_back(roleKey(role));
    json::Object object{{"awaitsKey", person.awaitsKey}, {"hasKey", person.hasKey}, {"id", person.id.text()}, {"login", person.login}, {"name", person.name}, {"roles", std::move(roles)}};
    setTime(object, "since", person.since);
    return object;
}

json::Object signOffJson(const store::SignOffRow &row)
{
    const SignOff &signOff = row.signOff;
    json::Object object{{"bundle", signOff.bundle.text()}, {"changes", textArray(signOff.changes)}, {"comment", signOff.comment}, {"decision", decisionKey(signOff.decision)},
                        {"entry", signOff.entry}, {"id", signOff.id.text()}, {"key", signOff.key.text()}, {"meaning", signOff.meaning}, {"model", row.modelName},
                        {"name", signOff.personName}, {"person", signOff.person.text()}, {"role", roleKey(signOff.role)}, {"sentence", row.sentence},
                        {"stale", signOff.isStale}, {"utcOffset", formatOffset(signOff.utcOffsetMinutes)}, {"version", row.versionLabel}};
    setTime(object, "signedAt", signOff.signedAt);
    if (const auto &withdrawn = signOff.withdrawn) {
        json::Object value{{"entry", withdrawn->entry}, {"reason", withdrawn->reason}};
        setTime(value, "time", withdrawn->at);
        object.set("withdrawn", std::move(value));
    } else {
        object.set("withdrawn", nullptr);
    }
    return object;
}

json::Object observationJson(const Observation &observation)
{
    json::Object object{{"n", observation.n ? json::Value(*observation.n) : json::Value()}, {"step", observation.step}};
    setReal(object, "value", observation.value);
    setReal(object, "lower", observation.lower);
    setReal(object, "upper", observation.upper);
    setTime(object, "windowStart", observation.window.start);
    setTime(object, "windowEnd", observation.window.end);
    return object;
}

json::Object outcomeJson(const services::ImportOutcome &outcome)
{
    json::Array rejected;
    for (const auto &row : outcome.rejectedRows)
        rejected.emplace_back(json::Object{{"column", row.column}, {"line", row.line}, {"reason", row.reason}, {"row", row.row}, {"text", row.text}});
    return {{"alreadyImported", optionalText(outcome.alreadyImported)}, {"changed", textArray(outcome.changed)}, {"changes", outcome.changes},
            {"clashes", textArray(outcome.clashes)}, {"computed", outcome.computed}, {"description", outcome.description}, {"known", outcome.known}, {"models", outcome.models},
            {"newModels", textArray(outcome.newModels)}, {"notes", textArray(outcome.notes)}, {"observations", outcome.observations},
            {"rejected", outcome.rejected}, {"rejectedRows", std::move(rejected)}, {"restated", outcome.restated}, {"runs", outcome.runs},
            {"source", outcome.source}, {"versions", outcome.versions}};
}

Result<services::Subject> subjectNamed(Context &context)
{
    const std::string model = context.line().valueOr("--model", {});
    const auto version = context.line().value("--version");
    return services::findSubject(context.session(), version ? model + "/" + *version : model);
}

Result<std::size_t> limitOf(Context &context)
{
    const auto limit = context.line().integer("--limit");
    if (!limit)
        return limit.error();
    return limit->has_value() ? static_cast<std::size_t>(**limit) : SIZE_MAX;
}

Listing::Listing(Context &context, std::string what, std::vector<Columns::Heading> headings)
    : m_context(context), m_what(std::move(what)), m_columns(std::move(headings)), m_filter(text::searchKey(context.line().valueOr("--filter", {}))),
      m_shownFilter(context.line().valueOr("--filter", {}))
{
    const auto limit = limitOf(context);
    m_limit = limit ? *limit : SIZE_MAX;
}

void Listing::setFiltered(std::size_t total)
{
    m_filter.clear();
    m_total = total;
    m_isCounted = true;
}

void Listing::add(std::vector<std::string> cells, json::Object item)
{
    if (!m_filter.empty()) {
        std::string all;
        for (const auto &cell : cells)
            all += cell + "\n";
        if (text::searchKey(all).find(m_filter) == std::string::npos)
            return;
    }
    if (!m_isCounted)
        ++m_total;
    if (m_shown == m_limit)
        return;
    ++m_shown;
    if (m_context.isJson())
        m_items.emplace_back(std::move(item));
    else
        m_columns.add(std::move(cells));
}

Result<ExitCode> Listing::finish(const std::string &empty)
{
    if (const auto limit = limitOf(m_context); !limit)
        return limit.error();
    if (m_context.isJson())
        printJson(m_context, m_what, {{"items", std::move(m_items)}, {"total", static_cast<std::uint64_t>(m_total)}});
    else if (m_shown > 0)
        m_context.terminal().print(m_columns.text(m_context.terminal()));
    if (m_total == 0)
        m_context.terminal().say(m_shownFilter.empty() ? empty : "Nothing matches \"" + m_shownFilter + "\". Leave out --filter to see all.");
    else if (m_shown < m_total)
        m_context.terminal().say("Showing " + std::to_string(m_shown) + " of " + std::to_string(m_total) + "; --limit N shows more.");
    return Done;
}

} // namespace countersign::cli
