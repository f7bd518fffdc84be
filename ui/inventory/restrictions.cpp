#include "ui/inventory/restrictions.h"

#include "models/base/text.h"
#include "models/items/inventory/inventorytable.h"
#include "ui/theme/state.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace countersign::pages {

using items::InventoryTable;
using widgets::FacetGroup;
using widgets::FacetRow;

namespace {

QString tr(const char *text, const char *comment = nullptr)
{
    return QCoreApplication::translate("Inventory", text, comment);
}

constexpr VerdictState kVerdicts[] = {VerdictState::Fail,   VerdictState::Watch, VerdictState::NotEnoughData,
                                      VerdictState::Waived, VerdictState::Pass,  VerdictState::NotJudged};
constexpr int kSignStates[] = {2, 3, 0, 1}; // what waits for somebody first

QString ownerWord(const std::string &owner)
{
    return owner.empty() ? tr("No owner") : QString::fromStdString(text::visible(owner));
}

std::optional<theme::State> signGlyph(int signState)
{
    switch (signState) {
    case 1: return theme::State::Pass;
    case 2: return theme::State::Stale;
    case 3: return theme::State::Fail;
    default: return {};
    }
}

template<class Counts, class Key>
int countOf(const Counts &counts, const Key &key)
{
    const auto found = counts.find(key);
    return found == counts.end() ? 0 : static_cast<int>(found->second);
}

// Owners are text from outside and may be empty; a key of the list must not be.
QString ownerKey(const std::string &owner)
{
    return QLatin1Char('=') + QString::fromStdString(owner);
}

FacetGroup verdictGroup(const store::InventoryFacets &facets, const store::InventoryFilter &filter)
{
    FacetGroup group{facet::kVerdict, tr("Verdict"), {}};
    for (const VerdictState verdict : kVerdicts) {
        const int count = countOf(facets.verdicts, verdict);
        const bool isTicked = filter.verdicts.contains(verdict);
        if (verdict == VerdictState::Waived && count == 0 && !isTicked)
            continue; // most workspaces never waive
        group.rows.append({QString::number(static_cast<int>(verdict)), InventoryTable::verdictWord(verdict), count, isTicked, theme::stateOf(verdict)});
    }
    return group;
}

FacetGroup tierGroup(const store::InventoryFacets &facets, const store::InventoryFilter &filter)
{
    FacetGroup group{facet::kTier, tr("Tier"), {}};
    for (const int tier : {1, 2, 3, 0})
        group.rows.append({QString::number(tier), InventoryTable::tierWord(tier), countOf(facets.tiers, tier), filter.tiers.contains(tier), {}});
    return group;
}

FacetGroup stageGroup(const store::InventoryFacets &facets, const store::InventoryFilter &filter)
{
    FacetGroup group{facet::kStage, tr("Stage"), {}};
    for (const Stage stage : kAllStages) {
        const int count = countOf(facets.stages, stage);
        if (count > 0 || filter.stages.contains(stage))
            group.rows.append({QString::number(static_cast<int>(stage)), InventoryTable::stageWord(stage), count, filter.stages.contains(stage), {}});
    }
    return group;
}

FacetGroup signedGroup(const store::InventoryFacets &facets, const store::InventoryFilter &filter)
{
    FacetGroup group{facet::kSigned, tr("Signed"), {}};
    for (const int state : kSignStates) {
        group.rows.append({QString::number(state), InventoryTable::signWord(state), countOf(facets.signStates, state),
                           filter.signStates.contains(state), signGlyph(state)});
    }
    return group;
}

FacetGroup ownerGroup(const store::InventoryFacets &facets, const store::InventoryFilter &filter)
{
    FacetGroup group{facet::kOwner, tr("Owner"), {}};
    std::set<std::string> listed;
    for (const auto &[owner, count] : facets.owners) {
        listed.insert(owner);
        group.rows.append({ownerKey(owner), ownerWord(owner), static_cast<int>(count), filter.owners.contains(owner), {}});
    }
    for (const std::string &owner : filter.owners) {
        if (!listed.contains(owner))
            group.rows.append({ownerKey(owner), ownerWord(owner), 0, true, {}});
    }
    return group;
}

// "Fail", "Fail or Watch", "Fail, Watch or Waived"
QString anyOf(const QStringList &words)
{
    if (words.size() < 2)
        return words.value(0);
    return tr("%1 or %2", "last two of a list").arg(words.first(words.size() - 1).join(QStringLiteral(", ")), words.last());
}

} // namespace

