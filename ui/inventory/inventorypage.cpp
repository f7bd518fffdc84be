#include "ui/inventory/inventorypage.h"

#include "models/items/inventory/inventorytable.h"
#include "models/store/queries/queries.h"
#include "ui/inventory/chiprow.h"
#include "ui/inventory/detailpane.h"
#include "ui/inventory/restrictions.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/ground.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/fields/facetlist.h"
#include "ui/widgets/fields/searchfield.h"
#include "ui/widgets/frame/pageheader.h"
#include "ui/widgets/tables/tableview.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>

namespace countersign::pages {

using items::InventoryTable;
using theme::scaled;
using widgets::CellKind;
using widgets::EmptyState;
using widgets::Target;

InventoryPage::InventoryPage(services::Workspace &workspace, QWidget *parent)
    : Page(parent)
    , m_workspace(workspace)
    , m_models(new InventoryTable(workspace, this))
    , m_header(new widgets::PageHeader(tr("Inventory")))
    , m_facets(new widgets::FacetList(tr("Filter by value")))
    , m_search(new widgets::SearchField(tr("Filter by name or owner")))
    , m_chips(new ChipRow(*m_search))
    , m_table(new widgets::TableView(tr("Models")))
    , m_detail(new DetailPane)
{
    QPushButton *import = widgets::primaryButton(tr("Import…"), QStringLiteral("import"));
    m_header->addAction(import);
    connect(import, &QPushButton::clicked, this, &InventoryPage::goToImport);
    connect(&m_workspace, &services::Workspace::stateChanged, import, [this, import] {
        const services::WorkspaceState &state = m_workspace.state();
        import->setEnabled(!state.asOf);
        import->setToolTip(state.asOf ? state.hindrance() : QString());
        import->setAccessibleDescription(import->toolTip());
    });

    auto *facetPane = new widgets::Pane(widgets::Ground::Subtle, Qt::RightEdge);
    facetPane->setFixedWidth(scaled(theme::width::kFacets + 14)); // with room for a scroll bar
    auto *facetColumn = new QVBoxLayout(facetPane);
    facetColumn->setContentsMargins(0, scaled(4), 1, 0);
    facetColumn->addWidget(m_facets);

    makeTable();
    auto *right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(makeFilterBar());
    right->addWidget(m_table, 1);
    right->addWidget(m_detail);
    m_detail->hide();

    auto *body = new QHBoxLayout;
    body->setSpacing(0);
    body->addWidget(facetPane);
    body->addLayout(right, 1);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(new widgets::Hairline);
    column->addLayout(body, 1);
    connectSignals();
    workspaceChanged();
}

QWidget *InventoryPage::makeFilterBar()
{
    auto *bar = new widgets::Pane(widgets::Ground::Page, Qt::BottomEdge);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(scaled(16), scaled(8), scaled(12), scaled(8));
    row->setSpacing(scaled(12));
    m_search->setShortcut(QKeySequence::Find);
    m_search->setMaximumWidth(scaled(280));
    m_search->setMinimumWidth(scaled(200));
    QPushButton *columns = widgets::quietButton(tr("Columns"), QStringLiteral("columns"));
    columns->setMenu(m_table->columnsMenu());
    row->addWidget(m_search, 0, Qt::AlignTop);
    row->addWidget(m_chips, 100, Qt::AlignVCenter);
    row->addStretch(1);
    row->addWidget(columns, 0, Qt::AlignTop);
    return bar;
}

void InventoryPage::makeTable()
{
    m_table->setColumnFormat(InventoryTable::Model, {.width = 170, .isStrong = true, .most = 260});
    m_table->setColumnFormat(InventoryTable::Version, {.width = 60, .most = 110});
    m_table->setColumnFormat(InventoryTable::Tier, {.width = 44});
    m_table->setColumnFormat(InventoryTable::Stage, {.width = 100, .isMuted = true});
    m_table->setColumnFormat(InventoryTable::Verdict, {.kind = CellKind::Verdict, .width = 140, .stateRole = InventoryTable::VerdictRole});
    m_table->setColumnFormat(InventoryTable::Worst, {.width = 130, .stretches = true});
    m_table->setColumnFormat(InventoryTable::Signed, {.kind = CellKind::Verdict, .width = 94, .isMuted = true, .stateRole = InventoryTable::SignedRole});
    m_table->setColumnFormat(InventoryTable::Owner, {.width = 104, .isMuted = true, .most = 220});
    m_table->setColumnFormat(InventoryTable::UseCase, {.width = 130, .isMuted = true, .isHidden = true});
    m_table->setColumnFormat(InventoryTable::Updated, {.width = 110, .isMuted = true, .isHidden = true});
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setModel(m_models);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(InventoryTable::Model, Qt::AscendingOrder);
    m_table->setSettingsKey(QStringLiteral("inventory"));
}

void InventoryPage::connectSignals()
{
    connect(m_search, &widgets::SearchField::searched, this, [this](const QString &text) {
        store::InventoryFilter filter = m_models->filter();
        filter.text = text.toStdString();
        setFilter(filter);
    });
    connect(m_search, &widgets::SearchField::downPressed, this, [this] { m_table->setFocus(Qt::TabFocusReason); });
    connect(m_facets, &widgets::FacetList::changed, this,
            [this](const QString &group, const QStringList &keys) { setFilter(withTicks(m_models->filter(), group, keys)); });
    connect(m_chips, &ChipRow::removeRequested, this, [this](const QString &group) { setFilter(without(m_models->filter(), group)); });
    connect(m_chips, &ChipRow::editRequested, this, [this](const QString &group) {
        group == facet::kText ? m_search->setFocus(Qt::ShortcutFocusReason) : m_facets->setFocus(Qt::TabFocusReason);
    });
    connect(m_chips, &ChipRow::clearRequested, this, [this] { setFilter({}); });
    connect(m_chips, &ChipRow::emptied, this, [this] { m_table->setFocus(Qt::TabFocusReason); });
    connect(m_models, &InventoryTable::orderRead, this, &InventoryPage::orderRead);
    connect(m_models, &InventoryTable::failed, this, [this](const Error &error) { Q_EMIT message(widgets::Message::error(error)); });
    connect(m_models, &QAbstractItemModel::modelAboutToBeReset, this, [this] { m_scroll = m_table->verticalScrollBar()->value(); });
    connect(m_models, &QAbstractItemModel::dataChanged, this, &InventoryPage::showDetail);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &InventoryPage::selectionChanged);
    connect(m_table, &QAbstractItemView::activated, this, &InventoryPage::openSelected);
    connect(m_table->emptyState(), &EmptyState::actRequested, this, &InventoryPage::emptyStateAct);
    connect(m_detail, &DetailPane::openRequested, this, &InventoryPage::openSelected);
    connect(&m_workspace, &services::Workspace::changed, this, &InventoryPage::readWhenSeen);
    connect(&m_workspace, &services::Workspace::stateChanged, this, &InventoryPage::workspaceChanged);
}

