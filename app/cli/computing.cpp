#include "app/cli/computing.h"

#include "app/cli/logoptions.h"
#include "app/cli/metricoptions.h"

namespace countersign::cli {

Result<computed::ComputedSet> computeNamed(Context &context, const computed::TableUse &use)
{
    const CommandLine &line = context.line();
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
    auto set = line.has("--bounded") || *step ? computed::computeBounded(std::move(log->reader), log->mapping, *parameters, options, step->value_or(0), use)
                                              : computed::computeLog(std::move(log->reader), log->mapping, *parameters, options, use);
    context.terminal().endProgress();
    if (!set)
        return set;
    if (const auto status = tellRejected(context, set->log.rejects); !status)
        return status.error();
    return set;
}

} // namespace countersign::cli
