#pragma once

#include "ui/charts/canvas/look.h"

#include <QRectF>
#include <QString>
#include <vector>

class QFontMetricsF;
class QPainter;

/// What stands above every chart: title, how to read it, legend.
namespace countersign::charts {

/// What of a chart is drawn; on paper the caption says what the title says on screen.
struct Parts {
    bool title = true;
    bool legend = true;
};

/// One entry of the legend row.
struct LegendEntry {
    enum class Kind { Series, Band, Limit, Breach, Hollow, Decimated, Marks, Outline, Bars, Accepted, Rule, TooFew, Interval };
    Kind kind = Kind::Series;
    std::size_t series = 0; ///< its colour, dash, marker and pattern
    bool isReference = false;
    QString text;
    QRectF box; ///< symbol and text
};

struct Head {
    QRectF title;
    QRectF subtitle; ///< on the title's line where it fits
    std::vector<LegendEntry> legend;
    double bottom = 0;
};

/// Lays out from 0 down. Entries without text are left out.
Head layOutHead(const QString &title, const QString &subtitle, const std::vector<LegendEntry> &entries, const Look &look, double width);
void paintHead(QPainter &painter, const QString &title, const QString &subtitle, const Head &head, const Look &look);

/// How texts of a legend break: at words, and within one only where it is longer than a line.
int legendWrap(const QString &text, const QFontMetricsF &metrics, double width);
/// Symbol and text of an entry in its box.
void paintLegendEntry(QPainter &painter, const LegendEntry &entry, const Look &look);
/// Width of the symbol with its gap to the text.
double legendSymbolWidth(LegendEntry::Kind kind, const Look &look);

} // namespace countersign::charts
