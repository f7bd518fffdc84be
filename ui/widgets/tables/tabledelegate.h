#pragma once

#include "ui/widgets/tables/cellroles.h"

#include <QStyledItemDelegate>
#include <utility>

namespace countersign::theme {
struct Tokens;
}

namespace countersign::widgets {

class TableView;

/// Paints the cells of a TableView: ground, selection bar, hairline, then the content by the column's format. Read-only.
class TableDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    explicit TableDelegate(TableView *view);
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    /// The tool tip: what the model has to say, else the text of a cell that is cut. Always shown literally.
    bool helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option, const QModelIndex &index) override;
    /// What helpEvent() shows; empty when there is nothing to add to what can be seen.
    QString toolTip(const QStyleOptionViewItem &option, const QModelIndex &index) const;

private:
    struct Cell;
    std::pair<int, int> padding(int column) const; ///< before and after the content of a cell
    void paintGround(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const;
    void paintGroup(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const;
    void paintVerdict(QPainter &painter, const Cell &cell) const;
    void paintSparkline(QPainter &painter, const Cell &cell) const;
    void paintTwoLines(QPainter &painter, const Cell &cell) const;
    void paintIconCell(QPainter &painter, const Cell &cell) const;
    void paintText(QPainter &painter, const Cell &cell) const;

    TableView *m_view;
};

} // namespace countersign::widgets
