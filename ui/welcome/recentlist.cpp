#include "ui/welcome/recentlist.h"

#include "ui/theme/icons.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"

#include <QKeyEvent>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyledItemDelegate>

namespace countersign::welcome {

using theme::scaled;

namespace {

enum RecentRole { PathRole = Qt::UserRole + 1, DetailRole, LastUsedRole, SharedRole, MissingRole };
constexpr int kRowHeight = 59;
constexpr int kMostRows = 6;

class RecentDelegate : public QStyledItemDelegate
{
public:
    explicit RecentDelegate(RecentList *list) : QStyledItemDelegate(list), m_list(list) {}

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override { return QSize(scaled(240), scaled(kRowHeight)); }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const theme::Tokens &t = theme::current();
        const QRect all = option.rect;
        const auto mirrored = [&](const QRect &part) { return QStyle::visualRect(option.direction, all, part); };
        const bool isMissing = index.data(MissingRole).toBool();
        painter->save();
        if (option.state & QStyle::State_MouseOver)
            painter->fillRect(all, t.hover);
        if (index.row() + 1 < index.model()->rowCount())
            painter->fillRect(QRect(all.x(), all.bottom(), all.width(), 1), t.hair);
        const int side = scaled(16);
        theme::paintIcon(*painter, index.data(SharedRole).toBool() ? QStringLiteral("server") : QStringLiteral("file"),
                         mirrored(QRect(all.x() + scaled(16), all.y() + (all.height() - side) / 2, side, side)),
                         isMissing ? t.tertiary : t.secondary);
        const QString end = isMissing ? RecentList::tr("Locate…") : index.data(LastUsedRole).toString();
        painter->setFont(theme::font(isMissing ? theme::Type::Strong : theme::Type::Secondary));
        painter->setPen(isMissing ? t.link : t.tertiary);
        const int endWidth = painter->fontMetrics().horizontalAdvance(end);
        const QRect endBox(all.right() - scaled(12) - endWidth, all.y(), endWidth + 1, all.height());
        painter->drawText(mirrored(endBox), Qt::AlignVCenter | Qt::TextSingleLine, end);

        const int x = all.x() + scaled(46);
        const int width = endBox.x() - scaled(12) - x;
        const int start = int(QStyle::visualAlignment(option.direction, Qt::AlignLeft | Qt::AlignVCenter)) | Qt::TextSingleLine;
        painter->setFont(theme::font(theme::Type::StrongSelected));
        painter->setPen(isMissing ? t.tertiary : t.text);
        const int upper = painter->fontMetrics().height();
        const int top = all.y() + (all.height() - upper - scaled(18)) / 2;
        painter->drawText(mirrored(QRect(x, top, width, upper)), start,
                          painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, width));
        painter->setFont(theme::font(theme::Type::Secondary));
        painter->setPen(isMissing ? t.tertiary : t.secondary);
        painter->drawText(mirrored(QRect(x, top + upper + scaled(2), width, painter->fontMetrics().height())), start,
                          painter->fontMetrics().elidedText(index.data(DetailRole).toString(), Qt::ElideMiddle, width));
        if (m_list->hasFocus() && m_list->currentIndex() == index)
            theme::paintFocusRing(*painter, QRectF(all).adjusted(2, 2, -2, -3), theme::radius::kControl);
        painter->restore();
    }

private:
    RecentList *m_list;
};

} // namespace

RecentList::RecentList(QWidget *parent) : QListView(parent), m_items(new QStandardItemModel(this))
{
    setAccessibleName(tr("Recent workspaces"));
    setModel(m_items);
    setItemDelegate(new RecentDelegate(this));
    setEditTriggers(NoEditTriggers);
    setSelectionMode(NoSelection);
    setFrameShape(NoFrame);
    setMouseTracking(true);
    setTabKeyNavigation(false);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(this, &QListView::clicked, this, &RecentList::choose);
}

void RecentList::setWorkspaces(const QList<RecentWorkspace> &workspaces)
{
    m_items->clear();
    for (const RecentWorkspace &one : workspaces) {
        auto *item = new QStandardItem(one.name);
        item->setData(one.path, PathRole);
        item->setData(one.isMissing ? tr("%1 · not found").arg(one.path) : one.detail, DetailRole);
        item->setData(one.lastUsed, LastUsedRole);
        item->setData(one.isShared, SharedRole);
        item->setData(one.isMissing, MissingRole);
        item->setToolTip(one.path);
        item->setData(QStringLiteral("%1, %2").arg(one.name, item->data(DetailRole).toString()), Qt::AccessibleTextRole);
        m_items->appendRow(item);
    }
    updateGeometry();
}

QSize RecentList::sizeHint() const
{
    return QSize(scaled(300), qMin(m_items->rowCount(), kMostRows) * scaled(kRowHeight));
}

void RecentList::choose(const QModelIndex &index)
{
    if (!index.isValid())
        return;
    const QString path = index.data(PathRole).toString();
    index.data(MissingRole).toBool() ? Q_EMIT locateRequested(path) : Q_EMIT openRequested(path);
}

void RecentList::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space: return choose(currentIndex());
    case Qt::Key_Delete:
        if (currentIndex().isValid())
            Q_EMIT removeRequested(currentIndex().data(PathRole).toString());
        return;
    default: QListView::keyPressEvent(event);
    }
}

void RecentList::focusInEvent(QFocusEvent *event)
{
    QListView::focusInEvent(event);
    if (!currentIndex().isValid() && m_items->rowCount() > 0)
        setCurrentIndex(m_items->index(0, 0));
}

} // namespace countersign::welcome
