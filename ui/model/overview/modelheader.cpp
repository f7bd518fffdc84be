#include "ui/model/overview/modelheader.h"

#include "models/items/celltext.h"
#include "models/items/inventory/inventorytable.h"

#include <QComboBox>
#include <QCoreApplication>

namespace countersign::pages {

using items::oneLine;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("ModelHeader", text);
}

} // namespace

QString badgeText(const store::VersionRow &row)
{
    QString text = oneLine(row.verdictSentence);
    if (const auto details = text.indexOf(QStringLiteral(": ")); details > 0)
        text.truncate(details);
    while (text.endsWith(QLatin1Char('.')))
        text.chop(1);
    if (text.isEmpty())
        text = theme::stateWord(theme::stateOf(row.verdict));
    if (row.staleSignOffs == 1)
        text += tr(", 1 sign-off is stale");
    else if (row.staleSignOffs > 1)
        text += tr(", %1 sign-offs are stale").arg(row.staleSignOffs);
    return text;
}

theme::State badgeState(const store::VersionRow &row)
{
    const bool isQuiet = row.verdict == VerdictState::Pass || row.verdict == VerdictState::NotJudged;
    return isQuiet && row.staleSignOffs > 0 ? theme::State::Stale : theme::stateOf(row.verdict);
}

QString factsText(const ModelView &view)
{
    QStringList facts;
    facts.append(view.model.owner.empty() ? tr("No owner") : tr("Owner %1").arg(oneLine(view.model.owner)));
    if (view.current)
        facts.append(tr("Stage %1").arg(items::InventoryTable::stageWord(view.current->version.stage)));
    facts.append(items::InventoryTable::tierWord(view.model.tier.value_or(0)));
    if (!view.model.useCase.empty())
        facts.append(oneLine(view.model.useCase));
    return facts.join(QStringLiteral("  ·  "));
}

void fillVersionBox(QComboBox &box, const std::vector<store::VersionRow> &versions, const QString &current)
{
    box.clear();
    for (const store::VersionRow &row : versions) {
        QStringList aliases;
        for (const std::string &alias : row.version.aliases)
            aliases.append(oneLine(alias));
        const QString name = oneLine(versionName(row.version.label));
        box.addItem(aliases.isEmpty() ? name : QCoreApplication::translate("ModelHeader", "%1 (%2)", "version, aliases").arg(name, aliases.join(QStringLiteral(", "))),
                    QString::fromStdString(row.version.id.text()));
    }
    box.setCurrentIndex(box.findData(current));
    box.setVisible(!versions.empty());
    box.setEnabled(!versions.empty());
}

} // namespace countersign::pages
