#include "models/store/queries/reviewinputs.h"

#include "models/base/number.h"
#include "models/crypto/sha256.h"
#include "models/domain/judgement.h"
#include "models/ledger/event.h"
#include "models/policy/evaluator.h"
#include "models/store/eventbody.h"
#include "models/store/queries/queries.h"
#include "models/store/statements.h"

#include <algorithm>

namespace countersign::store {

namespace {

json::Value optionalInteger(const std::optional<std::int64_t> &value) { return value ? json::Value(*value) : json::Value(); }
json::Value optionalReal(const std::optional<double> &value) { return value ? ledger::measured(*value) : json::Value(); }

json::Value pointValue(const ObservationRow &row)
{
    return json::Value(json::Array{
        json::Value(formatUtc(fromMillis(row.windowStart))), json::Value(formatUtc(fromMillis(row.windowEnd))), json::Value(row.step),
        row.value ? ledger::measured(*row.value, row.lexeme) : json::Value(), optionalInteger(row.n), optionalReal(row.lower), optionalReal(row.upper)});
}

/// Rows whose value is the lowest or highest of their part, so that no extreme is lost.
std::vector<ObservationRow> thinned(const std::vector<ObservationRow> &rows)
{
    if (rows.size() <= kShownPoints)
        return rows;
    std::vector<ObservationRow> kept;
    const std::size_t parts = kShownPoints / 2;
    for (std::size_t part = 0; part < parts; ++part) {
        const auto first = rows.begin() + static_cast<std::ptrdiff_t>(rows.size() * part / parts);
        const auto last = rows.begin() + static_cast<std::ptrdiff_t>(rows.size() * (part + 1) / parts);
        const auto less = [](const ObservationRow &a, const ObservationRow &b) { return a.value.value_or(0) < b.value.value_or(0); };
        auto [low, high] = std::minmax_element(first, last, less);
        kept.push_back(low < high ? *low : *high);
        if (low != high)
            kept.push_back(low < high ? *high : *low);
    }
    return kept;
}

/// The digest covers every point, shown or not.
Digest digestOf(const std::vector<ObservationRow> &rows)
{
    crypto::Sha256 hash;
    std::string line;
    for (const auto &row : rows) {
        line = std::to_string(row.windowStart) + ' ' + std::to_string(row.windowEnd) + ' ' + std::to_string(row.step) + ' '
            + (row.value ? number::shortest(*row.value) : "NaN") + ' ' + (row.n ? std::to_string(*row.n) : "-") + ' '
            + (row.lower ? number::shortest(*row.lower) : "-") + ' ' + (row.upper ? number::shortest(*row.upper) : "-") + '\n';
        hash.add(line);
    }
    return hash.finish();
}

json::Value modelFacts(const MlModel &model)
{
    return json::Value(json::Object{{"description", textValue(model.description)}, {"id", model.id.text()}, {"name", textValue(model.name)},
                                    {"owner", textValue(model.owner)}, {"purpose", textValue(model.purpose)}, {"tags", pairArray(model.tags)},
                                    {"tier", model.tier ? json::Value(*model.tier) : json::Value()}, {"useCase", textValue(model.useCase)}});
}

json::Value versionFacts(const ModelVersion &version)
{
    return json::Value(json::Object{{"artifactUri", textValue(version.artifactUri)}, {"createdAt", timeValue(version.createdAt)},
                                    {"createdBy", textValue(version.createdBy)}, {"description", textValue(version.description)}, {"id", version.id.text()},
                                    {"label", textValue(version.label)}, {"sourceStatus", textValue(version.sourceStatus)}, {"tags", pairArray(version.tags)}});
}

json::Value runFacts(const Run &run)
{
    return json::Value(json::Object{{"artifactUri", textValue(run.artifactUri)}, {"experiment", textValue(run.experiment)}, {"id", run.id.text()},
                                    {"name", textValue(run.name)}, {"parameters", pairArray(run.parameters)}, {"sourceId", textValue(run.sourceId)},
                                    {"status", textValue(run.status)}, {"tags", pairArray(run.tags)}, {"user", textValue(run.user)}});
}

} // namespace

Result<json::Value> reviewInputs(database::Connection &connection, const VersionId &id, Instant today)
{
    const auto version = findVersion(connection, id);
    if (!version)
        return version.error();
    const auto model = findModel(connection, version->model);
    if (!model)
        return model.error();
    json::Object inputs{{"model", modelFacts(*model)}, {"schema", "countersign.inputs/1"}, {"version", versionFacts(*version)}};
    if (version->run) {
        const auto run = findRun(connection, *version->run);
        if (!run)
            return run.error();
        inputs.set("run", runFacts(*run));
    }

    const auto rules = listRules(connection, false);
    if (!rules)
        return rules.error();
    const auto verdicts = listVerdicts(connection, id, today);
    if (!verdicts)
        return verdicts.error();
    json::Array limits;
    for (const auto &rule : *rules)
        if (std::ranges::any_of(*verdicts, [&](const Verdict &v) { return v.rule == rule.id && v.ruleRevision == rule.revision; }))
            limits.push_back(json::Value(json::Object{{"revision", rule.revision}, {"rule", rule.id.text()}, {"sentence", textValue(policy::sentence(rule))}}));
    json::Array judged;
    for (const auto &verdict : *verdicts)
        judged.push_back(json::Value(json::Object{{"metric", textValue(verdict.metric)}, {"rule", verdict.rule.text()}, {"sentence", textValue(verdict.sentence)},
                                                  {"slice", textValue(verdict.slice.text())}, {"state", verdictKey(verdict.state)}}));
    inputs.set("limits", json::Value(std::move(limits)));
    inputs.set("verdicts", json::Value(std::move(judged)));
    inputs.set("summary", textValue(policy::summarize(*verdicts).sentence));

    const auto allSeries = listSeries(connection, id);
    if (!allSeries)
        return allSeries.error();
    json::Array series;
    for (const auto &one : *allSeries) {
        const auto rows = readObservations(connection, one.id);
        if (!rows)
            return rows.error();
        json::Array points;
        for (const auto &row : thinned(*rows))
            points.push_back(pointValue(row));
        series.push_back(json::Value(json::Object{{"count", static_cast<std::int64_t>(rows->size())}, {"digest", digestOf(*rows).text()},
                                                  {"metric", textValue(one.key.metric)}, {"points", json::Value(std::move(points))},
                                                  {"run", one.key.run ? one.key.run->text() : std::string()}, {"slice", textValue(one.key.slice.text())}}));
    }
    inputs.set("series", json::Value(std::move(series)));
    return json::Value(std::move(inputs));
}

} // namespace countersign::store
