#include "ui/audit/auditpage.h"

#include "models/items/audit/discrepancytable.h"
#include "models/items/audit/trailtable.h"
#include "models/items/celltext.h"
#include "models/ledger/checkpoint.h"
#include "models/services/ledger/checkpoints.h"
#include "models/store/queries/queries.h"
#include "ui/audit/entryinspector.h"
#include "ui/audit/trailfilterbar.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/fields/searchfield.h"
#include "ui/widgets/frame/pageheader.h"
#include "ui/widgets/messages/dialogs.h"
#include "ui/widgets/messages/emptystate.h"
#include "ui/widgets/tables/tableview.h"

#include <QBoxLayout>
#include <QDateTime>
#include <QHeaderView>
#include <QLocale>
#include <QPushButton>
#include <QSaveFile>

namespace countersign::pages {

using items::DiscrepancyTable;
using items::TrailTable;
using theme::scaled;
using widgets::CellKind;
using widgets::Message;

namespace {

constexpr int kFindingsShown = 4; // at once; more scroll

} // namespace

AuditPage::AuditPage(services::Workspace &workspace, QWidget *parent)
    : ReadingPage(parent)
    , m_workspace(workspace)
    , m_trail(new TrailTable(workspace, this))
    , m_findings(new DiscrepancyTable(this))
    , m_header(new widgets::PageHeader(tr("Audit Trail")))
    , m_verify(widgets::primaryButton(tr("Verify…"), QStringLiteral("verify")))
    , m_band(new VerificationBand)
    , m_findingsView(new widgets::TableView(tr("Differences found")))
    , m_findingText(new widgets::PlainLabel)
    , m_table(new widgets::TableView(tr("Entries")))
    , m_filters(new TrailFilterBar(m_table->columnsMenu()))
    , m_inspector(new EntryInspector)
{
    m_header->addAction(m_verify);
    makeTables();
    auto *body = new QHBoxLayout;
    body->setSpacing(0);
    body->addWidget(m_table, 1);
    body->addWidget(m_inspector);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(m_band);
    column->addWidget(m_findingsView);
    column->addWidget(m_findingText);
    column->addWidget(m_filters);
    column->addLayout(body, 1);
    m_findingText->setWordWrap(true);
    m_findingText->setSelectable(true);
    m_findingText->setAccessibleName(tr("The chosen difference"));
    m_findingText->setMargin(scaled(theme::space::kMedium));
    showFindings({});
    connectSignals();
    workspaceChanged();
}

void AuditPage::makeTables()
{
    m_table->setColumnFormat(TrailTable::Number, {.kind = CellKind::Number, .width = 68, .isStrong = true});
    m_table->setColumnFormat(TrailTable::Time, {.width = 168, .isMuted = true});
    m_table->setColumnFormat(TrailTable::Who, {.width = 116, .isStrong = true, .most = 220});
    m_table->setColumnFormat(TrailTable::Event, {.kind = CellKind::Icon, .width = 116, .iconRole = TrailTable::IconRole});
    m_table->setColumnFormat(TrailTable::Summary, {.width = 200, .stretches = true});
    m_table->setColumnFormat(TrailTable::Leaf, {.kind = CellKind::Mono, .width = 80, .isMuted = true});
    m_table->setModel(m_trail);
    m_table->setSettingsKey(QStringLiteral("trail"));
    m_findingsView->setColumnFormat(DiscrepancyTable::Sentence, {.kind = CellKind::Verdict, .width = 320, .stretches = true, .stateRole = DiscrepancyTable::StateRole});
    m_findingsView->setColumnFormat(DiscrepancyTable::Entry, {.kind = CellKind::Number, .width = 80});
    m_findingsView->setColumnFormat(DiscrepancyTable::Kind, {.width = 120, .isMuted = true, .most = 170});
    m_findingsView->setColumnFormat(DiscrepancyTable::Time, {.width = 172, .isMuted = true});
    m_findingsView->setColumnFormat(DiscrepancyTable::Who, {.width = 110, .isMuted = true, .most = 200});
    m_findingsView->setSelectionMode(QAbstractItemView::SingleSelection);
    m_findingsView->setModel(m_findings);
}

void AuditPage::connectSignals()
{
    connect(m_verify, &QPushButton::clicked, this, &AuditPage::startVerifying);
    connect(m_band, &VerificationBand::saveCheckpointRequested, this, &AuditPage::saveCheckpoint);
    connect(m_findingsView, &QAbstractItemView::activated, this, &AuditPage::openFinding);
    connect(m_findingsView->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &AuditPage::findingChosen);
    connect(m_filters, &TrailFilterBar::changed, this, &AuditPage::filterChanged);
    connect(m_filters->search(), &widgets::SearchField::downPressed, this, [this] { m_table->setFocus(Qt::TabFocusReason); });
    connect(m_trail, &TrailTable::entriesRead, this, &AuditPage::entriesRead);
    connect(m_trail, &TrailTable::failed, this, [this](const Error &error) { Q_EMIT message(Message::error(error)); });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &AuditPage::selectionChanged);
    connect(m_table->emptyState(), &widgets::EmptyState::actRequested, this, [this] {
        m_filters->clear();
        filterChanged();
    });
    connect(m_inspector, &EntryInspector::openModelRequested, this, [this](const QString &model, const QString &version) {
        Q_EMIT navigate({QStringLiteral("model"), model, version, {}, {}});
    });
    connect(m_inspector, &EntryInspector::lookBackRequested, this, [this](qint64 entry) { Q_EMIT navigate({QStringLiteral("asof"), {}, {}, {}, QString::number(entry + 1)}); });
    connect(&m_workspace, &services::Workspace::changed, this, &AuditPage::outdate);
    connect(&m_workspace, &services::Workspace::stateChanged, this, &AuditPage::workspaceChanged);
}

