#pragma once

#include "ui/charts/canvas/look.h"

#include <QPainter>
#include <QRectF>
#include <QString>

class QPainterPath;

/// Single strokes that all charts draw with.
namespace countersign::charts {

/// Restores the painter at the end of a function; antialiased, from left to right in every language.
struct Saved {
    explicit Saved(QPainter &p);
    ~Saved() { painter.restore(); }
    Q_DISABLE_COPY_MOVE(Saved)
    QPainter &painter;
};

/// A line one pixel thick on whole pixels; an antialiased pen would smear it over two.
void hairline(QPainter &painter, double x, double y, double width, double height, const QColor &colour);

/// Text on a plate in the colour of the page, so that it can be read on lines and hatching. `at` is its baseline's start.
void paintHaloText(QPainter &painter, QPointF at, const QString &text, const QFont &font, const QColor &ink, const QColor &ground, double width);

/// Hatches `zone` within `plot` as outside a limit.
void paintBreachHatch(QPainter &painter, const QPainterPath &zone, const QRectF &plot, const Look &look);

/// The mark of series number `slot`: six shapes, a square for the reference. Hollow marks are filled with the page.
void paintMarker(QPainter &painter, QPointF at, std::size_t slot, bool isReference, bool isHollow, const Look &look);

/// A round frame in the focus colour inside `box`, as every focused view has it.
void paintFocusFrame(QPainter &painter, const QRectF &box);

/// What the cursor stands on, in a box beside `at` that stays within `bounds`. Plain text: a QToolTip would parse it.
void paintReadout(QPainter &painter, QPointF at, const QRectF &bounds, const QString &text, const Look &look);

} // namespace countersign::charts
