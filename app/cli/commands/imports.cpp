#include "app/cli/commands/commands.h"
#include "app/cli/commands/importtext.h"
#include "app/cli/terminal/output.h"
#include "app/cli/terminal/passphrases.h"
#include "models/importers/registry.h"
#include "models/importers/rejectedrows.h"
#include "models/services/imports/imports.h"

#include <fstream>

namespace countersign::cli {

namespace {

/// The file for rejected rows, filled as they are met.
class RejectedFile
{
public:
    Status open(const std::optional<std::string> &path)
    {
        if (!path)
            return {};
        m_path = *path;
        m_file.open(m_path, std::ios::binary | std::ios::trunc);
        m_file << importers::rejectedCsvHead();
        return close(false);
    }
    void write(const importers::RejectedRow &row)
    {
        if (m_file.is_open())
            m_file << importers::rejectedCsvLine(row);
    }
    Status close(bool isEnd = true)
    {
        if (m_path.empty())
            return {};
        isEnd ? m_file.close() : static_cast<void>(m_file.flush());
        return m_file ? Status() : Error{ErrorKind::Io, "The file for rejected rows cannot be written.", m_path};
    }

private:
    std::string m_path;
    std::ofstream m_file;
};

Result<importers::HttpCredentials> credentialsOf(Context &context)
{
    importers::HttpCredentials credentials;
    credentials.user = context.line().valueOr("--user", {});
    for (const auto &[option, target] : {std::pair{"--token-file", &credentials.token}, std::pair{"--source-password-file", &credentials.password}}) {
        if (const auto file = context.line().value(option)) {
            const auto secret = secretFromFile(*file, context.terminal());
            if (!secret)
                return secret.error();
            *target = std::string(secret->view());
        }
    }
    return credentials;
}

} // namespace

Result<ExitCode> runImportMlflow(Context &context)
{
    const auto credentials = credentialsOf(context);
    if (!credentials)
        return credentials.error();
    const auto registry = importers::openRegistry(context.line().argument(0), *credentials);
    if (!registry)
        return registry.error();
    const bool isPreview = context.line().has("--preview");
    const auto session = isPreview ? context.openForRehearsal() : context.openForDevice();
    if (!session)
        return session.error();
    const Progress progress = context.terminal().progress();
    const auto staged = services::stageRegistry(**registry, progress);
    if (!staged)
        return staged.error();
    const auto outcome = isPreview ? services::previewRegistry(**session, *staged, progress) : services::importRegistry(**session, *staged, progress);
    if (!outcome)
        return outcome.error();
    return printOutcome(context, *outcome, isPreview);
}

Result<ExitCode> runImportMetrics(Context &context)
{
    const std::string file = context.line().argument(0);
    if (std::error_code trouble; !std::filesystem::exists(file, trouble))
        return Error{ErrorKind::NotFound, "There is no file \"" + file + "\". Check the path.", {}};
    const bool isPreview = context.line().has("--preview");
    const auto session = isPreview ? context.openForRehearsal() : context.openForDevice();
    if (!session)
        return session.error();
    RejectedFile rejected;
    if (const auto status = rejected.open(context.line().value("--rejected")); !status)
        return status.error();
    const Progress progress = context.terminal().progress();
    const auto outcome = isPreview ? services::previewMetrics(**session, file, progress)
                                   : services::importMetrics(**session, file, progress, [&](const importers::RejectedRow &row) { rejected.write(row); });
    if (!outcome)
        return outcome.error();
    if (isPreview)
        for (const auto &row : outcome->rejectedRows)
            rejected.write(row);
    if (const auto status = rejected.close(); !status)
        context.terminal().say("The import is recorded, but: " + status.error().text());
    return printOutcome(context, *outcome, isPreview);
}

Result<ExitCode> runImportUndo(Context &context)
{
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const std::string import = context.line().argument(0);
    if (const auto status = services::undoImport(**session, import, context.line().valueOr("--reason", {})); !status)
        return status.error();
    if (context.isJson())
        printJson(context, "import.undo", {{"import", import}, {"undone", true}});
    else
        context.terminal().print("Import " + import + " is undone.\n");
    return Done;
}

} // namespace countersign::cli
