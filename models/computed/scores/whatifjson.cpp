// A what-if as the evidence of a change request, and in one sentence.

#include "models/base/number.h"
#include "models/base/text.h"
#include "models/computed/record/computednames.h"
#include "models/computed/scores/whatif.h"

#include <charconv>
#include <cstdlib>

namespace countersign::computed {

namespace {

using json::Array;
using json::Object;
using json::Value;

Value numberValue(double value)
{
    return std::isfinite(value) ? Value(json::Number{number::ecmaScript(value)}) : Value(number::shortest(value));
}

Object figureObject(const metrics::Figure &figure)
{
    const auto &interval = figure.interval;
    return Object{{"value", figure.isDefined() ? numberValue(figure.value) : Value(nullptr)},
                  {"lower", interval ? numberValue(interval->lower) : Value(nullptr)},
                  {"upper", interval ? numberValue(interval->upper) : Value(nullptr)},
                  {"method", interval ? Value(metrics::methodKey(interval->method)) : Value(nullptr)},
                  {"reason", figure.isDefined() ? Value(nullptr) : Value(metrics::reasonKey(figure.reason))},
                  {"n", static_cast<std::uint64_t>(figure.n)}};
}

Object figuresObject(const std::vector<NamedFigure> &figures)
{
    Object object;
    for (const NamedFigure &named : figures)
        object.set(named.name, figureObject(named.figure));
    return object;
}

Object countsObject(const metrics::Counts &counts)
{
    return Object{{"tp", numberValue(counts.tp)}, {"fp", numberValue(counts.fp)}, {"fn", numberValue(counts.fn)}, {"tn", numberValue(counts.tn)}};
}

Object groupObject(const GroupValues &group)
{
    Object object;
    for (const auto &[attribute, value] : group)
        object.set(attribute, value);
    return object;
}

class WhatIfWriter
{
public:
    WhatIfWriter(const ScoreSource &source, const WhatIf &whatIf) : m_source(source), m_whatIf(whatIf) {}

    Object all() const
    {
        const ConstraintChoice &choice = m_whatIf.choice;
        Object object{{"schema", kWhatIfSchema}, {"basis", basis()}, {"parameters", parameters()}};
        Array attributes;
        for (const auto &name : m_source.attributes())
            attributes.emplace_back(name);
        object.set("attributes", std::move(attributes));
        object.set("constraint", choice.constraint ? Value(metrics::key(*choice.constraint)) : Value(nullptr));
        object.set("tolerance", choice.constraint ? numberValue(choice.tolerance) : Value(nullptr));
        object.set("per_group", m_whatIf.after.rule.isPerGroup());
        Array left;
        for (const LeftOutGroup &own : m_whatIf.leftOut)
            left.emplace_back(Object{{"group", groupObject(m_source.groups()[own.group].group)},
                                     {"reason", own.isMissing ? Value("missing") : Value(metrics::reasonKey(own.reason))}});
        object.set("left_out", std::move(left));
        addFrontier(object, "frontier_one", m_whatIf.frontierOfOne);
        addFrontier(object, "frontier_per_group", m_whatIf.frontierPerGroup);
        object.set("before", side(m_whatIf.before));
        object.set("after", side(m_whatIf.after));
        if (m_whatIf.before.rule.isPerGroup() || m_whatIf.after.rule.isPerGroup())
            object.set("legal_note", legalNote());
        return object;
    }

private:
    Object basis() const
    {
        const WhatIfBasis &own = m_whatIf.basis;
        Object object{{"log", Object{{"digest", own.log.text()},
                                     {"name", text::isUtf8(own.logName) ? own.logName : predictions::shownSample(own.logName)}}},
                      {"mapping", own.mapping.text()},
                      {"engine", kEngineVersion},
                      {"scores", m_source.isExact() ? "exact" : "binned"}};
        if (!own.import.empty())
            object.set("import", own.import);
        if (m_source.scoreStep() > 0)
            object.set("score_step", numberValue(m_source.scoreStep()));
        return object;
    }

    Object parameters() const
    {
        const WhatIfOptions &options = m_whatIf.options;
        Object object{{"convention", wordFor(kConventions, options.options.convention)},
                      {"level", numberValue(options.options.level)},
                      {"min_n", metrics::smallestGroup(options.participation, options.options)},
                      {"include_missing", options.participation.includeMissing},
                      {"bootstrap", options.bootstrapDraws},
                      {"seed", options.seed}};
        if (options.costs)
            object.set("costs", Object{{"false_positive", numberValue(options.costs->falsePositive)},
                                       {"false_negative", numberValue(options.costs->falseNegative)}});
        return object;
    }

    void addFrontier(Object &object, const char *name, const std::vector<FrontierPoint> &points) const
    {
        if (points.empty())
            return;
        Array array;
        for (const FrontierPoint &point : points) {
            Object own{{"disparity", numberValue(point.disparity)}, {"accuracy", numberValue(point.accuracy)}, {"threshold", thresholdValue(point.rule.threshold)}};
            if (!point.rule.byGroup.empty())
                own.set("groups", thresholdsOf(point.rule));
            array.emplace_back(std::move(own));
        }
        object.set(name, std::move(array));
    }

    Array thresholdsOf(const DecisionRule &rule) const
    {
        Array array;
        for (std::size_t g = 0; g < m_source.groups().size(); ++g)
            array.emplace_back(Object{{"group", groupObject(m_source.groups()[g].group)}, {"threshold", thresholdValue(rule.of(g))}});
        return array;
    }