QString InventoryPage::title() const
{
    return tr("Inventory");
}

QWidget *InventoryPage::initialFocus()
{
    return m_table; // also while it is read or empty: Tab goes on to what the empty state offers
}

void InventoryPage::open(const Target &target)
{
    if (!target.extra.isEmpty())
        m_search->setText(target.extra);
    if (const auto model = ModelId::parse(target.model.toStdString()))
        selectModel(*model);
}

void InventoryPage::refresh()
{
    m_isOutOfDate = false;
    m_models->refresh();
    readFacets();
}

void InventoryPage::workspaceChanged()
{
    const services::WorkspaceState &state = m_workspace.state();
    if (state.ledger == m_ledger && state.location == m_location)
        return;
    m_ledger = state.ledger;
    m_location = state.location;
    m_selected = -1;
    m_wanted.reset();
    m_counts.reset();
    m_scroll = 0;
    m_models->clear();
    m_search->clear();
    m_facets->setGroups({});
    m_chips->setRestrictions({});
    m_header->setSentence({});
    m_detail->hide();
    m_table->emptyState()->describe(EmptyState::Cause::NothingYet, tr("Reading the inventory…"), {});
    if (state.isOpen)
        readWhenSeen();
}

void InventoryPage::readWhenSeen()
{
    m_isOutOfDate = true;
    if (isVisible() && m_workspace.state().isOpen)
        refresh();
}

void InventoryPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    if (m_isOutOfDate)
        readWhenSeen();
}

void InventoryPage::setFilter(const store::InventoryFilter &filter)
{
    if (filter == m_models->filter())
        return;
    m_chips->setRestrictions(restrictions(filter));
    m_models->setFilter(filter);
    if (filter.text.empty() && !m_search->text().isEmpty())
        m_search->clear();
    readFacets();
}

void InventoryPage::readFacets()
{
    const int generation = ++m_facetsGeneration;
    m_workspace.run(this,
                    [filter = m_models->filter()](services::Session &session) { return store::inventoryFacets(session.connection(), filter, session.now()); },
                    [this, generation](const Result<store::InventoryFacets> &facets) {
        if (generation != m_facetsGeneration)
            return;
        if (facets)
            showFacets(*facets);
        else
            Q_EMIT message(widgets::Message::error(facets.error()));
    });
}

void InventoryPage::showFacets(const store::InventoryFacets &facets)
{
    m_counts = facets;
    m_facets->setGroups(facets.all > 0 ? facetGroups(facets, m_models->filter()) : QList<widgets::FacetGroup>());
    showSentence();
    describeEmptiness();
}

void InventoryPage::orderRead()
{
    if (m_selected < 0 && m_models->rowCount() > 0)
        m_selected = m_models->numberAt(0);
    const int row = m_models->rowOf(m_selected);
    if (row != m_table->currentIndex().row() || !m_table->selectionModel()->hasSelection()) {
        const bool isKept = row >= 0;
        selectRow(isKept ? row : 0);
        m_table->verticalScrollBar()->setValue(isKept ? m_scroll : 0);
        if (isKept)
            m_table->scrollTo(m_table->currentIndex()); // only as far as needed to see it
    }
    if (m_wanted)
        selectModel(*std::exchange(m_wanted, {}));
    m_detail->setVisible(m_models->rowCount() > 0);
    showDetail();
    describeEmptiness();
}

void InventoryPage::showSentence()
{
    if (!m_counts)
        return;
    // The number shown follows from the counts themselves, so that sentence and facets are of one moment.
    qint64 shown = 0;
    const store::InventoryFilter &filter = m_models->filter();
    for (const auto &[verdict, count] : m_counts->verdicts)
        shown += filter.verdicts.empty() || filter.verdicts.contains(verdict) ? count : 0;
    m_header->setSentence(m_counts->all == 0 ? tr("No models yet.") : inventorySentence(*m_counts, filter, static_cast<int>(shown)));
}

void InventoryPage::describeEmptiness()
{
    if (!m_counts)
        return;
    if (m_counts->all == 0) {
        m_table->emptyState()->describe(EmptyState::Cause::NothingYet, tr("No models yet"),
                                        tr("Models come in from MLflow, or from a metrics file in CSV or JSON lines. Nothing is written before you have seen what would be."),
                                        tr("Import…"));
    } else {
        m_table->emptyState()->describe(EmptyState::Cause::FilteredOut, tr("No models match"),
                                        tr("%1 models are in the inventory; the conditions above leave none of them.").arg(locale().toString(qlonglong(m_counts->all))),
                                        tr("Clear Filter"));
    }
}

void InventoryPage::emptyStateAct(EmptyState::Cause cause)
{
    if (cause == EmptyState::Cause::FilteredOut) {
        setFilter({});
        m_table->setFocus(Qt::OtherFocusReason);
    } else {
        goToImport();
    }
}

