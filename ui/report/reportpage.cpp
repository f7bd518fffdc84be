#include "ui/report/reportpage.h"

#include "models/base/text.h"
#include "models/items/review/reportstable.h"
#include "models/report/auditdocument.h"
#include "ui/print/pageview.h"
#include "ui/print/pdfjob.h"
#include "ui/print/reportattachments.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/ground.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/frame/pageheader.h"
#include "ui/widgets/messages/busyoverlay.h"
#include "ui/widgets/messages/dialogs.h"
#include "ui/widgets/messages/emptystate.h"
#include "ui/widgets/tables/tableview.h"

#include <QBoxLayout>
#include <QDesktopServices>
#include <QFileInfo>
#include <QPushButton>
#include <QTemporaryFile>
#include <QToolButton>
#include <QUrl>

#include <array>
#include <cstdio>

namespace countersign::pages {

using theme::scaled;

namespace {

/// Before something is recorded that cannot be taken back: the folder takes new files, and the name is not a folder's.
Status canWrite(const QString &path)
{
    const QFileInfo target(path);
    const auto refuse = [&](const QString &why) {
        return Error{ErrorKind::Io, ReportPage::tr("%1 Choose another place; nothing was recorded.").arg(why).toStdString(), path.toStdString()};
    };
    if (target.isDir())
        return refuse(ReportPage::tr("That is a folder."));
    if (target.exists() && !target.isWritable())
        return refuse(ReportPage::tr("The file that is there may not be replaced."));
    QTemporaryFile probe(target.absolutePath() + QStringLiteral("/.countersign-XXXXXX"));
    if (!probe.open())
        return refuse(ReportPage::tr("The folder takes no new file: %1.").arg(probe.errorString()));
    return {};
}

std::string numberOf(std::size_t count)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "R-%04zu", count);
    return text.data();
}

} // namespace

ReportPage::ReportPage(services::Workspace &workspace, QWidget *parent)
    : Page(parent)
    , m_workspace(workspace)
    , m_header(new widgets::PageHeader(tr("Audit Report")))
    , m_reason(new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Secondary))
    , m_cancel(widgets::linkButton(tr("Cancel")))
    , m_export(widgets::primaryButton(tr("Export PDF…"), QStringLiteral("export")))
    , m_place(new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Secondary))
    , m_zoom(new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Secondary))
    , m_pages(new print::PageView)
    , m_reports(new items::ReportsTable(this))
    , m_table(new widgets::TableView(tr("Issued reports")))
{
    m_pages->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn); // fitting the width must not depend on whether it has come yet
    m_export->setObjectName(QStringLiteral("export"));
    m_reason->setObjectName(QStringLiteral("reason"));
    m_cancel->setObjectName(QStringLiteral("cancel"));
    m_cancel->setAccessibleName(tr("Cancel writing the file"));
    m_cancel->hide();
    m_header->addAction(m_reason);
    m_header->addAction(m_cancel);
    m_header->addAction(m_export);

    auto *body = new QHBoxLayout;
    body->setSpacing(0);
    auto *reading = new QVBoxLayout;
    reading->setSpacing(0);
    reading->addWidget(makeBar());
    reading->addWidget(m_pages, 1);
    body->addLayout(reading, 1);
    body->addWidget(makeIssued());
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    outer->addWidget(m_header);
    outer->addLayout(body, 1);
    m_busy = new widgets::BusyOverlay(m_pages);
    connectSignals();
    showRights();
}

QWidget *ReportPage::makeBar()
{
    auto *bar = new widgets::Pane(widgets::Ground::Window, Qt::TopEdge | Qt::BottomEdge);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(scaled(theme::space::kPage), scaled(2), scaled(8), scaled(2));
    row->setSpacing(scaled(6));
    m_place->setElide(Qt::ElideRight);
    row->addWidget(m_place, 1);
    QToolButton *smaller = widgets::iconButton(QStringLiteral("zoomout"), tr("Zoom Out"));
    QToolButton *larger = widgets::iconButton(QStringLiteral("zoomin"), tr("Zoom In"));
    row->addWidget(smaller);
    row->addWidget(m_zoom);
    row->addWidget(larger);
    connect(smaller, &QToolButton::clicked, this, [this] { setZoom(m_pages->zoom() / 1.25); });
    connect(larger, &QToolButton::clicked, this, [this] { setZoom(m_pages->zoom() * 1.25); });
    return bar;
}

