#pragma once

#include "ui/widgets/tables/cellroles.h"

#include <QHash>
#include <QTableView>
#include <QTimer>

class QMenu;

namespace countersign::widgets {

class EmptyState;

/// The table of the program: whole rows are selected, hairlines instead of a grid, heads that sort, columns that can be
/// chosen, moved and sized and are remembered. Ctrl+C copies the selected rows with heads, Ctrl+Shift+C the current value.
/// Enter or a double click emits activated() (of QAbstractItemView). Tab leaves the table.
///
/// Order: setColumnFormat() for the columns, setModel(), then setSettingsKey().
class TableView : public QTableView
{
    Q_OBJECT
public:
    explicit TableView(const QString &accessibleName, QWidget *parent = nullptr);
    ~TableView() override;

    void setColumnFormat(int column, const ColumnFormat &format);
    /// Of the columns from the first on, at once: of a table whose columns change with what it shows.
    void setColumnFormats(const QList<ColumnFormat> &formats);
    const ColumnFormat &columnFormat(int column) const;
    void setModel(QAbstractItemModel *model) override;
    /// Remembers columns, widths, order and sorting under "tables/<key>"; restores what is remembered.
    void setSettingsKey(const QString &key);
    /// At 100 % text: theme::height::kRowCompact, kRow, kRowComfortable, kRowTwoLines.
    void setRowHeight(int pixels);

    /// Shown while the model has no rows; describe() it whenever the cause changes.
    EmptyState *emptyState();
    /// The menu behind a "Columns" button and the right click on a head. Owned by the table.
    QMenu *columnsMenu();
    void resetColumns();

    bool isGroupRow(int row) const;
    int hoveredRow() const { return m_hoveredRow; }
    /// What Ctrl+C puts on the clipboard: tab-separated, with heads, visible columns in their order. A cell that a spreadsheet
    /// would read as a formula is protected by an apostrophe.
    QString selectionAsText() const;
    void copySelection() const;
    void copyCurrentValue() const;

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void applyFormats();
    int ownWidth(int column) const;
    void fitColumns();
    void growColumns();
    void fitStretchColumn();
    void applyRowHeight();
    void setHoveredRow(int row);
    void showEmptyState();
    void fillColumnsMenu();
    void saveSettings() const;
    void restoreSettings();

    QHash<int, ColumnFormat> m_formats;
    EmptyState *m_empty = nullptr;
    QMenu *m_columnsMenu;
    QTimer m_saveSoon;
    QString m_settingsKey;
    QByteArray m_originalHeader;
    int m_hoveredRow = -1;
    int m_rowHeight = 32;
    bool m_isFitting = false;     ///< widths are being set here, not by a person
    bool m_isFittedByHand = false; ///< a person has set a width: it stays
    bool m_isFittedToRows = false; ///< since the rows were read; later pages of them do not move the columns again
};

/// One cell as spreadsheets may read it: no tabs or line ends; formulas made harmless. Numbers stay numbers.
QString spreadsheetSafe(const QString &cell);

} // namespace countersign::widgets
