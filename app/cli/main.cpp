#include "app/cli/context.h"
#include "app/cli/help.h"
#include "models/base/dumps.h"
#include "models/settings/runtimefolder.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QLoggingCategory>

#include <algorithm>
#include <memory>

namespace {

using namespace countersign;
using namespace countersign::cli;

int failed(Terminal &terminal, const Error &error, bool isOpen)
{
    const ExitCode code = exitCode(error, isOpen);
    const std::string help = helpAfter(error);
    terminal.say("countersign-cli: " + error.text() + (help.empty() ? "" : " " + help));
    return code;
}

int finished(Terminal &terminal, ExitCode code)
{
    const auto status = terminal.flush();
    return status ? static_cast<int>(code) : failed(terminal, status.error(), false);
}

/// Pages look the same on every computer because they are drawn on no display, with the program's own fonts.
std::unique_ptr<QCoreApplication> makeApplication(const Verb &verb, int &argc, char *argv[])
{
    if (!verb.drawsPages)
        return std::make_unique<QCoreApplication>(argc, argv);
    qputenv("QT_QPA_PLATFORM", "offscreen");
    auto application = std::make_unique<QApplication>(argc, argv);
    theme::install(*application);
    return application;
}

} // namespace

int main(int argc, char *argv[])
{
    keepMemoryPrivate();
    keepStandardStreams();
    catchInterrupts();
    Terminal terminal;
    const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
    const auto line = CommandLine::parse(words);
    if (!line)
        return failed(terminal, line.error(), false);
    // Help and version need neither Qt nor a home folder nor a database.
    if (line->has("--help") || line->wantsVersion()) {
        terminal.print(line->has("--help") ? helpText(line->path()) : "countersign-cli " COUNTERSIGN_VERSION "\n");
        return finished(terminal, Done);
    }
    terminal.setWishes({line->has("--no-input"), line->has("--verbose")});
    const settings::RuntimeFolder runtime;
    int noArguments = 1; // Qt must not take options of ours for its own
    const auto application = makeApplication(*line->verb(), noArguments, argv);
    if (!line->has("--verbose"))
        QLoggingCategory::setFilterRules(QStringLiteral("*.debug=false\n*.info=false\n*.warning=false"));
    Context context(*line, terminal);
    const auto code = line->verb()->run(context);
    terminal.endProgress();
    return code ? finished(terminal, *code) : failed(terminal, code.error(), context.isOpen());
}
