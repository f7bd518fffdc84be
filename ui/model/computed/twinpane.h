#pragma once

#include <QWidget>

class QPushButton;
class QScrollArea;

namespace countersign::widgets {
class Card;
class TableView;
} // namespace countersign::widgets

namespace countersign::pages {

/// Charts and the table of their numbers: one above the other where there is room for both, else one of them, with the head of the table's
/// card always in view. So no table is ever somewhere below the window's edge.
class TwinPane : public QWidget
{
    Q_OBJECT
public:
    /// Takes ownership. `card` has a head, and its body the table: a TableView, a stack of them, or one of both with words below it.
    TwinPane(QWidget *charts, widgets::Card *card, QWidget *table, QWidget *parent = nullptr);

    /// At 100 %: what charts need to be read, and the table with its card. Charts that need more than there is scroll.
    void setNeeds(int charts, int table);
    /// Shows the table and gives it the focus, with a row to begin at.
    void focusTable();
    bool isTableShown() const;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void arrange();

    QWidget *m_charts;
    QScrollArea *m_area;
    widgets::Card *m_card;
    QWidget *m_table;
    QPushButton *m_switch; ///< shows the other one
    int m_chartsNeed = 0;
    int m_tableNeed = 0;
    bool m_wantsTable = false;
};

} // namespace countersign::pages
