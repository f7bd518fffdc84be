#pragma once

#include "models/services/inventory.h"
#include "models/services/workspace/workspace.h"
#include "ui/model/modelview.h"
#include "ui/widgets/frame/page.h"
#include "ui/widgets/messages/emptystate.h"

class QComboBox;
class QPushButton;
class QStackedWidget;

namespace countersign::widgets {
class BusyOverlay;
class PageHeader;
class PlainLabel;
class TabStrip;
}

namespace countersign::pages {

class ComputedSource;
class DriftTab;
class FactsDialog;
class FairnessTab;
class HistoryTab;
class LifecycleTab;
class MetricsTab;
class OverviewTab;
class SignOffsTab;
class VersionsTab;

/// One model: what stands between a version and its approval, its versions, metrics, fairness, drift, sign-offs, lifecycle and history.
/// Target{"model", model id, version id or empty, "overview" | "versions" | "metrics" | "fairness" | "drift" | "signoffs" | "lifecycle" | "history"}; on
/// "metrics" `extra` names a metric, on "fairness" and "drift" a computed set, by its import's id.
class ModelPage : public widgets::Page
{
    Q_OBJECT
public:
    explicit ModelPage(services::Workspace &workspace, QWidget *parent = nullptr);

    QString title() const override;
    QList<widgets::Crumb> crumbs() const override;
    void open(const widgets::Target &target) override;
    void refresh() override;
    QWidget *initialFocus() override;

Q_SIGNALS:
    /// The page shows what was asked for; the tiles of the overview follow by themselves.
    void shown();

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *makeHeader();
    QWidget *makeBody();
    void connectSignals();
    /// Reads now when visible, otherwise when shown next.
    void readSoon();
    void read();
    void readTiles();
    void showModel(const ModelView &view);
    void showHeader(const ModelView &view);
    void showNothing(widgets::EmptyState::Cause cause, const QString &head, const QString &why);
    void showTab(const QString &key);
    void followState();
    void recompute();
    void withdraw(const store::SignOffRow &signOff);
    void saveRendering(const store::SignOffRow &signOff);
    void editFacts();
    void saveFacts(FactsDialog *dialog, const services::FactsRequest &facts);
    void switchTo(const QString &version, const QString &tab);
    void go(const QString &page, const QString &extra = {});
    QString shownVersion() const; ///< id, or empty

    services::Workspace &m_workspace;
    widgets::Target m_target;
    ModelView m_view;
    LedgerId m_ledger;     ///< of the workspace that is shown
    bool m_isStale = true; ///< what is shown is not what the workspace holds
    bool m_areTilesStale = false;
    int m_generation = 0;

    widgets::PageHeader *m_header = nullptr;
    QComboBox *m_version = nullptr;
    QPushButton *m_report = nullptr;
    QPushButton *m_review = nullptr;
    widgets::PlainLabel *m_reason = nullptr; ///< why nothing can be changed, beside the buttons
    widgets::TabStrip *m_tabs = nullptr;
    QStackedWidget *m_stack = nullptr;
    OverviewTab *m_overview = nullptr;
    VersionsTab *m_versions = nullptr;
    MetricsTab *m_metrics = nullptr;
    ComputedSource *m_computed = nullptr;
    FairnessTab *m_fairness = nullptr;
    DriftTab *m_drift = nullptr;
    SignOffsTab *m_signOffs = nullptr;
    LifecycleTab *m_lifecycle = nullptr;
    HistoryTab *m_history = nullptr;
    widgets::EmptyState *m_nothing = nullptr;
    QWidget *m_body = nullptr;
    widgets::BusyOverlay *m_busy = nullptr;
};

} // namespace countersign::pages