    static Value thresholdValue(const std::optional<double> &threshold) { return threshold ? numberValue(*threshold) : Value("as logged"); }

    Object side(const WhatIfSide &own) const
    {
        Array groups;
        for (std::size_t g = 0; g < own.groups.size(); ++g)
            groups.emplace_back(Object{{"group", groupObject(m_source.groups()[g].group)},
                                       {"threshold", thresholdValue(own.groups[g].threshold)},
                                       {"n", own.groups[g].counts.rows},
                                       {"counts", countsObject(own.groups[g].counts)},
                                       {"metrics", figuresObject(own.groups[g].figures)}});
        Array disparities;
        for (const WhatIfDisparity &disparity : own.disparities)
            disparities.emplace_back(disparityObject(disparity));
        Object object{{"threshold", thresholdValue(own.rule.threshold)},
                      {"n", own.counts.rows},
                      {"counts", countsObject(own.counts)},
                      {"metrics", figuresObject(own.figures)},
                      {"groups", std::move(groups)},
                      {"disparities", std::move(disparities)}};
        if (own.cost)
            object.set("cost", numberValue(*own.cost));
        return object;
    }

    Object disparityObject(const WhatIfDisparity &disparity) const
    {
        Object object = figureObject(disparity.figure);
        object.set("name", disparity.name);
        object.set("metric", disparity.metric);
        if (disparity.highest)
            object.set("highest", groupObject(m_source.groups()[*disparity.highest].group));
        if (disparity.lowest)
            object.set("lowest", groupObject(m_source.groups()[*disparity.lowest].group));
        object.set("groups", Object{{"used", disparity.used}, {"small", disparity.small}, {"missing", disparity.missing}, {"undefined", disparity.undefined}});
        return object;
    }

    const ScoreSource &m_source;
    const WhatIf &m_whatIf;
};

// ---- the sentence

std::string fixed(double value, int decimals)
{
    std::array<char, 400> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, decimals).ptr;
    return {text.data(), end};
}

std::string percent(const metrics::Figure *figure) { return figure && figure->isDefined() ? fixed(figure->value * 100, 1) + " %" : "undefined"; }
std::string rate(const metrics::Figure *figure) { return figure && figure->isDefined() ? fixed(figure->value, 3) : "undefined"; }

std::string thresholdText(const std::optional<double> &threshold)
{
    if (!threshold)
        return "the decisions of the log";
    return std::isinf(*threshold) ? "above every score" : number::shortest(*threshold);
}

std::string groupText(const GroupValues &group)
{
    std::string text;
    for (const auto &[attribute, value] : group)
        text += (text.empty() ? "" : ", ") + text::visible(value);
    return text.empty() ? "everybody" : text;
}

std::string ruleText(const ScoreSource &source, const DecisionRule &before, const DecisionRule &after)
{
    constexpr std::size_t kNamed = 8;
    const std::string instead = before.isPerGroup() ? "" : " instead of " + thresholdText(before.threshold);
    if (!after.isPerGroup())
        return "One threshold, " + thresholdText(after.of(0)) + "," + instead;
    std::string text = "A threshold of its own for each group (";
    for (std::size_t g = 0; g < source.groups().size() && g < kNamed; ++g)
        text += (g > 0 ? "; " : "") + groupText(source.groups()[g].group) + ": " + thresholdText(after.of(g));
    if (source.groups().size() > kNamed)
        text += "; and " + std::to_string(source.groups().size() - kNamed) + " more";
    return text + ")" + instead;
}

} // namespace

Bytes writeWhatIf(const ScoreSource &source, const WhatIf &whatIf)
{
    auto bytes = json::canonical(WhatIfWriter(source, whatIf).all());
    if (!bytes)
        std::abort(); // numberValue() lets no number through that JSON does not have
    return *std::move(bytes);
}

std::string whatIfSummary(const ScoreSource &source, const WhatIf &whatIf)
{
    const auto change = [](const std::string &name, const std::string &before, const std::string &after) { return name + " " + before + " → " + after; };
    const auto disparity = [](const WhatIfSide &side, const char *name) {
        const WhatIfDisparity *own = side.disparity(name);
        return own ? &own->figure : nullptr;
    };
    std::string text = ruleText(source, whatIf.before.rule, whatIf.after.rule) + ": "
                       + change("selected", percent(whatIf.before.find("selection_rate")), percent(whatIf.after.find("selection_rate")));
    if (source.hasLabels())
        text += "; " + change("accuracy", percent(whatIf.before.find("accuracy")), percent(whatIf.after.find("accuracy")));
    for (const auto &[name, word] : std::initializer_list<std::pair<const char *, const char *>>{
             {"demographic_parity_difference", "difference of selection rates"}, {"equal_opportunity_difference", "of true positive rates"},
             {"equalized_odds_difference", "equalized odds difference"}})
        if (source.groups().size() > 1 && disparity(whatIf.after, name))
            text += "; " + change(word, rate(disparity(whatIf.before, name)), rate(disparity(whatIf.after, name)));
    if (whatIf.before.cost && whatIf.after.cost)
        text += "; " + change("cost", number::shortest(*whatIf.before.cost), number::shortest(*whatIf.after.cost));
    return text + ".";
}

} // namespace countersign::computed
