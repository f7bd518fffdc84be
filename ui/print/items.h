#pragma once

#include "models/report/document.h"
#include "ui/print/typeset.h"

#include <QColor>
#include <QRectF>
#include <memory>
#include <variant>
#include <vector>

class QPainter;

/// What stands on a page, with places relative to a strip. Painting is the same on screen and in the PDF.
namespace countersign::print {

/// One line of a text.
struct TextItem {
    SetText text;
    int line = 0;
    QPointF at; ///< upper left corner of the line
    QColor ink;
};

struct RectItem {
    QRectF rect;
    QColor fill; ///< invalid: none
    QColor edge; ///< invalid: none
    double edgeWidth = 0;
    double radius = 0;
};

struct MarkItem {
    report::Mark mark = report::Mark::None;
    QRectF box;
};

struct ChartItem {
    std::shared_ptr<const report::ChartSpec> spec;
    QRectF rect;
};

struct PlotItem {
    std::shared_ptr<const report::PlotSpec> spec;
    QRectF rect;
};
/// The height of a plot that is as wide as `width`, both in units of a page.
double plotHeight(const report::PlotSpec &spec, double width);

/// A QR code as squares.
struct QrItem {
    std::vector<bool> modules; ///< row by row
    int width = 0;
    QRectF rect;
};

/// The page that a heading came to, right-aligned in the box; known when all is laid out.
struct PageRefItem {
    std::size_t section = 0; ///< in Pages::sections
    QRectF box;
};

/// Large, pale, across the page.
struct WatermarkItem {
    QString text;
    QRectF page;
};

using Item = std::variant<TextItem, RectItem, MarkItem, ChartItem, PlotItem, QrItem, PageRefItem, WatermarkItem>;
using Items = std::vector<Item>;

/// pageOf gives the printed page number of a section.
void paintItems(QPainter &painter, const Items &items, const std::vector<int> &pageOfSection);

/// The QR code of a text (error correction M); width 0 when it is empty or too long for one.
QrItem makeQr(const std::string &text, const QRectF &rect);

} // namespace countersign::print
