#include "app/cli/commands/commands.h"
#include "app/cli/terminal/output.h"
#include "app/cli/terminal/outputfile.h"
#include "models/crypto/sha256.h"
#include "models/services/asof/asofreport.h"
#include "models/services/inventory.h"
#include "models/services/review/reports.h"
#include "ui/print/reportattachments.h"

#include <filesystem>

namespace countersign::cli {

namespace {

/// Of a past state: nothing is recorded, so it has no number.
Result<ExitCode> reportAsOf(Context &context, const std::filesystem::path &file)
{
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto subject = services::findVersionSubject(**session, context.line().argument(0));
    if (!subject)
        return subject.error();
    const auto report = services::asOfReport(**session, subject->version->id);
    if (!report)
        return report.error();
    const auto written = print::writePdf(report->document, QString::fromStdString(file.string()), print::asOfAttachments(report->factsBytes, report->proof));
    if (!written)
        return written.error();
    context.terminal().say("The report is of the past and not in the ledger. Check it anywhere with: countersign-verify " + file.string());
    if (context.isJson())
        printJson(context, "report", {{"entry", nullptr}, {"facts", crypto::sha256(report->factsBytes).text()}, {"file", file.string()}, {"model", subject->model.name},
                                      {"version", subject->version->label}});
    else
        context.terminal().print(file.string() + "\n");
    return Done;
}

} // namespace

Result<ExitCode> runReport(Context &context)
{
    const std::filesystem::path file = context.line().valueOr("--output", {});
    if (const auto status = checkTarget(file, context.line().has("--force")); !status)
        return status.error();
    if (context.line().asOf())
        return reportAsOf(context, file);
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
