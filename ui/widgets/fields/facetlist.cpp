#include "ui/widgets/fields/facetlist.h"

#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/ground.h"
#include "ui/widgets/cards/labels.h"

#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QStandardItemModel>
#include <QStyledItemDelegate>

namespace countersign::widgets {

using theme::scaled;

namespace {

enum FacetRole { KeyRole = Qt::UserRole + 1, CountRole, StateOfRole };

class FacetDelegate : public QStyledItemDelegate
{
public:
    explicit FacetDelegate(FacetList *list) : QStyledItemDelegate(list), m_list(list) {}

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const override
    {
        const bool isHead = !index.parent().isValid();
        return QSize(scaled(120), scaled(isHead ? (index.row() == 0 ? 32 : 42) : theme::height::kFacetRow));
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        painter->save();
        index.parent().isValid() ? paintRow(*painter, option, index) : paintHead(*painter, option, index);
        painter->restore();
    }

private:
    // The whole width of the list: groups and rows share one left edge.
    QRect line(const QStyleOptionViewItem &option) const
    {
        return QRect(0, option.rect.y(), m_list->viewport()->width(), option.rect.height());
    }

    void paintHead(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
    {
        const QRect room = line(option).adjusted(scaled(16), 0, -scaled(16), -scaled(6));
        painter.setFont(theme::font(theme::Type::TableHead, QFont::DemiBold));
        painter.setPen(theme::current().tertiary);
        painter.drawText(room, int(QStyle::visualAlignment(option.direction, Qt::AlignLeft | Qt::AlignBottom)) | Qt::TextSingleLine,
                         painter.fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, room.width()));
    }

    void paintRow(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
    {
        const theme::Tokens &t = theme::current();
        const QRect all = line(option);
        const auto mirrored = [&](const QRect &part) { return QStyle::visualRect(option.direction, all, part); };
        const auto square = [&](int x, int side) {
            return mirrored(QRect(x, all.y() + (all.height() - side) / 2, side, side));
        };
        const QRectF plate = QRectF(all).adjusted(scaled(8), 0, -scaled(8), 0);
        if (option.state & QStyle::State_MouseOver)
            theme::paintRounded(painter, plate, theme::radius::kControl, t.hover, t.isHighContrast() ? t.text : QColor());
        if (m_list->hasFocus() && m_list->currentIndex() == index && m_list->window()->testAttribute(Qt::WA_KeyboardFocusChange))
            theme::paintFocusRing(painter, plate, theme::radius::kControl);
        QStyleOption check;
        check.rect = square(scaled(16), scaled(14));
        check.state = QStyle::State_Enabled
            | (index.data(Qt::CheckStateRole).toInt() == Qt::Checked ? QStyle::State_On : QStyle::State_Off);
        theme::parts::drawCheck(check, painter);
        int x = scaled(38);
        const QVariant state = index.data(StateOfRole);
        if (state.isValid()) {
            theme::paintState(painter, theme::State(state.toInt()), square(x, scaled(13)), t);
            x += scaled(20);
        }
        const int count = index.data(CountRole).toInt();
        const QString number = m_list->locale().toString(count);
        painter.setFont(theme::font(theme::Type::Secondary));
        const int numberWidth = painter.fontMetrics().horizontalAdvance(number);
        const QRect end(all.right() - scaled(16) - numberWidth, all.y(), numberWidth + 1, all.height());
        painter.setPen(count == 0 ? t.disabled : t.tertiary);
        painter.drawText(mirrored(end), Qt::AlignVCenter | Qt::TextSingleLine, number);
        const QRect room(x, all.y(), end.x() - scaled(6) - x, all.height());
        painter.setFont(theme::font(theme::Type::Body));
        painter.setPen(count == 0 ? t.tertiary : t.text);
        painter.drawText(mirrored(room), int(QStyle::visualAlignment(option.direction, Qt::AlignLeft | Qt::AlignVCenter)) | Qt::TextSingleLine,
                         painter.fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, room.width()));
    }

