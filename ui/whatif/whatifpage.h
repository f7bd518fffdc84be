#pragma once

#include "models/domain/inventory.h"
#include "models/services/computed/changes.h"
#include "models/services/workspace/workspace.h"
#include "ui/whatif/exactscores.h"
#include "ui/whatif/proposedialog.h"
#include "ui/whatif/whatifstate.h"
#include "ui/widgets/frame/page.h"
#include "ui/widgets/messages/emptystate.h"

#include <QPointer>

#include <functional>

class QAction;
class QGridLayout;
class QPushButton;
class QScrollArea;

namespace countersign::widgets {
class BusyOverlay;
class PageHeader;
class PlainLabel;
} // namespace countersign::widgets

namespace countersign::pages {

class Background;
class FiguresPane;
class LegalNote;
class PlotPane;
class WhatIfControls;

/// Other thresholds, tried out on what a recorded set has kept of its scores or on every score of its log. Changes nothing; what is found
/// can be proposed. Target{"whatif", model id, version id, {}, import id or empty for the newest set}.
class WhatIfPage : public widgets::Page
{
    Q_OBJECT
public:
    /// `tables`: the folder of exact scores that are kept on this computer.
    explicit WhatIfPage(services::Workspace &workspace, std::filesystem::path tables, QWidget *parent = nullptr);
    ~WhatIfPage() override;

    QString title() const override;
    QList<widgets::Crumb> crumbs() const override;
    void open(const widgets::Target &target) override;
    void refresh() override;
    QWidget *initialFocus() override;

    const WhatIfState &state() const { return m_state; }
    /// Uses every score of a table that is in memory already, in place of what is kept.
    void useTable(TablePointer table);

Q_SIGNALS:
    /// Figures of what is tried out are on the screen; `isMoving` while the slider is held.
    void figuresShown(bool isMoving);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    struct View {
        MlModel model;
        std::string version; ///< label
        VersionId versionId;
        services::ScoredSet set;
    };
    QWidget *makeHeader();
    QWidget *makePanes();
    /// Three panes beside each other where there is room, else two and the figures below.
    void placePanes();
    void connectSignals();
    void connectControls();
    void readSoon();
    void read();
    static Result<View> readView(services::Session &session, const ModelId &model, const std::optional<VersionId> &version, const std::optional<ImportId> &import);
    void showView(const View &view);
    void showNothing(const Error &error);
    void followState();

    void showGroupings();
    void chooseGrouping(const QString &key);
    void setSource(const WhatIfState::Source &source);
    void loadKeptTable();
    void openLog();
    void find();
    void readFrontier();

    void moveThreshold(double threshold, bool isMoving);
    void showAll();
    void showFigures();
    void showFrontier();
    void followRights();

    QString whyNothingIsRecorded() const; ///< empty: something can be
    QString whyNotProposable() const;
    void openProposal();
    void openWeightsProposal();
    void openDialog(const ProposeDialog::Facts &facts);
    void submit(const QString &reason);
    void exportWeights();
    computed::WhatIfBasis basis() const;

    services::Workspace &m_workspace;
    std::filesystem::path m_tables;
    widgets::Target m_target;
    LedgerId m_ledger;
    std::optional<View> m_view;
    TablePointer m_table; ///< every score, when they are here
    WhatIfState m_state;
    std::vector<computed::FrontierPoint> m_frontier;
    bool m_isStale = true;
    int m_generation = 0;

    Background *m_work;         ///< what a person waits for
    Background *m_frontierWork; ///< what follows by itself
    QWidget *m_body;
    widgets::PageHeader *m_header;
    widgets::PlainLabel *m_reason;
    QPushButton *m_openLog;
    QPushButton *m_weights;
    QAction *m_proposeWeights;
    QPushButton *m_propose;
    WhatIfControls *m_controls;
    LegalNote *m_legal;
    widgets::PlainLabel *m_rule;
    widgets::PlainLabel *m_changes;
    widgets::PlainLabel *m_precision;
    QGridLayout *m_grid = nullptr;
    bool m_isWide = false;
    PlotPane *m_density;
    PlotPane *m_sweep;
    PlotPane *m_frontierPane;
    FiguresPane *m_figures;
    QScrollArea *m_scroll;
    widgets::EmptyState *m_nothing;
    widgets::BusyOverlay *m_busy;
    QPointer<ProposeDialog> m_dialog;
    std::function<services::ChangeProposal(const std::string &reason)> m_proposal; ///< what the dialog is about
};

} // namespace countersign::pages
