#include "ui/model/fairness/fairnesstab.h"

#include "models/items/celltext.h"
#include "models/items/computed/figuretext.h"
#include "ui/model/computed/setbar.h"
#include "ui/model/fairness/curvespane.h"
#include "ui/model/fairness/disparitiespane.h"
#include "ui/model/fairness/groupspane.h"
#include "ui/model/fairness/overtimepane.h"
#include "ui/model/tabparts.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/badge.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/fields/segmentedbutton.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>

namespace countersign::pages {

using items::oneLine;
using theme::scaled;

namespace {

const QString kGroups = QStringLiteral("groups");
const QString kOverTime = QStringLiteral("time");
const QString kDisparities = QStringLiteral("disparities");
const QString kCurves = QStringLiteral("curves");

constexpr qsizetype kMostInBadge = 80;
constexpr int kOverall = -2; ///< data of the reference combo; rows of the view are 0 and up
constexpr int kLargest = -1;

QString text(const std::string &value)
{
    return QString::fromStdString(value);
}

} // namespace

FairnessTab::FairnessTab(ComputedSource &source, QWidget *parent)
    : ComputedTab(source, parent), m_groups(new GroupsPane), m_overTime(new OverTimePane), m_disparities(new DisparitiesPane), m_curves(new CurvesPane)
{
    column().addWidget(makeChoices());
    column().addWidget(makeFinding());
    m_panes = new QStackedWidget;
    for (QWidget *pane : std::initializer_list<QWidget *>{m_groups, m_overTime, scrolled(m_disparities), m_curves})
        m_panes->addWidget(pane);
    column().addWidget(m_panes, 1);
    auto *whatIf = widgets::secondaryButton(tr("What If…"), QStringLiteral("settings"));
    whatIf->setObjectName(QStringLiteral("whatIf"));
    bar().addAct(whatIf);
    addBar();
    connect(whatIf, &QPushButton::clicked, this, [this] {
        if (const services::ComputedRow *row = this->source().current())
            Q_EMIT navigate({QStringLiteral("whatif"), text(row->model.text()), text(row->version.text()), {}, text(row->import.text())});
    });
    connectSignals();
}

QWidget *FairnessTab::makeChoices()
{
    auto *bar = new QWidget;
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(scaled(6));
    m_attribute = addChoice(*row, tr("Attribute"), QStringLiteral("attribute"));
    m_crossed = addChoice(*row, tr("crossed with"), QStringLiteral("crossed"));
    m_metric = addChoice(*row, tr("Metric"), QStringLiteral("metric"));
    m_reference = addChoice(*row, tr("Reference"), QStringLiteral("reference"));
    m_window = addChoice(*row, tr("Window"), QStringLiteral("window"));
    row->addStretch(1);
    return bar;
}

QWidget *FairnessTab::makeFinding()
{
    auto *bar = new QWidget;
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(scaled(10));
    m_finding = new widgets::VerdictBadge;
    m_plainFinding = new widgets::PlainLabel({}, theme::Type::Strong);
    m_plainFinding->setObjectName(QStringLiteral("finding"));
    m_plainFinding->setElide(Qt::ElideRight);
    row->addWidget(m_finding);
    row->addWidget(m_plainFinding, 1);
    row->addStretch(0);
    m_pane = new widgets::SegmentedButton(tr("Show"));
    m_pane->addChoice(kGroups, tr("Groups"), QStringLiteral("chart"));
    m_pane->addChoice(kOverTime, tr("Over Time"), QStringLiteral("clock"));
    m_pane->addChoice(kDisparities, tr("Disparities"), QStringLiteral("policy"));
    m_pane->addChoice(kCurves, tr("Curves"));
    row->addWidget(m_pane);
    return bar;
}

void FairnessTab::connectSignals()
{
    for (QComboBox *combo : {m_attribute, m_crossed})
        connect(combo, &QComboBox::activated, this, &FairnessTab::takeFamily);
    connect(m_metric, &QComboBox::activated, this, [this] {
        m_choice.metric = m_metric->currentData().toString().toStdString();
        redraw();
    });
    connect(m_window, &QComboBox::activated, this, [this] {
        m_choice.window = m_window->currentData().toString().toStdString();
        redraw();
    });
    connect(m_reference, &QComboBox::activated, this, &FairnessTab::takeReference);
    connect(m_pane, &widgets::SegmentedButton::chosen, this, &FairnessTab::showPane);
    connect(m_groups, &GroupsPane::cursorChanged, &bar(), &SetBar::showCursor);
    connect(m_overTime, &OverTimePane::cursorChanged, &bar(), &SetBar::showCursor);
    connect(m_curves, &CurvesPane::cursorChanged, &bar(), &SetBar::showCursor);
}

void FairnessTab::setReadOnly(const QString &reason)
{
    bar().recompute()->setToolTip(reason.isEmpty() ? tr("Computes every figure again from the log, and says what differs") : tr("Computes every figure again; the outcome is not recorded: %1").arg(reason));
}

void FairnessTab::showMetric(const QString &metric, const QString &attribute)
{
    if (!metric.isEmpty())
        m_choice.metric = metric.toStdString();
    if (!attribute.isEmpty())
        m_choice.attributes = {attribute.toStdString()};
    if (isVisible())
        redraw();
}

ComputedTab::Absence FairnessTab::absence() const
{
    if (!source().version())
        return {tr("This model has no version yet"), tr("Import one from a registry, or metrics that name a version; then a prediction log can be read for it."), false};
    if (source().rows().empty())
        return {tr("No prediction log was imported for this version"),
                tr("From a log every figure is computed by group, with its interval, and compared. The log itself is not kept.")};
    return {tr("These figures have no groups"), tr("The log was read without an attribute such as sex or age. Import it again and name one.")};
}

void FairnessTab::fillChoices()
{
    const computed::ComputedSet &set = *source().set();
    const auto families = familiesOf(set);
    const std::string own = m_choice.attributes.front();
    m_attribute->clear();
    m_crossed->clear();
    m_crossed->addItem(tr("none"), QString());
    for (const auto &family : families) {
        if (family.size() == 1)
            m_attribute->addItem(oneLine(family.front()), text(family.front()));
        const bool isPair = family.size() == 2 && std::ranges::find(family, own) != family.end();
        if (isPair) {
            const std::string &other = family.front() == own ? family.back() : family.front();
            m_crossed->addItem(oneLine(other), text(other));
        }
    }
    m_attribute->setCurrentIndex(m_attribute->findData(text(own)));
    m_crossed->setCurrentIndex(m_choice.attributes.size() > 1 ? std::max(0, m_crossed->findData(text(m_choice.attributes.back()))) : 0);
    m_crossed->setEnabled(m_crossed->count() > 1);
    m_crossed->setToolTip(m_crossed->count() > 1 ? QString() : tr("The log was imported without pairs of attributes."));
    m_metric->clear();
    for (const std::string &metric : metricsOf(set))
        m_metric->addItem(items::metricTitle(metric), text(metric));
    m_metric->setCurrentIndex(m_metric->findData(text(m_choice.metric)));
    m_window->clear();
    m_window->addItem(tr("whole log"), QString());
    const auto windows = windowsOf(set);
    for (auto window = windows.rbegin(); window != windows.rend(); ++window)
        m_window->addItem(oneLine(*window), text(*window));
    m_window->setCurrentIndex(std::max(0, m_window->findData(text(m_choice.window))));
    m_window->setEnabled(!windows.empty());
}

void FairnessTab::fillReferences(const FairnessView &view)
{
    m_reference->clear();
    m_reference->addItem(tr("largest group"), kLargest);
    m_reference->addItem(tr("everybody"), kOverall);
    int current = m_choice.reference == ReferenceKind::Overall ? 1 : 0;
    for (std::size_t i = 0; i < view.rows.size(); ++i) {
        m_reference->addItem(view.rows[i].name, static_cast<int>(i));
        if (m_choice.reference == ReferenceKind::Group && view.rows[i].group == m_choice.group)
            current = m_reference->count() - 1;
    }
    m_reference->setCurrentIndex(current);
}

void FairnessTab::takeFamily()
{
    const std::string attribute = m_attribute->currentData().toString().toStdString();
    const std::string crossed = m_crossed->currentData().toString().toStdString();
    m_choice.attributes = {attribute};
    if (!crossed.empty() && crossed != attribute)
        m_choice.attributes.push_back(crossed);
    m_choice.group.clear();
    redraw();
}

void FairnessTab::takeReference()
{
    const int chosen = m_reference->currentData().toInt();
    m_choice.reference = chosen == kOverall ? ReferenceKind::Overall : chosen == kLargest ? ReferenceKind::Largest : ReferenceKind::Group;
    m_choice.group.clear();
    if (chosen >= 0 && source().set()) {
        const FairnessView view = fairnessOf(*source().set(), m_choice);
        m_choice.group = view.rows[static_cast<std::size_t>(chosen)].group;
    }
    redraw();
}

bool FairnessTab::draw()
{
    const auto set = source().set();
    const auto choice = settled(*set, m_choice);
    if (!choice)
        return false;
    m_choice = *choice;
    const FigureJudge judge = [this](const computed::GroupValues &group, const metrics::Figure &figure) { return source().judge(m_choice.metric, group, figure); };
    const FairnessView view = fairnessOf(*set, m_choice, judge);
    fillChoices();
    fillReferences(view);
    // A badge is never cut; a finding with long names stands as a line that can be.
    const bool isJudged = view.state != VerdictState::NotJudged && view.finding.size() <= kMostInBadge;
    m_finding->setVisible(isJudged);
    m_plainFinding->setVisible(!isJudged);
    m_plainFinding->setText(view.finding);
    m_finding->setVerdict(theme::stateOf(view.state), view.finding);
    m_groups->showView(*set, view, judge);
    m_overTime->showSpec(groupsOverTime(*set, view));
    m_disparities->showView(*set, view);
    m_curves->showCurves(set, source().scores(), m_choice.attributes);
    return true;
}

void FairnessTab::showPane(const QString &key)
{
    m_panes->setCurrentIndex(key == kOverTime ? 1 : key == kDisparities ? 2 : key == kCurves ? 3 : 0);
    bar().showCursor({});
}

} // namespace countersign::pages
