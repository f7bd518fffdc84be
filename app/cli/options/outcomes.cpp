#include "app/cli/options/outcomes.h"

#include "models/predictions/mapping/guess.h"

namespace countersign::cli {

using predictions::Mapping;
using predictions::Task;

namespace {

/// As texts or as numbers.
bool isOneOf(const std::string &value, const std::vector<std::string> &values)
{
    double own = 0;
    const bool isNumber = predictions::parseNumber(value, '.', own);
    return std::ranges::any_of(values, [&](const std::string &other) {
        double number = 0;
        return other == value || (isNumber && predictions::parseNumber(other, '.', number) && number == own);
    });
}

Status settleDecisions(const CommandLine &line, const predictions::Sample &sample, Mapping &mapping)
{
    if (mapping.task != Task::Binary || mapping.label.empty() || mapping.prediction.empty() || !mapping.predictionValues.positive.empty())
        return {};
    const auto decisions = predictions::valuesOf(sample, mapping.prediction);
    const auto outcomes = predictions::valuesOf(sample, mapping.label);
    std::vector<std::string> known(outcomes.begin(), outcomes.end());
    for (const auto *values : {&mapping.labelValues.positive, &mapping.labelValues.negative})
        known.insert(known.end(), values->begin(), values->end());
    if (std::ranges::any_of(decisions, [&](const std::string &value) { return isOneOf(value, known); }) || decisions.empty())
        return {};
    mapping.predictionValues = predictions::guessValues(sample, mapping.prediction);
    if (!mapping.predictionValues.positive.empty())
        return {};
    return usageError("The column \"" + mapping.prediction + "\" has none of the label's values, but " + listed({decisions.begin(), decisions.end()})
                          + ". Say with --positive-prediction which is the positive one.",
                      line.path());
}

} // namespace

std::vector<Option> outcomeOptions()
{
    return {
        {"--positive", "V", "Value of the label that is the positive outcome.", 0, true},
        {"--negative", "V", "Value of the label that is the negative outcome; otherwise every other one.", 0, true},
        {"--positive-prediction", "V", "Value of the prediction that is the positive decision, where it is written otherwise than in the label.", 0, true},
        {"--task", "NAME", "binary, multiclass or regression; otherwise by the values of label and prediction."},
    };
}

Result<std::optional<Task>> taskOf(const CommandLine &line)
{
    const auto name = line.value("--task");
    if (!name)
        return line.has("--positive") ? std::optional(Task::Binary) : std::nullopt;
    const auto task = predictions::taskNamed(*name);
    if (!task)
        return usageError("--task is binary, multiclass or regression.", line.path());
    for (const char *option : {"--positive", "--negative", "--positive-prediction"})
        if (*task != Task::Binary && line.has(option))
            return usageError(std::string(option) + " is of logs with two outcomes; leave it out with --task " + *name + ".", line.path());
    return task;
}

Status settleOutcomes(const CommandLine &line, const predictions::Sample &sample, Mapping &mapping)
{
    if (line.has("--positive")) {
        mapping.labelValues = {line.values("--positive"), line.values("--negative")};
        mapping.predictionValues = {};
    } else if (line.has("--negative")) {
        return usageError("--negative needs --positive beside it.", line.path());
    }
    if (line.has("--positive-prediction"))
        mapping.predictionValues = {line.values("--positive-prediction"), {}};
    return settleDecisions(line, sample, mapping);
}

Status checkOutcomes(const CommandLine &line, const Mapping &mapping)
{
    if (mapping.task == Task::Binary || mapping.label.empty() || !mapping.prediction.empty() || !mapping.classScores.empty())
        return {};
    const bool areAmounts = mapping.task == Task::Regression;
    std::string text = "The label \"" + mapping.label + "\" has " + (areAmounts ? "amounts" : "classes") + ": name the predicted ones with --prediction.";
    if (!line.has("--task") && !line.has("--mapping"))
        text += std::string(" For two outcomes say --positive, for ") + (areAmounts ? "classes --task multiclass." : "amounts --task regression.");
    return usageError(text, line.path());
}

std::string listed(const std::vector<std::string> &words)
{
    std::string text;
    for (const auto &word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

} // namespace countersign::cli
