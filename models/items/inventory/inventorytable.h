#pragma once

#include "models/services/workspace/workspace.h"
#include "models/store/queries/inventoryquery.h"

#include <QAbstractTableModel>

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <vector>

namespace countersign::items {

/// The inventory as a table of any length. It holds the number of every model that passes the filter, in order (8 bytes each), and the rows
/// of a few pages around what is looked at. Filter and order are SQL's work. A row that is not there yet is an empty line, which is filled by
/// dataChanged; nothing here waits. Lives on the window's thread and reads through the workspace, which must outlive it.
class InventoryTable : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Model, Version, Tier, Stage, Verdict, Worst, Signed, Owner, UseCase, Updated };
    enum Role {
        VerdictRole = Qt::UserRole + 1, ///< int: VerdictState
        SignedRole,                     ///< int: the number of theme::State that stands for it; absent when nobody signed
        SignStateRole,                  ///< int: 0 not signed, 1 signed, 2 stale, 3 rejected
        GlyphWordRole,                  ///< QString: the word of the verdict
        SortRole,                       ///< what the column is ordered by: a number, a text or a time
        ModelRole,                      ///< QString: ModelId
        VersionRole,                    ///< QString: VersionId of the current version; empty when there is none
    };
    static constexpr int kColumns = Updated + 1;
    static constexpr int kPageRows = 200;
    static constexpr int kMostPages = 12;

    explicit InventoryTable(services::Workspace &workspace, QObject *parent = nullptr);

    const store::InventoryFilter &filter() const { return m_filter; }
    /// Reads the order anew. The newest filter wins, however the answers come in.
    void setFilter(const store::InventoryFilter &filter);
    /// Reads order and rows again; rows that stay keep their place.
    void refresh();
    /// Nothing is open.
    void clear();

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    /// Worst rule has no order of its own: it goes with the verdict.
    void sort(int column, Qt::SortOrder order) override;

    /// The row of a model by its number, or −1.
    int rowOf(std::int64_t number) const;
    std::int64_t numberAt(int row) const;
    /// Null when the row is not there yet; then it is being read.
    const store::InventoryRow *rowAt(int row) const;
    /// Where a model stands, once known: `found` gets the row or −1. For a model that is named by its id.
    void find(const ModelId &model, QObject *context, std::function<void(int row)> found);

    static QString stageWord(countersign::Stage stage);
    static QString verdictWord(VerdictState verdict);
    static QString signWord(int signState);
    static QString tierWord(int tier); ///< 0: no tier

Q_SIGNALS:
    /// The order has been read: rowCount() is true from now on.
    void orderRead();
    void failed(const countersign::Error &error);

private:
    struct Answer {
        std::vector<std::int64_t> order;
        std::vector<store::InventoryRow> rows; ///< of the pages that were looked at last
    };
    using Page = std::vector<store::InventoryRow>; ///< empty id: the model is gone

    void takeOrder(Answer answer, const std::vector<int> &pages);
    void askFor(int page) const;
    void readPages();
    void keepPage(int page, const std::vector<store::InventoryRow> &rows);
    QVariant text(const store::InventoryRow &row, int column) const;
    QVariant sortValue(const store::InventoryRow &row, int column) const;
    QString accessibleText(const store::InventoryRow &row, int column) const;

    services::Workspace &m_workspace;
    store::InventoryFilter m_filter;
    store::InventorySort m_sort;
    std::vector<std::int64_t> m_order;
    std::map<int, Page> m_pages;
    mutable std::deque<int> m_lastUsed;  ///< pages, newest first
    mutable std::set<int> m_wanted;      ///< asked for by data(), to be read at the next turn of the event loop
    std::set<int> m_coming;
    int m_generation = 0;                ///< of the order; answers of an older one are dropped
};

} // namespace countersign::items
