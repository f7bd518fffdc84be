#include "app/cli/commands/commands.h"
#include "app/cli/options/logoptions.h"
#include "app/cli/options/metricoptions.h"
#include "app/cli/options/reference.h"
#include "app/cli/terminal/output.h"
#include "app/cli/text/drifttext.h"
#include "app/cli/text/figuretext.h"
#include "models/computed/comparisons/drifts.h"
#include "models/predictions/mapping/guess.h"

namespace countersign::cli {

namespace {

/// --window, or the windows that the reference is named after; weeks where it is another log.
Result<computed::Parameters> driftParameters(const CommandLine &line)
{
    auto parameters = parametersOf(line);
    if (parameters && !line.has("--window"))
        parameters->window.unit = unitNamed(line.valueOr("--reference", {})).value_or(scoretables::WindowUnit::Week);
    return parameters;
}

/// Columns that --feature names and that nobody has mapped: numbers or texts, by their looks.
void addFeatures(const CommandLine &line, const predictions::Sample &sample, predictions::Mapping &mapping)
{
    const predictions::Guess guess = predictions::guessMapping(sample);
    for (const std::string &name : line.values("--feature")) {
        const bool isAttribute = std::ranges::find(mapping.attributes, name, &predictions::AttributeMapping::name) != mapping.attributes.end();
        const bool isFeature = std::ranges::find(mapping.features, name, &predictions::FeatureMapping::column) != mapping.features.end();
        const auto column = std::ranges::find(guess.columns, name, &predictions::ColumnGuess::column);
        if (isAttribute || isFeature || name == mapping.score || name == mapping.prediction || name == mapping.label || column == guess.columns.end())
            continue;
        mapping.features.push_back({name, column->content == predictions::ColumnGuess::Content::Number});
    }
}

} // namespace

Result<ExitCode> runMetricsDrift(Context &context)
{
    const CommandLine &line = context.line();
    if (context.isJson() + line.has("--csv") + line.has("--table") > 1)
        return usageError("Choose one of --json, --csv and --table.", line.path());
    auto parameters = driftParameters(line);
    if (!parameters)
        return parameters.error();
    auto log = openLog(context, line.argument(0), true);
    if (!log)
        return log.error();
    addFeatures(line, log->reader.sample(), log->mapping);
    auto reference = referenceOf(line, log->mapping.dialect);
    if (!reference)
        return reference.error();
    parameters->reference = reference->windows;
    predictions::ReadOptions options;
    options.progress = context.terminal().progress();
    if (line.has("--rejected"))
        options.keepRejected = 1'000'000;
    const auto set = computed::computeDrift(std::move(log->reader), std::move(reference->log), log->mapping, *parameters, line.values("--feature"), options);
    context.terminal().endProgress();
    if (!set)
        return set.error();
    if (const auto status = tellRejected(context, set->log.rejects); !status)
        return status.error();
    if (context.isJson())
        context.terminal().print(computed::writeComputed(*set) + "\n");
    else
        context.terminal().print(line.has("--csv") ? kFigureHead + driftLines(*set) : driftTable(*set, context.terminal()));
    return set->log.rejects.total > 0 ? Partial : Done;
}

} // namespace countersign::cli
