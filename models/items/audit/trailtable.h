#pragma once

#include "models/services/workspace/workspace.h"
#include "models/store/queries/queries.h"

#include <QAbstractTableModel>

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <vector>

namespace countersign::items {

/// The audit trail as a table of any length, newest first: it holds the number of every entry that passes the filter (8 bytes each) and
/// the rows of a few pages around what is looked at. A row that is not there yet is a line with its number only, filled by dataChanged;
/// nothing here waits. Lives on the window's thread; the workspace must outlive it.
class TrailTable : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Number, Time, Who, Event, Summary, Leaf, ColumnCount };
    enum Role {
        IconRole = Qt::UserRole + 1, ///< QString: icon of the event's kind
        EntryRole,                   ///< qlonglong
    };
    static constexpr int kPageRows = 200;
    static constexpr int kMostPages = 12;

    explicit TrailTable(services::Workspace &workspace, QObject *parent = nullptr);

    const store::TrailFilter &filter() const { return m_filter; }
    /// The newest filter wins, however the answers come in.
    void setFilter(const store::TrailFilter &filter);
    /// Reads again; new entries appear above, what is there keeps its place.
    void refresh();
    void clear();

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    std::int64_t entryAt(int row) const; ///< −1 beyond the end
    int rowOf(std::int64_t entry) const; ///< −1 when the filter leaves it out
    /// Null when the row is not there yet; then it is being read.
    const store::TrailRow *rowAt(int row) const;

    /// "signed", "imported": what the event did, in one word.
    static QString eventWord(const std::string &kind);
    static QString eventIcon(const std::string &kind);

Q_SIGNALS:
    void entriesRead(); ///< rowCount() is true from now on
    void failed(const countersign::Error &error);

private:
    using Page = std::map<std::int64_t, store::TrailRow>;

    void takeEntries(std::vector<std::int64_t> entries);
    void askFor(int page) const;
    void readPages();
    void keepPage(int page, const std::vector<store::TrailRow> &rows);
    std::vector<std::int64_t> entriesOf(int page) const;
    QString text(const store::TrailRow &row, int column) const;

    services::Workspace &m_workspace;
    store::TrailFilter m_filter;
    std::vector<std::int64_t> m_entries; ///< descending
    std::map<int, Page> m_pages;
    std::deque<int> m_kept;              ///< pages, newest first
    mutable std::set<int> m_wanted;      ///< asked for by data(), read at the next turn of the event loop
    std::set<int> m_coming;
    int m_generation = 0;
};

} // namespace countersign::items
