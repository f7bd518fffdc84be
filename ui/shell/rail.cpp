#include "ui/shell/rail.h"

#include "ui/theme/icons.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"

#include <QFocusEvent>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyledItemDelegate>

namespace countersign::shell {

using theme::scaled;

namespace {

enum RailRole { KeyRole = Qt::UserRole + 1, IconNameRole, CountRole };
constexpr int kItemGap = 2;

class RailDelegate : public QStyledItemDelegate
{
public:
    explicit RailDelegate(Rail *rail) : QStyledItemDelegate(rail), m_rail(rail) {}

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        return QSize(scaled(theme::width::kRailIcons), scaled(theme::height::kRailItem + kItemGap));
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const theme::Tokens &t = theme::current();
        const bool isHere = option.state & QStyle::State_Selected;
        const bool isEnabled = option.state & QStyle::State_Enabled;
        const bool isOver = isEnabled && (option.state & QStyle::State_MouseOver);
        const QRect all = option.rect.adjusted(0, 0, 0, -scaled(kItemGap));
        const auto mirrored = [&](const QRect &part) { return QStyle::visualRect(option.direction, all, part); };
        painter->save();
        const QRect plate = all.adjusted(scaled(8), 0, -scaled(8), 0);
        if (isHere)
            theme::paintRounded(*painter, plate, theme::radius::kRail, t.selection, QColor());
        else if (isOver)
            theme::paintRounded(*painter, plate, theme::radius::kRail, t.railHover, t.isHighContrast() ? t.text : QColor());
        if (isHere && !t.isHighContrast()) { // there the fill alone is unmistakable
            const QRect bar = mirrored(QRect(scaled(8), all.y() + (all.height() - scaled(16)) / 2, 3, scaled(16)));
            theme::paintRounded(*painter, bar, 1.5, t.accent, QColor());
        }
        if (m_rail->hasFocus() && m_rail->currentIndex() == index && m_rail->window()->testAttribute(Qt::WA_KeyboardFocusChange))
            theme::paintFocusRing(*painter, plate, theme::radius::kRail);
        const int side = scaled(16);
        const int iconX = m_rail->isIconsOnly() ? (all.width() - side) / 2 : scaled(20);
        const bool isInverse = isHere && t.isHighContrast();
        const QColor ink = !isEnabled ? t.disabled : isInverse ? t.selectionText : isHere ? t.text : t.secondary;
        theme::paintIcon(*painter, index.data(IconNameRole).toString(),
                         mirrored(QRect(iconX, all.y() + (all.height() - side) / 2, side, side)),
                         isEnabled && isHere && !isInverse ? t.link : ink);
        if (!m_rail->isIconsOnly())
            paintWords(*painter, option, index, all, ink, isHere);
        painter->restore();
    }

private:
    void paintWords(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index, const QRect &all, const QColor &ink,
                    bool isHere) const
    {
        const auto mirrored = [&](const QRect &part) { return QStyle::visualRect(option.direction, all, part); };
        int end = all.right() - scaled(18);
        const int count = index.data(CountRole).toInt();
        if (count > 0) {
            const QString number = m_rail->locale().toString(count);
            painter.setFont(theme::font(theme::Type::TableHead));
            painter.setPen(ink);
            const int width = painter.fontMetrics().horizontalAdvance(number);
            painter.drawText(mirrored(QRect(end - width + 1, all.y(), width + 1, all.height())), Qt::AlignVCenter | Qt::TextSingleLine, number);
            end -= width + scaled(8);
        }
        painter.setFont(theme::font(isHere ? theme::Type::StrongSelected : theme::Type::Strong));
        painter.setPen(ink);
        const QRect room(scaled(46), all.y(), end - scaled(46), all.height());
        painter.drawText(mirrored(room), int(QStyle::visualAlignment(option.direction, Qt::AlignLeft | Qt::AlignVCenter)) | Qt::TextSingleLine,
                         painter.fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, room.width()));
    }

