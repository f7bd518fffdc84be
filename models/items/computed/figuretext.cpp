#include "models/items/computed/figuretext.h"

#include "models/items/celltext.h"
#include "models/metrics/definition.h"
#include "models/policy/evaluator.h"

#include <QCoreApplication>

namespace countersign::items {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("figures", text);
}

} // namespace

QString figureValue(const metrics::Figure &figure)
{
    if (figure.isDefined())
        return QString::fromStdString(policy::valueText(figure.value));
    return figure.reason == metrics::Reason::Infinite ? QStringLiteral("∞") : tr("undefined");
}

QString figureInterval(const metrics::Figure &figure)
{
    if (!figure.isDefined() || !figure.interval)
        return {};
    return QStringLiteral("[%1, %2]").arg(QString::fromStdString(policy::valueText(figure.interval->lower)), QString::fromStdString(policy::valueText(figure.interval->upper)));
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
    return *p < 0.001 ? QStringLiteral("< .001") : QString::fromStdString(policy::valueText(*p));
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
