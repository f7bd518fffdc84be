#pragma once

#include "ui/theme/state.h"
#include "ui/theme/tokens.h"

#include <QRectF>
#include <optional>
#include <vector>

class QPainter;

namespace countersign::charts {

/// A line for a table's cell, without axis: the shape of a series, its limit, and how it stands last.
struct Sparkline {
    std::vector<double> values; ///< evenly spaced; NaN is a gap
    std::optional<double> limit;
    theme::State state = theme::State::NotJudged; ///< colours the last point
};

/// At most one vertical stroke per pixel, however many values there are. Nothing is drawn without a finite value.
void paintSparkline(QPainter &painter, const QRectF &box, const Sparkline &line, const theme::Tokens &tokens);

} // namespace countersign::charts
