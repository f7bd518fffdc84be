#include "app/cli/text/figuretext.h"

#include "models/base/csv.h"
#include "models/base/number.h"
#include "models/domain/metrics.h"

#include <array>
#include <cstdio>

namespace countersign::cli {

std::string fourDigits(double value)
{
    std::array<char, 64> text{};
    const double size = value < 0 ? -value : value;
    std::snprintf(text.data(), text.size(), size != 0 && (size < 1e-3 || size >= 1e6) ? "%.4g" : "%.4f", value);
    return text.data();
}

std::string valueText(const metrics::Figure &figure) { return figure.isDefined() ? fourDigits(figure.value) : "n/a"; }

std::string boundedText(const metrics::Figure &figure, const std::optional<double> &bound)
{
    return valueText(figure) + (bound && *bound > 0 && figure.isDefined() ? " ±" + fourDigits(*bound) : "");
}

std::string intervalText(const metrics::Figure &figure)
{
    return figure.interval ? "[" + fourDigits(figure.interval->lower) + ", " + fourDigits(figure.interval->upper) + "]" : "";
}

std::string whyNot(const metrics::Figure &figure)
{
    std::string text(metrics::reasonText(figure.reason));
    if (figure.reason == metrics::Reason::PartUndefined && figure.at)
        text += " That one: " + fourDigits(*figure.at) + ".";
    return text;
}

std::string groupText(const computed::GroupValues &group) { return group.empty() ? "everybody" : Slice{group}.shown(); }

std::string sliceText(const computed::GroupValues &group) { return group.empty() ? "everybody" : Slice{group}.text(); }

std::string joined(const std::vector<std::string> &attributes)
{
    std::string text;
    for (const auto &attribute : attributes)
        text += (text.empty() ? "" : " x ") + attribute;
    return text;
}

std::string csvLine(const char *kind, const std::string &metric, const std::optional<computed::ComputedWindow> &window, const std::string &slice,
                    const metrics::Figure &figure)
{
    const auto timeOf = [&](bool isStart) {
        return window && window->hasTime ? formatUtc(isStart ? window->start : window->end) : std::string();
    };
    const auto numberOf = [](std::optional<double> value) { return value ? number::shortest(*value) : std::string(); };
    const auto &interval = figure.interval;
    return std::string(kind) + "," + csv::cell(metric) + "," + timeOf(true) + "," + timeOf(false) + "," + csv::cell(slice) + "," + std::to_string(figure.n) + ","
           + numberOf(figure.isDefined() ? std::optional(figure.value) : std::nullopt) + "," + numberOf(interval ? std::optional(interval->lower) : std::nullopt) + ","
           + numberOf(interval ? std::optional(interval->upper) : std::nullopt) + "," + (interval ? std::string(metrics::methodKey(interval->method)) : "") + ","
           + std::string(metrics::reasonKey(figure.reason)) + "\r\n";
}

} // namespace countersign::cli
