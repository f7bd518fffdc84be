#include "app/cli/commands/commands.h"
#include "app/cli/computedtext.h"
#include "app/cli/computing.h"

namespace countersign::cli {

Result<ExitCode> runMetricsCompute(Context &context)
{
    const CommandLine &line = context.line();
    if (context.isJson() + line.has("--csv") + line.has("--table") > 1)
        return usageError("Choose one of --json, --csv and --table.", line.path());
    const auto set = computeNamed(context);
    if (!set)
        return set.error();
    if (context.isJson())
        context.terminal().print(computed::writeComputed(*set) + "\n");
    else
        context.terminal().print(line.has("--csv") ? computedCsv(*set) : computedTable(*set, context.terminal()));
    return set->log.rejects.total > 0 ? Partial : Done;
}

} // namespace countersign::cli
