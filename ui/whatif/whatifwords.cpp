#include "ui/whatif/whatifwords.h"

#include "models/items/celltext.h"
#include "models/items/computed/figuretext.h"
#include "models/items/computed/whatiftables.h"

#include <QCoreApplication>
#include <QLocale>

namespace countersign::pages {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("WhatIf", text);
}

QString percent(const metrics::Figure *figure)
{
    return figure && figure->isDefined() ? tr("%1 %").arg(QLocale().toString(100 * figure->value, 'f', 1)) : items::figureValue(figure ? *figure : metrics::Figure());
}

const metrics::Figure *disparityOf(const computed::WhatIfSide &side, const char *name)
{
    const auto *disparity = side.disparity(name);
    return disparity ? &disparity->figure : nullptr;
}

/// A cost that was nothing has no percentage.
QString costChange(double before, double after)
{
    if (before <= 0)
        return tr("cost %1 → %2").arg(QLocale().toString(before, 'g', 8), QLocale().toString(after, 'g', 8));
    const double change = 100 * (after - before) / before;
    const QString sign = change > 0 ? QStringLiteral("+") : change < 0 ? QString(QChar(0x2212)) : QString();
    return tr("cost %1%2 %").arg(sign, QLocale().toString(std::fabs(change), 'f', 1));
}

} // namespace

QStringList changesOf(const WhatIfState &state)
{
    QStringList changes;
    const computed::WhatIfSide &before = state.before();
    const computed::WhatIfSide &after = state.after();
    const auto add = [&changes](const QString &name, const QString &was, const QString &is) { changes.append(QStringLiteral("%1 %2 → %3").arg(name, was, is)); };
    add(tr("selected"), percent(before.find("selection_rate")), percent(after.find("selection_rate")));
    if (state.source()->hasLabels())
        add(tr("accuracy"), percent(before.find("accuracy")), percent(after.find("accuracy")));
    if (state.source()->groups().size() > 1) {
        const auto between = [&](const char *name, const QString &words) {
            const auto *was = disparityOf(before, name);
            const auto *is = disparityOf(after, name);
            if (was && is)
                add(words, items::figureValue(*was), items::figureWithInterval(*is));
        };
        between("demographic_parity_ratio", tr("ratio of selection rates"));
        switch (state.choice().constraint.value_or(metrics::Constraint::EqualOpportunity)) {
        case metrics::Constraint::DemographicParity: between("demographic_parity_difference", tr("difference of selection rates")); break;
        case metrics::Constraint::EqualOpportunity: between("equal_opportunity_difference", tr("difference of recalls")); break;
        case metrics::Constraint::EqualizedOdds: between("equalized_odds_difference", tr("equalized odds difference")); break;
        }
    }
    if (before.cost && after.cost)
        changes.append(costChange(*before.cost, *after.cost));
    return changes;
}

QString ruleText(const WhatIfState &state)
{
    if (!state.isChanged())
        return tr("Nothing is changed yet.");
    const QString before = state.ruleBefore().threshold ? items::thresholdText(state.ruleBefore().threshold) : tr("the log's own decisions");
    if (state.rule().isPerGroup()) {
        constexpr std::size_t kNamed = 6;
        const auto &groups = state.source()->groups();
        QStringList named;
        for (std::size_t g = 0; g < groups.size() && g < kNamed; ++g)
            named.append(QStringLiteral("%1 %2").arg(items::groupText(groups[g].group), items::thresholdText(state.rule().of(g))));
        const QString rest = groups.size() > kNamed ? tr(" and %1 more").arg(groups.size() - kNamed) : QString();
        return tr("A threshold for each group (%1%2) instead of %3.").arg(named.join(QStringLiteral(", ")), rest, before);
    }
    return tr("Threshold %1 instead of %2.").arg(items::thresholdText(state.rule().of(0)), before);
}

QStringList reweighedText(const services::Reweighing &reweighing)
{
    constexpr std::size_t kNamed = 6;
    const auto number = [](const std::optional<double> &value) { return value ? items::numberText(*value) : tr("none"); };
    QStringList lines;
    for (std::size_t g = 0; g < std::min(kNamed, reweighing.groups.size()); ++g) {
        const services::ReweighedGroup &group = reweighing.groups[g];
        const QString after = group.after ? items::numberText(*group.after) : tr("unchanged, one label only");
        lines.append(tr("%1: positive labels %2 → %3, weights %4 positive, %5 negative")
                         .arg(items::groupText(group.group), items::figureSentence(group.before), after, number(group.positiveWeight), number(group.negativeWeight)));
    }
    if (reweighing.groups.size() > kNamed)
        lines.append(tr("and %1 more groups, all in the evidence").arg(reweighing.groups.size() - kNamed));
    lines.append(tr("largest difference %1 → %2").arg(items::numberText(reweighing.differenceBefore), items::numberText(reweighing.differenceAfter)));
    lines.append(tr("weighted, %1 rows say as much as %2 rows of equal weight")
                     .arg(QLocale().toString(reweighing.rows, 'f', 0), QLocale().toString(reweighing.effectiveRows, 'f', 0)));
    return lines;
}

QString basisText(const services::ScoredSet &set, const WhatIfState &state)
{
    const QString rows = QLocale().toString(static_cast<qulonglong>(state.after().counts.rows));
    return tr("%1 of %2, %3 cases").arg(QString::fromStdString(set.number), items::inMiddle(set.log), rows);
}

QString precisionText(const services::ScoredSet &set, const WhatIfState &state)
{
    if (state.source()->isExact())
        return tr("Every score is known, so figures are exact at any threshold.");
    const QString steps = set.scores->binning == computed::Binning::EqualWidth
                              ? tr("The record has kept the scores in steps of 0.001: thresholds are multiples of it, and figures there are exact.")
                              : tr("The record has kept the scores in about a thousand steps: thresholds are their ends, and figures there are exact.");
    const auto &inForce = state.ruleBefore().threshold;
    if (inForce && state.source()->exactThreshold(*inForce) != *inForce)
        return tr("%1 Today's threshold %2 lies between two of them; its figures here are those of the next one.").arg(steps, items::thresholdText(inForce));
    return steps;
}

} // namespace countersign::pages
