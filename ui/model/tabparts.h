#pragma once

#include <QString>

class QBoxLayout;
class QComboBox;
class QScrollArea;
class QWidget;

namespace countersign::widgets {
class Card;
}

/// What the tabs of computed figures are put together from.
namespace countersign::pages {

/// A pane that scrolls where the window is lower than what it needs to be read; takes ownership. The wheel over a chart is the page's.
QScrollArea *scrolled(QWidget *content);

/// A chart with a card's border close around it, as high as its pane makes it; takes ownership.
widgets::Card *framed(QWidget *chart);

/// A choice with its label before it, at the end of a row.
QComboBox *addChoice(QBoxLayout &row, const QString &label, const QString &objectName);

} // namespace countersign::pages
