#include "ui/charts/history/head.h"

#include "ui/charts/canvas/strokes.h"

#include <QFontMetricsF>
#include <QPainterPath>
#include <algorithm>

namespace countersign::charts {

namespace {

void placeTitle(Head &head, const QString &title, const QString &subtitle, const Look &look, double width)
{
    const QFontMetricsF large(look.font(theme::Type::CardTitle));
    const QFontMetricsF small(look.font(theme::Type::Secondary));
    if (!title.isEmpty()) {
        const QRectF box = large.boundingRect(QRectF(0, 0, width, 1e6), Qt::TextWordWrap, title);
        head.title = QRectF(0, 0, width, box.height());
        head.bottom = box.height() + look.px(3);
        const double used = large.horizontalAdvance(title) + look.px(10);
        if (subtitle.isEmpty())
            return;
        if (used + small.horizontalAdvance(subtitle) <= width) {
            const double top = large.ascent() - small.ascent(); // on one baseline
            head.subtitle = QRectF(used, top, width - used, small.height());
            return;
        }
    } else if (subtitle.isEmpty()) {
        return;
    }
    const QRectF box = small.boundingRect(QRectF(0, 0, width, 1e6), Qt::TextWordWrap, subtitle);
    head.subtitle = QRectF(0, head.bottom, width, box.height());
    head.bottom += box.height() + look.px(2);
}

void flowLegend(Head &head, const Look &look, double width)
{
    const QFontMetricsF metrics(look.font(theme::Type::Secondary));
    const double row = look.px(22);
    double x = 0;
    for (LegendEntry &entry : head.legend) {
        const double symbol = legendSymbolWidth(entry.kind, look);
        const double room = std::max(look.px(60), width - symbol);
        const QRectF text = metrics.boundingRect(QRectF(0, 0, room, 1e6), legendWrap(entry.text, metrics, room), entry.text);
        const double needed = symbol + std::min(room, metrics.horizontalAdvance(entry.text));
        if (x > 0 && x + needed > width) {
            x = 0;
            head.bottom += row;
        }
        // A name that is longer than a line takes several of its own.
        const double height = std::max(row, text.height() + row - metrics.height());
        entry.box = QRectF(x, head.bottom, needed, height);
        x += needed + look.px(20);
        head.bottom += height - row;
    }
    if (!head.legend.empty())
        head.bottom += row;
}

void paintPatch(QPainter &painter, QPointF left, QPointF middle, const QBrush &brush, const QPen &edge, const Look &look)
{
    painter.setPen(edge);
    painter.setBrush(brush);
    painter.drawRect(QRectF(left.x() + look.px(1), middle.y() - look.px(6), look.px(22), look.px(12)));
}

} // namespace

int legendWrap(const QString &text, const QFontMetricsF &metrics, double width)
{
    const QStringList words = text.split(QLatin1Char(' '));
    const bool isLong = std::ranges::any_of(words, [&](const QString &word) { return metrics.horizontalAdvance(word) > width; });
    return isLong ? int(Qt::TextWordWrap | Qt::TextWrapAnywhere) : int(Qt::TextWordWrap);
}

double legendSymbolWidth(LegendEntry::Kind kind, const Look &look)
{
    switch (kind) {
    case LegendEntry::Kind::Decimated: return 0;
    case LegendEntry::Kind::Breach:
    case LegendEntry::Kind::Hollow:
    case LegendEntry::Kind::TooFew:
    case LegendEntry::Kind::Interval:
    case LegendEntry::Kind::Marks: return look.px(17);
    default: return look.px(32);
    }
}

Head layOutHead(const QString &title, const QString &subtitle, const std::vector<LegendEntry> &entries, const Look &look, double width)
{
    Head head;
    placeTitle(head, title, subtitle, look, width);
    for (const LegendEntry &entry : entries) {
        if (!entry.text.isEmpty())
            head.legend.push_back(entry);
    }
    flowLegend(head, look, width);
    return head;
}

namespace {

void paintLegendSymbol(QPainter &painter, const LegendEntry &entry, const Look &look)
{
    using Kind = LegendEntry::Kind;
    const QPointF middle(entry.box.left() + look.px(12), entry.box.top() + look.px(11));
    const QPointF left = middle - QPointF(look.px(12), 0);
    const QPointF right = middle + QPointF(look.px(12), 0);
    const QPointF shortMiddle(left.x() + look.px(6), middle.y());
    switch (entry.kind) {
    case Kind::Series:
        painter.setPen(look.seriesPen(entry.series, entry.isReference));
        painter.drawLine(left, right);
        paintMarker(painter, middle, entry.series, entry.isReference, false, look);
        return;
    case Kind::Outline:
        painter.setPen(look.seriesPen(entry.series, entry.isReference));
        painter.drawLine(left, right);
        return;
    case Kind::Marks:
        paintMarker(painter, shortMiddle, entry.series, entry.isReference, false, look);
        return;
    case Kind::Bars:
        painter.setPen(Qt::NoPen);
        paintPatch(painter, left, middle, look.barBrush(entry.series, entry.isReference), QPen(look.barEdge(entry.series, entry.isReference), look.px(1)), look);
        return;
    case Kind::Band: {
        QColor band = look.bandColour(entry.series, entry.isReference);
        band.setAlpha(band.alpha() * 2); // a small patch needs more
        paintPatch(painter, left, middle, band, Qt::NoPen, look);
        return;
    }
    case Kind::Accepted:
        paintPatch(painter, left, middle, look.acceptedColour(), QPen(look.tokens->axis, look.px(1), Qt::DotLine), look);
        return;
    case Kind::Limit:
        painter.setPen(look.limitPen());
        painter.drawLine(left, right);
        return;
    case Kind::Rule:
        painter.setPen(QPen(look.tokens->axis, look.px(1.2)));
        painter.drawLine(left, right);
        return;
    case Kind::Breach: {
        const double size = look.px(12);
        theme::paintState(painter, theme::State::Fail, QRectF(left.x(), middle.y() - size / 2, size, size), *look.tokens);
        return;
    }
    case Kind::Hollow:
    case Kind::TooFew:
        painter.setPen(QPen(entry.kind == Kind::Hollow ? look.seriesColour(0, false) : look.tokens->mark(theme::State::NotEnoughData), look.px(1.4)));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(shortMiddle, look.px(3.6), look.px(3.6));
        return;
    case Kind::Interval:
        painter.setPen(QPen(look.tokens->secondary, look.px(1.6), Qt::SolidLine, Qt::FlatCap));
        painter.drawLine(shortMiddle - QPointF(0, look.px(6)), shortMiddle + QPointF(0, look.px(6)));
        for (const double end : {-6.0, 6.0})
            painter.drawLine(shortMiddle + QPointF(look.px(-3.5), look.px(end)), shortMiddle + QPointF(look.px(3.5), look.px(end)));
        return;
    case Kind::Decimated:
        return;
    }
}

} // namespace

void paintLegendEntry(QPainter &painter, const LegendEntry &entry, const Look &look)
{
    const Saved saved(painter);
    paintLegendSymbol(painter, entry, look);
    const QFont font = look.font(theme::Type::Secondary);
    const double above = (look.px(22) - QFontMetricsF(font).height()) / 2;
    painter.setFont(font);
    painter.setPen(look.tokens->secondary);
    const QRectF box = entry.box.adjusted(legendSymbolWidth(entry.kind, look), above, look.px(2), 0);
    painter.drawText(box, int(Qt::AlignLeft | Qt::TextDontClip) | legendWrap(entry.text, QFontMetricsF(font), box.width()), entry.text);
}

void paintHead(QPainter &painter, const QString &title, const QString &subtitle, const Head &head, const Look &look)
{
    const Saved saved(painter);
    const auto write = [&](const QRectF &box, const QString &text, const QFont &font, const QColor &ink) {
        painter.setFont(font);
        painter.setPen(ink);
        if (!box.isNull())
            painter.drawText(box, Qt::AlignLeft | Qt::TextWordWrap | Qt::TextDontClip, text);
    };
    write(head.title, title, look.font(theme::Type::CardTitle), look.tokens->text);
    write(head.subtitle, subtitle, look.font(theme::Type::Secondary), look.tokens->tertiary);
    for (const LegendEntry &entry : head.legend)
        paintLegendEntry(painter, entry, look);
}

} // namespace countersign::charts
