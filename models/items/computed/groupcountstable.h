#pragma once

#include "models/computed/computedset.h"
#include "models/items/rowtable.h"

namespace countersign::items {

/// A group and how many rows it has: shown before any figure is.
struct GroupCount {
    std::string attribute;
    std::string group;
    std::uint64_t n = 0;
    double share = 0;                       ///< of all rows
    std::optional<double> positives;        ///< labelled positive; only where there are two outcomes and a label
    bool isSmall = false;                   ///< fewer rows than a comparison needs
};
/// Of every attribute and intersection of a set over the whole log, everybody first.
std::vector<GroupCount> groupCounts(const computed::ComputedSet &set);

class GroupCountsTable : public RowTable<GroupCount>
{
    Q_OBJECT
public:
    enum Column { Attribute, Group, Count, Share, Positives, Note, ColumnCount };
    enum Role {
        SortRole = Qt::UserRole + 1,
        StateRole, ///< int: VerdictState::NotEnoughData for a small group
    };

    explicit GroupCountsTable(QObject *parent = nullptr);

protected:
    QVariant cell(const GroupCount &row, int column, int role) const override;
    QString head(int column) const override;
    bool isSameRow(const GroupCount &a, const GroupCount &b) const override { return a.attribute == b.attribute && a.group == b.group; }

private:
    QString text(const GroupCount &row, int column) const;
};

} // namespace countersign::items
