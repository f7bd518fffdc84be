#include "ui/charts/plot/plotwording.h"

#include "ui/charts/canvas/wording.h"
#include "ui/theme/state.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

namespace countersign::charts {

namespace {

QString say(const char *text)
{
    return QCoreApplication::translate("Chart", text);
}

/// A text from below as a sentence of its own.
QString asSentence(const std::string &text)
{
    const QString said = shown(text).trimmed();
    if (said.isEmpty())
        return {};
    return QLatin1Char(' ') + said + (said.endsWith(QLatin1Char('.')) ? QString() : QStringLiteral("."));
}

QString binText(const report::NumberFormat &format, double from, double to, const QLocale &locale)
{
    if (std::isinf(from) && std::isinf(to))
        return say(QT_TRANSLATE_NOOP("Chart", "all values"));
    if (std::isinf(from))
        return say(QT_TRANSLATE_NOOP("Chart", "below %1")).arg(valueText(format, to, locale));
    if (std::isinf(to))
        return say(QT_TRANSLATE_NOOP("Chart", "%1 and above")).arg(valueText(format, from, locale));
    if (from == to)
        return valueText(format, from, locale);
    return say(QT_TRANSLATE_NOOP("Chart", "%1 to %2")).arg(valueText(format, from, locale), valueText(format, to, locale));
}

/// State, hollow name and note, each a sentence.
QString judgement(const report::PlotSpec &spec, const report::PlotPoint &point)
{
    QString text;
    if (point.state && *point.state != VerdictState::NotJudged)
        text += QLatin1Char(' ') + theme::stateWord(theme::stateOf(*point.state)) + QLatin1Char('.');
    if (point.isHollow && !spec.hollowName.empty())
        text += QLatin1Char(' ') + hollowSentence(spec.hollowName);
    return text + asSentence(point.note);
}

QString pointOfSeries(const report::PlotSpec &spec, const report::PlotPanel &panel, const report::PlotSeries &series, const report::PlotPoint &point, const QLocale &locale)
{
    QStringList parts;
    parts << shortTitle(panel.placeAxis().title) + QLatin1Char(' ') + placeText(panel, point, locale);
    parts << shortTitle(panel.valueAxis().title) + QLatin1Char(' ') + valueWithInterval(panel.formatOf(series), point, locale);
    if (point.threshold) {
        parts << (std::isinf(*point.threshold) ? say(QT_TRANSLATE_NOOP("Chart", "threshold above every score"))
                                               : say(QT_TRANSLATE_NOOP("Chart", "threshold %1")).arg(valueText({3}, *point.threshold, locale)));
    }
    if (point.n)
        parts << say(QT_TRANSLATE_NOOP("Chart", "n %1")).arg(countText(*point.n, locale));
    if (point.events)
        parts << say(QT_TRANSLATE_NOOP("Chart", "%1 events")).arg(countText(*point.events, locale));
    const QString name = shown(series.name);
    return (name.isEmpty() ? QString() : name + QStringLiteral(": ")) + parts.join(QStringLiteral(", ")) + QLatin1Char('.') + judgement(spec, point);
}

QString placeSentence(const report::PlotSpec &spec, const report::PlotPanel &panel, const report::PlotPoint &point, const QLocale &locale)
{
    QString place = placeText(panel, point, locale);
    if (!panel.isSideways() && !spec.placeTitle.empty())
        place = shown(spec.placeTitle) + QLatin1Char(' ') + place;
    QStringList parts;
    std::optional<std::int64_t> n = point.n;
    const report::PlotPoint *judged = nullptr;
    QStringList notes;
    for (const report::PlotPanel &one : spec.panels) {
        for (const report::PlotSeries &series : one.series) {
            const report::PlotPoint *there = report::pointAt(series, point.at);
            if (!there || (series.mark == report::PlotMark::TableOnly && !there->hasValue()))
                continue;
            parts << shown(series.name) + QLatin1Char(' ') + valueWithInterval(one.formatOf(series), *there, locale);
            judged = judged && (judged->state || !there->state) ? judged : there;
            if (const QString note = asSentence(there->note).trimmed(); !note.isEmpty() && !notes.contains(note) && there != judged)
                notes << note;
        }
    }
    if (panel.isSideways() && point.at >= 0 && point.at < static_cast<double>(panel.y.categories.size())) {
        const auto &category = panel.y.categories[static_cast<std::size_t>(point.at)];
        n = category.n;
        if (!category.detail.empty())
            place += QStringLiteral(" (%1)").arg(shown(category.detail));
    }
    QString text = place + QStringLiteral(": ") + parts.join(QStringLiteral("; "));
    if (n && panel.isSideways())
        text += QStringLiteral("; ") + say(QT_TRANSLATE_NOOP("Chart", "n %1")).arg(countText(*n, locale));
    text += QLatin1Char('.');
    if (judged)
        text += judgement(spec, *judged);
    return notes.isEmpty() ? text : text + QLatin1Char(' ') + notes.join(QLatin1Char(' '));
}

} // namespace

QString intervalText(const report::NumberFormat &format, const report::PlotPoint &point, const QLocale &locale)
{
    return point.lower && point.upper ? intervalText(format, *point.lower, *point.upper, locale) : QString();
}

QString shortTitle(const std::string &title)
{
    const QString text = shown(title);
    const qsizetype comma = text.indexOf(QLatin1Char(','));
    return comma < 0 ? text : text.left(comma);
}

QString placeText(const report::PlotPanel &panel, const report::PlotPoint &point, const QLocale &locale)
{
    if (panel.isSideways()) {
        const auto row = static_cast<std::size_t>(std::max(0.0, point.at));
        return row < panel.y.categories.size() ? shown(panel.y.categories[row].name) : QString();
    }
    if (panel.x.scale == report::AxisScale::Time)
        return timeText(fromMillis(static_cast<std::int64_t>(point.at)), locale);
    if (point.from && point.to)
        return binText(panel.x.format, *point.from, *point.to, locale);
    return valueText(panel.x.format, point.at, locale);
}

QString categoryDetail(const report::PlotCategory &category, const QLocale &locale)
{
    QStringList parts;
    if (category.n)
        parts << say(QT_TRANSLATE_NOOP("Chart", "n %1")).arg(countText(*category.n, locale));
    if (!category.detail.empty())
        parts << shown(category.detail);
    return parts.join(QStringLiteral(" · "));
}

QString legendText(const report::PlotPanel &panel, const report::PlotSeries &series, const QLocale &locale)
{
    const QString name = shown(series.name);
    if (!series.summary)
        return name;
    const report::PlotSummary &summary = *series.summary;
    QString text = name;
    if (!summary.name.empty())
        text += QStringLiteral(" · ") + shown(summary.name) + QLatin1Char(' ') + valueText(panel.formatOf(series), summary.value, locale);
    if (summary.lower && summary.upper)
        text += QLatin1Char(' ') + intervalText(panel.formatOf(series), *summary.lower, *summary.upper, locale);
    if (summary.n)
        text += say(QT_TRANSLATE_NOOP("Chart", ", n %1")).arg(countText(*summary.n, locale));
    return text;
}

QString valueWithInterval(const report::NumberFormat &format, const report::PlotPoint &point, const QLocale &locale)
{
    if (std::isnan(point.value) && !point.text.empty())
        return shown(point.text);
    QString text = valueText(format, point.value, locale);
    if (point.lower && point.upper)
        text += say(QT_TRANSLATE_NOOP("Chart", ", interval %1 to %2")).arg(valueText(format, *point.lower, locale), valueText(format, *point.upper, locale));
    return text;
}

QString pointSentence(const report::PlotSpec &spec, std::size_t panel, std::size_t series, const report::PlotPoint &point, const QLocale &locale)
{
    const report::PlotPanel &where = spec.panels[panel];
    if (spec.rows == report::PlotRows::Positions)
        return placeSentence(spec, where, point, locale);
    return pointOfSeries(spec, where, where.series[series], point, locale);
}

QString handleLabel(const report::PlotPanel &panel, double at, const QLocale &locale)
{
    return shown(panel.handle->name) + QLatin1Char(' ') + valueText(panel.x.format, at, locale);
}

QString handleSentence(const report::PlotSpec &spec, double at, const QLocale &locale)
{
    const report::PlotPanel *panel = report::handlePanel(spec);
    if (!panel)
        return {};
    QString text = handleLabel(*panel, at, locale);
    text[0] = text[0].toUpper();
    text += QLatin1Char('.');
    const report::NumberFormat percent{1, true, {}};
    for (const report::Reading &reading : report::readingsAt(*panel, at)) {
        const report::PlotSeries &series = panel->series[reading.series];
        if (panel->handle->reading == report::HandleReading::Shares && std::isfinite(reading.value)) {
            text += say(QT_TRANSLATE_NOOP("Chart", " %1: %2 below, %3 from there.")).arg(shown(series.name), valueText(percent, reading.left, locale), valueText(percent, reading.right, locale));
        } else {
            text += QStringLiteral(" %1: %2.").arg(shown(series.name), valueText(panel->formatOf(series), reading.value, locale));
        }
    }
    return text;
}

QString emptyText(const report::PlotSpec &spec)
{
    return spec.emptyText.empty() ? say(QT_TRANSLATE_NOOP("Chart", "No values.")) : shown(spec.emptyText);
}

QString plotDescription(const report::PlotSpec &spec, const QLocale &locale)
{
    QStringList parts;
    for (const std::string &sentence : spec.sentences)
        parts << shown(sentence);
    if (spec.isEmpty()) {
        parts << emptyText(spec);
        return parts.join(QLatin1Char(' '));
    }
    for (const report::PlotPanel &panel : spec.panels) {
        QStringList names;
        for (const report::PlotSeries &series : panel.series) {
            if (series.mark != report::PlotMark::TableOnly)
                names << shown(series.name);
        }
        const QString axes = say(QT_TRANSLATE_NOOP("Chart", "%1 over %2")).arg(shown(panel.valueAxis().title), shown(panel.placeAxis().title));
        parts << axes + QStringLiteral(": ") + names.join(QStringLiteral(", ")) + QLatin1Char('.');
    }
    if (const report::PlotPanel *panel = report::handlePanel(spec))
        parts << handleSentence(spec, panel->handle->at, locale);
    return parts.join(QLatin1Char(' '));
}

} // namespace countersign::charts
