#pragma once

#include "models/computed/computedset.h"
#include "models/domain/judgement.h"
#include "models/items/rowtable.h"

namespace countersign::items {

/// One group's figure and how it compares with the reference.
struct GroupFigure {
    computed::GroupValues group;
    QString name;
    std::uint64_t n = 0;
    metrics::Counts counts;
    metrics::Figure figure;
    std::optional<double> bound; ///< scores were rounded: the exact figure is no further away than this
    metrics::Figure difference;
    metrics::Figure ratio;
    metrics::Figure pValue;
    std::optional<double> adjustedPValue;
    bool isReference = false;
    bool isSmall = false;   ///< fewer rows than a comparison needs
    bool hasCounts = false; ///< of two outcomes
    VerdictState state = VerdictState::NotJudged;
    QString stateWord;      ///< "Not enough data, needs n 100"
    QString note;
};

/// Groups with counts, rate, interval, difference, ratio, p and state. Small groups are there, and muted.
class GroupFiguresTable : public RowTable<GroupFigure>
{
    Q_OBJECT
public:
    enum Column { Group, Count, Tp, Fp, Fn, Tn, Value, Interval, Difference, DifferenceInterval, Ratio, RatioInterval, P, State, Note, ColumnCount };
    enum Role { SortRole = Qt::UserRole + 1, StateRole, MutedRole, StrongRole };

    explicit GroupFiguresTable(QObject *parent = nullptr);
    /// Heads: what the groups are of, and what the value is.
    void setHeads(const QString &attribute, const QString &metric);

protected:
    QVariant cell(const GroupFigure &row, int column, int role) const override;
    QString head(int column) const override;
    bool isSameRow(const GroupFigure &a, const GroupFigure &b) const override { return a.group == b.group; }

private:
    QString text(const GroupFigure &row, int column) const;
    QVariant sortValue(const GroupFigure &row, int column) const;

    QString m_attribute;
    QString m_metric;
};

} // namespace countersign::items
