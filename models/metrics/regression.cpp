#include "models/metrics/regression.h"

#include "models/metrics/calibration.h"
#include "models/metrics/intervals.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace countersign::metrics {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Standard error of a weighted mean from its second moment; nothing with one effective row.
std::optional<double> standardError(const Regression &sums, double mean, double secondMoment)
{
    const double weight = sums.weight.value();
    const double effective = weight * (weight / sums.weightSquares);
    if (effective <= 1)
        return std::nullopt;
    return std::sqrt(std::max(0.0, secondMoment - mean * mean) / (effective - 1));
}

Figure mean(const Regression &sums, const Sum &sum, double secondMoment, double lowest, const Options &options)
{
    const double weight = sums.weight.value();
    if (weight <= 0)
        return Figure::undefined(Reason::NoRows, sums.rows);
    Figure figure = Figure::of(sum.value() / weight, sums.rows);
    if (const auto error = standardError(sums, figure.value, secondMoment); error && options.intervals)
        figure.interval = normalTheory(figure.value, *error, options.level, lowest, kInfinity);
    return figure;
}

double meanSquare(const Regression &sums)
{
    return sums.squaredErrors.value() / sums.weight.value();
}

} // namespace

void Regression::add(double actual, double predicted, double rowWeight)
{
    if (rowWeight <= 0)
        return;
    const double error = predicted - actual;
    const double size = std::abs(error);
    const double scale = std::abs(actual) + std::abs(predicted);
    lowest = rows == 0 ? actual : std::min(lowest, actual);
    highest = rows == 0 ? actual : std::max(highest, actual);
    weight.add(rowWeight);
    errors.add(rowWeight * error);
    absoluteErrors.add(rowWeight * size);
    squaredErrors.add(rowWeight * error * error);
    symmetricErrors.add(scale > 0 ? rowWeight * 2 * size / scale : 0);
    absoluteActuals.add(rowWeight * std::abs(actual));
    if (actual == 0)
        ++zeroTruths;
    else
        relativeErrors.add(rowWeight * size / std::abs(actual));
    if (actual == 0)
        zeroTruthErrors.add(rowWeight * size);
    const double step = actual - mean;
    mean += step * (rowWeight / weight.value());
    spread += rowWeight * step * (actual - mean);
    squaredErrorSquares += rowWeight * error * error * error * error;
    weightSquares += rowWeight * rowWeight;
    ++rows;
}

void Regression::merge(const Regression &other)
{
    if (other.rows == 0)
        return;
    if (rows == 0) {
        *this = other;
        return;
    }
    const double mine = weight.value();
    const double theirs = other.weight.value();
    const double step = other.mean - mean;
    spread += other.spread + step * step * (mine / (mine + theirs)) * theirs; // Chan, Golub and LeVeque 1983
    mean += step * (theirs / (mine + theirs));
    lowest = std::min(lowest, other.lowest);
    highest = std::max(highest, other.highest);
    weight.add(other.weight);
    errors.add(other.errors);
    absoluteErrors.add(other.absoluteErrors);
    squaredErrors.add(other.squaredErrors);
    relativeErrors.add(other.relativeErrors);
    zeroTruthErrors.add(other.zeroTruthErrors);
    symmetricErrors.add(other.symmetricErrors);
    absoluteActuals.add(other.absoluteActuals);
    squaredErrorSquares += other.squaredErrorSquares;
    weightSquares += other.weightSquares;
    rows += other.rows;
    zeroTruths += other.zeroTruths;
}

Figure rmse(const Regression &sums, const Options &options)
{
    const double second = sums.rows > 0 ? sums.squaredErrorSquares / sums.weight.value() : 0;
    Figure figure = mean(sums, sums.squaredErrors, second, 0, options);
    if (!figure.isDefined())
        return figure;
    figure.value = std::sqrt(figure.value);
    if (figure.interval) {
        figure.interval->lower = std::sqrt(figure.interval->lower);
        figure.interval->upper = std::sqrt(figure.interval->upper);
    }
    return figure;
}

Figure mae(const Regression &sums, const Options &options)
{
    return mean(sums, sums.absoluteErrors, sums.rows > 0 ? meanSquare(sums) : 0, 0, options);
}

Figure meanError(const Regression &sums, const Options &options)
{
    return mean(sums, sums.errors, sums.rows > 0 ? meanSquare(sums) : 0, -kInfinity, options);
}

Figure rSquared(const Regression &sums, const Options &options)
{
    if (sums.rows == 0)
        return Figure::undefined(Reason::NoRows);
    if (sums.rows < 2)
        return Figure::undefined(Reason::TooFewRows, sums.rows);
    const double errors = sums.squaredErrors.value();
    if (sums.lowest == sums.highest || sums.spread <= 0) {
        if (options.convention == Convention::Fairlearn)
            return Figure::of(errors <= 0 ? 1 : 0, sums.rows);
        return Figure::undefined(Reason::ConstantTruth, sums.rows);
    }
    return Figure::of(1 - errors / sums.spread, sums.rows);
}

Figure mape(const Regression &sums, const Options &options)
{
    if (sums.rows == 0)
        return Figure::undefined(Reason::NoRows);
    double relative = sums.relativeErrors.value();
    if (sums.zeroTruths > 0) {
        if (options.convention != Convention::Fairlearn) {
            Figure figure = Figure::undefined(Reason::ZeroTruth, sums.rows);
            figure.excluded = sums.zeroTruths;
            return figure;
        }
        relative += sums.zeroTruthErrors.value() / kProbabilityClip;
    }
    return Figure::of(relative / sums.weight.value(), sums.rows);
}

Figure wape(const Regression &sums)
{
    if (sums.rows == 0)
        return Figure::undefined(Reason::NoRows);
    if (sums.absoluteActuals.value() <= 0)
        return Figure::undefined(Reason::ZeroTruth, sums.rows);
    return Figure::of(sums.absoluteErrors.value() / sums.absoluteActuals.value(), sums.rows);
}

Figure smape(const Regression &sums)
{
    if (sums.rows == 0)
        return Figure::undefined(Reason::NoRows);
    return Figure::of(sums.symmetricErrors.value() / sums.weight.value(), sums.rows);
}

} // namespace countersign::metrics
