#include "ui/widgets/tables/tableview.h"

#include "ui/theme/type.h"
#include "ui/widgets/messages/emptystate.h"
#include "ui/widgets/tables/tabledelegate.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QSettings>
#include <algorithm>
#include <vector>

namespace countersign::widgets {

namespace {

constexpr int kLeastStretch = 120; ///< of a stretching column without a width
constexpr int kMostByRows = 320;   ///< of a column without a width, whatever its rows hold

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
    connect(header, &QHeaderView::sectionResized, this, [this, saveLater](int column, int before, int now) {
        if (m_isFitting)
            return;
        if (before > 0 && now > 0) // not shown or hidden
            m_isFittedByHand = true;
        if (!columnFormat(column).stretches)
            fitColumns();
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

void TableView::setColumnFormats(const QList<ColumnFormat> &formats)
{
    for (int column = 0; column < formats.size(); ++column)
        m_formats.insert(column, formats[column]);
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
    connect(model, &QAbstractItemModel::modelReset, this, &TableView::showEmptyState);
    connect(model, &QAbstractItemModel::rowsInserted, this, &TableView::showEmptyState);
    const auto fitToRows = [this] {
        if (!m_isFittedToRows)
            fitColumns();
        m_isFittedToRows = this->model()->rowCount(rootIndex()) > 0;
    };
    connect(model, &QAbstractItemModel::modelReset, this, [this, fitToRows] {
        m_isFittedToRows = false;
        fitToRows();
        m_isFittedToRows = false; // rows that are read page by page come with dataChanged
    });
    connect(model, &QAbstractItemModel::rowsInserted, this, fitToRows);
    connect(model, &QAbstractItemModel::dataChanged, this, fitToRows);
    connect(model, &QAbstractItemModel::rowsRemoved, this, &TableView::showEmptyState);
    applyFormats();
    m_originalHeader = horizontalHeader()->saveState();
    showEmptyState();
}

void TableView::applyFormats()
{
    m_isFitting = true;
    const int columns = model()->columnCount(rootIndex());
    for (int column = 0; column < columns; ++column) {
        const ColumnFormat &format = columnFormat(column);
        setColumnHidden(column, format.isHidden);
        if (format.width > 0 || !format.stretches)
            setColumnWidth(column, ownWidth(column));
    }
    m_isFitting = false;
    fitColumns();
}

// What a column has before room is shared out.
int TableView::ownWidth(int column) const
{
    if (const int width = columnFormat(column).width; width > 0)
        return theme::scaled(width);
    const int head = horizontalHeader()->sectionSizeHint(column);
    return qBound(head, sizeHintForColumn(column), qMax(theme::scaled(kMostByRows), head));
}

// Texts that would be cut get the room first, what is left goes to the stretching column. Not once a person has set a width: then
// columns stay as they are.
void TableView::fitColumns()
{
    if (m_isFitting || !model())
        return;
    m_isFitting = true;
    if (!m_isFittedByHand)
        growColumns();
    fitStretchColumn();
    m_isFitting = false;
}

void TableView::growColumns()
{
    struct Column {
        int number;
        int base;
        int wish;
    };
    std::vector<Column> growing;
    int used = 0;
    int wished = 0;
    const int precision = horizontalHeader()->resizeContentsPrecision();
    horizontalHeader()->setResizeContentsPrecision(0); // the rows in view; a table of 100,000 is not read for this
    for (int column = 0; column < horizontalHeader()->count(); ++column) {
        const ColumnFormat &format = columnFormat(column);
        if (isColumnHidden(column))
            continue;
        if (format.most > 0) {
            const int base = ownWidth(column);
            const int needed = qMax(sizeHintForColumn(column) + 1, horizontalHeader()->sectionSizeHint(column));
            const int wish = qBound(base, needed, qMax(base, theme::scaled(format.most))) - base;
            growing.push_back({column, base, wish});
            used += base;
            wished += wish;
        } else {
            used += format.stretches ? theme::scaled(format.width > 0 ? format.width : kLeastStretch) : columnWidth(column);
        }
    }
    horizontalHeader()->setResizeContentsPrecision(precision);
    const int room = qMax(0, viewport()->width() - used);
    for (const Column &column : growing) {
        const int share = wished <= room ? column.wish : int(qint64(column.wish) * room / wished);
        setColumnWidth(column.number, column.base + share);
    }
}

// QHeaderView's own stretching squeezes the column that matters most down to nothing; ours keeps its least width.
void TableView::fitStretchColumn()
{
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
    const int least = theme::scaled(columnFormat(stretching).width > 0 ? columnFormat(stretching).width : kLeastStretch);
    setColumnWidth(stretching, qMax(least, viewport()->width() - others));
}

void TableView::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    fitColumns();
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
    // Arriving by keyboard on a table without a selected row would show nothing, and the row that buttons act on must be the one that
    // is seen: start at the current row, or at the first.
    const bool isByKey = event->reason() != Qt::MouseFocusReason && event->reason() != Qt::ActiveWindowFocusReason;
    if (isByKey && model() && model()->rowCount(rootIndex()) > 0 && !selectionModel()->hasSelection()) {
        const int first = qMax(0, horizontalHeader()->logicalIndex(0));
        const QModelIndex start = currentIndex().isValid() ? currentIndex() : model()->index(0, first, rootIndex());
        selectionModel()->setCurrentIndex(start, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
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
    m_isFittedByHand = false;
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
    settings.setValue(QStringLiteral("isFittedByHand"), m_isFittedByHand);
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
    m_isFittedByHand = settings.value(QStringLiteral("isFittedByHand")).toBool();
    fitColumns();
    if (isSortingEnabled() && horizontalHeader()->sortIndicatorSection() < horizontalHeader()->count())
        sortByColumn(horizontalHeader()->sortIndicatorSection(), horizontalHeader()->sortIndicatorOrder());
}

} // namespace countersign::widgets
