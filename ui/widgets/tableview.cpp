#include "ui/widgets/tableview.h"

#include "ui/theme/type.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/tabledelegate.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QSettings>
#include <algorithm>

namespace countersign::widgets {

namespace {

/// Heads are aligned like their cells, by the format and not by the model.
class TableHeader : public QHeaderView
{
public:
    explicit TableHeader(TableView *view) : QHeaderView(Qt::Horizontal, view), m_view(view)
    {
        setSectionsClickable(true);
        setSectionsMovable(true);
        setHighlightSections(false);
        setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
        setMinimumSectionSize(theme::scaled(24));
        setContextMenuPolicy(Qt::CustomContextMenu);
        setTextElideMode(Qt::ElideRight);
    }

protected:
    void initStyleOptionForIndex(QStyleOptionHeader *option, int column) const override
    {
        QHeaderView::initStyleOptionForIndex(option, column);
        const bool isNumber = m_view->columnFormat(column).kind == CellKind::Number;
        option->textAlignment = (isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter;
    }

private:
    TableView *m_view;
};

} // namespace

QString spreadsheetSafe(const QString &cell)
{
    QString safe = cell;
    for (QChar &c : safe) {
        if (c == QLatin1Char('\t') || c == QLatin1Char('\n') || c == QLatin1Char('\r'))
            c = QLatin1Char(' ');
    }
    static const QString starts = QStringLiteral("=+-@");
    const QString trimmed = safe.trimmed();
    if (trimmed.isEmpty() || !starts.contains(trimmed.front()))
        return safe;
    bool isNumber = false;
    trimmed.toDouble(&isNumber);
    return isNumber ? safe : QLatin1Char('\'') + safe;
}

TableView::TableView(const QString &accessibleName, QWidget *parent) : QTableView(parent), m_columnsMenu(new QMenu(this))
{
    setAccessibleName(accessibleName);
    auto *header = new TableHeader(this);
    setHorizontalHeader(header);
    header->setAccessibleName(tr("Columns of %1").arg(accessibleName));
    verticalHeader()->hide();
    setItemDelegate(new TableDelegate(this));
    setShowGrid(false);
    setWordWrap(false);
    setCornerButtonEnabled(false);
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setTabKeyNavigation(false);
    setHorizontalScrollMode(ScrollPerPixel);
    setVerticalScrollMode(ScrollPerPixel);
    setMouseTracking(true);
    setFrameShape(NoFrame);
    setSortingEnabled(false);
    applyRowHeight();

    m_saveSoon.setSingleShot(true);
    m_saveSoon.setInterval(400);
    connect(&m_saveSoon, &QTimer::timeout, this, &TableView::saveSettings);
    const auto saveLater = [this] {
        if (!m_settingsKey.isEmpty())
            m_saveSoon.start();
    };
    connect(header, &QHeaderView::sectionResized, this, [this, saveLater](int column) {
        if (m_isFitting)
            return;
        if (!columnFormat(column).stretches)
            fitStretchColumn();
        saveLater();
    });
    connect(header, &QHeaderView::sectionMoved, this, saveLater);
    connect(header, &QHeaderView::sortIndicatorChanged, this, saveLater);
    connect(header, &QHeaderView::customContextMenuRequested, this,
            [this, header](const QPoint &at) { m_columnsMenu->popup(header->mapToGlobal(at)); });
    connect(m_columnsMenu, &QMenu::aboutToShow, this, &TableView::fillColumnsMenu);
}

TableView::~TableView()
{
    if (m_saveSoon.isActive())
        saveSettings();
}

void TableView::setColumnFormat(int column, const ColumnFormat &format)
{
    m_formats.insert(column, format);
    if (model())
        applyFormats();
}

const ColumnFormat &TableView::columnFormat(int column) const
{
    static const ColumnFormat plain;
    const auto found = m_formats.constFind(column);
    return found == m_formats.constEnd() ? plain : *found;
}

void TableView::setModel(QAbstractItemModel *model)
{
    if (QAbstractItemModel *before = this->model())
        before->disconnect(this);
    QTableView::setModel(model);
    m_hoveredRow = -1;
    if (!model)
        return;
    for (const auto signal : {&QAbstractItemModel::modelReset})
        connect(model, signal, this, &TableView::showEmptyState);
    connect(model, &QAbstractItemModel::rowsInserted, this, &TableView::showEmptyState);
    connect(model, &QAbstractItemModel::rowsRemoved, this, &TableView::showEmptyState);
    applyFormats();
    m_originalHeader = horizontalHeader()->saveState();
    showEmptyState();
}

void TableView::applyFormats()
{
    const int columns = model()->columnCount(rootIndex());
    for (int column = 0; column < columns; ++column) {
        const ColumnFormat &format = columnFormat(column);
        setColumnHidden(column, format.isHidden);
        if (format.width > 0)
            setColumnWidth(column, theme::scaled(format.width));
        else if (!format.stretches)
            setColumnWidth(column, qBound(horizontalHeader()->sectionSizeHint(column), sizeHintForColumn(column),
                                          qMax(theme::scaled(320), horizontalHeader()->sectionSizeHint(column))));
    }
    fitStretchColumn();
}

// QHeaderView's own stretching squeezes the column that matters most down to nothing; ours keeps its least width.
void TableView::fitStretchColumn()
{
    if (m_isFitting || !model())
        return;
    int others = 0;
    int stretching = -1;
    for (int column = 0; column < horizontalHeader()->count(); ++column) {
        if (columnFormat(column).stretches && !isColumnHidden(column))
            stretching = column;
        else
            others += horizontalHeader()->sectionSize(column); // 0 when hidden
    }
    if (stretching < 0)
        return;
    const int least = theme::scaled(columnFormat(stretching).width > 0 ? columnFormat(stretching).width : 120);
    m_isFitting = true;
    setColumnWidth(stretching, qMax(least, viewport()->width() - others));
    m_isFitting = false;
}

void TableView::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    fitStretchColumn();
}

void TableView::setRowHeight(int pixels)
{
    m_rowHeight = pixels;
    applyRowHeight();
}

void TableView::applyRowHeight()
{
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setMinimumSectionSize(1);
    verticalHeader()->setDefaultSectionSize(theme::scaled(m_rowHeight));
    horizontalHeader()->setFixedHeight(qMax(theme::scaled(theme::height::kTableHead), horizontalHeader()->sizeHint().height()));
}

EmptyState *TableView::emptyState()
{
    if (!m_empty)
        m_empty = new EmptyState(static_cast<QAbstractScrollArea *>(this));
    showEmptyState();
    return m_empty;
}

void TableView::showEmptyState()
{
    if (m_empty)
        m_empty->setVisible(model() && model()->rowCount(rootIndex()) == 0);
}

bool TableView::isGroupRow(int row) const
{
    return model() && model()->index(row, 0, rootIndex()).data(GroupRole).toBool();
}

void TableView::setHoveredRow(int row)
{
    if (row == m_hoveredRow)
        return;
    for (const int one : {m_hoveredRow, row}) {
        if (one >= 0)
            viewport()->update(0, rowViewportPosition(one), viewport()->width(), rowHeight(one));
    }
    m_hoveredRow = row;
}

void TableView::mouseMoveEvent(QMouseEvent *event)
{
    setHoveredRow(indexAt(event->position().toPoint()).row());
    QTableView::mouseMoveEvent(event);
}

bool TableView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::Leave)
        setHoveredRow(-1);
    return QTableView::viewportEvent(event);
}

