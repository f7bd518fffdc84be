#include "app/cli/commands/commands.h"
#include "app/cli/options/logoptions.h"
#include "app/cli/options/metricoptions.h"
#include "app/cli/options/reference.h"
#include "app/cli/terminal/output.h"
#include "app/cli/text/drifttext.h"
#include "app/cli/text/figuretext.h"
#include "models/computed/comparisons/passingdrifts.h"

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
    if (const auto status = checkWindow(line, log->mapping); !status)
        return status.error();
    if (const auto added = addFeatures(line, log->reader.sample(), log->mapping); !added)
        return added.error();
    auto reference = referenceOf(line, log->mapping.dialect);
    if (!reference)
        return reference.error();
    parameters->reference = reference->windows;
    const predictions::ReadOptions options = readOptions(context);
    const auto compute = line.has("--bounded") ? computed::computeDriftBounded : computed::computeDrift;
    const auto set = compute(std::move(log->reader), std::move(reference->log), log->mapping, *parameters, line.values("--feature"), options);
    context.terminal().endProgress();
    if (!set)
        return set.error();
    if (const auto status = tellRejected(context, set->log.rejects); !status)
        return status.error();
    if (context.isJson())
        context.terminal().print(computed::writeComputed(*set) + "\n");
    else
        context.terminal().print(line.has("--csv") ? kFigureHead + driftLines(*set) : driftTable(*set, context.terminal()));
    for (const std::string &note : set->notes)
        if (!context.isJson())
            context.terminal().say("Note: " + note);
    return set->log.rejects.total > 0 ? Partial : Done;
}

} // namespace countersign::cli