QWidget *ReportPage::makeIssued()
{
    auto *pane = new widgets::Pane(widgets::Ground::Page, Qt::LeftEdge | Qt::TopEdge);
    pane->setFixedWidth(scaled(theme::width::kInspector) + scaled(36));
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(0, scaled(10), 0, 0);
    column->setSpacing(scaled(6));
    auto *head = new widgets::SectionHeading(tr("Issued reports"));
    head->setContentsMargins(scaled(16), 0, scaled(16), 0);
    column->addWidget(head);
    m_table->setColumnFormat(items::ReportsTable::Report, {.kind = widgets::CellKind::TwoLines, .width = 200, .isStrong = true, .stretches = true,
                                                           .secondLineRole = items::ReportsTable::IssuedRole});
    m_table->setColumnFormat(items::ReportsTable::Facts, {.kind = widgets::CellKind::Mono, .width = 104});
    m_table->setRowHeight(theme::height::kRowTwoLines);
    m_table->setModel(m_reports);
    m_table->setSettingsKey(QStringLiteral("reports"));
    column->addWidget(m_table, 1);
    return pane;
}

void ReportPage::connectSignals()
{
    connect(m_export, &QPushButton::clicked, this, &ReportPage::exportPdf);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        if (m_file)
            m_file->cancel();
    });
    connect(m_pages, &print::PageView::currentPageChanged, this, &ReportPage::showPlace);
    connect(m_pages, &print::PageView::currentSectionChanged, this, &ReportPage::showPlace);
    connect(m_pages, &print::PageView::zoomChanged, this, &ReportPage::showPlace);
    connect(&m_workspace, &services::Workspace::changed, this, [this] {
        m_isCurrent = false;
        readWhenSeen();
    });
    connect(&m_workspace, &services::Workspace::stateChanged, this, &ReportPage::showRights);
}

QString ReportPage::title() const
{
    return tr("Audit Report");
}

QList<widgets::Crumb> ReportPage::crumbs() const
{
    if (!m_version || m_view.model.empty())
        return Page::crumbs();
    widgets::Target model;
    model.page = QStringLiteral("model");
    model.model = QString::fromStdString(m_view.modelId.text());
    model.version = QString::fromStdString(m_version->text());
    return {{QString::fromStdString(m_view.subject), model}, {title(), {}}};
}

void ReportPage::open(const widgets::Target &target)
{
    const auto version = VersionId::parse(target.version.toStdString());
    if (!version) {
        Q_EMIT message(widgets::Message::warning(tr("Choose a version of a model first; a report is about one version.")));
        return;
    }
    if (m_version == *version)
        return readWhenSeen();
    m_version = *version;
    m_view = {};
    m_pages->setPages({});
    m_reports->setRows({});
    m_header->setSentence({});
    m_isCurrent = false;
    showRights();
    readWhenSeen();
}

void ReportPage::refresh()
{
    m_isCurrent = false;
    readWhenSeen();
}

QWidget *ReportPage::initialFocus()
{
    return m_pages;
}

Result<ReportPage::View> ReportPage::read(services::Session &session, const VersionId &version)
{
    const auto facts = session.asOf() ? services::asOfFacts(session, version) : services::reportFacts(session, version);
    const auto row = store::versionRow(session.connection(), version, session.now());
    auto issued = store::listReports(session.connection(), version);
    const auto all = store::listReports(session.connection());
    for (const Error *error : {facts ? nullptr : &facts.error(), row ? nullptr : &row.error(), issued ? nullptr : &issued.error(), all ? nullptr : &all.error()})
        if (error)
            return *error;
    View view;
    view.model = text::visible(row->modelName);
    view.modelId = row->version.model;
    view.subject = view.model + " " + text::visible(versionName(row->version.label));
    view.document = report::auditDocument(*facts, nullptr);
    report::Issue next;
    next.number = numberOf(all->size() + 1);
    view.suggestion = session.asOf() ? report::asOfFileName(*facts) : report::reportFileName(*facts, next);
    view.issued = std::move(*issued);
    return view;
}