void TableView::focusInEvent(QFocusEvent *event)
{
    QTableView::focusInEvent(event);
    // Arriving by keyboard on a table without a current row would show nothing; start at the first.
    if (!currentIndex().isValid() && model() && model()->rowCount(rootIndex()) > 0 && event->reason() != Qt::MouseFocusReason) {
        const int first = horizontalHeader()->logicalIndex(0);
        selectionModel()->setCurrentIndex(model()->index(0, qMax(0, first), rootIndex()), QItemSelectionModel::NoUpdate);
    }
    viewport()->update();
}

void TableView::focusOutEvent(QFocusEvent *event)
{
    QTableView::focusOutEvent(event);
    viewport()->update();
}

void TableView::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::ApplicationFontChange)
        applyRowHeight();
}

void TableView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy))
        return copySelection();
    if (event->key() == Qt::Key_C && event->modifiers() == (Qt::ControlModifier | Qt::ShiftModifier))
        return copyCurrentValue();
    QTableView::keyPressEvent(event);
}

QString TableView::selectionAsText() const
{
    if (!model() || !selectionModel())
        return {};
    QList<int> columns;
    for (int visual = 0; visual < horizontalHeader()->count(); ++visual) {
        const int column = horizontalHeader()->logicalIndex(visual);
        if (!isColumnHidden(column))
            columns.append(column);
    }
    QModelIndexList rows = selectionModel()->selectedRows();
    std::ranges::sort(rows, {}, &QModelIndex::row);
    const auto line = [&columns](auto cellOf) {
        QStringList cells;
        for (const int column : columns)
            cells.append(spreadsheetSafe(cellOf(column)));
        return cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
    };
    if (rows.isEmpty())
        return {};
    QString text = line([this](int column) { return model()->headerData(column, Qt::Horizontal).toString(); });
    for (const QModelIndex &row : rows)
        text += line([&row](int column) { return row.siblingAtColumn(column).data(Qt::DisplayRole).toString(); });
    return text;
}