    FacetList *m_list;
};

} // namespace

FacetList::FacetList(const QString &accessibleName, QWidget *parent) : QTreeView(parent), m_items(new QStandardItemModel(this))
{
    setAccessibleName(accessibleName);
    setModel(m_items);
    setItemDelegate(new FacetDelegate(this));
    setHeaderHidden(true);
    setRootIsDecorated(false);
    setIndentation(0);
    setItemsExpandable(false);
    setEditTriggers(NoEditTriggers);
    setSelectionMode(NoSelection);
    setFrameShape(NoFrame);
    setMouseTracking(true);
    setTabKeyNavigation(false);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerPixel);
    viewport()->setBackgroundRole(QPalette::AlternateBase);
    setMinimumWidth(scaled(160));
}

void FacetList::setGroups(const QList<FacetGroup> &groups)
{
    const QModelIndex before = currentIndex();
    const QString beforeGroup = before.parent().data(KeyRole).toString();
    const QString beforeKey = before.data(KeyRole).toString();
    const int scroll = verticalScrollBar()->value();
    m_items->clear();
    QModelIndex again;
    for (const FacetGroup &group : groups) {
        auto *head = new QStandardItem(group.title);
        head->setData(group.key, KeyRole);
        head->setFlags(Qt::ItemIsEnabled);
        head->setData(group.title, Qt::AccessibleTextRole);
        m_items->appendRow(head);
        for (const FacetRow &row : group.rows) {
            auto *item = new QStandardItem(row.label);
            item->setData(row.key, KeyRole);
            item->setData(row.count, CountRole);
            if (row.state)
                item->setData(int(*row.state), StateOfRole);
            item->setToolTip(literalToolTip(row.label));
            item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
            item->setCheckState(row.isChecked ? Qt::Checked : Qt::Unchecked);
            item->setData(tr("%1, %n rows", "facet and how many rows have it", row.count).arg(row.label), Qt::AccessibleTextRole);
            head->appendRow(item);
            if (group.key == beforeGroup && row.key == beforeKey)
                again = item->index();
        }
    }
    expandAll();
    if (again.isValid())
        setCurrentIndex(again);
    verticalScrollBar()->setValue(scroll);
}

QStringList FacetList::checked(const QString &group) const
{
    QStringList keys;
    for (int g = 0; g < m_items->rowCount(); ++g) {
        const QStandardItem *head = m_items->item(g);
        for (int r = 0; head->data(KeyRole).toString() == group && r < head->rowCount(); ++r) {
            if (head->child(r)->checkState() == Qt::Checked)
                keys.append(head->child(r)->data(KeyRole).toString());
        }
    }
    return keys;
}

void FacetList::clearChecks()
{
    for (int g = 0; g < m_items->rowCount(); ++g) {
        QStandardItem *head = m_items->item(g);
        bool hadTicks = false;
        for (int r = 0; r < head->rowCount(); ++r) {
            hadTicks = hadTicks || head->child(r)->checkState() == Qt::Checked;
            head->child(r)->setCheckState(Qt::Unchecked);
        }
        if (hadTicks)
            Q_EMIT changed(head->data(KeyRole).toString(), {});
    }
}

void FacetList::toggle(const QModelIndex &index)
{
    QStandardItem *item = m_items->itemFromIndex(index);
    if (!item || !item->parent())
        return;
    item->setCheckState(item->checkState() == Qt::Checked ? Qt::Unchecked : Qt::Checked);
    const QString group = item->parent()->data(KeyRole).toString();
    Q_EMIT changed(group, checked(group));
}

void FacetList::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Space:
    case Qt::Key_Return:
    case Qt::Key_Enter: return toggle(currentIndex());
    default: QTreeView::keyPressEvent(event);
    }
}

void FacetList::mouseReleaseEvent(QMouseEvent *event)
{
    // The base would toggle only on the box, and not tell us; the whole row is the target.
    if (event->button() == Qt::LeftButton && indexAt(event->position().toPoint()) == currentIndex())
        toggle(currentIndex());
    setState(NoState);
}

} // namespace countersign::widgets