QString AuditPage::title() const
{
    return tr("Audit Trail");
}

QWidget *AuditPage::initialFocus()
{
    return m_table;
}

void AuditPage::open(const widgets::Target &target)
{
    bool isNumber = false;
    const qlonglong entry = target.extra.toLongLong(&isNumber);
    if (isNumber && entry != m_selected)
        selectEntry(entry);
}

bool AuditPage::canRead() const
{
    return m_workspace.state().isOpen;
}

void AuditPage::read()
{
    m_trail->refresh();
    readOverview();
}

void AuditPage::workspaceChanged()
{
    const services::WorkspaceState &state = m_workspace.state();
    if (state.ledger != m_ledger) {
        m_ledger = state.ledger;
        if (m_job)
            m_workspace.cancel(std::exchange(m_job, 0));
        ++m_entryGeneration;
        m_selected = -1;
        m_begun.reset();
        m_filters->clear();
        m_trail->clear();
        showFindings({});
        m_inspector->showNothing();
        m_band->showNotVerified();
        m_band->showCheckpoint({});
    }
    if (m_selected >= 0 && static_cast<std::uint64_t>(m_selected) >= state.ledgerSize) { // not yet there in a state of the past
        ++m_entryGeneration;
        m_selected = -1;
        m_inspector->showNothing();
    }
    m_verify->setEnabled(state.isOpen && !m_job && !state.asOf);
    m_verify->setToolTip(state.asOf ? tr("What is verified is the present: return to now.") : QString());
    m_verify->setAccessibleDescription(m_verify->toolTip());
    m_band->setCanSave(state.isOpen && !state.isReadOnly && state.damage.isEmpty());
    showSentence();
    outdate();
}

Result<AuditPage::Overview> AuditPage::readOverviewOf(services::Session &session)
{
    Overview overview;
    auto people = store::listPeople(session.connection());
    if (!people)
        return people.error();
    overview.people = std::move(*people);
    const auto first = store::trailRows(session.connection(), {0});
    if (!first)
        return first.error();
    if (!first->empty())
        overview.begun = first->front().at;
    const auto note = session.ledger().latestCheckpoint();
    if (!note)
        return note.error();
    if (!*note)
        return overview;
    const auto checkpoint = ledger::readCheckpointUnverified(**note);
    if (!checkpoint || checkpoint->head.size == 0)
        return overview; // verification says what is wrong with it
    KeptCheckpoint kept{checkpoint->head.size, {}};
    if (const auto last = store::trailRows(session.connection(), {static_cast<std::int64_t>(kept.size - 1)}); last && !last->empty())
        kept.lastEntryOn = items::utcDate(last->front().at);
    overview.checkpoint = kept;
    return overview;
}

