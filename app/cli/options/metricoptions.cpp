#include "app/cli/options/metricoptions.h"

#include "app/cli/options/logoptions.h"

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
    const auto worst = countOf(line, "--worst-count", 1, 1000);
    const auto worstDepth = countOf(line, "--worst-depth", 1, 4);
    for (const auto *count : {&depth, &smallest, &draws, &seed, &worst, &worstDepth})
        if (!*count)
            return count->error();
    if (*depth)
        parameters.depth = parameters.windowDepth = **depth;
    parameters.smallestGroup = *smallest;
    if (*draws)
        parameters.bootstrapDraws = static_cast<int>(**draws);
    if (*seed)
        parameters.seed = **seed;
    parameters.worstMetric = line.valueOr("--worst", {});
    parameters.worstCount = worst->value_or(parameters.worstCount);
    parameters.worstDepth = worstDepth->value_or(parameters.worstDepth);
    return {};
}

Status takeReferences(const CommandLine &line, Parameters &parameters)
{
    for (const std::string &text : line.values("--reference-group")) {
        if (text == "overall") {
            parameters.isReferenceOverall = true;
            continue;
        }
        const std::size_t equals = text.rfind('=');
        if (equals == std::string::npos || equals == 0)
            return usageError("--reference-group is ATTRIBUTE=VALUE or overall.", line.path());
        parameters.references.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
    return {};
}

/// The options of a log, and some of metricOptions().
void addLogAnd(std::span<const std::string_view> names, std::vector<Option> &options)
{
    for (const Option &option : logOptions())
        options.push_back(option);
    for (const Option &option : metricOptions())
        if (std::ranges::find(names, option.name) != names.end())
            options.push_back(option);
}

} // namespace

std::vector<Option> metricOptions()
{
    std::vector<Option> options = logOptions();
    for (auto &&option : std::initializer_list<Option>{
             {"--threshold", "T", "A score from T on is a positive decision; otherwise the decisions that the log has, or 0.5."},
             {"--intersections", "N", "Compare combinations of up to N group columns; otherwise 1."},
             {"--window", "UNIT", "Figures by hour, day, week, month or quarter as well, or by \"4 weeks\" rolling."},
             {"--min-n", "N", "Groups with fewer cases take no part in disparities; otherwise 30."},
             {"--convention", "NAME", "countersign, or the edge cases of fairlearn or aif360."},
             {"--reference-group", "A=V", "Compare groups of A with V, or all groups with everybody (overall); otherwise with the largest group.", 0, true},
             {"--worst", "METRIC", "Search all combinations of groups for those that do worst by METRIC, for example accuracy or auc."},
             {"--worst-count", "N", "Worst combinations listed; otherwise 10."},
             {"--worst-depth", "N", "Group columns combined in the search, up to N; otherwise 2."},
             {"--include-missing", "", "Let the cases without a value take part as a group."},
             {"--level", "P", "Level of the intervals; otherwise 0.95."},
             {"--no-intervals", "", "Values only."},
             {"--bootstrap", "N", "Draws for the intervals of disparities; otherwise 1000."},
             {"--seed", "N", "The seed of the draws."},
             {"--reference", "LOG|WINDOW", "Drift of every column against another log, or against windows of this one: 2025-01-06, 2025-01..2025-03."},
             {"--bounded", "", "Keep memory small however long the log is: exact while its different scores fit, else rounded, with error bounds."},
             {"--score-step", "S", "Round scores down to multiples of S, a power of two: what a bounded computation recorded."},
             {"--rejected", "FILE.csv", "Write rejected rows with row, line, column and reason to FILE.csv."}})
        options.push_back(option);
    return options;
}

std::vector<Option> driftOptions()
{
    constexpr auto kOthers = std::to_array<std::string_view>({"--level", "--no-intervals", "--rejected"});
    std::vector<Option> options{
        {"--reference", "LOG|WINDOW", "Another log, or windows of this one: 2025-01-06, 2025-01..2025-03.", 0, false, true},
        {"--feature", "C", "Only this column; several times for several.", 0, true},
        {"--window", "UNIT", "By hour, day, week, month or quarter, or by \"4 weeks\" rolling; otherwise as the reference is named, or week."},
        {"--bounded", "", "Keep memory small however long the logs are: exact while the different values of a column fit, else rounded, with error bounds."}};
    addLogAnd(kOthers, options);
    return options;
}

std::vector<Option> whatIfOptions()
{
    constexpr auto kOthers = std::to_array<std::string_view>({"--min-n", "--convention", "--include-missing", "--level", "--no-intervals", "--bootstrap", "--seed", "--rejected"});
    std::vector<Option> options{
        {"--attribute", "A", "Groups by this column; several times for combinations.", 0, true},
        {"--constraint", "NAME", "What groups should have in common: demographic_parity, equal_opportunity or equalized_odds."},
        {"--tolerance", "T", "How far their rates may differ; otherwise 0.05."},
        {"--per-group", "", "Find a threshold for each group. Read the legal note that is printed with it."},
        {"--threshold", "T", "Try this threshold instead of looking for the best one."},
        {"--group-threshold", "VALUE=T", "Try this threshold for a group; the others keep theirs.", 0, true},
        {"--before", "T", "The threshold in force; otherwise the decisions that the log has, or 0.5."},
        {"--cost-fp", "C", "What a false positive costs: the best threshold is then the cheapest one."},
        {"--cost-fn", "C", "What a false negative costs."},
        {"--frontier", "", "Also the best accuracy for every difference between groups."},
        {"--reweigh", "FILE.csv", "Write weights that make group and label independent: attribute values, label, weight, n."}};
    for (auto &&option : std::initializer_list<Option>{
             {"--propose", "", "Record what is found as a change request; the model stays as it is. Needs the next three."},
             {"--model", "M", "The model that should decide otherwise, by name or id."},
             {"--version", "V", "Its version, by label or alias."},
             {"--reason", "TEXT", "Why, for the record."},
             {"--basis", "ID", "The recorded figures of this log that the proposal is about: I-41."},
             {"--accept-legal-note", "", "You have read the note on thresholds that differ by group; it is recorded with the proposal."}})
        options.push_back(option);
    addLogAnd(kOthers, options);
    return options;
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

} // namespace countersign::cli
