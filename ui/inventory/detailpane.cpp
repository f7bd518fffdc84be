#include "ui/inventory/detailpane.h"

#include "models/base/text.h"
#include "models/items/inventory/inventorytable.h"
#include "ui/theme/state.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/badge.h"
#include "ui/widgets/cards/flowlayout.h"
#include "ui/widgets/cards/keyvaluelist.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"

#include <QBoxLayout>
#include <QDateTime>
#include <QLocale>

namespace countersign::pages {

using items::InventoryTable;
using theme::scaled;

namespace {

constexpr std::size_t kMostReasons = 3;

QString shown(const std::string &text)
{
    return QString::fromStdString(text::visible(text));
}

QString orNotProvided(const std::string &text)
{
    return text.empty() ? DetailPane::tr("not provided") : shown(text);
}

// "Fails 1 of 2 limits: AUC …" stands in the badge without its reasons: those follow below, one a line.
QString headline(const std::string &sentence)
{
    const QString whole = shown(sentence);
    const qsizetype colon = whole.indexOf(QStringLiteral(": "));
    return colon < 0 ? whole : whole.left(colon);
}

} // namespace

DetailPane::DetailPane(QWidget *parent)
    : Pane(widgets::Ground::Subtle, Qt::TopEdge, parent)
    , m_name(new widgets::PlainLabel({}, theme::Type::PageTitle))
    , m_badge(new widgets::VerdictBadge)
    , m_open(widgets::secondaryButton(tr("Open")))
    , m_reasons(new widgets::KeyValueList)
    , m_facts(new widgets::KeyValueList)
    , m_standing(new widgets::KeyValueList)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(scaled(20), scaled(14), scaled(20), scaled(14));
    column->setSpacing(scaled(12));
    column->addWidget(makeHead());
    auto *facts = new QHBoxLayout;
    facts->setSpacing(scaled(32));
    facts->addWidget(m_reasons, 48, Qt::AlignTop);
    facts->addWidget(m_facts, 26, Qt::AlignTop);
    facts->addWidget(m_standing, 26, Qt::AlignTop);
    column->addLayout(facts);
    column->addStretch(1);
    m_reasons->setNameWidth(56);
    m_facts->setNameWidth(64);
    m_standing->setNameWidth(56);
    m_name->setType(theme::Type::CardTitle);
    m_name->setSelectable(true);
    setAccessibleName(tr("Selected model"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    connect(m_open, &QPushButton::clicked, this, &DetailPane::openRequested);
}

QWidget *DetailPane::makeHead()
{
    auto *head = new QWidget;
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(scaled(10));
    row->addWidget(m_name);
    row->addWidget(m_badge);
    row->addStretch(1);
    row->addWidget(m_open);
    row->addWidget(new widgets::KeyCap(tr("Enter")));
    m_name->setElide(Qt::ElideMiddle);
    return head;
}

void DetailPane::show(const store::InventoryRow &row)
{
    m_name->setText(row.currentLabel.empty() ? shown(row.name) : QStringLiteral("%1 %2").arg(shown(row.name), shown(row.currentLabel)));
    m_badge->setVerdict(theme::stateOf(row.verdict), row.verdictSentence.empty() ? InventoryTable::verdictWord(row.verdict) : headline(row.verdictSentence));
    m_open->setAccessibleName(tr("Open %1").arg(shown(row.name)));
    m_reasons->clear();
    m_facts->clear();
    m_standing->clear();
    m_facts->add(tr("Owner"), orNotProvided(row.owner));
    m_facts->add(tr("Use case"), orNotProvided(row.useCase));
    const QString tier = row.tier ? InventoryTable::tierWord(*row.tier) : tr("no tier");
    m_standing->add(tr("Stage"), row.currentLabel.empty() ? tr("no version, %1").arg(tier)
                                                          : tr("%1, %2", "stage, tier").arg(InventoryTable::stageWord(row.stage), tier.toLower()));
    switch (row.signState) {
    case 1: m_standing->addState(tr("Signed"), theme::State::Pass, InventoryTable::signWord(1)); break;
    case 2: m_standing->addState(tr("Signed"), theme::State::Stale, tr("Stale: its inputs have changed")); break;
    case 3: m_standing->addState(tr("Signed"), theme::State::Fail, InventoryTable::signWord(3)); break;
    default: m_standing->add(tr("Signed"), InventoryTable::signWord(0));
    }
    m_standing->add(tr("Updated"), QLocale().toString(QDateTime::fromMSecsSinceEpoch(toMillis(row.updatedAt)), QStringLiteral("d MMM yyyy, HH:mm")));
}

void DetailPane::setVerdicts(const std::vector<Verdict> &verdicts)
{
    m_reasons->clear();
    std::size_t open = 0;
    for (const Verdict &verdict : verdicts) {
        if (verdict.state == VerdictState::Pass || verdict.state == VerdictState::NotJudged)
            continue;
        if (++open <= kMostReasons)
            m_reasons->add(theme::stateWord(theme::stateOf(verdict.state)), shown(verdict.sentence));
    }
    if (open > kMostReasons)
        m_reasons->add({}, tr("and %1 more", "limits that are not met").arg(open - kMostReasons));
    if (open == 0 && verdicts.empty())
        m_reasons->add(tr("Limits"), tr("No limit applies to this version yet."));
    else if (open == 0)
        m_reasons->add(tr("Limits"), verdicts.size() == 1 ? tr("The one limit is met.") : tr("All %1 limits are met.").arg(verdicts.size()));
}

} // namespace countersign::pages
