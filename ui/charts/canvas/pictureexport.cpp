#include "ui/charts/canvas/pictureexport.h"

#include "ui/theme/theme.h"

#include <QBuffer>
#include <QPainter>
#include <QSvgGenerator>

namespace countersign::charts {

namespace {

constexpr double kMargin = 14; // around a chart in a picture of its own

void paintInside(QPainter &painter, QSize size, const PaintChart &paint)
{
    painter.translate(kMargin, kMargin);
    paint(painter, QSizeF(size) - QSizeF(2 * kMargin, 2 * kMargin));
}

} // namespace

QImage imageOf(QSize size, double devicePixelRatio, const PaintChart &paint)
{
    QImage image(size * devicePixelRatio, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(devicePixelRatio);
    image.fill(theme::current().page);
    QPainter painter(&image);
    paintInside(painter, size, paint);
    return image;
}

QByteArray svgOf(QSize size, const QString &title, const QString &description, const PaintChart &paint)
{
    QBuffer buffer;
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(0, 0), size));
    generator.setResolution(96);
    generator.setTitle(title.toHtmlEscaped()); // Qt writes both as they are, and a name with '&' would be no XML
    generator.setDescription(description.toHtmlEscaped());
    QPainter painter(&generator);
    paintInside(painter, size, paint);
    painter.end();
    return buffer.data();
}

} // namespace countersign::charts
