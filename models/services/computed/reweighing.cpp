#include "models/services/computed/reweighing.h"

#include "models/base/number.h"
#include "models/base/text.h"
#include "models/metrics/intervals/intervals.h"
#include "models/policy/evaluator.h"

#include <algorithm>
#include <cstdlib>

namespace countersign::services {

namespace {

using json::Array;
using json::Object;
using json::Value;

constexpr std::string_view kSchema = "countersign-reweighing-1";

/// Share of positive labels, of as many rows as weights of the log's own leave.
metrics::Figure shareOf(const computed::ScoreSource::Group &group, double level)
{
    const double size = group.positives + group.negatives;
    if (size <= 0)
        return metrics::Figure::undefined(metrics::Reason::NoRows);
    const double effective = group.squares > 0 ? size * size / group.squares : size;
    metrics::Figure figure = metrics::Figure::of(group.positives / size, group.rows);
    figure.interval = metrics::wilson({group.positives / size * effective, effective}, level);
    return figure;
}

/// Each row of the CSV belongs to the group it is of.
void addWeights(std::vector<ReweighedGroup> &groups, const std::vector<computed::ReweighingRow> &rows)
{
    for (const auto &row : rows)
        if (const auto own = std::ranges::find(groups, row.group, &ReweighedGroup::group); own != groups.end())
            (row.isPositive ? own->positiveWeight : own->negativeWeight) = row.weight;
}

struct Range {
    double lowest = 1;
    double highest = 0;
    void take(double value)
    {
        lowest = std::min(lowest, value);
        highest = std::max(highest, value);
    }
    double size() const { return std::max(0.0, highest - lowest); }
};

std::string listedAttributes(const computed::ScoreSource &source)
{
    std::string text;
    for (const auto &name : source.attributes())
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

std::string nameOf(const computed::GroupValues &group)
{
    std::string text;
    for (const auto &[attribute, value] : group)
        text += (text.empty() ? "" : " \u00b7 ") + value;
    return text;
}

Value numberValue(double value) { return Value(json::Number{number::ecmaScript(value)}); }

Value optionalValue(const std::optional<double> &value) { return value ? numberValue(*value) : Value(nullptr); }

Object groupObject(const ReweighedGroup &group)
{
    Object values;
    for (const auto &[attribute, value] : group.group)
        values.set(attribute, value);
    const auto &interval = group.before.interval;
    const Object before{{"value", group.before.isDefined() ? numberValue(group.before.value) : Value(nullptr)},
                        {"lower", interval ? numberValue(interval->lower) : Value(nullptr)},
                        {"upper", interval ? numberValue(interval->upper) : Value(nullptr)},
                        {"method", interval ? Value(metrics::methodKey(interval->method)) : Value(nullptr)},
                        {"n", static_cast<std::uint64_t>(group.before.n)}};
    return Object{{"group", std::move(values)},
                  {"positive_share_before", before},
                  {"positive_share_after", optionalValue(group.after)},
                  {"weight_positive", optionalValue(group.positiveWeight)},
                  {"weight_negative", optionalValue(group.negativeWeight)}};
}

} // namespace

Result<Reweighing> reweigh(const computed::ScoreSource &source, double level)
{
    if (source.groups().size() < 2)
        return Error{ErrorKind::Invalid, "Weights by group need at least two groups. Choose an attribute.", {}};
    const auto rows = computed::reweighingRows(source);
    if (!rows)
        return rows.error();
    Reweighing result;
    for (const auto &group : source.groups())
        result.groups.push_back({group.group, group.positives + group.negatives, shareOf(group, level), {}, {}, {}});
    addWeights(result.groups, *rows);
    Range before;
    Range after;
    Range weights;
    double positives = 0;
    double sum = 0;
    double squares = 0;
    for (std::size_t g = 0; g < result.groups.size(); ++g) {
        ReweighedGroup &group = result.groups[g];
        const double up = group.positiveWeight.value_or(0) * source.groups()[g].positives;
        const double down = group.negativeWeight.value_or(0) * source.groups()[g].negatives;
        if (group.before.isDefined()) {
            before.take(group.before.value);
            after.take(up / (up + down));
        }
        if (group.positiveWeight && group.negativeWeight)
            group.after = up / (up + down);
        for (const auto &weight : {group.positiveWeight, group.negativeWeight})
            if (weight)
                weights.take(*weight);
        positives += source.groups()[g].positives;
        result.rows += group.rows;
        sum += up + down;
        squares += up * group.positiveWeight.value_or(0) + down * group.negativeWeight.value_or(0);
    }
    if (result.rows <= 0)
        return Error{ErrorKind::Invalid, "No row of these groups has a label.", {}};
    result.overall = positives / result.rows;
    result.differenceBefore = before.size();
    result.differenceAfter = after.size() < 1e-12 ? 0 : after.size(); // equal but for the last digits of a division
    result.smallestWeight = weights.lowest;
    result.largestWeight = weights.highest;
    result.effectiveRows = squares > 0 ? sum * sum / squares : 0;
    return result;
}

std::string reweighingSummary(const computed::ScoreSource &source, const Reweighing &reweighing)
{
    const auto share = [](const ReweighedGroup &group) { return group.before.isDefined() ? group.before.value : 2.0; };
    const auto lowest = std::ranges::min_element(reweighing.groups, {}, share);
    const auto highest = std::ranges::max_element(reweighing.groups, {}, [](const ReweighedGroup &group) { return group.before.isDefined() ? group.before.value : -1.0; });
    std::string text = "Train anew with weights by " + listedAttributes(source) + " and label, from " + policy::valueText(reweighing.smallestWeight) + " to "
        + policy::valueText(reweighing.largestWeight) + ". The share of positive labels runs from " + policy::valueText(lowest->before.value) + " (" + nameOf(lowest->group) + ") to "
        + policy::valueText(highest->before.value) + " (" + nameOf(highest->group) + ") now; weighted it is " + policy::valueText(reweighing.overall);
    const auto oneSided = std::ranges::count_if(reweighing.groups, [](const ReweighedGroup &group) { return !group.after; });
    text += oneSided == 0 ? " in every group." : " in every group but " + std::to_string(oneSided) + " with one label only.";
    return text;
}

std::string_view reweighingNote()
{
    return "With weights that differ by group, cases count more or less in training because of a characteristic that the law may protect. The model that "
           "comes of it decides by one rule for everybody, which the law may judge otherwise than thresholds that differ by group; yet using the "
           "characteristic at all may need a ground of its own. In the United States training that takes race, color, religion, sex or national origin "
           "into account may be challenged as disparate treatment, for example under Title VII of the Civil Rights Act of 1964 and the Equal Credit "
           "Opportunity Act. In the European Union special categories of personal data may be processed only under the exceptions of Article 9 of the "
           "General Data Protection Regulation, and for finding and correcting bias in high-risk systems under the conditions of the Artificial "
           "Intelligence Act. This note is general information and not legal advice: have the use that you intend reviewed by a lawyer before you rely on it.";
}

Bytes writeReweighing(const computed::ScoreSource &source, const Reweighing &reweighing, const computed::WhatIfBasis &basis)
{
    Array attributes;
    for (const auto &name : source.attributes())
        attributes.emplace_back(name);
    Array groups;
    for (const auto &group : reweighing.groups)
        groups.emplace_back(groupObject(group));
    Object from{{"log", Object{{"digest", basis.log.text()}, {"name", text::isUtf8(basis.logName) ? basis.logName : predictions::shownSample(basis.logName)}}},
                {"mapping", basis.mapping.text()},
                {"engine", computed::kEngineVersion}};
    if (!basis.import.empty())
        from.set("import", basis.import);
    const Object document{{"schema", kSchema},
                          {"basis", std::move(from)},
                          {"method", "Kamiran and Calders 2012"},
                          {"attributes", std::move(attributes)},
                          {"groups", std::move(groups)},
                          {"positive_share", numberValue(reweighing.overall)},
                          {"difference_before", numberValue(reweighing.differenceBefore)},
                          {"difference_after", numberValue(reweighing.differenceAfter)},
                          {"rows", numberValue(reweighing.rows)},
                          {"effective_rows", numberValue(reweighing.effectiveRows)},
                          {"legal_note", reweighingNote()}};
    auto bytes = json::canonical(document);
    if (!bytes)
        std::abort(); // shares and weights are finite
    return *std::move(bytes);
}

ChangeProposal reweighingProposal(const computed::ScoreSource &source, const Reweighing &reweighing, const computed::WhatIfBasis &basis, const VersionId &version,
                                  const std::string &reason)
{
    ChangeProposal proposal;
    proposal.version = version;
    proposal.kind = ChangeKind::Reweighing;
    proposal.attributes = source.attributes();
    proposal.summary = reweighingSummary(source, reweighing);
    proposal.reason = reason;
    proposal.legalNote = reweighingNote();
    proposal.evidence = writeReweighing(source, reweighing, basis);
    return proposal;
}

} // namespace countersign::services
