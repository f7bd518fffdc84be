#pragma once

#include "models/predictions/formats/dialect.h"

#include <QAbstractTableModel>

#include <vector>

namespace countersign::items {

/// The first rows of a log as they are read, with cells that do not look like the rest of their column marked.
class LogPreviewTable : public QAbstractTableModel
{
    Q_OBJECT
public:
    static constexpr std::size_t kMostRows = 50;
    enum Role {
        DoubtRole = Qt::UserRole + 1, ///< QString: what is odd about the cell; empty when nothing is
        StateRole,                    ///< int: VerdictState::Watch for a doubtful cell; invalid for others
        MissingRole,                  ///< bool: the cell says that there is no value
    };

    explicit LogPreviewTable(QObject *parent = nullptr);

    void setSample(const predictions::Sample &sample, const std::vector<std::string> &missing);
    /// How many cells are in doubt, and in which columns, as sentences. "score: 2 of 50 values are not numbers."
    const QStringList &doubts() const { return m_doubts; }
    bool hasDoubt(int column) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Cell {
        QString text;
        QString doubt;
        bool isMissing = false;
    };
    void judgeColumn(const predictions::Sample &sample, std::size_t column);
    const Cell *cellAt(const QModelIndex &index) const;

    std::vector<std::string> m_columns;
    std::vector<std::vector<Cell>> m_rows;
    QStringList m_doubts;
};

} // namespace countersign::items
