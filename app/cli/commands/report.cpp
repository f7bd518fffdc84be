#include "app/cli/commands/commands.h"
#include "app/cli/terminal/output.h"
#include "models/services/inventory.h"
#include "models/services/review/reports.h"
#include "ui/print/reportattachments.h"

#include <filesystem>

#include <unistd.h>

namespace countersign::cli {

namespace {

/// An issue is not taken back, so the target is looked at before.
Status checkTarget(const std::filesystem::path &file, bool mayReplace)
{
    std::error_code trouble;
    if (!file.has_filename())
        return Error{ErrorKind::Invalid, "Name the file to write, like report.pdf.", file.string()};
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    if (!std::filesystem::is_directory(folder, trouble))
        return Error{ErrorKind::Io, "There is no folder " + folder.string() + ".", {}};
    if (::access(folder.c_str(), W_OK) != 0)
        return Error{ErrorKind::Io, "Nothing may be written into " + folder.string() + ".", {}};
    if (std::filesystem::is_directory(file, trouble))
        return Error{ErrorKind::Io, file.string() + " is a folder. Name a file.", {}};
    if (std::filesystem::exists(file, trouble) && !mayReplace)
        return Error{ErrorKind::Io, file.string() + " exists already. Choose another name, or give --force to replace it.", {}};
    return {};
}

} // namespace

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
