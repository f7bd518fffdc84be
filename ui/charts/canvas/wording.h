#pragma once

#include "models/report/chartspec.h"
#include "models/report/ticks.h"

#include <QLocale>
#include <QString>

/// What a chart writes, in the person's locale. Plain text throughout: imported names are shown literally, never parsed.
namespace countersign::charts {

/// Text from below the window, one line.
QString shown(const std::string &utf8);
/// The text with every character that no installed font can draw as its escape, "\u{674E}": a name must not turn into boxes that
/// all look alike. GUI thread.
QString drawable(const QString &text);
/// "0.693", "0,693" in German; "no data" for NaN.
QString valueText(const report::NumberFormat &format, double value, const QLocale &locale = {});
/// "[0.681, 0.705]", empty without an interval.
QString intervalText(const report::NumberFormat &format, const report::ChartPoint &point, const QLocale &locale = {});
QString intervalText(const report::NumberFormat &format, double lower, double upper, const QLocale &locale = {});
QString countText(std::int64_t count, const QLocale &locale = {});
/// "5 k", "1.2 M": for an axis.
QString shortCount(double count, const QLocale &locale = {});
/// "30 Apr 2026", with the time of day unless it is midnight. UTC.
QString timeText(Instant time, const QLocale &locale = {});
/// The label of tick number i: the year stands only where it is news.
QString tickText(const report::CalendarTicks &ticks, std::size_t i, const QLocale &locale = {});
/// The markers that this point of the series stands for, "v3.2, limit raised"; empty when none.
QString markerText(const report::ChartSpec &spec, std::size_t series, const report::ChartPoint &point);
/// "Hollow: labels still arriving.": why a point is drawn so, as a sentence of its own.
QString hollowSentence(const std::string &hollowName);
/// "30 Apr 2026, v3.2: 0.693, interval 0.681 to 0.705, n 4,812. Fail. <note> Marked here: v3.2.": for speech and the tooltip.
QString pointSentence(const report::ChartSpec &spec, std::size_t series, const report::ChartPoint &point, const QLocale &locale = {});
/// The sentences of the chart and what it holds; its description for those who don't see it.
QString chartDescription(const report::ChartSpec &spec, const QLocale &locale = {});

} // namespace countersign::charts
