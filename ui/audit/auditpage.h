#pragma once

#include "models/services/workspace/verification.h"
#include "models/services/workspace/workspace.h"
#include "ui/audit/verificationband.h"
#include "ui/widgets/frame/readingpage.h"

class QPushButton;

namespace countersign::items {
class DiscrepancyTable;
class TrailTable;
} // namespace countersign::items

namespace countersign::widgets {
class PageHeader;
class PlainLabel;
class TableView;
} // namespace countersign::widgets

namespace countersign::pages {

class EntryInspector;
class TrailFilterBar;

/// The ledger as people read it: every entry newest first, what proves it, and the check of everything.
/// A target's `extra` is the number of an entry to select.
class AuditPage : public widgets::ReadingPage
{
    Q_OBJECT
public:
    explicit AuditPage(services::Workspace &workspace, QWidget *parent = nullptr);

    QString title() const override;
    void open(const widgets::Target &target) override;
    QWidget *initialFocus() override;

protected:
    bool canRead() const override;
    void read() override;

private:
    struct Overview {
        std::vector<Person> people;
        std::optional<Instant> begun;
        std::optional<KeptCheckpoint> checkpoint;
    };
    void makeTables();
    void connectSignals();
    void workspaceChanged();
    void readOverview();
    void showOverview(const Overview &overview);
    void showSentence();
    void filterChanged();
    void entriesRead();
    void selectEntry(std::int64_t entry);
    void selectionChanged();
    void readEntry();
    void startVerifying();
    void showVerification(const Result<services::Verification> &result);
    void showFindings(std::vector<services::Discrepancy> findings);
    void findingChosen();
    void openFinding();
    void saveCheckpoint();
    static Result<Overview> readOverviewOf(services::Session &session);

    services::Workspace &m_workspace;
    items::TrailTable *m_trail;
    items::DiscrepancyTable *m_findings;
    widgets::PageHeader *m_header;
    QPushButton *m_verify;
    VerificationBand *m_band;
    widgets::TableView *m_findingsView;
    widgets::PlainLabel *m_findingText;
    widgets::TableView *m_table;
    TrailFilterBar *m_filters;
    EntryInspector *m_inspector;

    LedgerId m_ledger;
    std::optional<Instant> m_begun;
    std::int64_t m_selected = -1; ///< survives filtering and reading again
    std::int64_t m_wanted = -1;   ///< to be selected when the entries are there
    int m_entryGeneration = 0;
    int m_overviewGeneration = 0;
    int m_job = 0;
};

} // namespace countersign::pages
