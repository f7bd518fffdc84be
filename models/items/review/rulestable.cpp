#include "models/items/review/rulestable.h"

#include "models/items/celltext.h"
#include "models/metrics/definition.h"
#include "models/policy/evaluator.h"

#include <QLocale>

namespace countersign::items {

namespace {

QString tierList(const std::vector<int> &tiers)
{
    QStringList words;
    for (const int tier : tiers)
        words.append(QLocale().toString(tier));
    return QLocale().createSeparatedList(words);
}

QString number(std::int64_t n)
{
    return QLocale().toString(static_cast<qlonglong>(n));
}

VerdictState worstOf(const store::RuleUsage &usage)
{
    if (usage.fail > 0)
        return VerdictState::Fail;
    if (usage.notEnough > 0)
        return VerdictState::NotEnoughData;
    if (usage.watch > 0)
        return VerdictState::Watch;
    return usage.versions > 0 ? VerdictState::Pass : VerdictState::NotJudged;
}

} // namespace

int RulesTable::rowOf(const RuleId &rule) const
{
    const auto found = std::ranges::find(rows(), rule, [](const LimitRow &row) { return row.rule.id; });
    return found == rows().end() ? -1 : static_cast<int>(found - rows().begin());
}

QString RulesTable::scope(const LimitRow &row)
{
    const QString models = row.rule.model ? oneLine(row.modelName) : row.rule.tiers.empty() ? tr("All models") : row.rule.tiers.size() == 1 ? tr("Tier %1").arg(row.rule.tiers.front()) : tr("Tiers %1").arg(tierList(row.rule.tiers));
    const QString part = row.rule.attribute.empty() ? tr("overall value") : tr("every %1 group").arg(oneLine(row.rule.attribute));
    return QStringLiteral("%1, %2").arg(models, part);
}

QString RulesTable::severityWord(countersign::Severity severity)
{
    switch (severity) {
    case countersign::Severity::Low: return tr("Low");
    case countersign::Severity::Medium: return tr("Medium");
    case countersign::Severity::High: return tr("High");
    case countersign::Severity::Critical: return tr("Critical");
    }
    return {};
}

QString RulesTable::standing(const store::RuleUsage &usage)
{
    if (usage.versions == 0)
        return tr("Nothing judged");
    if (usage.fail > 0)
        return usage.fail == 1 ? tr("1 of %1 fails").arg(number(usage.versions)) : tr("%1 of %2 fail").arg(number(usage.fail), number(usage.versions));
    if (usage.notEnough > 0)
        return tr("%1 of %2 lack data").arg(number(usage.notEnough), number(usage.versions));
    if (usage.watch > 0)
        return tr("%1 of %2 on watch").arg(number(usage.watch), number(usage.versions));
    return usage.versions == 1 ? tr("The only one passes") : tr("All %1 pass").arg(number(usage.versions));
}

QVariant RulesTable::cell(const LimitRow &row, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole: return text(row, column);
    case StateRole: return column == Now ? QVariant(static_cast<int>(worstOf(row.usage))) : QVariant();
    default: return {};
    }
}

QString RulesTable::text(const LimitRow &row, int column)
{
    switch (column) {
    case Sentence: return oneLine(policy::sentence(row.rule));
    case Metric: return oneLine(metrics::define(row.rule.metric).title);
    case Scope: return scope(row);
    case Severity: return severityWord(row.rule.severity);
    case Since: return row.rule.inForceFrom == Instant{} ? tr("everything recorded") : utcDate(row.rule.inForceFrom);
    case Now: return standing(row.usage);
    case Revision: return number(row.rule.revision);
    default: return {};
    }
}

QString RulesTable::head(int column) const
{
    switch (column) {
    case Sentence: return tr("Limit");
    case Metric: return tr("Metric");
    case Scope: return tr("Judges");
    case Severity: return tr("Severity");
    case Since: return tr("In force from");
    case Now: return tr("Versions now");
    case Revision: return tr("Revision");
    default: return {};
    }
}

} // namespace countersign::items