void AuditPage::readOverview()
{
    const int generation = ++m_overviewGeneration;
    m_workspace.run(this, readOverviewOf, [this, generation](const Result<Overview> &overview) {
        if (generation != m_overviewGeneration)
            return;
        if (overview)
            showOverview(*overview);
        else
            Q_EMIT message(Message::error(overview.error()));
    });
}

void AuditPage::showOverview(const Overview &overview)
{
    m_filters->setPeople(overview.people);
    m_band->showCheckpoint(overview.checkpoint);
    m_begun = overview.begun;
    if (m_begun)
        m_filters->setFirstDay(QDateTime::fromMSecsSinceEpoch(toMillis(*m_begun), Qt::UTC).date());
    showSentence();
}

void AuditPage::showSentence()
{
    const services::WorkspaceState &state = m_workspace.state();
    if (!state.isOpen)
        return m_header->setSentence(tr("No workspace is open."));
    const QString size = QLocale().toString(static_cast<qulonglong>(state.ledgerSize));
    const QString count = m_begun ? tr("%1 entries since %2.").arg(size, items::utcDate(*m_begun)) : tr("%1 entries.").arg(size);
    m_header->setSentence(state.damage.isEmpty() ? tr("%1 Every entry is in the tree.").arg(count) : QStringLiteral("%1 %2").arg(count, state.damage));
}

void AuditPage::filterChanged()
{
    m_trail->setFilter(m_filters->filter());
}

void AuditPage::entriesRead()
{
    m_filters->setCount(m_trail->rowCount(), m_workspace.state().ledgerSize);
    const bool isFiltered = m_filters->isFiltering();
    m_table->emptyState()->describe(isFiltered ? widgets::EmptyState::Cause::FilteredOut : widgets::EmptyState::Cause::NothingYet,
                                    isFiltered ? tr("No entry matches") : tr("There are no entries"),
                                    isFiltered ? tr("Entries are there, but none of this kind, by this person, at this time or with these words.") : QString(),
                                    isFiltered ? tr("Clear Filter") : QString());
    const std::int64_t wanted = std::exchange(m_wanted, -1);
    int row = m_trail->rowOf(wanted >= 0 ? wanted : m_selected);
    if (row < 0 && wanted >= 0) {
        Q_EMIT message(Message::warning(tr("There is no entry %1.").arg(QLocale().toString(static_cast<qlonglong>(wanted)))));
        return;
    }
    if (row < 0 && m_trail->rowCount() > 0)
        row = 0;
    if (row < 0) {
        ++m_entryGeneration;
        m_inspector->showNothing();
        return;
    }
    if (m_table->currentIndex().row() != row) {
        m_table->selectRow(row);
        m_table->scrollTo(m_trail->index(row, 0), wanted >= 0 ? QAbstractItemView::PositionAtCenter : QAbstractItemView::EnsureVisible);
    }
}

void AuditPage::selectEntry(std::int64_t entry)
{
    const int row = m_trail->rowOf(entry);
    if (row >= 0) {
        m_table->selectRow(row);
        m_table->scrollTo(m_trail->index(row, 0), QAbstractItemView::PositionAtCenter);
        return;
    }
    m_wanted = entry;
    m_filters->clear();
    m_trail->setFilter({}); // the filter may hide it
}

void AuditPage::selectionChanged()
{
    const std::int64_t entry = m_trail->entryAt(m_table->currentIndex().row());
    if (entry < 0)
        return;
    m_selected = entry;
    readEntry();
}

