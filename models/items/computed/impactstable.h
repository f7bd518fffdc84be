#pragma once

#include "models/computed/computedset.h"
#include "models/items/rowtable.h"

namespace countersign::items {

/// Selection or scoring rates with impact ratios as New York City's rules lay them out. No pass mark: the rules have none.
class ImpactsTable : public RowTable<computed::ImpactRow>
{
    Q_OBJECT
public:
    enum Column { Category, Applicants, Share, Rate, RateInterval, Ratio, RatioInterval, WithoutSmall, Note, ColumnCount };
    enum Role { SortRole = Qt::UserRole + 1, MutedRole };

    explicit ImpactsTable(QObject *parent = nullptr);
    void setScored(bool isScored); ///< rates are of scores above the median

protected:
    QVariant cell(const computed::ImpactRow &row, int column, int role) const override;
    QString head(int column) const override;
    bool isSameRow(const computed::ImpactRow &a, const computed::ImpactRow &b) const override { return a.group == b.group; }

private:
    QString text(const computed::ImpactRow &row, int column) const;
    bool m_isScored = false;
};

} // namespace countersign::items
