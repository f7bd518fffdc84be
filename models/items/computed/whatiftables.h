#pragma once

#include "models/computed/scores/whatif.h"
#include "models/items/rowtable.h"

#include <QString>
#include <QStringList>

namespace countersign::items {

/// ".324 [.316, .332]"; or the reason in a word.
QString figureWithInterval(const metrics::Figure &figure);
/// "0.42"; "as logged" for none, "nobody" above every score.
QString thresholdText(const std::optional<double> &threshold);

/// One group as it would be decided: confusion counts and rates with their intervals (chart C11).
struct WhatIfGroupRow {
    QString name;
    std::optional<double> threshold;
    metrics::Counts counts;
    std::vector<metrics::Figure> rates; ///< in the order of WhatIfGroupsTable's columns from Selection on
    bool isOut = false;                 ///< takes no part in constraints: too small, missing, or without the rate
    QString whyOut;
};

class WhatIfGroupsTable : public RowTable<WhatIfGroupRow>
{
    Q_OBJECT
public:
    enum Column { Group, Count, Threshold, Tp, Fp, Fn, Tn, Selection, Recall, Fpr, Precision, Accuracy, ColumnCount };
    enum Role { MutedRole = Qt::UserRole + 1 };

    explicit WhatIfGroupsTable(QObject *parent = nullptr);
    void setHead(const QString &attribute);
    /// Columns that the constraint makes equal: their heads say so.
    void setEqualised(const std::vector<int> &columns);
    bool isEqualised(int column) const { return std::ranges::find(m_equalised, column) != m_equalised.end(); }
    static std::vector<WhatIfGroupRow> rowsOf(const computed::ScoreSource &source, const computed::WhatIfSide &side,
                                              const std::vector<computed::LeftOutGroup> &leftOut);

protected:
    QVariant cell(const WhatIfGroupRow &row, int column, int role) const override;
    QString head(int column) const override;
    bool isSameRow(const WhatIfGroupRow &a, const WhatIfGroupRow &b) const override { return a.name == b.name; }

private:
    QString m_attribute;
    std::vector<int> m_equalised;
};

/// One figure before and after: of everybody, or between groups.
struct WhatIfChangeRow {
    QString name;
    metrics::Figure before;
    metrics::Figure after;
    QString highest; ///< of what lies between groups
    QString lowest;
    QString note;
    bool isPlain = false; ///< an amount (cost): written as it is
};

class WhatIfChangesTable : public RowTable<WhatIfChangeRow>
{
    Q_OBJECT
public:
    enum Column { Name, Before, After, Change, Highest, Lowest, Note, ColumnCount };

    explicit WhatIfChangesTable(QObject *parent = nullptr);
    static std::vector<WhatIfChangeRow> betweenGroups(const computed::ScoreSource &source, const computed::WhatIfSide &before, const computed::WhatIfSide &after);
    static std::vector<WhatIfChangeRow> ofEverybody(const computed::WhatIfSide &before, const computed::WhatIfSide &after);

protected:
    QVariant cell(const WhatIfChangeRow &row, int column, int role) const override;
    QString head(int column) const override;
    bool isSameRow(const WhatIfChangeRow &a, const WhatIfChangeRow &b) const override { return a.name == b.name; }
};

} // namespace countersign::items
