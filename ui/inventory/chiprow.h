#pragma once

#include "ui/inventory/restrictions.h"

#include <QWidget>

class QPushButton;

namespace countersign::widgets {
class Chip;
class FlowLayout;
} // namespace countersign::widgets

namespace countersign::pages {

/// One chip for each restriction, then Clear All; nothing while nothing is restricted. A chip that is removed hands the keyboard to its neighbour.
class ChipRow : public QWidget
{
    Q_OBJECT
public:
    /// Tab reaches the chips from `before`.
    explicit ChipRow(QWidget &before, QWidget *parent = nullptr);
    void setRestrictions(const QList<Restriction> &restrictions);

Q_SIGNALS:
    void removeRequested(const QString &group);
    void editRequested(const QString &group);
    void clearRequested();
    /// The last chip is gone, and it had the keyboard.
    void emptied();

private:
    QWidget &m_before;
    widgets::FlowLayout *m_flow;
    QPushButton *m_clear;
    QList<widgets::Chip *> m_chips;
};

} // namespace countersign::pages
