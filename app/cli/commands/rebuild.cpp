#include "app/cli/commands/commands.h"
#include "app/cli/terminal/output.h"
#include "models/services/workspace/rebuild.h"

namespace countersign::cli {

Result<ExitCode> runDbRebuild(Context &context)
{
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto differences = services::repairTables(**session, context.terminal().progress());
    if (!differences)
        return differences.error();
    if (context.isJson())
        printJson(context, "db.rebuild", {{"differences", *differences}, {"entries", (*session)->verifiedHead().size}});
    else
        context.terminal().print("The tables are what follows from the ledger again. What was found is in the audit trail (differences: " + std::to_string(*differences) + ").\n");
    return Done;
}

} // namespace countersign::cli
