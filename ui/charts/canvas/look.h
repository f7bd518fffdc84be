#pragma once

#include "ui/theme/tokens.h"
#include "ui/theme/type.h"

#include <QBrush>
#include <QFont>
#include <QPen>

namespace countersign::charts {

/// What a chart is drawn with: colours and fonts of ui/theme, and how large. Lengths of a chart are pixels at 100 %, 1/96 inch;
/// fonts are sized in the same pixels, so that a picture has the same proportions on every device.
struct Look {
    const theme::Tokens *tokens = nullptr;
    double scale = 1; ///< text size of the person; 1 on paper

    static Look screen(); ///< as the window is now
    static Look paper();  ///< light, at 100 %

    QFont font(theme::Type type) const;
    QFont font(theme::Type type, QFont::Weight weight) const;
    double px(double at100) const { return at100 * scale; }

    /// Colour, dash and width of the line of a series. Six differ in colour and dash; a reference line is thick and in text colour.
    QPen seriesPen(std::size_t index, bool isReference) const;
    QColor seriesColour(std::size_t index, bool isReference) const;
    QColor bandColour(std::size_t index, bool isReference) const;
    QPen limitPen() const;
    /// Bars of a series: plain, hatched, crossed, …, so that they stay apart in grey print.
    QBrush barBrush(std::size_t index, bool isReference) const;
    QColor barEdge(std::size_t index, bool isReference) const;
    QColor acceptedColour() const; ///< inside a guideline
};

} // namespace countersign::charts
