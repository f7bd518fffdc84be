#include "app/verify/options.h"
#include "app/verify/printing.h"
#include "models/base/dumps.h"
#include "models/base/text.h"

#include <algorithm>
#include <cstdio>

namespace {

enum ExitCode { Valid = 0, Usage = 2, NotValid = 3, Unreadable = 4 };

/// Data on standard output, talk on standard error. A full disk or a closed pipe must not look like success.
int print(const std::string &text, int code)
{
    const bool isWritten = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    return isWritten ? code : Unreadable;
}

} // namespace

int main(int argc, char *argv[])
{
    using namespace countersign::verify;
    countersign::keepMemoryPrivate();
    const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
    const auto options = parseOptions(arguments);
    if (!options) {
        std::fprintf(stderr, "countersign-verify: %s\n", countersign::text::visible(options.error().message).c_str());
        return Usage;
    }
    if (options->wantsHelp)
        return print(helpText(), Valid);
    if (options->wantsVersion)
        return print("countersign-verify " COUNTERSIGN_VERSION "\n", Valid);

    std::vector<countersign::ledger::FileReport> reports;
    for (const std::string &file : options->files)
        reports.push_back(countersign::ledger::checkFile(file, options->wishes));
    using countersign::ledger::FileReport;
    const bool isAllReadable = std::ranges::all_of(reports, &FileReport::isReadable);
    const bool isNoneFalse = std::ranges::all_of(reports, [](const FileReport &report) { return report.isValid() || !report.isReadable(); });
    return print(options->isJson ? jsonText(reports) : sentences(reports), !isNoneFalse ? NotValid : !isAllReadable ? Unreadable : Valid);
}
