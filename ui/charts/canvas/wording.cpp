#include "ui/charts/canvas/wording.h"

#include "models/base/text.h"
#include "ui/theme/state.h"
#include "ui/theme/type.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFontMetrics>
#include <QHash>
#include <algorithm>
#include <cmath>

namespace countersign::charts {

namespace {

QString say(const char *text)
{
    return QCoreApplication::translate("Chart", text);
}

QDateTime utc(Instant time)
{
    return QDateTime::fromMSecsSinceEpoch(toMillis(time), Qt::UTC);
}

} // namespace

QString shown(const std::string &utf8)
{
    return drawable(QString::fromStdString(text::visible(utf8)));
}

namespace {

bool hasGlyph(uint code)
{
    static QHash<uint, bool> known; // fonts are the same as long as the program runs
    const auto found = known.constFind(code);
    if (found != known.constEnd())
        return *found;
    const bool has = QFontMetrics(theme::font(theme::Type::Body)).inFontUcs4(code);
    known.insert(code, has);
    return has;
}

} // namespace

QString drawable(const QString &text)
{
    constexpr uint kLastOfOurFont = 0x24F; // Latin, which every fallback font has
    const bool isPlain = std::ranges::all_of(text, [](QChar c) { return c.unicode() <= kLastOfOurFont; });
    if (isPlain)
        return text;
    QString drawn;
    for (const uint code : text.toUcs4()) {
        const bool isSeparator = code == QChar::LineSeparator;
        if (code <= kLastOfOurFont || isSeparator || hasGlyph(code))
            drawn += QString::fromUcs4(reinterpret_cast<const char32_t *>(&code), 1);
        else
            drawn += QStringLiteral("\\u{%1}").arg(QString::number(code, 16).toUpper());
    }
    return drawn;
}

QString valueText(const report::NumberFormat &format, double value, const QLocale &locale)
{
    if (std::isnan(value))
        return say(QT_TRANSLATE_NOOP("Chart", "no data"));
    if (std::isinf(value))
        return value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
    if (format.isBelow(value))
        return QStringLiteral("< ") + valueText(format, format.smallest, locale);
    const double number = format.isPercent ? value * 100 : value;
    QString text = locale.toString(std::fabs(number), 'f', format.decimals);
    if (number < 0 && text.contains(QRegularExpression(QStringLiteral("[1-9]"))))
        text.prepend(QChar(0x2212));
    if (format.isPercent)
        text += QStringLiteral(" %");
    return format.unit.empty() ? text : text + QLatin1Char(' ') + shown(format.unit);
}

QString intervalText(const report::NumberFormat &format, const report::ChartPoint &point, const QLocale &locale)
{
    return point.lower && point.upper ? intervalText(format, *point.lower, *point.upper, locale) : QString();
}

QString intervalText(const report::NumberFormat &format, double lower, double upper, const QLocale &locale)
{
    // In locales with a decimal comma a semicolon keeps the two numbers apart.
    const QString separator = locale.decimalPoint() == QLatin1String(",") ? QStringLiteral("; ") : QStringLiteral(", ");
    return QLatin1Char('[') + valueText(format, lower, locale) + separator + valueText(format, upper, locale) + QLatin1Char(']');
}

QString countText(std::int64_t count, const QLocale &locale)
{
    return locale.toString(static_cast<qlonglong>(count));
}

QString shortCount(double count, const QLocale &locale)
{
    const auto with = [&](double number, const char *unit) {
        const int decimals = number < 10 && std::fabs(number - std::round(number)) > 0.05 ? 1 : 0;
        return locale.toString(number, 'f', decimals) + QLatin1String(unit);
    };
    if (count >= 1e9)
        return with(count / 1e9, " G");
    if (count >= 1e6)
        return with(count / 1e6, " M");
    return count >= 1e3 ? with(count / 1e3, " k") : with(count, "");
}

QString timeText(Instant time, const QLocale &locale)
{
    const QDateTime when = utc(time);
    const QString date = locale.toString(when.date(), say(QT_TRANSLATE_NOOP("Chart", "d MMM yyyy")));
    if (when.time() == QTime(0, 0))
        return date;
    const bool hasSeconds = when.time().second() != 0 || when.time().msec() != 0;
    return date + QLatin1Char(' ') + when.time().toString(hasSeconds ? QStringLiteral("HH:mm:ss") : QStringLiteral("HH:mm"));
}

QString tickText(const report::CalendarTicks &ticks, std::size_t i, const QLocale &locale)
{
    const QDateTime when = utc(ticks.at[i]);
    const bool isFirst = i == 0;
    const QDate before = isFirst ? QDate() : utc(ticks.at[i - 1]).date();
    using report::CalendarUnit;
    switch (ticks.unit) {
    case CalendarUnit::Year:
        return QString::number(when.date().year());
    case CalendarUnit::Month:
    case CalendarUnit::Quarter:
        return locale.toString(when.date(), say(QT_TRANSLATE_NOOP("Chart", "MMM yyyy")));
    case CalendarUnit::Week:
    case CalendarUnit::Day: {
        const bool isNewYear = isFirst || before.year() != when.date().year();
        return locale.toString(when.date(), isNewYear ? say(QT_TRANSLATE_NOOP("Chart", "d MMM yyyy")) : say(QT_TRANSLATE_NOOP("Chart", "d MMM")));
    }
    case CalendarUnit::Hour:
    case CalendarUnit::Minute:
    case CalendarUnit::Second: {
        const QString time = when.time().toString(ticks.unit == CalendarUnit::Second ? QStringLiteral("HH:mm:ss") : QStringLiteral("HH:mm"));
        const bool isNewDay = isFirst || before != when.date();
        return isNewDay ? locale.toString(when.date(), say(QT_TRANSLATE_NOOP("Chart", "d MMM"))) + QLatin1Char(' ') + time : time;
    }
    }
    return {};
}

QString markerText(const report::ChartSpec &spec, std::size_t series, const report::ChartPoint &point)
{
    if (series >= spec.series.size())
        return {};
    QStringList labels;
    for (const std::string &label : report::markersAt(spec, spec.series[series], point.time))
        labels << shown(label);
    return labels.join(QStringLiteral(", "));
}

QString hollowSentence(const std::string &hollowName)
{
    return say(QT_TRANSLATE_NOOP("Chart", "Hollow: %1.")).arg(shown(hollowName));
}

QString pointSentence(const report::ChartSpec &spec, std::size_t series, const report::ChartPoint &point, const QLocale &locale)
{
    QString sentence = timeText(point.time, locale);
    if (series < spec.series.size() && !spec.series[series].name.empty())
        sentence += QStringLiteral(", ") + shown(spec.series[series].name);
    sentence += QStringLiteral(": ") + valueText(spec.format, point.value, locale);
    if (point.lower && point.upper) {
        sentence += say(QT_TRANSLATE_NOOP("Chart", ", interval %1 to %2"))
                        .arg(valueText(spec.format, *point.lower, locale), valueText(spec.format, *point.upper, locale));
    }
    if (point.n)
        sentence += say(QT_TRANSLATE_NOOP("Chart", ", n %1")).arg(countText(*point.n, locale));
    if (point.events)
        sentence += say(QT_TRANSLATE_NOOP("Chart", ", %1 events")).arg(countText(*point.events, locale));
    sentence += QLatin1Char('.');
    if (point.state && *point.state != VerdictState::NotJudged)
        sentence += QLatin1Char(' ') + theme::stateWord(theme::stateOf(*point.state)) + QLatin1Char('.');
    if (point.isHollow && !spec.hollowName.empty())
        sentence += QLatin1Char(' ') + hollowSentence(spec.hollowName);
    if (!point.note.empty())
        sentence += QLatin1Char(' ') + shown(point.note);
    if (const QString markers = markerText(spec, series, point); !markers.isEmpty())
        sentence += QLatin1Char(' ') + say(QT_TRANSLATE_NOOP("Chart", "Marked here: %1.")).arg(markers);
    return sentence;
}

QString chartDescription(const report::ChartSpec &spec, const QLocale &locale)
{
    QStringList parts;
    for (const std::string &sentence : spec.sentences)
        parts << shown(sentence);
    if (const auto range = report::timeRange(spec); range && !spec.isEmpty()) {
        parts << QCoreApplication::translate("Chart", "Chart of %n series", nullptr, static_cast<int>(spec.series.size()))
                     + say(QT_TRANSLATE_NOOP("Chart", " from %1 to %2.")).arg(timeText(range->first, locale), timeText(range->second, locale));
    } else {
        parts << say(QT_TRANSLATE_NOOP("Chart", "The chart has no data."));
    }
    return parts.join(QLatin1Char(' '));
}

} // namespace countersign::charts
