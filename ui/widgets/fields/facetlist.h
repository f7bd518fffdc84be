#pragma once

#include "ui/theme/state.h"

#include <QTreeView>
#include <optional>

class QStandardItemModel;

namespace countersign::widgets {

/// One value that can be ticked, with the number of rows that have it.
struct FacetRow {
    QString key;
    QString label;
    int count = 0;
    bool isChecked = false;
    std::optional<theme::State> state; ///< glyph before the label
};

struct FacetGroup {
    QString key;
    QString title;
    QList<FacetRow> rows;
};

/// Filters by ticking: groups with heads, check boxes, counts at the right. Space, Enter or a click anywhere on a row ticks it.
class FacetList : public QTreeView
{
    Q_OBJECT
public:
    explicit FacetList(const QString &accessibleName, QWidget *parent = nullptr);

    /// Shows other groups or counts; keeps current row and scroll position where the keys are still there.
    void setGroups(const QList<FacetGroup> &groups);
    QStringList checked(const QString &group) const;
    void clearChecks(); ///< emits changed() for each group that had ticks

Q_SIGNALS:
    void changed(const QString &group, const QStringList &checkedKeys);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;

private:
    void toggle(const QModelIndex &index);

    QStandardItemModel *m_items;
};

} // namespace countersign::widgets
