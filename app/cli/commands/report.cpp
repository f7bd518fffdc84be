#include "app/cli/commands/commands.h"
#include "app/cli/terminal/output.h"
#include "app/cli/terminal/outputfile.h"
#include "models/services/inventory.h"
#include "models/services/review/reports.h"
#include "ui/print/reportattachments.h"

#include <filesystem>

namespace countersign::cli {

Result<ExitCode> runReport(Context &context)
{
    const std::filesystem::path file = context.line().valueOr("--output", {});
    if (const auto status = checkTarget(file, context.line().has("--force")); !status)
        return status.error();
    const auto subject = context.openAtVersion();
    if (!subject)
        return subject.error();
    const auto issued = services::issueReport(context.session(), subject->version->id);
    if (!issued)
        return issued.error();
    const auto written = print::writePdf(issued->document, QString::fromStdString(file.string()), print::reportAttachments(issued->factsBytes, issued->proof));
    if (!written)
        return written.error().in("Report " + issued->issue.number + " is in the ledger, but its file could not be written");
    context.terminal().say("Report " + issued->issue.number + " is ledger entry " + std::to_string(issued->issue.entry) + ". Check it anywhere with: countersign-verify " + file.string());
    if (context.isJson())
        printJson(context, "report", {{"entry", issued->issue.entry}, {"facts", issued->issue.facts.text()}, {"file", file.string()}, {"id", issued->id.text()},
                                      {"model", subject->model.name}, {"number", issued->issue.number}, {"version", subject->version->label}});
    else
        context.terminal().print(file.string() + "\n");
    return Done;
}

} // namespace countersign::cli
