#pragma once

#include "models/domain/judgement.h"
#include "models/items/rowtable.h"
#include "models/store/queries/ruleusage.h"

namespace countersign::items {

/// A limit with what it judges now.
struct LimitRow {
    Rule rule;
    store::RuleUsage usage;
    std::string modelName; ///< of a limit for one model
};

/// The limits in force, each as its sentence.
class RulesTable : public RowTable<LimitRow>
{
    Q_OBJECT
public:
    enum Column { Sentence, Metric, Scope, Severity, Since, Now, Revision, ColumnCount };
    enum Role {
        StateRole = Qt::UserRole + 1, ///< int: VerdictState of the worst version judged by it
    };

    explicit RulesTable(QObject *parent = nullptr) : RowTable(ColumnCount, parent) {}

    int rowOf(const RuleId &rule) const; ///< −1 when it is not there
    /// "All models, overall value"; "Tier 1, every sex group".
    static QString scope(const LimitRow &row);
    static QString severityWord(countersign::Severity severity);
    /// "3 of 12 versions fail"; "nothing judged".
    static QString standing(const store::RuleUsage &usage);

protected:
    QVariant cell(const LimitRow &row, int column, int role) const override;
    QString head(int column) const override;
    bool isSameRow(const LimitRow &a, const LimitRow &b) const override { return a.rule.id == b.rule.id; }

private:
    static QString text(const LimitRow &row, int column);
};

} // namespace countersign::items
