#include "ui/charts/canvas/look.h"

#include "ui/theme/theme.h"

#include <array>

namespace countersign::charts {

Look Look::screen()
{
    return {&theme::current(), theme::textScale()};
}

Look Look::paper()
{
    return {&theme::tokens(theme::Scheme::Light), 1};
}

QFont Look::font(theme::Type type, QFont::Weight weight) const
{
    QFont font = theme::font(type, weight);
    // Pixels, because points would follow the resolution of the device, which the painter's scale already does.
    font.setPixelSize(qRound(font.pointSizeF() / theme::textScale() * scale * 96 / 72));
    return font;
}

QFont Look::font(theme::Type type) const
{
    return font(type, static_cast<QFont::Weight>(theme::font(type).weight()));
}

QColor Look::seriesColour(std::size_t index, bool isReference) const
{
    return isReference ? tokens->text : tokens->series[index % tokens->series.size()];
}

QPen Look::seriesPen(std::size_t index, bool isReference) const
{
    const double width = px(isReference ? 3 : 2.2);
    QPen pen(seriesColour(index, isReference), width, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin);
    // Dash and gap in pixels at 100 %, so that lines stay apart in grey print.
    static const std::array<QList<qreal>, 6> kDashes = {QList<qreal>{}, {11, 5.5}, {3, 3}, {12, 4, 3, 4}, {7, 3}, {15, 4, 3, 4, 3, 4}};
    QList<qreal> dash = kDashes[index % kDashes.size()];
    if (!isReference && !dash.isEmpty()) {
        for (qreal &length : dash)
            length /= 2.2; // QPen counts in widths
        pen.setDashPattern(dash);
    }
    return pen;
}

QColor Look::bandColour(std::size_t index, bool isReference) const
{
    QColor colour = seriesColour(index, isReference);
    colour.setAlpha(tokens->bandAlpha);
    return colour;
}

QBrush Look::barBrush(std::size_t index, bool isReference) const
{
    if (isReference) { // quiet: what was, or what carries a state's glyph
        QColor quiet = tokens->tertiary;
        quiet.setAlphaF(0.55F);
        return QBrush(quiet);
    }
    static constexpr std::array kPatterns = {Qt::SolidPattern, Qt::BDiagPattern, Qt::DiagCrossPattern, Qt::FDiagPattern, Qt::HorPattern, Qt::VerPattern};
    return QBrush(seriesColour(index, isReference), kPatterns[index % kPatterns.size()]);
}

QColor Look::barEdge(std::size_t index, bool isReference) const
{
    return isReference ? tokens->tertiary : seriesColour(index, isReference);
}

QColor Look::acceptedColour() const
{
    QColor colour = tokens->mark(theme::State::Pass);
    colour.setAlpha(tokens->isDark() ? 34 : 20);
    return colour;
}

QPen Look::limitPen() const
{
    QPen pen(tokens->text, px(1.4), Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin);
    pen.setDashPattern({5 / 1.4, 3.5 / 1.4});
    return pen;
}

} // namespace countersign::charts
