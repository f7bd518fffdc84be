#include "ui/charts/history/sparkline.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

namespace countersign::charts {

namespace {

struct Scale {
    double low = 0;
    double high = 0;
    std::size_t count = 1;
    QRectF box;

    QPointF at(std::size_t i, double value) const
    {
        const double share = count > 1 ? static_cast<double>(i) / static_cast<double>(count - 1) : 0.5;
        const double height = high > low ? (value - low) / (high - low) : 0.5;
        return {box.left() + share * box.width(), box.bottom() - height * box.height()};
    }
};

std::optional<Scale> scaleOf(const Sparkline &line, const QRectF &box)
{
    Scale scale{INFINITY, -INFINITY, std::max<std::size_t>(1, line.values.size()), box.adjusted(3, 3, -3, -3)};
    for (const double value : line.values) {
        if (std::isfinite(value)) {
            scale.low = std::min(scale.low, value);
            scale.high = std::max(scale.high, value);
        }
    }
    if (scale.low > scale.high)
        return {};
    if (line.limit && std::isfinite(*line.limit)) {
        scale.low = std::min(scale.low, *line.limit);
        scale.high = std::max(scale.high, *line.limit);
    }
    return scale;
}

} // namespace

void paintSparkline(QPainter &painter, const QRectF &box, const Sparkline &line, const theme::Tokens &tokens)
{
    const auto scale = scaleOf(line, box);
    if (!scale)
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    if (line.limit && std::isfinite(*line.limit)) {
        QPen pen(tokens.tertiary, 1);
        pen.setDashPattern({3, 2.5});
        painter.setPen(pen);
        const double y = scale->at(0, *line.limit).y();
        painter.drawLine(QPointF(scale->box.left(), y), QPointF(scale->box.right(), y));
    }
    // Values that share a pixel become one stroke from their smallest to their largest.
    QPainterPath path;
    bool isDown = false;
    QPointF last;
    for (std::size_t i = 0; i < line.values.size();) {
        const double column = std::floor(scale->at(i, scale->low).x());
        double low = INFINITY;
        double high = -INFINITY;
        std::size_t next = i;
        for (; next < line.values.size() && std::floor(scale->at(next, scale->low).x()) == column; ++next) {
            if (std::isfinite(line.values[next])) {
                low = std::min(low, line.values[next]);
                high = std::max(high, line.values[next]);
                last = scale->at(next, line.values[next]);
            }
        }
        if (low <= high) {
            isDown ? path.lineTo(scale->at(i, high)) : path.moveTo(scale->at(i, high));
            if (low < high)
                path.lineTo(scale->at(i, low));
        }
        isDown = low <= high;
        i = next;
    }
    painter.setPen(QPen(tokens.secondary, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(path);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens.mark(line.state));
    painter.drawEllipse(last, 2.6, 2.6);
    painter.restore();
}

} // namespace countersign::charts
