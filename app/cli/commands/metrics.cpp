#include "app/cli/commands/commands.h"
#include "app/cli/computedtext.h"
#include "app/cli/logoptions.h"
#include "models/importers/rejectedrows.h"
#include "models/computed/compute.h"

#include <fstream>

namespace countersign::cli {

namespace {

using computed::Parameters;

Result<metrics::Convention> conventionOf(const CommandLine &line)
{
    const std::string name = line.valueOr("--convention", "countersign");
    if (name == "countersign")
        return metrics::Convention::Countersign;
    if (name == "fairlearn")
        return metrics::Convention::Fairlearn;
    if (name == "aif360")
        return metrics::Convention::Aif360;
    return usageError("--convention is countersign, fairlearn or aif360.", line.path());
}

/// An option that counts something, from `lowest` on.
Result<std::optional<std::uint64_t>> countOf(const CommandLine &line, const std::string &option, std::int64_t lowest, std::int64_t highest)
{
    const auto number = line.integer(option);
    if (!number)
        return number.error();
    if (!*number)
        return std::optional<std::uint64_t>();
    if (**number < lowest || **number > highest)
        return usageError(option + " is from " + std::to_string(lowest) + " to " + std::to_string(highest) + ".", line.path());
    return std::optional(static_cast<std::uint64_t>(**number));
}

Status takeCounts(const CommandLine &line, Parameters &parameters)
{
    const auto depth = countOf(line, "--intersections", 1, 8);
    const auto smallest = countOf(line, "--min-n", 1, std::numeric_limits<std::int64_t>::max());
    const auto draws = countOf(line, "--bootstrap", 0, 1'000'000);
    const auto seed = countOf(line, "--seed", 0, std::numeric_limits<std::int64_t>::max());
    for (const auto *count : {&depth, &smallest, &draws, &seed})
        if (!*count)
            return count->error();
    if (*depth)
        parameters.depth = parameters.windowDepth = **depth;
    parameters.smallestGroup = *smallest;
    if (*draws)
        parameters.bootstrapDraws = static_cast<int>(**draws);
    if (*seed)
        parameters.seed = **seed;
    return {};
}

Status takeReferences(const CommandLine &line, Parameters &parameters)
{
    for (const std::string &text : line.values("--reference-group")) {
        const std::size_t equals = text.rfind('=');
        if (equals == std::string::npos || equals == 0)
            return usageError("--reference-group is ATTRIBUTE=VALUE.", line.path());
        parameters.references.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
    return {};
}

Result<Parameters> parametersOf(const CommandLine &line)
{
    Parameters parameters;
    const auto threshold = line.real("--threshold");
    const auto level = line.real("--level");
    const auto convention = conventionOf(line);
    const auto window = scoretables::parseWindowSpec(line.valueOr("--window", {}));
    if (!threshold || !level)
        return !threshold ? threshold.error() : level.error();
    if (!convention)
        return convention.error();
    if (!window)
        return window.error().in("--window");
    if (level->value_or(0.95) <= 0 || level->value_or(0.95) >= 1)
        return usageError("--level is between 0 and 1, for example 0.95.", line.path());
    parameters.threshold = *threshold;
    parameters.window = *window;
    parameters.options = {*convention, level->value_or(0.95), !line.has("--no-intervals")};
    parameters.includeMissing = line.has("--include-missing");
    if (line.has("--no-intervals"))
        parameters.bootstrapDraws = 0;
    if (const auto status = takeCounts(line, parameters); !status)
        return status.error();
    if (const auto status = takeReferences(line, parameters); !status)
        return status.error();
    return parameters;
}

Status writeRejected(const predictions::Rejects &rejects, const std::string &path)
{
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << importers::rejectedCsvHead();
    for (const auto &row : rejects.first)
        file << importers::rejectedCsvLine({row.row, row.line, row.column, std::string(problemText(row.problem)), row.sample});
    file.close();
    return file ? Status() : Error{ErrorKind::Io, "The file for rejected rows cannot be written.", path};
}

void sayRejected(Context &context, const predictions::Rejects &rejects)
{
    constexpr std::size_t kSaid = 10;
    for (std::size_t i = 0; i < rejects.first.size() && i < kSaid; ++i)
        context.terminal().say("Rejected: " + rejects.first[i].text());
    if (rejects.total > kSaid)
        context.terminal().say(std::to_string(rejects.total) + " rows were rejected in all.");
}

} // namespace

Result<ExitCode> runMetricsCompute(Context &context)
{
    const CommandLine &line = context.line();
    if (context.isJson() + line.has("--csv") + line.has("--table") > 1)
        return usageError("Choose one of --json, --csv and --table.", line.path());
    const auto parameters = parametersOf(line);
    if (!parameters)
        return parameters.error();
    auto log = openLog(context, line.argument(0), parameters->window.unit != scoretables::WindowUnit::None);
    if (!log)
        return log.error();
    predictions::ReadOptions options;
    options.progress = context.terminal().progress();
    if (line.has("--rejected"))
        options.keepRejected = 1'000'000;
    const auto step = line.real("--score-step");
    if (!step)
        return step.error();
    const auto set = line.has("--bounded") || *step ? computed::computeBounded(std::move(log->reader), log->mapping, *parameters, options, step->value_or(0))
                                                    : computed::computeLog(std::move(log->reader), log->mapping, *parameters, options);
    context.terminal().endProgress();
    if (!set)
        return set.error();
    sayRejected(context, set->log.rejects);
    if (const auto path = line.value("--rejected"))
        if (const auto status = writeRejected(set->log.rejects, *path); !status)
            return status.error();
    if (context.isJson())
        context.terminal().print(computed::writeComputed(*set) + "\n");
    else
        context.terminal().print(line.has("--csv") ? computedCsv(*set) : computedTable(*set, context.terminal()));
    return set->log.rejects.total > 0 ? Partial : Done;
}

} // namespace countersign::cli
