#include "app/cli/commands/commands.h"
#include "app/cli/options/computing.h"
#include "app/cli/options/sqlsource.h"
#include "app/cli/terminal/textfile.h"
#include "app/cli/text/computedtext.h"
#include "app/cli/text/curvestext.h"

namespace countersign::cli {

namespace {

ExitCode printed(Context &context, const computed::ComputedSet &set)
{
    if (context.isJson())
        context.terminal().print(computed::writeComputed(set) + "\n");
    else
        context.terminal().print(context.line().has("--csv") ? computedCsv(set) : computedTable(set, context.terminal()));
    for (const std::string &note : notesOf(set))
        if (context.line().has("--csv")) // which has no place for it
            context.terminal().say("Note: " + note);
    return set.log.rejects.total > 0 ? Partial : Done;
}

} // namespace

Result<ExitCode> runMetricsCompute(Context &context)
{
    const CommandLine &line = context.line();
    if (context.isJson() + line.has("--csv") + line.has("--table") > 1)
        return usageError("Choose one of --json, --csv and --table.", line.path());
    const auto curvesFile = line.value("--curves");
    std::optional<Result<computed::ScoreSummary>> scores;
    const auto set = computeNamed(context, [&](const computed::Table &table) {
        if (curvesFile)
            scores = computed::summarizeScores(table);
    });
    if (!set)
        return set.error();
    if (curvesFile) {
        if (!scores)
            return usageError("--curves needs scores of two outcomes; this log has classes or amounts.", line.path());
        if (!*scores)
            return scores->error();
        if (const auto status = writeTextFile(*curvesFile, curvesCsv(**scores), "The file for curves"); !status)
            return status.error();
    }
    return printed(context, *set);
}

Result<ExitCode> runMetricsSql(Context &context)
{
    if (context.isJson() && context.line().has("--csv"))
        return usageError("Choose one of --json and --csv; otherwise tables for people are printed.", context.line().path());
    if (context.line().has("--show-sql")) {
        const auto statement = namedStatement(context);
        if (!statement)
            return statement.error();
        context.terminal().print(*statement);
        return Done;
    }
    const auto set = computeSource(context);
    if (!set)
        return set.error();
    return printed(context, *set);
}

} // namespace countersign::cli
