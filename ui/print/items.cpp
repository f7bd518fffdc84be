#include "ui/print/items.h"

#include "ui/charts/history/picture.h"
#include "ui/charts/plot/plotpicture.h"
#include "ui/theme/state.h"
#include "ui/theme/theme.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>
#include <cmath>
#include <qrencode.h>

namespace countersign::print {

namespace {

/// Units of a page per pixel of a chart: a little smaller than on screen, so that axis labels are 8.6 points.
constexpr double kChartScale = 7.2;
constexpr charts::Parts kPrintedParts{.title = false, .legend = true};

theme::State stateOf(report::Mark mark)
{
    switch (mark) {
    case report::Mark::Pass: return theme::State::Pass;
    case report::Mark::Watch: return theme::State::Watch;
    case report::Mark::Fail: return theme::State::Fail;
    case report::Mark::NotEnoughData: return theme::State::NotEnoughData;
    case report::Mark::Waived: return theme::State::Waived;
    case report::Mark::Stale: return theme::State::Stale;
    case report::Mark::None: break;
    }
    return theme::State::NotJudged;
}

struct ItemPainter {
    QPainter &painter;
    const std::vector<int> &pageOfSection;

    void operator()(const TextItem &item) const
    {
        const QTextLine line = item.text.layout->lineAt(item.line);
        painter.setPen(item.ink);
        line.draw(&painter, item.at - line.position());
    }

    void operator()(const RectItem &item) const
    {
        if (item.radius == 0 && !item.edge.isValid())
            return painter.fillRect(item.rect, item.fill);
        painter.setBrush(item.fill.isValid() ? QBrush(item.fill) : QBrush(Qt::NoBrush));
        painter.setPen(item.edge.isValid() ? QPen(item.edge, item.edgeWidth) : QPen(Qt::NoPen));
        painter.drawRoundedRect(item.rect, item.radius, item.radius);
    }

    void operator()(const MarkItem &item) const
    {
        if (item.mark != report::Mark::None)
            theme::paintState(painter, stateOf(item.mark), item.box, theme::tokens(theme::Scheme::Light));
    }

    /// For charts of either kind: what they say is in the finding and the caption, not in a title of their own.
    template<class Spec>
    void paintChart(const Spec &spec, const QRectF &rect) const
    {
        painter.save();
        painter.translate(rect.topLeft());
        painter.scale(kChartScale, kChartScale);
        charts::paint(painter, QRectF(QPointF(0, 0), rect.size() / kChartScale), spec, kPrintedParts);
        painter.restore();
    }

    void operator()(const ChartItem &item) const { paintChart(*item.spec, item.rect); }
    void operator()(const PlotItem &item) const { paintChart(*item.spec, item.rect); }

    void operator()(const QrItem &item) const
    {
        if (item.width == 0)
            return;
        const double module = item.rect.width() / item.width;
        QPainterPath path; // one path: neighbouring squares must not show seams
        path.setFillRule(Qt::WindingFill);
        for (int row = 0; row < item.width; ++row) {
            for (int column = 0; column < item.width; ++column) {
                if (item.modules[static_cast<std::size_t>(row * item.width + column)])
                    path.addRect(item.rect.left() + column * module, item.rect.top() + row * module, module, module);
            }
        }
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.fillPath(path, theme::tokens(theme::Scheme::Light).text);
        painter.setRenderHint(QPainter::Antialiasing);
    }

    void operator()(const PageRefItem &item) const
    {
        if (item.section >= pageOfSection.size())
            return;
        const SetText number = setText(QString::number(pageOfSection[item.section]), Face::Body, item.box.width(), Qt::AlignRight);
        (*this)(TextItem{number, 0, item.box.topLeft(), theme::tokens(theme::Scheme::Light).secondary});
    }

    void operator()(const WatermarkItem &item) const
    {
        painter.save();
        QFont font = fontFor(item.text, face(Face::CoverTitle));
        const double diagonal = std::hypot(item.page.width(), item.page.height());
        const double width = QFontMetricsF(font).horizontalAdvance(item.text);
        font.setPixelSize(std::max(1, static_cast<int>(font.pixelSize() * std::min(diagonal * 0.66 / std::max(1.0, width), 9.0))));
        const QFontMetricsF metrics(font);
        painter.translate(item.page.center());
        painter.rotate(-std::atan2(item.page.height(), item.page.width()) * 180 / 3.14159265358979);
        painter.setFont(font);
        painter.setPen(theme::tokens(theme::Scheme::Light).sunken);
        painter.drawText(QPointF(-metrics.horizontalAdvance(item.text) / 2, metrics.capHeight() / 2), item.text);
        painter.restore();
    }
};

} // namespace

void paintItems(QPainter &painter, const Items &items, const std::vector<int> &pageOfSection)
{
    const ItemPainter paintOne{painter, pageOfSection};
    for (const Item &item : items)
        std::visit(paintOne, item);
}

double plotHeight(const report::PlotSpec &spec, double width)
{
    return charts::paperHeight(spec, width / kChartScale, kPrintedParts) * kChartScale;
}

QrItem makeQr(const std::string &text, const QRectF &rect)
{
    QrItem item{{}, 0, rect};
    if (text.empty())
        return item;
    const std::unique_ptr<QRcode, void (*)(QRcode *)> code(
        QRcode_encodeData(static_cast<int>(text.size()), reinterpret_cast<const unsigned char *>(text.data()), 0, QR_ECLEVEL_M), QRcode_free);
    if (!code)
        return item;
    item.width = code->width;
    for (int i = 0; i < code->width * code->width; ++i)
        item.modules.push_back(code->data[i] & 1);
    return item;
}

} // namespace countersign::print
