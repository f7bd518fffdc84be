#pragma once

#include "models/services/workspace/workspace.h"
#include "models/store/queries/inventoryquery.h"
#include "ui/widgets/frame/page.h"
#include "ui/widgets/messages/emptystate.h"

#include <QPoint>

#include <optional>

namespace countersign::items {
class InventoryTable;
}

namespace countersign::widgets {
class FacetList;
class PageHeader;
class SearchField;
class TableView;
} // namespace countersign::widgets

namespace countersign::pages {

class ChipRow;
class DetailPane;

/// All models: filter by ticking and typing, sort by the heads, look at one below, Enter opens it.
/// F6 goes from the facets to the table to the detail, Ctrl+F to the filter.
/// A target's `model` selects that model; `extra` is typed into the filter.
class InventoryPage : public widgets::Page
{
    Q_OBJECT
public:
    explicit InventoryPage(services::Workspace &workspace, QWidget *parent = nullptr);

    QString title() const override;
    void open(const widgets::Target &target) override;
    void refresh() override;
    QWidget *initialFocus() override;

protected:
    bool event(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    QWidget *makeFilterBar();
    void makeTable();
    void connectSignals();

    void workspaceChanged();   ///< another one is open, or none
    void readWhenSeen();
    void setFilter(const store::InventoryFilter &filter);
    void readFacets();
    void showFacets(const store::InventoryFacets &facets);
    void orderRead();
    void showSentence();
    void describeEmptiness();
    void selectRow(int row);
    void selectModel(const ModelId &model);
    void selectionChanged();
    void showDetail();
    void readVerdicts(const VersionId &version);
    void openSelected();
    void goToImport();
    void emptyStateAct(widgets::EmptyState::Cause cause);
    QWidget *paneAfter(int step) const; ///< null: the frame goes on
    static int paneStep(const QKeyEvent &key);

    services::Workspace &m_workspace;
    items::InventoryTable *m_models;
    widgets::PageHeader *m_header;
    widgets::FacetList *m_facets;
    widgets::SearchField *m_search;
    ChipRow *m_chips;
    widgets::TableView *m_table;
    DetailPane *m_detail;

    LedgerId m_ledger;
    database::Location m_location;
    bool m_isOutOfDate = true;
    std::int64_t m_selected = -1;    ///< number of the selected model; survives sorting, filtering and reading again
    std::optional<ModelId> m_wanted; ///< to be selected when the order is there
    int m_scroll = 0;
    int m_facetsGeneration = 0;
    int m_verdictsGeneration = 0;
    std::optional<store::InventoryFacets> m_counts;
};

} // namespace countersign::pages
