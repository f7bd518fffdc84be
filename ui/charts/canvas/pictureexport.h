#pragma once

#include <QByteArray>
#include <QImage>
#include <QSize>
#include <functional>

class QPainter;

/// Pictures of charts for the clipboard and for files.
namespace countersign::charts {

/// Paints a chart of this size from the painter's origin.
using PaintChart = std::function<void(QPainter &painter, QSizeF size)>;

/// As the window shows it, on the colour of a page.
QImage imageOf(QSize size, double devicePixelRatio, const PaintChart &paint);
/// Text as text.
QByteArray svgOf(QSize size, const QString &title, const QString &description, const PaintChart &paint);

} // namespace countersign::charts
