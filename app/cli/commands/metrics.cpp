#include "app/cli/commands/commands.h"
#include "app/cli/computedtext.h"
#include "app/cli/logoptions.h"
#include "app/cli/metricoptions.h"
#include "models/computed/compute.h"

namespace countersign::cli {

Result<ExitCode> runMetricsCompute(Context &context)
{
    const CommandLine &line = context.line();
    if (context.isJson() + line.has("--csv") + line.has("--table") > 1)
        return usageError("Choose one of --json, --csv and --table.", line.path());
    const auto parameters = parametersOf(line);
    if (!parameters)
        return parameters.error();
    auto log = openLog(context, line.argument(0), parameters->window.unit != scoretables::WindowUnit::None);
    if (!log)
        return log.error();
    predictions::ReadOptions options;
    options.progress = context.terminal().progress();
    if (line.has("--rejected"))
        options.keepRejected = 1'000'000;
    const auto step = line.real("--score-step");
    if (!step)
        return step.error();
    const auto set = line.has("--bounded") || *step ? computed::computeBounded(std::move(log->reader), log->mapping, *parameters, options, step->value_or(0))
                                                    : computed::computeLog(std::move(log->reader), log->mapping, *parameters, options);
    context.terminal().endProgress();
    if (!set)
        return set.error();
    if (const auto status = tellRejected(context, set->log.rejects); !status)
        return status.error();
    if (context.isJson())
        context.terminal().print(computed::writeComputed(*set) + "\n");
    else
        context.terminal().print(line.has("--csv") ? computedCsv(*set) : computedTable(*set, context.terminal()));
    return set->log.rejects.total > 0 ? Partial : Done;
}

} // namespace countersign::cli
