#pragma once

#include "ui/print/items.h"

#include <optional>

namespace countersign::print {

/// A horizontal slice of the column that no page's end cuts: a line of text, a row of a table, a chart. Pages are filled with them.
struct Strip {
    double spaceBefore = 0; ///< dropped at the top of a page
    double height = 0;
    Items items; ///< relative to the upper left corner
    bool isTied = false; ///< stays with the next one, if a page can hold both
    bool startsPage = false;
    std::size_t block = 0;
    std::shared_ptr<const Strip> head; ///< put above it where it comes to stand first on a page
    std::optional<std::size_t> heading; ///< it begins this section of Pages::sections
    bool isChanged = false;
};
using Strips = std::vector<Strip>;

/// One text or mark of a row.
struct RowCell {
    double x = 0;
    SetText text;
    QColor ink;
    report::Mark mark = report::Mark::None; ///< at the first line
    double markX = 0;
};

/// A row of cells as one strip per line, with padding above the first and below the last.
Strips rowStrips(const std::vector<RowCell> &cells, double padTop, double padBottom);
/// Strips above each other as one.
Strip merged(const Strips &strips);
/// Lines of text as strips; the first two and the last two stay together.
Strips textStrips(const SetText &text, double x, const QColor &ink, double spaceBefore);

} // namespace countersign::print
