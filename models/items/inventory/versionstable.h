#pragma once

#include "models/items/rowtable.h"
#include "models/store/queries/queries.h"

namespace countersign::items {

/// The versions of one model.
class VersionsTable : public RowTable<store::VersionRow>
{
    Q_OBJECT
public:
    enum Column { Label, Aliases, Stage, Verdict, SignOffs, Created, Artifact, ColumnCount };
    enum Role {
        VerdictRole = Qt::UserRole + 1, ///< int: VerdictState
        SignedRole,                     ///< int: the number of theme::State that stands for the sign-offs; absent when nobody signed
        SortRole,
        VersionRole,                    ///< QString: VersionId
    };

    explicit VersionsTable(QObject *parent = nullptr);

protected:
    QVariant cell(const store::VersionRow &row, int column, int role) const override;
    QString head(int column) const override;
    bool isSameRow(const store::VersionRow &a, const store::VersionRow &b) const override;

private:
    QString text(const store::VersionRow &row, int column) const;
};

} // namespace countersign::items