    Rail *m_rail;
};

QStandardItem *itemOf(const QStandardItemModel &items, const QString &key)
{
    for (int row = 0; row < items.rowCount(); ++row)
        if (items.item(row)->data(KeyRole).toString() == key)
            return items.item(row);
    return nullptr;
}

} // namespace

Rail::Rail(const QString &accessibleName, QWidget *parent) : QListView(parent), m_items(new QStandardItemModel(this))
{
    setAccessibleName(accessibleName);
    setModel(m_items);
    setItemDelegate(new RailDelegate(this));
    setEditTriggers(NoEditTriggers);
    setFrameShape(NoFrame);
    setMouseTracking(true);
    setTabKeyNavigation(false);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    viewport()->setBackgroundRole(QPalette::Window);
    // Selection is where the person is; the current row is where the keyboard is. Arrows must not change the page.
    setSelectionMode(NoSelection);
    const auto choose = [this](const QModelIndex &index) {
        if (index.flags() & Qt::ItemIsEnabled)
            Q_EMIT placeChosen(index.data(KeyRole).toString());
    };
    connect(this, &QListView::clicked, this, choose);
    connect(this, &QListView::activated, this, [this, choose](const QModelIndex &index) {
        if (!(QGuiApplication::mouseButtons() & Qt::LeftButton)) // a double click has chosen already
            choose(index);
    });
}

void Rail::addPlace(const QString &key, const QString &title, const QString &icon)
{
    auto *item = new QStandardItem(title);
    item->setData(key, KeyRole);
    item->setData(icon, IconNameRole);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
    item->setToolTip(m_isIconsOnly ? title : QString());
    m_items->appendRow(item);
    updateGeometry();
}

void Rail::setCount(const QString &key, int count)
{
    if (QStandardItem *item = itemOf(*m_items, key)) {
        item->setData(count, CountRole);
        item->setData(count > 0 ? tr("%1, %n waiting", "place and number of things", count).arg(item->text()) : item->text(),
                      Qt::AccessibleTextRole);
    }
}

void Rail::setPlaceEnabled(const QString &key, bool isEnabled, const QString &reason)
{
    if (QStandardItem *item = itemOf(*m_items, key)) {
        item->setEnabled(isEnabled);
        item->setToolTip(isEnabled ? (m_isIconsOnly ? item->text() : QString()) : reason);
        item->setData(isEnabled ? QString() : reason, Qt::AccessibleDescriptionRole);
    }
}

void Rail::setCurrentPlace(const QString &key)
{
    const QStandardItem *item = itemOf(*m_items, key);
    if (!item) {
        selectionModel()->clearSelection();
        return;
    }
    selectionModel()->setCurrentIndex(item->index(), QItemSelectionModel::ClearAndSelect);
}

void Rail::setIconsOnly(bool isIconsOnly)
{
    m_isIconsOnly = isIconsOnly;
    for (int row = 0; row < m_items->rowCount(); ++row) {
        QStandardItem *item = m_items->item(row);
        if (item->isEnabled())
            item->setToolTip(isIconsOnly ? item->text() : QString());
    }
    updateGeometry();
    viewport()->update();
}

QSize Rail::sizeHint() const
{
    return QSize(scaled(m_isIconsOnly ? theme::width::kRailIcons : theme::width::kRail),
                 m_items->rowCount() * scaled(theme::height::kRailItem + kItemGap));
}

int Rail::placeCount() const
{
    return m_items->rowCount();
}

void Rail::focusInEvent(QFocusEvent *event)
{
    QListView::focusInEvent(event);
    if (!currentIndex().isValid() && m_items->rowCount() > 0 && event->reason() != Qt::MouseFocusReason)
        selectionModel()->setCurrentIndex(m_items->index(0, 0), QItemSelectionModel::NoUpdate);
}

} // namespace countersign::shell
