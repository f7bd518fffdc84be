#include "app/cli/commands/commands.h"
#include "app/cli/options/logoptions.h"
#include "app/cli/options/metricoptions.h"
#include "app/cli/terminal/textfile.h"
#include "app/cli/text/whatiftext.h"
#include "models/base/number.h"
#include "models/computed/scores/whatif.h"
#include "models/crypto/sha256.h"
#include "models/domain/metrics.h"
#include "models/services/computed/computedsets.h"
#include "models/services/computed/whatif.h"

namespace countersign::cli {

namespace {

using computed::ScoreSource;
using computed::WhatIf;

/// What the options ask for.
struct Wish {
    std::vector<std::string> attributes;
    computed::ConstraintChoice choice;
    computed::WhatIfOptions options;
    std::optional<double> before;    ///< --before
    std::optional<double> threshold; ///< --threshold: try this one
    std::vector<std::pair<std::string, double>> ofGroups;
    bool isSearch() const { return !threshold && ofGroups.empty(); }
};

Status takeGroupThresholds(const CommandLine &line, Wish &wish)
{
    for (const std::string &text : line.values("--group-threshold")) {
        const std::size_t equals = text.rfind('=');
        const auto number = equals == std::string::npos ? Result<double>(Error{}) : number::parse(text.substr(equals + 1));
        if (!number || std::isnan(*number))
            return usageError("--group-threshold is VALUE=T, for example F=0.4.", line.path());
        wish.ofGroups.emplace_back(text.substr(0, equals), *number);
    }
    return {};
}

Status takeCosts(const CommandLine &line, Wish &wish)
{
    const auto positive = line.real("--cost-fp");
    const auto negative = line.real("--cost-fn");
    if (!positive || !negative)
        return positive ? negative.error() : positive.error();
    if (!*positive && !*negative)
        return {};
    const metrics::Costs costs{positive->value_or(1), negative->value_or(1)};
    const auto isCost = [](double cost) { return std::isfinite(cost) && cost >= 0; };
    if (!isCost(costs.falsePositive) || !isCost(costs.falseNegative))
        return usageError("--cost-fp and --cost-fn are numbers from 0 on.", line.path());
    wish.options.costs = costs;
    return {};
}

Result<Wish> wishOf(const CommandLine &line)
{
    Wish wish;
    wish.attributes = line.values("--attribute");
    if (const auto name = line.value("--constraint")) {
        wish.choice.constraint = metrics::parseConstraint(*name);
        if (!wish.choice.constraint)
            return usageError("--constraint is demographic_parity, equal_opportunity or equalized_odds.", line.path());
    }
    const auto tolerance = line.real("--tolerance");
    const auto before = line.real("--before");
    const auto parameters = parametersOf(line);
    for (const Status &status : {tolerance ? Status() : Status(tolerance.error()), before ? Status() : Status(before.error()),
                                 parameters ? Status() : Status(parameters.error()), takeGroupThresholds(line, wish), takeCosts(line, wish)})
        if (!status)
            return status.error();
    if (tolerance->value_or(0.05) < 0 || tolerance->value_or(0.05) > 1)
        return usageError("--tolerance is between 0 and 1, for example 0.05.", line.path());
    if ((wish.choice.constraint || !wish.ofGroups.empty() || line.has("--per-group")) && wish.attributes.empty())
        return usageError("Name the column that groups are by: --attribute A.", line.path());
    if (line.has("--frontier") && !wish.choice.constraint)
        return usageError("--frontier needs a --constraint: what is the accuracy weighed against?", line.path());
    wish.choice.tolerance = tolerance->value_or(0.05);
    wish.choice.isPerGroup = line.has("--per-group");
    wish.before = *before;
    wish.threshold = parameters->threshold;
    wish.options.options = parameters->options;
    wish.options.participation = {parameters->smallestGroup, parameters->includeMissing};
    wish.options.bootstrapDraws = parameters->bootstrapDraws;
    wish.options.seed = parameters->seed;
    return wish;
}

std::string listed(const std::vector<std::string> &names)
{
    std::string text;
    for (const std::string &name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

/// Groups are by --attribute: a column that the mapping does not have as an attribute becomes one.
Status addAttributes(const Wish &wish, const predictions::Sample &sample, predictions::Mapping &mapping)
{
    for (const std::string &name : wish.attributes) {
        if (std::ranges::find(mapping.attributes, name, &predictions::AttributeMapping::name) != mapping.attributes.end())
            continue;
        if (std::ranges::find(sample.columns, name) == sample.columns.end())
            return Error{ErrorKind::Invalid, "The log has no column \"" + name + "\".", {}};
        mapping.attributes.push_back({name, name, {}});
        std::erase_if(mapping.features, [&](const auto &feature) { return feature.column == name; });
    }
    return mapping.check();
}

/// The log's own decisions where it has them; else a threshold.
computed::DecisionRule ruleBefore(const Wish &wish, const ScoreSource &source)
{
    if (!wish.before && source.hasDecisions())
        return {};
    return {wish.before.value_or(0.5), {}};
}

Result<computed::DecisionRule> ruleToTry(const Wish &wish, const ScoreSource &source, const computed::DecisionRule &before)
{
    computed::DecisionRule rule{wish.threshold ? wish.threshold : before.threshold, {}};
    if (wish.ofGroups.empty())
        return rule;
    rule.byGroup.resize(source.groups().size());
    for (const auto &[value, threshold] : wish.ofGroups) {
        std::size_t group = 0;
        const auto isNamed = [&](const ScoreSource::Group &own) {
            return own.group.size() == 1 ? own.group.front().second == value : Slice{own.group}.text() == value;
        };
        while (group < source.groups().size() && !isNamed(source.groups()[group]))
            ++group;
        if (group == source.groups().size())
            return Error{ErrorKind::Invalid, "There is no group \"" + value.substr(0, 60) + "\".", "--group-threshold"};
        rule.byGroup[group] = threshold;
    }
    return rule;
}

Status addFrontiers(const ScoreSource &source, const Progress &progress, WhatIf &whatIf)
{
    for (const bool isPerGroup : {false, true}) {
        auto frontier = accuracyFrontier(source, whatIf.before.rule, *whatIf.choice.constraint, isPerGroup, 50, whatIf.options, progress);
        if (!frontier)
            return frontier.error();
        (isPerGroup ? whatIf.frontierPerGroup : whatIf.frontierOfOne) = *std::move(frontier);
    }
    return {};
}

Result<WhatIf> compare(const ScoreSource &source, const Wish &wish, const Progress &progress)
{
    WhatIf whatIf;
    whatIf.choice = wish.choice;
    whatIf.options = wish.options;
    auto before = decideBy(source, ruleBefore(wish, source), wish.options);
    if (!before)
        return before.error();
    whatIf.before = *std::move(before);
    Result<computed::DecisionRule> rule = computed::DecisionRule();
    if (wish.isSearch()) {
        auto found = findThresholds(source, whatIf.before.rule, wish.choice, wish.options, progress);
        if (!found)
            return found.error();
        rule = found->rule;
        whatIf.leftOut = found->leftOut;
    } else {
        rule = ruleToTry(wish, source, whatIf.before.rule);
    }
    if (!rule)
        return rule.error();
    auto after = decideBy(source, *rule, wish.options);
    if (!after)
        return after.error();
    whatIf.after = *std::move(after);
    return whatIf;
}

Status writeWeights(const ScoreSource &source, const std::string &path)
{
    const auto rows = reweighingRows(source);
    if (!rows)
        return rows.error();
    return writeTextFile(path, reweighingCsv(source, *rows), "The file for weights");
}

/// What would be refused anyway, before a long log is read.
Status checkProposal(const CommandLine &line, const Wish &wish)
{
    if (!line.has("--propose"))
        return {};
    for (const char *needed : {"--model", "--version", "--reason"})
        if (line.valueOr(needed, {}).empty())
            return usageError("--propose needs --model, --version and --reason.", line.path());
    if (!line.has("--accept-legal-note") && (wish.choice.isPerGroup || !wish.ofGroups.empty()))
        return usageError(std::string(computed::legalNote()) + "\nThresholds that differ by group can be proposed with --accept-legal-note, once you have read this.", line.path());
    return {};
}

/// The recorded set that the proposal rests on. Invalid: it is of another log.
Result<std::optional<ImportId>> basisOf(services::Session &session, const CommandLine &line, const Digest &log)
{
    const auto text = line.value("--basis");
    if (!text)
        return std::optional<ImportId>();
    const auto row = services::findComputed(session, *text);
    if (!row)
        return row.error();
    if (row->logDigest != log)
        return Error{ErrorKind::Invalid, row->number() + " is of another log.", {}};
    return std::optional(row->import);
}

Status propose(Context &context, const ScoreSource &source, WhatIf &whatIf)
{
    const CommandLine &line = context.line();
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto subject = services::findVersionSubject(**session, line.valueOr("--model", {}) + "/" + line.valueOr("--version", {}));
    if (!subject)
        return subject.error();
    const auto basis = basisOf(**session, line, whatIf.basis.log);
    if (!basis)
        return basis.error();
    if (*basis)
        whatIf.basis.import = (*basis)->text();
    services::ChangeProposal proposal = services::changeProposal(source, whatIf, subject->version->id, line.valueOr("--reason", {}));
    proposal.basis = *basis;
    const auto id = services::proposeChange(**session, proposal);
    if (!id)
        return id.error();
    context.terminal().say("Recorded as change request " + *id + ".");
    return {};
}

} // namespace

Result<ExitCode> runMetricsWhatIf(Context &context)
{
    const CommandLine &line = context.line();
    if (context.isJson() + line.has("--csv") + line.has("--table") > 1)
        return usageError("Choose one of --json, --csv and --table.", line.path());
    const auto wish = wishOf(line);
    if (!wish)
        return wish.error();
    if (const auto status = checkProposal(line, *wish); !status)
        return status.error();
    auto opened = openLog(context, line.argument(0), false);
    if (!opened)
        return opened.error();
    if (const auto status = addAttributes(*wish, opened->reader.sample(), opened->mapping); !status)
        return status.error();
    const predictions::ReadOptions reading = readOptions(context);
    if (!wish->attributes.empty())
        context.terminal().say("Groups by " + listed(wish->attributes) + ".");
    auto log = opened->reader.read(opened->mapping, reading);
    if (!log)
        return log.error();
    const predictions::LogFacts facts = log->facts;
    auto table = scoretables::buildTable(*std::move(log), {scoretables::WindowUnit::None, 0, reading.progress});
    if (!table)
        return table.error();
    const auto source = computed::scoreSource(std::make_shared<const scoretables::Table>(*std::move(table)), wish->attributes, reading.progress);
    if (!source)
        return source.error();
    auto whatIf = compare(**source, *wish, reading.progress);
    if (!whatIf)
        return whatIf.error();
    whatIf->basis = {facts.name, facts.digest, crypto::sha256(predictions::writeMapping(opened->mapping)), {}};
    if (line.has("--frontier"))
        if (const auto status = addFrontiers(**source, reading.progress, *whatIf); !status)
            return status.error();
    context.terminal().endProgress();
    if (const auto status = tellRejected(context, facts.rejects); !status)
        return status.error();
    if (const auto path = line.value("--reweigh"))
        if (const auto status = writeWeights(**source, *path); !status)
            return status.error();
    if (line.has("--propose"))
        if (const auto status = propose(context, **source, *whatIf); !status)
            return status.error();
    if (context.isJson())
        context.terminal().print(writeWhatIf(**source, *whatIf) + "\n");
    else
        context.terminal().print(line.has("--csv") ? whatIfCsv(**source, *whatIf) : whatIfTable(**source, *whatIf, context.terminal()));
    return facts.rejects.total > 0 ? Partial : Done;
}

} // namespace countersign::cli
