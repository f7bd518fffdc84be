#include "app/cli/commands/commands.h"
#include "app/cli/terminal/output.h"
#include "models/policy/evaluator.h"
#include "models/services/inventory.h"
#include "models/services/review/rules.h"

#include <algorithm>

namespace countersign::cli {

namespace {

/// The one of the three limits that is given; `isNeeded`: exactly one must be.
Status takeLimit(const CommandLine &line, Rule &rule, bool isNeeded)
{
    const int given = line.has("--at-least") + line.has("--at-most") + line.has("--within");
    if (given > 1 || (given == 0 && isNeeded))
        return usageError("Give one of --at-least X, --at-most X and --within LO HI.", line.path());
    if (given == 0)
        return {};
    const std::string option = line.has("--at-least") ? "--at-least" : line.has("--at-most") ? "--at-most" : "--within";
    rule.direction = option == "--at-least" ? Direction::AtLeast : option == "--at-most" ? Direction::AtMost : Direction::Within;
    const auto lower = line.real(option);
    const auto upper = line.real(option, 1);
    if (!lower || !upper)
        return !lower ? lower.error() : upper.error();
    rule.limit = lower->value_or(0);
    rule.upperLimit = upper->value_or(0);
    return {};
}

Status takeScope(Context &context, Rule &rule)
{
    const CommandLine &line = context.line();
    const auto watch = line.real("--watch");
    const auto minimum = line.integer("--min-n");
    const auto age = line.integer("--max-age");
    if (!watch || !minimum || !age)
        return !watch ? watch.error() : !minimum ? minimum.error() : age.error();
    if (watch->has_value())
        rule.watch = *watch;
    if (minimum->has_value())
        rule.minimumN = *minimum;
    if (age->has_value())
        rule.maxAgeDays = static_cast<int>(std::clamp<std::int64_t>(**age, 0, 1'000'000)); // policy::check says what is wrong with it
    if (line.has("--tier")) {
        rule.tiers.clear();
        for (const auto &word : line.values("--tier")) {
            if (word.size() != 1 || word[0] < '1' || word[0] > '3')
                return usageError("--tier is 1, 2 or 3; several times for several.", line.path());
            rule.tiers.push_back(word[0] - '0');
        }
        std::ranges::sort(rule.tiers);
    }
    if (const auto word = line.value("--on")) {
        const auto basis = parseBasis(*word);
        if (!basis)
            return usageError("--on is value or bound.", line.path());
        rule.basis = *basis;
    }
    if (const auto word = line.value("--severity")) {
        const auto severity = parseSeverity(*word);
        if (!severity)
            return usageError("--severity is low, medium, high or critical.", line.path());
        rule.severity = *severity;
    }
    if (line.has("--attribute"))
        rule.attribute = line.valueOr("--attribute", {});
    if (const auto model = line.value("--model")) {
        const auto subject = services::findSubject(context.session(), *model);
        if (!subject)
            return subject.error();
        rule.model = subject->model.id;
    }
    return {};
}

Result<ExitCode> record(Context &context, const Rule &rule)
{
    std::optional<Instant> from;
    if (const auto text = context.line().value("--from")) {
        const auto time = parseTime(*text);
        if (!time)
            return time.error().in("--from");
        from = *time;
    }
    if (const auto status = policy::check(rule); !status)
        return status.error(); // before anybody types a passphrase
    const auto key = context.personKey();
    if (!key)
        return key.error();
    const auto set = services::setRule(context.session(), rule, from, context.person(), **key);
    if (!set)
        return set.error();
    context.terminal().say("In force: " + policy::sentence(*set) + ".");
    if (context.isJson())
        printJson(context, "rule", {{"rule", ruleJson(*set)}});
    else
        context.terminal().print(set->id.text() + "\n");
    return Done;
}

} // namespace

Result<ExitCode> runRuleAdd(Context &context)
{
    Rule rule;
    rule.metric = context.line().valueOr("--metric", {});
    if (const auto status = takeLimit(context.line(), rule, true); !status)
        return status.error();
    const auto session = context.openForWriting();
    if (!session)
        return session.error();
    if (const auto status = takeScope(context, rule); !status)
        return status.error();
    return record(context, rule);
}

Result<ExitCode> runRuleChange(Context &context)
{
    const auto session = context.openForWriting();
    if (!session)
        return session.error();
    auto rule = services::findRule(**session, context.line().argument(0));
    if (!rule)
        return rule.error();
    if (const auto status = takeLimit(context.line(), *rule, false); !status)
        return status.error();
    if (const auto status = takeScope(context, *rule); !status)
        return status.error();
    return record(context, *rule);
}

Result<ExitCode> runRuleRetire(Context &context)
{
    const auto session = context.openForWriting();
    if (!session)
        return session.error();
    const auto rule = services::findRule(**session, context.line().argument(0));
    if (!rule)
        return rule.error();
    const auto key = context.personKey();
    if (!key)
        return key.error();
    if (const auto status = services::retireRule(**session, rule->id, context.person(), **key); !status)
        return status.error();
    if (context.isJson())
        printJson(context, "rule.retire", {{"id", rule->id.text()}, {"retired", true}});
    else
        context.terminal().print("Retired: " + policy::sentence(*rule) + ".\n");
    return Done;
}

} // namespace countersign::cli