QList<FacetGroup> facetGroups(const store::InventoryFacets &facets, const store::InventoryFilter &filter)
{
    QList<FacetGroup> groups{verdictGroup(facets, filter), tierGroup(facets, filter), stageGroup(facets, filter), signedGroup(facets, filter),
                             ownerGroup(facets, filter)};
    groups.removeIf([](const FacetGroup &group) { return group.rows.isEmpty(); });
    return groups;
}

store::InventoryFilter withTicks(store::InventoryFilter filter, const QString &group, const QStringList &keys)
{
    filter = without(std::move(filter), group);
    for (const QString &key : keys) {
        if (group == facet::kVerdict)
            filter.verdicts.insert(static_cast<VerdictState>(key.toInt()));
        else if (group == facet::kTier)
            filter.tiers.insert(key.toInt());
        else if (group == facet::kStage)
            filter.stages.insert(static_cast<Stage>(key.toInt()));
        else if (group == facet::kSigned)
            filter.signStates.insert(key.toInt());
        else if (group == facet::kOwner)
            filter.owners.insert(key.mid(1).toStdString());
    }
    return filter;
}

store::InventoryFilter without(store::InventoryFilter filter, const QString &group)
{
    if (group == facet::kText)
        filter.text.clear();
    else if (group == facet::kVerdict)
        filter.verdicts.clear();
    else if (group == facet::kTier)
        filter.tiers.clear();
    else if (group == facet::kStage)
        filter.stages.clear();
    else if (group == facet::kSigned)
        filter.signStates.clear();
    else if (group == facet::kOwner)
        filter.owners.clear();
    return filter;
}

QList<Restriction> restrictions(const store::InventoryFilter &filter)
{
    QList<Restriction> found;
    const auto add = [&found](const QString &group, const QString &words, const QStringList &values) {
        if (!values.isEmpty())
            found.append({group, words, anyOf(values)});
    };
    if (!filter.text.empty())
        add(facet::kText, tr("name or owner contains"), {QStringLiteral("“%1”").arg(QString::fromStdString(text::visible(filter.text)))});
    QStringList words;
    for (const VerdictState verdict : kVerdicts) {
        if (filter.verdicts.contains(verdict))
            words.append(InventoryTable::verdictWord(verdict));
    }
    add(facet::kVerdict, tr("verdict is"), words);
    words.clear();
    for (const int tier : {1, 2, 3, 0}) {
        if (filter.tiers.contains(tier))
            words.append(tier > 0 ? QString::number(tier) : tr("not set"));
    }
    add(facet::kTier, tr("tier is"), words);
    words.clear();
    for (const Stage stage : filter.stages)
        words.append(InventoryTable::stageWord(stage));
    add(facet::kStage, tr("stage is"), words);
    words.clear();
    for (const int state : kSignStates) {
        if (filter.signStates.contains(state))
            words.append(InventoryTable::signWord(state));
    }
    add(facet::kSigned, tr("sign-off is"), words);
    words.clear();
    for (const std::string &owner : filter.owners)
        words.append(ownerWord(owner));
    add(facet::kOwner, tr("owner is"), words);
    return found;
}

QString inventorySentence(const store::InventoryFacets &facets, const store::InventoryFilter &filter, int shown)
{
    // A facet is counted without its own restriction; what is ticked away is not shown either.
    const int failing = filter.verdicts.empty() || filter.verdicts.contains(VerdictState::Fail) ? countOf(facets.verdicts, VerdictState::Fail) : 0;
    const int stale = filter.signStates.empty() || filter.signStates.contains(2) ? countOf(facets.signStates, 2) : 0;
    const QLocale locale;
    const bool isAll = filter == store::InventoryFilter{};
    QString sentence = isAll ? tr("%1 models.").arg(locale.toString(shown)) : tr("%1 of %2 models.").arg(locale.toString(shown), locale.toString(qlonglong(facets.all)));
    if (isAll && shown == 1)
        sentence = tr("1 model.");
    if (shown == 0)
        return sentence;
    const QString fails = failing == 0 ? tr("None fails a limit") : failing == 1 ? tr("1 fails a limit") : tr("%1 fail a limit").arg(locale.toString(failing));
    const QString stales = stale == 0 ? tr("no sign-off is stale") : stale == 1 ? tr("1 sign-off is stale") : tr("%1 sign-offs are stale").arg(locale.toString(stale));
    return QStringLiteral("%1 %2; %3.").arg(sentence, fails, stales);
}

} // namespace countersign::pages