void ReportPage::readWhenSeen()
{
    if (!m_version || m_isCurrent || !isVisible())
        return;
    m_isCurrent = true;
    const int number = ++m_reads;
    m_busy->start(tr("Composing the report"));
    m_workspace.run(this, [version = *m_version](services::Session &session) { return read(session, version); },
                    [this, number](const Result<View> &view) {
                        if (number != m_reads)
                            return;
                        m_busy->stop();
                        if (view)
                            return showView(*view);
                        m_isCurrent = false;
                        Q_EMIT message(widgets::Message::error(view.error()));
                    });
}

void ReportPage::showView(const View &view)
{
    const bool isSameText = view.document.blocks == m_view.document.blocks;
    m_view = view;
    if (!isSameText) {
        const int page = m_pages->currentPage();
        m_pages->setDocument(view.document);
        if (page > 0)
            m_pages->showPage(std::min(page, m_pages->pageCount() - 1));
        if (m_fitsWidth)
            m_pages->zoomToWidth();
    }
    const bool isPast = m_workspace.state().asOf.has_value();
    m_table->emptyState()->describe(widgets::EmptyState::Cause::NothingYet, isPast ? tr("No report had been issued then") : tr("No report was issued yet"),
                                    isPast ? tr("What is exported now shows the past state, and nothing is recorded of it.")
                                           : tr("Exporting records the facts of this version in the ledger and prints them."));
    m_reports->setRows(view.issued);
    m_header->setSentence((m_workspace.state().asOf ? tr("%1 · %2 pages, of the past state") : tr("%1 · %2 pages, as they would be printed now"))
                              .arg(QString::fromStdString(view.subject)).arg(m_pages->pageCount()));
    showPlace();
    showRights();
    Q_EMIT crumbsChanged();
}

/// Export can be pressed, or the reason stands beside it.
void ReportPage::showRights()
{
    const services::WorkspaceState &state = m_workspace.state();
    QString reason;
    if (m_isExporting)
        reason = m_progress.isEmpty() ? tr("Exporting…") : m_progress;
    else if (!state.isOpen || !m_version)
        reason = tr("No version is open.");
    else if (state.asOf)
        reason = QString(); // exported as of then, and issued to nobody
    else if (!state.damage.isEmpty())
        reason = tr("The ledger is damaged; nothing can be issued.");
    else if (state.isReadOnly)
        reason = tr("This workspace is open for reading only.");
    else if (!state.person)
        reason = tr("Choose who works here to issue a report.");
    m_reason->setText(reason);
    m_reason->setVisible(!reason.isEmpty());
    m_export->setEnabled(reason.isEmpty());
    m_export->setAccessibleDescription(reason);
    m_cancel->setVisible(m_file != nullptr);
}

void ReportPage::showPlace()
{
    m_zoom->setText(tr("%1 %").arg(qRound(m_pages->zoom() * 100)));
    if (m_pages->pageCount() == 0)
        return m_place->setText({});
    const int section = m_pages->currentSection();
    const QString page = tr("Page %1 of %2").arg(m_pages->currentPage() + 1).arg(m_pages->pageCount());
    m_place->setText(section >= 0 ? page + QStringLiteral(" · ") + m_pages->sectionTitle(section) : page);
}

void ReportPage::setZoom(double factor)
{
    m_fitsWidth = false;
    m_pages->setZoom(factor);
}

QString ReportPage::askPath(const QString &suggestion)
{
    return widgets::dialogs::saveFile(this, tr("Export Audit Report"), suggestion, tr("PDF (*.pdf)"), QStringLiteral("reports"));
}

void ReportPage::exportPdf()
{
    if (m_isExporting || !m_version)
        return;
    const QString path = askPath(QString::fromStdString(m_view.suggestion));
    if (path.isEmpty())
        return;
    if (const auto status = canWrite(path); !status) {
        Q_EMIT message(widgets::Message::error(status.error()));
        return;
    }
    m_isExporting = true;
    showRights();
    if (m_workspace.state().asOf)
        return exportAsOf(path);
    using Issued = Result<std::shared_ptr<const services::IssuedReport>>;
    const auto issue = [version = *m_version](services::Session &session, const Progress &) -> Issued {
        auto issued = services::issueReport(session, version);
        if (!issued)
            return issued.error();
        return std::shared_ptr<const services::IssuedReport>(std::make_shared<services::IssuedReport>(std::move(*issued)));
    };
    m_workspace.start(this, tr("Issuing report"), issue, [this, path](const Issued &issued) {
        m_isExporting = false;
        showRights();
        if (issued)
            writeIssued(*issued, path);
        else
            Q_EMIT message(widgets::Message::error(issued.error()));
    });
}

