#include "ui/import/outcomeview.h"

#include "models/items/celltext.h"
#include "ui/import/rejectedpane.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/badge.h"
#include "ui/widgets/cards/keyvaluelist.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/frame/tabstrip.h"

#include <QBoxLayout>
#include <QListView>
#include <QLocale>
#include <QStackedWidget>
#include <QStringListModel>

namespace countersign::pages {

using theme::scaled;

namespace {

QString count(std::int64_t n)
{
    return QLocale().toString(static_cast<qlonglong>(n));
}

/// Beside a label that is as wide as its words, the list would make its whole column as narrow.
void addState(widgets::KeyValueList &list, const QString &name, theme::State state, const QString &word)
{
    auto *host = new QWidget;
    auto *row = new QHBoxLayout(host);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(new widgets::StateLabel(state, word));
    row->addStretch(1);
    list.addWidget(name, host);
}

const QString kRejectedKey = QStringLiteral("rejected");

} // namespace

OutcomeView::OutcomeView(QWidget *parent)
    : QWidget(parent)
    , m_sentence(new widgets::PlainLabel({}, theme::Type::CardTitle))
    , m_counts(new widgets::KeyValueList)
    , m_tabsHost(new QWidget)
    , m_lists(new QStackedWidget)
    , m_rejected(new RejectedPane)
    , m_head(new QHBoxLayout)
{
    m_sentence->setWordWrap(true);
    m_counts->setNameWidth(124);
    const int margin = scaled(theme::space::kPage);
    m_head->addWidget(m_sentence, 1);
    auto *top = new QVBoxLayout;
    top->setContentsMargins(margin, scaled(16), margin, scaled(8));
    top->setSpacing(scaled(theme::space::kMedium));
    top->addLayout(m_head);
    top->addWidget(m_counts);

    m_lists->addWidget(m_rejected);
    auto *tabsRow = new QVBoxLayout(m_tabsHost);
    tabsRow->setContentsMargins(0, 0, 0, 0);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(top);
    column->addWidget(m_tabsHost);
    column->addWidget(m_lists, 1);
    connect(m_rejected, &RejectedPane::saveRequested, this, &OutcomeView::saveRejectedRequested);
}

void OutcomeView::setAct(QWidget *act)
{
    m_head->addWidget(act, 0, Qt::AlignTop);
}

void OutcomeView::showOutcome(const QString &sentence, const services::ImportOutcome &outcome)
{
    m_sentence->setText(sentence);
    showCounts(outcome);
    showLists(outcome);
}

void OutcomeView::showCounts(const services::ImportOutcome &outcome)
{
    m_counts->clear();
    m_counts->add(tr("From"), items::oneLine(outcome.source));
    m_counts->add(tr("Read as"), items::oneLine(outcome.description));
    if (!outcome.alreadyImported.empty())
        return;
    m_counts->add(tr("New"), tr("models: %1, versions: %2, runs: %3").arg(count(outcome.models), count(outcome.versions), count(outcome.runs)));
    m_counts->add(tr("Changed records"), count(outcome.changes));
    m_counts->add(tr("Values"), tr("%1 new, %2 known already").arg(count(outcome.observations), count(outcome.known)));
    if (outcome.restated > 0)
        addState(*m_counts, tr("Clashes"), theme::State::Watch, tr("%1 differ from a recorded value. Both are kept; the new one counts.").arg(count(outcome.restated)));
    if (outcome.rejected > 0)
        addState(*m_counts, tr("Rejected rows"), theme::State::Fail, count(outcome.rejected));
    else
        m_counts->add(tr("Rejected rows"), tr("none"));
}

void OutcomeView::showLists(const services::ImportOutcome &outcome)
{
    delete m_tabs;
    m_tabs = new widgets::TabStrip(tr("What the import contains"));
    m_tabsHost->layout()->addWidget(m_tabs);
    while (m_lists->count() > 1) {
        QWidget *old = m_lists->widget(1);
        m_lists->removeWidget(old);
        delete old;
    }
    bool isAny = false;
    if (!outcome.rejectedRows.empty()) {
        m_tabs->addTab(kRejectedKey, tr("Rejected Rows"), static_cast<int>(outcome.rejected));
        const auto listed = static_cast<std::int64_t>(outcome.rejectedRows.size());
        m_rejected->showRows(outcome.rejectedRows, listed < outcome.rejected ? tr("The first %1 of %2.").arg(count(listed), count(outcome.rejected)) : QString(), true);
        isAny = true;
    }
    const auto add = [&](const QString &key, const QString &title, const std::vector<std::string> &lines) {
        if (lines.empty())
            return;
        QStringList texts;
        for (const std::string &line : lines)
            texts.append(items::oneLine(line));
        auto *view = new QListView;
        view->setObjectName(key);
        view->setAccessibleName(title);
        view->setFrameShape(QFrame::NoFrame);
        view->setEditTriggers(QAbstractItemView::NoEditTriggers);
        view->setUniformItemSizes(true);
        view->setSpacing(scaled(3));
        view->setModel(new QStringListModel(texts, view));
        m_lists->addWidget(view);
        m_tabs->addTab(key, title, static_cast<int>(lines.size()));
        isAny = true;
    };
    add(QStringLiteral("models"), tr("New Models"), outcome.newModels);
    add(QStringLiteral("changed"), tr("Changes"), outcome.changed);
    add(QStringLiteral("clashes"), tr("Clashes"), outcome.clashes);
    add(QStringLiteral("notes"), tr("Notes"), outcome.notes);
    m_tabsHost->setVisible(isAny);
    m_lists->setVisible(isAny);
    connect(m_tabs, &widgets::TabStrip::changed, this, &OutcomeView::showList);
    showList(m_tabs->current());
}

void OutcomeView::showList(const QString &key)
{
    QWidget *view = key == kRejectedKey ? static_cast<QWidget *>(m_rejected) : m_lists->findChild<QListView *>(key, Qt::FindDirectChildrenOnly);
    if (view)
        m_lists->setCurrentWidget(view);
}

} // namespace countersign::pages
