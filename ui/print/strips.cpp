#include "ui/print/strips.h"

#include <algorithm>

namespace countersign::print {

namespace {

void move(Item &item, double dy)
{
    std::visit(
        [dy](auto &one) {
            using T = std::decay_t<decltype(one)>;
            if constexpr (std::is_same_v<T, TextItem>)
                one.at.ry() += dy;
            else if constexpr (std::is_same_v<T, MarkItem> || std::is_same_v<T, PageRefItem>)
                one.box.translate(0, dy);
            else if constexpr (std::is_same_v<T, WatermarkItem>)
                one.page.translate(0, dy);
            else
                one.rect.translate(0, dy);
        },
        item);
}

} // namespace

Strips rowStrips(const std::vector<RowCell> &cells, double padTop, double padBottom)
{
    int lines = 1;
    double lineHeight = pt(8);
    for (const RowCell &cell : cells) {
        lines = std::max(lines, cell.text.lines());
        lineHeight = std::max(lineHeight, cell.text.lineHeight);
    }
    Strips strips(static_cast<std::size_t>(lines));
    for (int line = 0; line < lines; ++line) {
        Strip &strip = strips[static_cast<std::size_t>(line)];
        const double top = line == 0 ? padTop : 0;
        strip.height = top + lineHeight + (line + 1 == lines ? padBottom : 0);
        for (const RowCell &cell : cells) {
            if (line < cell.text.lines())
                strip.items.push_back(TextItem{cell.text, line, {cell.x, top + (lineHeight - cell.text.lineHeight) / 2}, cell.ink});
            const double size = pt(8);
            if (line == 0 && cell.mark != report::Mark::None)
                strip.items.push_back(MarkItem{cell.mark, QRectF(cell.markX, top + (lineHeight - size) / 2 - pt(0.6), size, size)});
        }
    }
    return strips;
}

Strip merged(const Strips &strips)
{
    Strip whole = strips.empty() ? Strip{} : strips.front();
    whole.items.clear();
    whole.height = 0;
    for (std::size_t i = 0; i < strips.size(); ++i) {
        const double top = whole.height + (i == 0 ? 0 : strips[i].spaceBefore);
        for (Item item : strips[i].items) {
            move(item, top);
            whole.items.push_back(std::move(item));
        }
        whole.height = top + strips[i].height;
    }
    return whole;
}

Strips textStrips(const SetText &text, double x, const QColor &ink, double spaceBefore)
{
    Strips strips;
    for (int line = 0; line < text.lines(); ++line) {
        Strip strip;
        strip.spaceBefore = line == 0 ? spaceBefore : 0;
        strip.height = text.lineHeight;
        strip.items.push_back(TextItem{text, line, {x, 0}, ink});
        strip.isTied = text.lines() > 1 && (line == 0 || line == text.lines() - 2);
        strips.push_back(std::move(strip));
    }
    return strips;
}

} // namespace countersign::print
