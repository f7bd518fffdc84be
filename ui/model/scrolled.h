#pragma once

class QScrollArea;
class QWidget;

namespace countersign::pages {

/// A pane that scrolls where the window is lower than what it needs to be read; takes ownership. The wheel over a chart is the page's.
QScrollArea *scrolled(QWidget *content);

} // namespace countersign::pages
