#pragma once

#include "ui/charts/plot/plotpicture.h"

namespace countersign::charts {

/// Where the cursor of a plot can go, and how it looks. A stop is a point that can be reached in the present view.
/// Functions that lead from a cursor give nothing where there is nowhere to go.

/// The same stop; a value that is none equals itself here.
bool isSameStop(const std::optional<PlotHit> &one, const std::optional<PlotHit> &other);

/// Further along the points or places of a series; from no cursor, the first or the last one.
std::optional<PlotHit> stopAlong(PlotPicture &picture, const std::optional<PlotHit> &cursor, int by);
/// In another series, and panels behind the last one: the stop nearest to the cursor.
std::optional<PlotHit> stopAcross(PlotPicture &picture, const std::optional<PlotHit> &cursor, int by);
/// The first or last of the cursor's series, or of the first series that has one.
std::optional<PlotHit> stopAtEnd(PlotPicture &picture, const std::optional<PlotHit> &cursor, bool isLast);
/// The stop of the plot's last version in this one.
std::optional<PlotHit> stopAgain(PlotPicture &picture, const PlotHit &before);

/// Marks the row or place, rings each point that the sentence names, and shows the sentence beside it.
void paintPlotCursor(QPainter &painter, PlotPicture &picture, const PlotHit &cursor, const QString &sentence);

} // namespace countersign::charts
