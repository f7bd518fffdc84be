#include "models/items/computed/figuretext.h"

#include "models/items/celltext.h"
#include "models/metrics/definition.h"
#include "models/policy/evaluator.h"
#include "models/report/plots/words.h"

#include <QCoreApplication>

#include <cmath>

namespace countersign::items {

namespace {

constexpr double kSmallestBound = 0.0005; // what three decimals hold

QString tr(const char *text)
{
    return QCoreApplication::translate("figures", text);
}

} // namespace

QString numberText(double value)
{
    return QString::fromStdString(report::figureText(value));
}

QString figureValue(const metrics::Figure &figure)
{
    if (figure.isDefined())
        return numberText(figure.value);
    return figure.reason == metrics::Reason::Infinite ? QStringLiteral("∞") : tr("undefined");
}

QString boundedFigure(const metrics::Figure &figure, const std::optional<double> &bound)
{
    if (!figure.isDefined() || !bound || *bound <= 0)
        return figureValue(figure);
    // Rounded up, for a bound must hold; what is a thousandth but for the last bit stays one.
    return QStringLiteral("%1 ± %2").arg(figureValue(figure), numberText(std::ceil(*bound * 1000 - 1e-9) / 1000));
}

QString figureInterval(const metrics::Figure &figure)
{
    if (!figure.isDefined() || !figure.interval)
        return {};
    // A bound is a place on the scale: to three decimals, 0 where it is as good as that.
    const auto bound = [](double value) { return QString::fromStdString(policy::valueText(std::fabs(value) < kSmallestBound ? 0 : value)); };
    return QStringLiteral("[%1, %2]").arg(bound(figure.interval->lower), bound(figure.interval->upper));
}

QString figureReason(const metrics::Figure &figure)
{
    const std::string_view text = metrics::reasonText(figure.reason);
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString figureSentence(const metrics::Figure &figure)
{
    if (!figure.isDefined())
        return QStringLiteral("%1: %2").arg(figureValue(figure), figureReason(figure));
    return figure.interval ? QStringLiteral("%1 %2").arg(figureValue(figure), figureInterval(figure)) : figureValue(figure);
}

QString metricTitle(std::string_view key)
{
    return oneLine(metrics::define(key).title);
}

QString pText(const std::optional<double> &p)
{
    if (!p)
        return {};
    return QString::fromStdString(report::pText(*p));
}

QString groupText(const computed::GroupValues &group)
{
    QStringList values;
    for (const auto &[attribute, value] : group)
        values.append(oneLine(value));
    return values.isEmpty() ? tr("everybody") : values.join(QStringLiteral(" · "));
}

QString attributesText(const std::vector<std::string> &attributes)
{
    QStringList names;
    for (const auto &name : attributes)
        names.append(oneLine(name));
    return names.join(QStringLiteral(" × "));
}

} // namespace countersign::items
