#include "models/report/plots/words.h"

#include "models/metrics/definition.h"
#include "models/policy/evaluator.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace countersign::report {

namespace {

std::string_view methodTitle(metrics::IntervalMethod method)
{
    using metrics::IntervalMethod;
    switch (method) {
    case IntervalMethod::Wilson:
    case IntervalMethod::WilsonTransformed: return "Wilson";
    case IntervalMethod::Newcombe: return "Newcombe";
    case IntervalMethod::SquareAndAdd: return "square-and-add";
    case IntervalMethod::Katz:
    case IntervalMethod::KatzAdjusted: return "Katz";
    case IntervalMethod::MiettinenNurminen: return "Miettinen–Nurminen";
    case IntervalMethod::DeLong: return "DeLong";
    case IntervalMethod::NormalTheory: return "normal-theory";
    case IntervalMethod::DeltaMethod: return "delta-method";
    case IntervalMethod::Bootstrap: return "bootstrap";
    default: return metrics::methodKey(method);
    }
}

std::string decimalText(double value, int decimals)
{
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
    return buffer;
}

} // namespace

std::string intervalName(std::span<const metrics::Figure> figures)
{
    for (const auto &figure : figures) {
        if (!figure.interval)
            continue;
        const double percent = figure.interval->level * 100;
        const bool isWhole = std::fabs(percent - std::round(percent)) < 1e-9;
        return decimalText(percent, isWhole ? 0 : 1) + " % " + std::string(methodTitle(figure.interval->method)) + " interval";
    }
    return {};
}

std::string undefinedText(const metrics::Figure &figure)
{
    using metrics::Reason;
    switch (figure.reason) {
    case Reason::Defined: return {};
    case Reason::NoPositives: return "undefined (0 positives)";
    case Reason::NoNegatives: return "undefined (0 negatives)";
    case Reason::NoPredictedPositives: return "undefined (0 decided positive)";
    case Reason::NoPredictedNegatives: return "undefined (0 decided negative)";
    case Reason::NoRows: return "no rows";
    case Reason::Infinite: return "infinite";
    case Reason::ReferenceZero: return "undefined (the reference is 0)";
    default: break;
    }
    std::string reason(metrics::reasonText(figure.reason));
    if (reason.ends_with('.'))
        reason.pop_back();
    if (reason.size() > 1 && reason[0] >= 'A' && reason[0] <= 'Z' && !(reason[1] >= 'A' && reason[1] <= 'Z'))
        reason[0] = static_cast<char>(reason[0] - 'A' + 'a');
    return "undefined (" + reason + ")";
}

std::string figureText(double value)
{
    constexpr double kSmallestShown = 0.0005; // what three decimals hold
    if (value == 0 || !(std::fabs(value) < kSmallestShown))
        return policy::valueText(value);
    return value > 0 ? "< .001" : "> \u2212.001";
}

std::string pText(double p) { return p < 0.001 ? "< .001" : policy::valueText(p); }

std::string counted(std::uint64_t number, std::string_view noun)
{
    return grouped(number) + " " + std::string(noun) + (number == 1 ? "" : "s");
}

std::string grouped(std::uint64_t number)
{
    std::string digits = std::to_string(number);
    for (std::size_t i = digits.size(); i > 3; i -= 3)
        digits.insert(i - 3, 1, ',');
    return digits;
}

std::string percentText(double share)
{
    const double percent = share * 100;
    return decimalText(percent, percent != 0 && std::fabs(percent) < 9.95 ? 1 : 0) + " %";
}

std::string listed(std::span<const std::string> names, std::size_t most)
{
    std::string text;
    const bool isCut = names.size() > most + 1;
    const std::size_t shown = isCut ? most : names.size();
    for (std::size_t i = 0; i < shown; ++i) {
        if (i > 0)
            text += !isCut && i + 1 == shown ? " and " : ", ";
        text += names[i];
    }
    return isCut ? text + " and " + std::to_string(names.size() - most) + " more" : text;
}

std::string inBrackets(const std::string &name) { return name.starts_with('(') && name.ends_with(')') ? name : "(" + name + ")"; }

std::string axisTitle(const std::string &metric)
{
    const auto definition = metrics::define(metric);
    const std::string direction(metrics::directionText(definition.better));
    return definition.title + (direction.empty() ? "" : ", " + direction);
}

} // namespace countersign::report
