#pragma once

#include <QRectF>
#include <QSizeF>

namespace countersign::print {

/// Lengths on a page are tenths of a point: QFont takes sizes in whole pixels only, and 9.5 points must be a whole number.
/// A painter draws a page after scale(dpi / 720).
inline constexpr double kUnitsPerPoint = 10;
constexpr double pt(double points) { return points * kUnitsPerPoint; }
/// Scale of a painter on a device of so many dots per inch.
constexpr double unitScale(double dpi) { return dpi / 720; }

enum class PaperSize { A4, Letter };

/// One column between margins of 60 points; header and footer stand within the margins.
struct PageFormat {
    PaperSize paper = PaperSize::A4;

    QSizeF points() const { return paper == PaperSize::A4 ? QSizeF(595.2756, 841.8898) : QSizeF(612, 792); }
    QSizeF size() const { return points() * kUnitsPerPoint; }
    QRectF content() const { return QRectF(QPointF(0, 0), size()).adjusted(pt(60), pt(72), -pt(60), -pt(66)); }
    bool operator==(const PageFormat &) const = default;
};

} // namespace countersign::print
