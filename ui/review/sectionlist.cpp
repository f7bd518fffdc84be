#include "ui/review/sectionlist.h"

#include "ui/theme/icons.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"

#include <QPainter>
#include <QSignalBlocker>
#include <QStyledItemDelegate>

namespace countersign::pages {

using theme::scaled;

namespace {

enum SectionRole { ShownRole = Qt::UserRole + 1, ChangedRole };

class SectionDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override { return {scaled(120), scaled(theme::height::kRailItem)}; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const theme::Tokens &t = theme::current();
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const bool isSelected = option.state & QStyle::State_Selected;
        const bool isHovered = option.state & QStyle::State_MouseOver;
        const QRect row = option.rect.adjusted(0, 1, 0, -1);
        if (isSelected || isHovered)
            theme::paintRounded(*painter, row, theme::radius::kRail, isSelected ? t.selection : t.hover, {});
        if (option.state & QStyle::State_HasFocus && theme::hasKeyboardFocus(option))
            theme::paintFocusRing(*painter, row, theme::radius::kRail);
        const auto placed = [&](const QRect &box) { return QStyle::visualRect(option.direction, row, box); };
        const QColor ink = isSelected ? t.selectionText : t.text;
        paintMark(*painter, placed(QRect(row.x() + scaled(8), row.y() + (row.height() - scaled(16)) / 2, scaled(16), scaled(16))),
                  index.data(ShownRole).toBool(), isSelected && t.isHighContrast() ? ink : t.secondary);
        int right = row.right() - scaled(8);
        if (index.data(ChangedRole).toBool()) {
            const QString word = SectionList::tr("changed");
            painter->setFont(theme::font(theme::Type::Small));
            const int width = painter->fontMetrics().horizontalAdvance(word);
            painter->setPen(isSelected && t.isHighContrast() ? ink : t.link);
            painter->drawText(placed(QRect(right - width, row.y(), width + 1, row.height())), Qt::AlignVCenter, word);
            right -= width + scaled(6);
        }
        painter->setFont(theme::font(isSelected ? theme::Type::StrongSelected : theme::Type::Body));
        painter->setPen(ink);
        const QRect text(row.x() + scaled(32), row.y(), right - row.x() - scaled(32), row.height());
        painter->drawText(placed(text), int(QStyle::visualAlignment(option.direction, Qt::AlignLeft | Qt::AlignVCenter)),
                          painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, text.width()));
        painter->restore();
    }

private:
    static void paintMark(QPainter &painter, const QRect &box, bool isShown, const QColor &colour)
    {
        if (isShown)
            return theme::paintIcon(painter, QStringLiteral("eye"), box, colour);
        painter.setPen(QPen(colour, 1.35, Qt::DotLine));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(QRectF(box).adjusted(3.5, 3.5, -3.5, -3.5));
    }
};

} // namespace

SectionList::SectionList(QWidget *parent) : QListWidget(parent)
{
    setAccessibleName(tr("Sections"));
    setFrameShape(QFrame::NoFrame);
    setItemDelegate(new SectionDelegate(this));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMouseTracking(true);
    viewport()->setBackgroundRole(QPalette::AlternateBase);
    connect(this, &QListWidget::currentRowChanged, this, [this](int row) {
        if (row >= 0)
            Q_EMIT sectionChosen(row);
    });
    // Again on the one that is chosen already: back to its beginning.
    connect(this, &QListWidget::itemClicked, this, [this](QListWidgetItem *item) { Q_EMIT sectionChosen(row(item)); });
}

void SectionList::setSections(const QStringList &titles, const std::set<int> &changed)
{
    const QSignalBlocker quiet(this);
    clear();
    for (int i = 0; i < titles.size(); ++i) {
        auto *item = new QListWidgetItem(titles[i], this);
        item->setData(ChangedRole, changed.contains(i));
        describe(*item);
    }
}

void SectionList::setShown(int section, bool isShown)
{
    if (QListWidgetItem *entry = item(section)) {
        entry->setData(ShownRole, isShown);
        describe(*entry);
    }
}

bool SectionList::isShown(int section) const
{
    const QListWidgetItem *entry = item(section);
    return entry && entry->data(ShownRole).toBool();
}

void SectionList::setCurrentSection(int section)
{
    const QSignalBlocker quiet(this);
    setCurrentRow(section);
    viewport()->update(); // the blocker also keeps the view from hearing of it
}

void SectionList::describe(QListWidgetItem &item) const
{
    const QString shown = item.data(ShownRole).toBool() ? tr("shown") : tr("not yet shown");
    const QString changed = item.data(ChangedRole).toBool() ? tr(", changed") : QString();
    item.setData(Qt::AccessibleTextRole, tr("%1, %2%3", "section, shown, changed").arg(item.text(), shown, changed));
}

} // namespace countersign::pages
