// What is tried on the page: every score loaded, thresholds moved and found.

#include "models/items/celltext.h"
#include "ui/whatif/background.h"
#include "ui/whatif/controls.h"
#include "ui/whatif/figurespane.h"
#include "ui/whatif/plotpane.h"
#include "ui/whatif/whatifpage.h"
#include "ui/whatif/whatifplots.h"
#include "ui/whatif/whatifwords.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/messages/dialogs.h"

#include <QLocale>
#include <QPushButton>

#include <cmath>

namespace countersign::pages {

using items::oneLine;
using widgets::Message;

// --- every score ---

void WhatIfPage::loadKeptTable()
{
    if (!scoretables::TableCache(m_tables).contains(m_view->set.tableKey()))
        return;
    m_work->start(tr("Reading every score…"), [folder = m_tables, set = m_view->set](const Progress &progress) { return keptTable(folder, set, progress); },
                  [this](const Result<TablePointer> &table) {
        if (table)
            useTable(*table);
        else if (table.error().kind == ErrorKind::Tampered)
            Q_EMIT message(Message::warning(QString::fromStdString(table.error().message)));
    });
}

void WhatIfPage::openLog()
{
    if (!m_view)
        return;
    const QString path = widgets::dialogs::openFile(this, tr("Open %1").arg(oneLine(m_view->set.log)), tr("Prediction logs (*.csv *.tsv *.txt *.jsonl *.gz *.zst *.parquet);;All files (*)"), QStringLiteral("log"));
    if (path.isEmpty())
        return;
    m_work->start(tr("Reading the log…"), [path = std::filesystem::path(path.toStdString()), folder = m_tables, set = m_view->set](const Progress &progress) { return tableOfLog(path, folder, set, progress); },
                  [this](const Result<TablePointer> &table) {
        if (table)
            useTable(*table);
        else if (table.error().kind != ErrorKind::Cancelled)
            Q_EMIT message(Message::error(table.error()));
    });
}

void WhatIfPage::useTable(TablePointer table)
{
    if (!m_view)
        return;
    m_table = std::move(table);
    showGroupings();
    chooseGrouping(m_controls->grouping());
}

// --- long work ---

void WhatIfPage::find()
{
    if (!m_state.hasSource())
        return;
    m_state.setChoice(m_controls->choice());
    m_work->start(tr("Looking for the best thresholds…"),
                  [source = m_state.source(), before = m_state.ruleBefore(), choice = m_state.choice(), options = m_state.options()](const Progress &progress) {
                      return findThresholds(*source, before, choice, options, progress);
                  },
                  [this, source = m_state.source()](const Result<computed::FoundThresholds> &found) {
        if (source != m_state.source())
            return;
        if (!found) {
            if (found.error().kind != ErrorKind::Cancelled)
                Q_EMIT message(Message::warning(QString::fromStdString(found.error().message)));
            return;
        }
        m_state.setRule(found->rule);
        showAll();
        const QString tried = QLocale().toString(static_cast<qulonglong>(found->tried));
        Q_EMIT message(Message::info(found->isEveryScore ? tr("The best thresholds among all %1 different scores.").arg(tried)
                                                         : tr("The best thresholds among %1 that were tried.").arg(tried)));
    });
}

void WhatIfPage::readFrontier()
{
    const auto constraint = m_state.choice().constraint;
    m_frontierPane->setVisible(constraint.has_value());
    if (!constraint || !m_state.hasSource() || !m_state.source()->hasLabels())
        return;
    m_frontierWork->start(tr("Looking for the frontier…"),
                          [source = m_state.source(), before = m_state.ruleBefore(), constraint = *constraint, isPerGroup = m_state.isPerGroup(), options = m_state.options()](
                              const Progress &progress) { return accuracyFrontier(*source, before, constraint, isPerGroup, 50, options, progress); },
                          [this](const Result<std::vector<computed::FrontierPoint>> &frontier) {
        m_frontier = frontier ? *frontier : std::vector<computed::FrontierPoint>();
        showFrontier();
    });
}

// --- showing ---

void WhatIfPage::moveThreshold(double threshold, bool isMoving)
{
    if (!m_state.hasSource())
        return;
    m_state.setThreshold(threshold, isMoving);
    if (!isMoving)
        return showAll();
    m_controls->showThreshold(m_state.threshold());
    m_density->setThreshold(m_state.threshold());
    m_sweep->setThreshold(m_state.threshold());
    showFigures();
    Q_EMIT figuresShown(true);
}

void WhatIfPage::showAll()
{
    if (!m_state.hasSource())
        return;
    m_controls->showThreshold(m_state.threshold());
    m_density->setSpec(densityPlotOf(m_state));
    m_sweep->setSpec(sweepPlotOf(m_state));
    showFigures();
    showFrontier();
    followRights();
    Q_EMIT figuresShown(false);
}

void WhatIfPage::showFigures()
{
    m_rule->setText(ruleText(m_state));
    m_changes->setText(changesOf(m_state).join(QStringLiteral(" · ")));
    m_figures->showState(m_state);
}

void WhatIfPage::showFrontier()
{
    if (m_state.hasSource() && m_state.choice().constraint)
        m_frontierPane->setSpec(frontierPlotOf(m_state, m_frontier));
}

} // namespace countersign::pages
