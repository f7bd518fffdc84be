#include "models/metrics/regression.h"

#include "models/metrics/drift/distributions.h"
#include "models/metrics/intervals/intervals.h"
#include "models/metrics/ranking/calibration.h"

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

Figure mean(const Regression &sums, const Sum &sum, double secondMoment, double lowest, const Options &options, double highest = kInfinity)
{
    const double weight = sums.weight.value();
    if (weight <= 0)
        return Figure::undefined(Reason::NoRows, sums.rows);
    Figure figure = Figure::of(sum.value() / weight, sums.rows);
    if (const auto error = standardError(sums, figure.value, secondMoment); error && options.intervals)
        figure.interval = normalTheory(figure.value, *error, options.level, lowest, highest);
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
    addSpread(actual, error * error, rowWeight); // needs the sums of the rows before
    weight.add(rowWeight);
    errors.add(rowWeight * error);
    absoluteErrors.add(rowWeight * size);
    squaredErrors.add(rowWeight * error * error);
    symmetricErrors.add(scale > 0 ? rowWeight * 2 * size / scale : 0);
    absoluteActuals.add(rowWeight * std::abs(actual));
    if (actual == 0) {
        ++zeroTruths;
        zeroTruthErrors.add(rowWeight * size);
    } else {
        const double relative = size / std::abs(actual);
        relativeErrors.add(rowWeight * relative);
        relativeErrorSquares += rowWeight * relative * relative;
    }
    const double symmetric = scale > 0 ? 2 * size / scale : 0;
    symmetricErrorSquares += rowWeight * symmetric * symmetric;
    actualSquares += rowWeight * actual * actual;
    absoluteProducts += rowWeight * size * std::abs(actual);
    squaredErrorSquares += rowWeight * error * error * error * error;
    weightSquares += rowWeight * rowWeight;
    ++rows;
}

void Regression::addSpread(double actual, double squaredError, double rowWeight)
{
    shiftMean((actual - mean) * (rowWeight / (weight.value() + rowWeight)));
    const double apart = actual - mean;
    const double square = apart * apart;
    spread += rowWeight * square;
    cubes += rowWeight * square * apart;
    fourths += rowWeight * square * square;
    errorsBySpread += rowWeight * squaredError * apart;
    errorsBySquares += rowWeight * squaredError * square;
}

/// Central sums of the rows so far about another mean: (x − mean − step)^k expanded; the first central moment is 0.
void Regression::shiftMean(double step)
{
    const double total = weight.value();
    const double errorSquares = squaredErrors.value();
    fourths += step * (-4 * cubes + step * (6 * spread + step * step * total));
    cubes -= step * (3 * spread + step * step * total);
    spread += step * step * total;
    errorsBySquares += step * (-2 * errorsBySpread + step * errorSquares);
    errorsBySpread -= step * errorSquares;
    mean += step;
}

void Regression::merge(const Regression &other)
{
    if (other.rows == 0)
        return;
    if (rows == 0) {
        *this = other;
        return;
    }
    // Both about the mean of all rows, then plain sums (Chan, Golub and LeVeque 1983; Pébay 2008).
    Regression theirs = other;
    const double all = weight.value() + other.weight.value();
    const double apart = other.mean - mean;
    theirs.shiftMean(-apart * (weight.value() / all));
    shiftMean(apart * (other.weight.value() / all));
    for (double Regression::*sum : {&Regression::squaredErrorSquares, &Regression::weightSquares, &Regression::relativeErrorSquares,
                                    &Regression::symmetricErrorSquares, &Regression::actualSquares, &Regression::absoluteProducts,
                                    &Regression::spread, &Regression::cubes, &Regression::fourths, &Regression::errorsBySpread,
                                    &Regression::errorsBySquares})
        this->*sum += theirs.*sum;
    for (Sum Regression::*sum : {&Regression::weight, &Regression::errors, &Regression::absoluteErrors, &Regression::squaredErrors,
                                 &Regression::relativeErrors, &Regression::zeroTruthErrors, &Regression::symmetricErrors,
                                 &Regression::absoluteActuals})
        (this->*sum).add(theirs.*sum);
    lowest = std::min(lowest, other.lowest);
    highest = std::max(highest, other.highest);
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
    Figure figure = Figure::of(1 - errors / sums.spread, sums.rows);
    const double weight = sums.weight.value();
    const double effective = weight * (weight / sums.weightSquares);
    if (!options.intervals || effective <= 2 || errors <= 0)
        return figure;
    // ln(mean squared error / variance): slopes 1 / one and −1 / other.
    const double error = errors / weight;
    const double variance = sums.spread / weight;
    const double ofError = (sums.squaredErrorSquares / weight) / (error * error) - 1;
    const double ofVariance = (sums.fourths / weight) / (variance * variance) - 1;
    const double both = (sums.errorsBySquares / weight) / (error * variance) - 1;
    const double deviation = std::sqrt(std::max(0.0, ofError + ofVariance - 2 * both) / (effective - 2));
    const double factor = std::exp(normalCritical(options.level) * deviation);
    figure.interval = Interval{1 - (1 - figure.value) * factor, 1 - (1 - figure.value) / factor, options.level, IntervalMethod::DeltaMethod};
    return figure;
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
    if (sums.zeroTruths > 0) // of scikit-learn's figure: nothing to build on
        return Figure::of(relative / sums.weight.value(), sums.rows);
    return mean(sums, sums.relativeErrors, sums.relativeErrorSquares / sums.weight.value(), 0, options);
}

Figure wape(const Regression &sums, const Options &options)
{
    if (sums.rows == 0)
        return Figure::undefined(Reason::NoRows);
    if (sums.absoluteActuals.value() <= 0)
        return Figure::undefined(Reason::ZeroTruth, sums.rows);
    Figure figure = Figure::of(sums.absoluteErrors.value() / sums.absoluteActuals.value(), sums.rows);
    const double size = sums.absoluteActuals.value() / sums.weight.value();
    const double second = (sums.squaredErrors.value() - 2 * figure.value * sums.absoluteProducts + figure.value * figure.value * sums.actualSquares)
        / sums.weight.value();
    if (const auto error = standardError(sums, 0, second); error && options.intervals) {
        figure.interval = normalTheory(figure.value, *error / size, options.level, 0, kInfinity);
        figure.interval->method = IntervalMethod::DeltaMethod;
    }
    return figure;
}

Figure smape(const Regression &sums, const Options &options)
{
    if (sums.rows == 0)
        return Figure::undefined(Reason::NoRows);
    return mean(sums, sums.symmetricErrors, sums.symmetricErrorSquares / sums.weight.value(), 0, options, 2);
}

} // namespace countersign::metrics