void InventoryPage::selectRow(int row)
{
    if (row < 0 || row >= m_models->rowCount()) {
        m_table->selectionModel()->clear();
        return;
    }
    const QModelIndex index = m_models->index(row, InventoryTable::Model);
    // The number may lie outside of the filter now; it is kept, so that it is selected again when it comes back.
    const std::int64_t kept = m_selected;
    m_table->selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    if (m_models->rowOf(kept) < 0)
        m_selected = kept;
}

void InventoryPage::selectModel(const ModelId &model)
{
    if (m_models->rowCount() == 0) {
        m_wanted = model; // not read yet
        return;
    }
    m_models->find(model, this, [this](int row) {
        if (row < 0)
            return;
        m_selected = m_models->numberAt(row);
        selectRow(row);
        m_table->scrollTo(m_table->currentIndex());
    });
}

void InventoryPage::selectionChanged()
{
    const int row = m_table->currentIndex().row();
    if (row < 0)
        return; // the table is being read again
    m_selected = m_models->numberAt(row);
    showDetail();
}

void InventoryPage::showDetail()
{
    const store::InventoryRow *row = m_models->rowAt(m_table->currentIndex().row());
    if (!row)
        return; // dataChanged follows
    m_detail->show(*row);
    readVerdicts(row->currentVersion);
}

void InventoryPage::readVerdicts(const VersionId &version)
{
    const int generation = ++m_verdictsGeneration;
    if (version.isEmpty()) {
        m_detail->setVerdicts({});
        return;
    }
    m_workspace.run(this,
                    [version](services::Session &session) { return store::listVerdicts(session.connection(), version, session.now()); },
                    [this, generation](const Result<std::vector<Verdict>> &verdicts) {
        if (generation == m_verdictsGeneration && verdicts)
            m_detail->setVerdicts(*verdicts);
    });
}

void InventoryPage::openSelected()
{
    const store::InventoryRow *row = m_models->rowAt(m_table->currentIndex().row());
    if (row)
        Q_EMIT navigate({QStringLiteral("model"), QString::fromStdString(row->id.text()), QString::fromStdString(row->currentVersion.text()), {}, {}});
}

void InventoryPage::goToImport()
{
    Q_EMIT navigate({QStringLiteral("import"), {}, {}, {}, {}});
}

// The window's F6 goes from pane to pane of the frame; inside the page the step is ours as long as there is a next pane.
QWidget *InventoryPage::paneAfter(int step) const
{
    QList<QWidget *> panes{m_facets, m_table};
    if (m_detail->isVisible())
        panes.append(m_detail->openButton());
    QWidget *now = window()->focusWidget();
    qsizetype at = -1;
    for (qsizetype i = 0; i < panes.size(); ++i) {
        if (now && (panes[i] == now || panes[i]->isAncestorOf(now)))
            at = i;
    }
    if (at < 0)
        at = step > 0 ? 0 : 1; // from the filter bar: forward into the table, back to the facets
    const qsizetype next = at + step;
    if (next < 0 || next >= panes.size())
        return nullptr;
    return panes[next];
}

int InventoryPage::paneStep(const QKeyEvent &key)
{
    if (key.key() != Qt::Key_F6)
        return 0;
    return key.modifiers() == Qt::NoModifier ? 1 : key.modifiers() == Qt::ShiftModifier ? -1 : 0;
}

bool InventoryPage::event(QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        const int step = paneStep(*static_cast<QKeyEvent *>(event));
        if (step && paneAfter(step)) {
            event->accept();
            return true;
        }
    }
    return Page::event(event);
}

void InventoryPage::keyPressEvent(QKeyEvent *event)
{
    const int step = paneStep(*event);
    if (QWidget *pane = step ? paneAfter(step) : nullptr)
        pane->setFocus(Qt::TabFocusReason);
    else
        Page::keyPressEvent(event);
}

} // namespace countersign::pages
