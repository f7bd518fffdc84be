#pragma once

#include "models/services/asof/asofreport.h"
#include "models/services/review/reports.h"
#include "models/services/workspace/workspace.h"
#include "models/store/queries/queries.h"
#include "ui/widgets/frame/page.h"

#include <functional>
#include <memory>
#include <optional>

class QPushButton;

namespace countersign::items {
class ReportsTable;
}
namespace countersign::print {
struct Attachment;
class PageView;
class PdfJob;
} // namespace countersign::print
namespace countersign::widgets {
class BusyOverlay;
class PageHeader;
class PlainLabel;
class TableView;
} // namespace countersign::widgets

namespace countersign::pages {

/// The audit report of one version (Target.version): its pages as they would be printed now, the reports issued before, and Export.
/// Exporting makes sure that the file can be written, records the facts in the ledger, then writes the PDF with facts and proof inside.
class ReportPage : public widgets::Page
{
    Q_OBJECT
public:
    explicit ReportPage(services::Workspace &workspace, QWidget *parent = nullptr);

    QString title() const override;
    QList<widgets::Crumb> crumbs() const override;
    void open(const widgets::Target &target) override;
    void refresh() override;
    QWidget *initialFocus() override;

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    struct View {
        std::string subject;   ///< "credit-pd 3.2"
        std::string model;
        ModelId modelId;
        std::string suggestion; ///< file name with the number that comes next
        report::Document document;
        std::vector<store::ReportRow> issued;
    };
    static Result<View> read(services::Session &session, const VersionId &version);

    QWidget *makeBar();
    QWidget *makeIssued();
    void connectSignals();
    void readWhenSeen();
    void showView(const View &view);
    void showRights();
    void showPlace();
    void setZoom(double factor);
    void exportPdf();
    void exportAsOf(const QString &path);
    void writeFile(const report::Document &document, const QString &path, const std::vector<print::Attachment> &attachments, std::function<void(const Status &)> done);
    void writeIssued(const std::shared_ptr<const services::IssuedReport> &report, const QString &path);
    void tellWritten(const std::shared_ptr<const services::IssuedReport> &report, const QString &path, const Status &status);
    QString askPath(const QString &suggestion);

    services::Workspace &m_workspace;
    std::optional<VersionId> m_version;
    View m_view;
    bool m_isCurrent = false;  ///< what is shown is what is recorded
    bool m_isExporting = false;
    print::PdfJob *m_file = nullptr; ///< the file that is being written; ours as a child
    QString m_progress;
    bool m_fitsWidth = true;
    int m_reads = 0;           ///< the newest read wins

    widgets::PageHeader *m_header;
    widgets::PlainLabel *m_reason; ///< why nothing can be exported
    QPushButton *m_cancel;
    QPushButton *m_export;
    widgets::PlainLabel *m_place;
    widgets::PlainLabel *m_zoom;
    print::PageView *m_pages;
    items::ReportsTable *m_reports;
    widgets::TableView *m_table;
    widgets::BusyOverlay *m_busy;
};

} // namespace countersign::pages
