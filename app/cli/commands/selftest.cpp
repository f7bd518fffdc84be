#include "models/ledger/selftest.h"
#include "app/cli/commands/commands.h"
#include "app/cli/terminal/output.h"
#include "app/cli/terminal/textfile.h"
#include "models/base/text.h"

namespace countersign::cli {

namespace {

constexpr std::size_t kLongestShown = 200; // bytes of a line that is shown
constexpr std::size_t kLargestText = 64U << 20;

/// "ok", or what is wrong and where, for one file.
Result<ExitCode> tell(Context &context, const std::string &command, const std::string &file, const Status &status,
                      const std::string &whatHolds)
{
    if (context.isJson())
        printJson(context, command,
                  {{"file", file},
                   {"problem", status ? json::Value() : json::Value(status.error().text())},
                   {"valid", status.ok()}});
    else
        context.terminal().print((status ? whatHolds : text::visible(status.error().text())) + "\n");
    return status ? Done : No;
}

Status checkLines(std::string_view text)
{
    if (!text::isUtf8(text))
        return Error{ErrorKind::Invalid, "The text is not UTF-8.", {}};
    std::size_t number = 0;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        ++number;
        if (!text::isClean(line))
            return Error{ErrorKind::Invalid,
                         "It is not in Unicode form NFC, or holds a control, bidirectional, zero-width or other "
                         "invisible character: " +
                             text::visible(line.substr(0, kLongestShown)),
                         "line " + std::to_string(number)};
    }
    return {};
}

} // namespace

Result<ExitCode> runSelfTest(Context &context)
{
    const auto test = ledger::parseSelfTest(context.line().argument(0));
    if (!test)
        return test.error();
    const auto report = ledger::runSelfTest(*test, context.line().argument(1), context.line().values("--key"));
    if (!report)
        return report.error();
    if (context.isJson()) {
        json::Array failures;
        for (const std::string &failure : report->failures)
            failures.emplace_back(text::visible(failure));
        printJson(context, "selftest",
                  {{"failed", static_cast<std::uint64_t>(report->failures.size())},
                   {"failures", std::move(failures)},
                   {"passed", report->passed},
                   {"test", ledger::selfTestKey(*test)}});
    } else {
        std::string out;
        for (const std::string &failure : report->failures)
            out += text::visible(failure) + "\n";
        context.terminal().print(out + std::to_string(report->passed) +
                                 " vectors have the verdict that was published, " +
                                 std::to_string(report->failures.size()) + " another.\n");
    }
    return report->isPassed() ? Done : Integrity;
}

Result<ExitCode> runJsonCheck(Context &context)
{
    const std::string file = context.line().argument(0);
    const auto bytes = readTextFile(file, kLargestText + 1, "The file");
    if (!bytes)
        return bytes.error();
    const bool isRestricted = context.line().has("--restricted");
    const auto value = isRestricted ? json::readRestricted(*bytes, kLargestText) : json::parse(*bytes);
    return tell(context, "json-check", file, value ? Status() : Status(value.error()),
                isRestricted ? "The text is restricted JSON, as events are signed in." : "The text is JSON.");
}

Result<ExitCode> runTextCheck(Context &context)
{
    const std::string file = context.line().argument(0);
    const auto bytes = readTextFile(file, kLargestText, "The file");
    if (!bytes)
        return bytes.error();
    return tell(context, "text-check", file, checkLines(*bytes), "Every line may stand in a signed event as it is.");
}

} // namespace countersign::cli
