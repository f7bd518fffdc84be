#include "models/computed/record/parametersjson.h"

#include "models/computed/record/computednames.h"
#include "models/computed/record/jsontext.h"

namespace countersign::computed {

using namespace scoretables;
using json::Array;
using json::Object;
using json::Value;

namespace {

/// What was asked for where it may have been left open; beside what is in force.
Object asked(const ComputedSet &set)
{
    Object object;
    if (set.parameters.threshold)
        object.set("threshold", numberValue(*set.parameters.threshold));
    if (set.parameters.smallestGroup)
        object.set("smallest_group", *set.parameters.smallestGroup);
    return object;
}

void setDecision(const ComputedSet &set, Object &object)
{
    if (set.mapping.task == predictions::Task::Binary)
        object.set("decision", wordFor(kDecisions, set.isThresholdApplied));
    if (set.isThresholdApplied)
        object.set("threshold", numberValue(set.threshold));
    if (!set.classes.empty())
        object.set("classes", textArray(set.classes));
    if (set.isBounded)
        object.set("bounded", true);
    if (set.scoreStep > 0)
        object.set("score_step", numberValue(set.scoreStep));
    if (set.uncertainRows > 0)
        object.set("uncertain_rows", set.uncertainRows);
}

void setSearch(const Parameters &parameters, Object &object)
{
    const Parameters usual;
    if (!parameters.reference.empty())
        object.set("reference", parameters.reference);
    if (parameters.isReferenceOverall)
        object.set("reference_overall", true);
    if (!parameters.worstMetric.empty())
        object.set("worst_metric", parameters.worstMetric);
    if (parameters.worstCount != usual.worstCount)
        object.set("worst_count", static_cast<std::uint64_t>(parameters.worstCount));
    if (parameters.worstDepth != usual.worstDepth)
        object.set("worst_depth", static_cast<std::uint64_t>(parameters.worstDepth));
}

void readMappingOf(const Node &node, ComputedSet &set, Places &attributes)
{
    const auto text = node.value() ? json::canonical(*node.value()) : Result<Bytes>(Error{});
    auto mapping = text ? predictions::readMapping(*text) : Result<predictions::Mapping>(text.error());
    if (!mapping)
        return node.complain(mapping.error().text());
    for (const auto &attribute : mapping->attributes)
        attributes.emplace(attribute.name, attributes.size());
    set.mapping = *std::move(mapping);
}

/// A number, or a text where binary64 would not keep it.
std::uint64_t seedOf(const Node &node)
{
    const std::string *text = node.value()->string();
    if (!text)
        return node.count();
    std::uint64_t seed = 0;
    const auto [stop, code] = std::from_chars(text->data(), text->data() + text->size(), seed);
    if (code != std::errc() || stop != text->data() + text->size() || seed <= kMostExact)
        node.complain("A whole number is expected here.");
    return seed;
}

void readFamily(const Node &node, std::pair<std::vector<std::string>, bool> &family)
{
    Members members(node);
    members.texts("attributes", family.first);
    members.flag("by_window", family.second);
}

void readAsked(Members &members, Parameters &parameters)
{
    members.required("asked", [&](const Node &node) {
        Members own(node);
        own.numberIfAny("threshold", parameters.threshold);
        own.optional("smallest_group", [&](const Node &size) { parameters.smallestGroup = size.count(); });
    });
}

void readDecision(Members &members, ComputedSet &set)
{
    if (set.mapping.task == predictions::Task::Binary)
        members.required("decision", [&](const Node &node) { set.isThresholdApplied = node.word(kDecisions); });
    if (set.isThresholdApplied)
        members.number("threshold", set.threshold);
    members.optional("classes", [&](const Node &node) { set.classes = node.texts(); });
    members.optional("bounded", [&](const Node &node) { set.isBounded = node.flag(); });
    members.optional("score_step", [&](const Node &node) { set.scoreStep = node.number(); });
    members.countIfAny("uncertain_rows", set.uncertainRows);
}

void readSearch(Members &members, Parameters &parameters)
{
    members.optional("reference", [&](const Node &node) { parameters.reference = node.text(); });
    members.optional("reference_overall", [&](const Node &node) { parameters.isReferenceOverall = node.flag(); });
    members.optional("worst_metric", [&](const Node &node) { parameters.worstMetric = node.text(); });
    members.countIfAny("worst_count", parameters.worstCount);
    members.countIfAny("worst_depth", parameters.worstDepth);
}

} // namespace

Object parametersObject(const ComputedSet &set)
{
    const Parameters &parameters = set.parameters;
    Object object{{"window", windowSpecText(parameters.window)},
                  {"intersections", static_cast<std::uint64_t>(parameters.depth)},
                  {"window_intersections", static_cast<std::uint64_t>(parameters.windowDepth)},
                  {"convention", wordFor(kConventions, parameters.options.convention)},
                  {"level", numberValue(parameters.options.level)},
                  {"intervals", parameters.options.intervals},
                  {"smallest_group", set.smallestGroup},
                  {"include_missing", parameters.includeMissing},
                  {"calibration_bins", kCalibrationBins},
                  {"bootstrap_draws", parameters.bootstrapDraws},
                  {"seed", parameters.seed <= kMostExact ? Value(parameters.seed) : Value(std::to_string(parameters.seed))},
                  {"references", groupObject(parameters.references)},
                  {"asked", asked(set)}};
    setDecision(set, object);
    setSearch(parameters, object);
    Array families;
    for (const auto &[attributes, byWindow] : parameters.families)
        families.emplace_back(Object{{"attributes", textArray(attributes)}, {"by_window", byWindow}});
    if (!families.empty())
        object.set("families", std::move(families));
    return object;
}

void readParameters(const Node &node, ComputedSet &set, Places &attributes)
{
    Parameters &parameters = set.parameters;
    Members members(node);
    members.required("mapping", [&](const Node &own) { readMappingOf(own, set, attributes); });
    members.required("window", [&](const Node &own) {
        const auto spec = parseWindowSpec(own.text());
        if (!spec)
            return own.complain(spec.error().message);
        parameters.window = *spec;
    });
    members.count("intersections", parameters.depth);
    members.count("window_intersections", parameters.windowDepth);
    members.required("convention", [&](const Node &own) { parameters.options.convention = own.word(kConventions); });
    members.number("level", parameters.options.level);
    members.flag("intervals", parameters.options.intervals);
    members.count("smallest_group", set.smallestGroup);
    members.flag("include_missing", parameters.includeMissing);
    members.required("calibration_bins", [](const Node &own) {
        if (own.count() != static_cast<std::uint64_t>(kCalibrationBins))
            own.complain("This program has " + std::to_string(kCalibrationBins) + " calibration bins.", ErrorKind::Unsupported);
    });
    members.count("bootstrap_draws", parameters.bootstrapDraws);
    members.required("seed", [&](const Node &own) { parameters.seed = seedOf(own); });
    members.required("references", [&](const Node &own) { parameters.references = readGroup(own, attributes); });
    members.optional("families", [&](const Node &list) { list.each([&](const Node &entry) { readFamily(entry, parameters.families.emplace_back()); }); });
    readAsked(members, parameters);
    readDecision(members, set);
    readSearch(members, parameters);
}

} // namespace countersign::computed
