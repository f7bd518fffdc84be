#pragma once

#include "models/computed/computedset.h"
#include "models/items/rowtable.h"

namespace countersign::items {

/// How far each column of each window is from its reference, by every statistic that was computed.
class DriftsTable : public RowTable<computed::ComputedDrift>
{
    Q_OBJECT
public:
    enum Column { Name, Role, Window, Count, Psi, Js, Ks, Wasserstein, ChiSquare, Missing, P, Note, ColumnCount };
    enum Roles { SortRole = Qt::UserRole + 1, MutedRole };

    explicit DriftsTable(QObject *parent = nullptr);

protected:
    QVariant cell(const computed::ComputedDrift &row, int column, int role) const override;
    QString head(int column) const override;
    bool isSameRow(const computed::ComputedDrift &a, const computed::ComputedDrift &b) const override { return a.column == b.column && a.window == b.window; }

private:
    QString text(const computed::ComputedDrift &row, int column) const;
};
QString driftRoleWord(computed::DriftRole role); ///< "score", "number", "category"

} // namespace countersign::items