void AuditPage::readEntry()
{
    const int generation = ++m_entryGeneration;
    m_workspace.run(this, [entry = m_selected](services::Session &session) { return readEntryFacts(session, entry); },
                    [this, generation](const Result<EntryFacts> &facts) {
                        if (generation != m_entryGeneration)
                            return;
                        if (facts) {
                            m_inspector->showEntry(*facts);
                        } else {
                            m_inspector->showNothing();
                            Q_EMIT message(Message::error(facts.error()));
                        }
                    });
}

void AuditPage::startVerifying()
{
    if (m_job || !m_workspace.state().isOpen)
        return;
    m_verify->setEnabled(false);
    m_band->showRunning();
    m_job = m_workspace.start(this, tr("Verifying the trail"),
                              [](services::Session &session, const Progress &progress) { return services::verifyWorkspace(session.connection(), progress); },
                              [this, ledger = m_ledger](const Result<services::Verification> &result) {
                                  if (ledger != m_ledger)
                                      return;
                                  m_job = 0;
                                  m_verify->setEnabled(!m_workspace.state().asOf);
                                  showVerification(result);
                              });
}

void AuditPage::showVerification(const Result<services::Verification> &result)
{
    if (!result) {
        m_band->showNotVerified();
        Q_EMIT message(result.error().kind == ErrorKind::Cancelled ? Message::info(tr("Verifying was stopped.")) : Message::error(result.error()));
        return;
    }
    m_band->showResult(*result, QDateTime::currentDateTimeUtc(), m_workspace.state().isOtherState ? m_workspace.state().damage : QString());
    showFindings(result->findings);
    if (!result->findings.empty())
        m_findingsView->setFocus(Qt::OtherFocusReason);
}

void AuditPage::showFindings(std::vector<services::Discrepancy> findings)
{
    const int shown = std::min(static_cast<int>(findings.size()), kFindingsShown);
    m_findings->setRows(std::move(findings));
    m_findingsView->setVisible(shown > 0);
    m_findingText->setVisible(shown > 0);
    m_findingsView->setFixedHeight(m_findingsView->horizontalHeader()->height() + shown * scaled(theme::height::kRow) + 1);
    if (shown > 0)
        m_findingsView->selectRow(0);
}

/// The chosen difference in full: table, row and both values are longer than a line.
void AuditPage::findingChosen()
{
    const auto *finding = m_findings->rowAt(m_findingsView->currentIndex().row());
    m_findingText->setText(finding ? items::oneLine(finding->sentence + " " + finding->provenance()) : QString());
}

void AuditPage::openFinding()
{
    const auto *finding = m_findings->rowAt(m_findingsView->currentIndex().row());
    if (!finding || finding->entry < 0)
        return;
    selectEntry(finding->entry);
    m_table->setFocus(Qt::OtherFocusReason);
}

void AuditPage::saveCheckpoint()
{
    if (!m_workspace.state().person) {
        Message told = Message::warning(tr("A checkpoint is signed for somebody. Choose who works here."));
        told.actions.append({tr("Choose…"), [this] { Q_EMIT navigate({QStringLiteral("people"), {}, {}, {}, {}}); }});
        Q_EMIT message(told);
        return;
    }
    const QString suggestion = QStringLiteral("checkpoint-%1.txt").arg(m_workspace.state().ledgerSize);
    const QString path = widgets::dialogs::saveFile(this, tr("Save Checkpoint"), suggestion, tr("Checkpoints (*.txt)"), QStringLiteral("checkpoint"));
    if (path.isEmpty())
        return;
    m_workspace.run(this, [](services::Session &session) { return services::publishCheckpoint(session); }, [this, path](const Result<std::string> &note) {
        if (!note) {
            Q_EMIT message(Message::error(note.error()));
            return;
        }
        QSaveFile file(path);
        const QByteArray bytes = QByteArray::fromStdString(*note);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit()) {
            Q_EMIT message(Message::error({ErrorKind::Io, tr("The checkpoint cannot be written: %1").arg(file.errorString()).toStdString(), path.toStdString()}));
            return;
        }
        readOverview();
        Q_EMIT message(Message::good(tr("The checkpoint is in %1. Keep it outside this computer, where nobody can change it.").arg(path)));
    });
}

} // namespace countersign::pages
