#include "app/cli/options/computing.h"

#include "app/cli/options/logoptions.h"
#include "app/cli/options/metricoptions.h"
#include "app/cli/options/reference.h"

namespace countersign::cli {

Result<computed::ComputedSet> computeNamed(Context &context, const computed::TableUse &use)
{
    const CommandLine &line = context.line();
    auto parameters = parametersOf(line);
    if (!parameters)
        return parameters.error();
    auto log = openLog(context, line.argument(0), parameters->window.unit != scoretables::WindowUnit::None);
    if (!log)
        return log.error();
    if (const auto status = checkWindow(line, log->mapping); !status)
        return status.error();
    auto reference = referenceOf(line, log->mapping.dialect);
    if (!reference)
        return reference.error();
    parameters->reference = reference->windows;
    const predictions::ReadOptions options = readOptions(context);
    const auto step = line.real("--score-step");
    if (!step)
        return step.error();
    const bool isBounded = line.has("--bounded") || *step;
    auto set = isBounded ? computed::computeBounded(std::move(log->reader), log->mapping, *parameters, options, step->value_or(0), use, std::move(reference->log))
                         : computed::computeLog(std::move(log->reader), log->mapping, *parameters, options, use, std::move(reference->log));
    context.terminal().endProgress();
    if (!set)
        return set;
    if (const auto status = tellRejected(context, set->log.rejects); !status)
        return status.error();
    return set;
}

} // namespace countersign::cli