/// Of a past state: nothing is recorded of it.
void ReportPage::exportAsOf(const QString &path)
{
    using Made = Result<std::shared_ptr<const services::AsOfReport>>;
    const auto make = [version = *m_version](services::Session &session, const Progress &) -> Made {
        if (!session.asOf())
            return Error{ErrorKind::Conflict, "The present is shown by now. Export again.", {}};
        auto made = services::asOfReport(session, version);
        if (!made)
            return made.error();
        return std::shared_ptr<const services::AsOfReport>(std::make_shared<services::AsOfReport>(std::move(*made)));
    };
    m_workspace.start(this, tr("Composing the report"), make, [this, path](const Made &made) {
        m_isExporting = false;
        showRights();
        if (!made) {
            Q_EMIT message(widgets::Message::error(made.error()));
            return;
        }
        const auto report = *made;
        writeFile(report->document, path, print::asOfAttachments(report->factsBytes, report->proof), [this, path](const Status &status) {
            if (status)
                Q_EMIT message(widgets::Message::good(tr("The report of the past state was saved as %1. It is not in the ledger.").arg(path)));
            else if (status.error().kind == ErrorKind::Cancelled)
                Q_EMIT message(widgets::Message::info(tr("The report was not written, as you asked.")));
            else
                Q_EMIT message(widgets::Message::error(status.error()));
        });
    });
}

/// The report is in the ledger; whatever happens to the file, it is not issued a second time.
void ReportPage::writeIssued(const std::shared_ptr<const services::IssuedReport> &report, const QString &path)
{
    writeFile(report->document, path, print::reportAttachments(report->factsBytes, report->proof), [this, report, path](const Status &status) { tellWritten(report, path, status); });
}

void ReportPage::writeFile(const report::Document &document, const QString &path, const std::vector<print::Attachment> &attachments, std::function<void(const Status &)> done)
{
    m_file = new print::PdfJob(document, path, attachments, {}, this);
    connect(m_file, &print::PdfJob::progressed, this, [this](int page, int of) {
        m_progress = tr("Writing page %1 of %2…").arg(std::min(page + 1, of)).arg(of);
        showRights();
    });
    connect(m_file, &print::PdfJob::finished, this, [this, done = std::move(done)](const Status &status) {
        m_file->deleteLater();
        m_file = nullptr;
        m_progress.clear();
        m_isExporting = false;
        showRights();
        done(status);
    });
    m_isExporting = true;
    m_file->start();
    showRights();
}

void ReportPage::tellWritten(const std::shared_ptr<const services::IssuedReport> &report, const QString &path, const Status &status)
{
    const QString number = QString::fromStdString(report->issue.number);
    if (status) {
        auto done = widgets::Message::good(tr("Report %1 is ledger entry %2 and was saved as %3.").arg(number).arg(report->issue.entry).arg(path));
        done.actions.append({tr("Open Folder"), [path] { QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(path).absolutePath())); }});
        Q_EMIT message(done);
        return;
    }
    auto failed = widgets::Message::error(status.error().in(tr("Report %1 is in the ledger, but its file could not be written").arg(number).toStdString()));
    if (status.error().kind == ErrorKind::Cancelled)
        failed = widgets::Message::info(tr("Report %1 is in the ledger; its file was not written, as you asked.").arg(number));
    failed.actions.append({tr("Save Elsewhere…"), [this, report] {
        if (const QString other = askPath(QString::fromStdString(report->fileName)); !other.isEmpty())
            writeIssued(report, other);
    }});
    Q_EMIT message(failed);
}

void ReportPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    readWhenSeen();
}

void ReportPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    if (m_fitsWidth && isVisible() && m_pages->pageCount() > 0)
        m_pages->zoomToWidth();
}

} // namespace countersign::pages