void TableView::copySelection() const
{
    const QString text = selectionAsText();
    if (!text.isEmpty())
        QApplication::clipboard()->setText(text);
}

void TableView::copyCurrentValue() const
{
    if (currentIndex().isValid())
        QApplication::clipboard()->setText(currentIndex().data(Qt::DisplayRole).toString());
}

QMenu *TableView::columnsMenu()
{
    return m_columnsMenu;
}

void TableView::fillColumnsMenu()
{
    m_columnsMenu->clear();
    if (!model())
        return;
    int visible = 0;
    for (int column = 0; column < horizontalHeader()->count(); ++column)
        visible += isColumnHidden(column) ? 0 : 1;
    for (int visual = 0; visual < horizontalHeader()->count(); ++visual) {
        const int column = horizontalHeader()->logicalIndex(visual);
        QAction *action = m_columnsMenu->addAction(model()->headerData(column, Qt::Horizontal).toString().replace(
            QLatin1Char('&'), QStringLiteral("&&")));
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(column));
        action->setEnabled(isColumnHidden(column) || visible > 1); // the last column stays
        connect(action, &QAction::toggled, this, [this, column](bool isOn) {
            setColumnHidden(column, !isOn);
            if (isOn && columnWidth(column) < theme::scaled(24))
                setColumnWidth(column, theme::scaled(100));
            if (!m_settingsKey.isEmpty())
                m_saveSoon.start();
        });
    }
    m_columnsMenu->addSeparator();
    connect(m_columnsMenu->addAction(tr("Reset Columns")), &QAction::triggered, this, &TableView::resetColumns);
}

void TableView::resetColumns()
{
    if (m_originalHeader.isEmpty())
        return;
    horizontalHeader()->restoreState(m_originalHeader);
    applyFormats();
    if (!m_settingsKey.isEmpty())
        QSettings().remove(QStringLiteral("tables/") + m_settingsKey);
    m_saveSoon.stop();
}

void TableView::setSettingsKey(const QString &key)
{
    m_settingsKey = key;
    restoreSettings();
}

void TableView::saveSettings() const
{
    if (m_settingsKey.isEmpty() || !model())
        return;
    QSettings settings;
    settings.beginGroup(QStringLiteral("tables/") + m_settingsKey);
    settings.setValue(QStringLiteral("columns"), horizontalHeader()->count());
    settings.setValue(QStringLiteral("header"), horizontalHeader()->saveState());
}

void TableView::restoreSettings()
{
    QSettings settings;
    settings.beginGroup(QStringLiteral("tables/") + m_settingsKey);
    // A newer program may have other columns; then its own arrangement is better than half of an old one.
    if (settings.value(QStringLiteral("columns")).toInt() != horizontalHeader()->count())
        return;
    if (!horizontalHeader()->restoreState(settings.value(QStringLiteral("header")).toByteArray()))
        return;
    fitStretchColumn();
    if (isSortingEnabled() && horizontalHeader()->sortIndicatorSection() < horizontalHeader()->count())
        sortByColumn(horizontalHeader()->sortIndicatorSection(), horizontalHeader()->sortIndicatorOrder());
}

} // namespace countersign::widgets
