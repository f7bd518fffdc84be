#include "models/metrics/drift/distributions.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <numbers>
#include <vector>

namespace countersign::metrics {

namespace {

constexpr double kEpsilon = 1e-16;
constexpr double kTiny = 1e-300; // keeps Lentz's recurrences off zero

/// ln Γ(x), x > 0: Stirling's series from 15 on, the recurrence below (Abramowitz and Stegun 6.1.41). std::lgamma writes a
/// global sign, which threads may not share.
double logGamma(double x)
{
    double shift = 1;
    for (; x < 15; x += 1)
        shift *= x;
    const double square = x * x;
    const double rest = (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / 1188 / square) / square) / square) / square) / x;
    return (x - 0.5) * std::log(x) - x + 0.5 * std::log(2 * std::numbers::pi) + rest - std::log(shift);
}

double evaluate(std::initializer_list<double> coefficients, double x)
{
    double value = 0;
    for (const double coefficient : coefficients)
        value = value * x + coefficient;
    return value;
}

/// Acklam's rational approximation of the normal quantile, relative error below 1.2e-9.
double roughNormalQuantile(double p)
{
    const auto tail = [](double q) {
        return evaluate({-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00,
                         4.374664141464968e+00, 2.938163982698783e+00}, q)
            / evaluate({7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00, 1.0}, q);
    };
    constexpr double kLow = 0.02425;
    if (p < kLow)
        return tail(std::sqrt(-2 * std::log(p)));
    if (p > 1 - kLow)
        return -tail(std::sqrt(-2 * std::log1p(-p)));
    const double q = p - 0.5;
    const double r = q * q;
    return evaluate({-3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02,
                     -3.066479806614716e+01, 2.506628277459239e+00}, r) * q
        / evaluate({-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
                    -1.328068155288572e+01, 1.0}, r);
}

double gammaSeries(double a, double x)
{
    double term = 1 / a;
    double sum = term;
    for (int k = 1; k < 10000 && std::abs(term) > std::abs(sum) * kEpsilon; ++k) {
        term *= x / (a + k);
        sum += term;
    }
    return sum * std::exp(-x + a * std::log(x) - logGamma(a));
}

double gammaFraction(double a, double x)
{
    double b = x + 1 - a;
    double c = 1 / kTiny;
    double d = 1 / b;
    double h = d;
    for (int k = 1; k < 10000; ++k) {
        const double an = -k * (k - a);
        b += 2;
        d = an * d + b;
        d = 1 / (std::abs(d) < kTiny ? kTiny : d);
        c = b + an / c;
        c = std::abs(c) < kTiny ? kTiny : c;
        const double step = d * c;
        h *= step;
        if (std::abs(step - 1) < kEpsilon * 4)
            break;
    }
    return h * std::exp(-x + a * std::log(x) - logGamma(a));
}

double betaFraction(double a, double b, double x)
{
    const auto guarded = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
    double c = 1;
    double d = 1 / guarded(1 - (a + b) * x / (a + 1));
    double h = d;
    for (int m = 1; m < 10000; ++m) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / guarded(1 + even * d);
        c = guarded(1 + even / c);
        h *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / guarded(1 + odd * d);
        c = guarded(1 + odd / c);
        const double step = d * c;
        h *= step;
        if (std::abs(step - 1) < kEpsilon * 4)
            break;
    }
    return h;
}

/// P(D_n <= d) of Marsaglia, Tsang and Wang: n! / n^n times the middle element of a matrix power; powers of ten kept apart.
class MatrixPower
{
public:
    MatrixPower(double d, int n)
        : m_k(static_cast<int>(std::ceil(n * d)))
        , m_size(2 * m_k - 1)
    {
        const double h = m_k - n * d;
        std::vector<double> base(area());
        for (int i = 0; i < m_size; ++i)
            for (int j = 0; j < m_size; ++j)
                base[cell(i, j)] = i - j + 1 < 0 ? 0 : 1;
        for (int i = 0; i < m_size; ++i) {
            base[cell(i, 0)] -= std::pow(h, i + 1);
            base[cell(m_size - 1, i)] -= std::pow(h, m_size - i);
        }
        base[cell(m_size - 1, 0)] += 2 * h - 1 > 0 ? std::pow(2 * h - 1, m_size) : 0;
        for (int i = 0; i < m_size; ++i)
            for (int j = 0; j <= i; ++j)
                for (int g = 1; g <= i - j + 1; ++g)
                    base[cell(i, j)] /= g;
        int exponent = 0;
        const auto power = raise(base, n, exponent);
        double value = power[cell(m_k - 1, m_k - 1)];
        for (int i = 1; i <= n; ++i) {
            value = value * i / n;
            if (value < 1e-140) {
                value *= 1e140;
                exponent -= 140;
            }
        }
        m_value = value * std::pow(10.0, exponent);
    }
    double value() const { return m_value; }

private:
    std::size_t area() const { return static_cast<std::size_t>(m_size) * static_cast<std::size_t>(m_size); }
    std::size_t cell(int i, int j) const { return static_cast<std::size_t>(i) * static_cast<std::size_t>(m_size) + static_cast<std::size_t>(j); }

    std::vector<double> product(const std::vector<double> &left, const std::vector<double> &right) const
    {
        std::vector<double> result(area(), 0.0);
        for (int i = 0; i < m_size; ++i)
            for (int k = 0; k < m_size; ++k)
                for (int j = 0; j < m_size; ++j)
                    result[cell(i, j)] += left[cell(i, k)] * right[cell(k, j)];
        return result;
    }

    std::vector<double> raise(const std::vector<double> &base, int n, int &exponent) const
    {
        if (n == 1) {
            exponent = 0;
            return base;
        }
        auto half = raise(base, n / 2, exponent);
        auto result = product(half, half);
        exponent *= 2;
        if (n % 2 != 0)
            result = product(base, result);
        if (result[cell(m_k - 1, m_k - 1)] > 1e140) {
            for (double &element : result)
                element *= 1e-140;
            exponent += 140;
        }
        return result;
    }

    int m_k;
    int m_size;
    double m_value = 0;
};

/// P(D_n^+ > d), Smirnov's sum of positive terms, in logarithms; the binomial coefficient is carried from term to term.
double oneSidedTail(double d, int n)
{
    const double size = n;
    double logChoose = 0;
    double sum = 0;
    for (int j = 0; j <= static_cast<int>(std::floor(size * (1 - d))); ++j) {
        const double at = d + j / size;
        if (at >= 1)
            break;
        if (j > 0)
            logChoose += std::log((size - j + 1) / j);
        const double logTerm = logChoose + (j - 1) * std::log(at) + (n - j) * std::log1p(-at);
        constexpr double kVanishes = -745; // exp of less is 0
        sum += logTerm > kVanishes ? std::exp(logTerm) : 0;
    }
    return d * sum;
}

/// The same for many values, from every so manieth term: terms are a smooth function of j that is gone, with all its derivatives, at both
/// ends, and of such a function evenly spaced points give the sum but for an error far below the last digit. A term is the binomial
/// probability of j at d + j / n, over d + j / n, in Loader's form, which loses no digits for large n.
double sampledOneSidedTail(double d, int n)
{
    constexpr int kPoints = 512;
    constexpr double kEnd = 16; ///< of the sum; nearer to its ends Stirling's series is too short, and terms are below 1e-100 of the largest
    const auto stirling = [](double k) {
        const double k2 = k * k;
        return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - 1.0 / (1680 * k2)) / k2) / k2) / k;
    };
    const double size = n;
    const int stride = n / kPoints;
    double sum = 0;
    for (double j = kEnd; j <= size * (1 - d) - kEnd; j += stride) {
        const double rest = size - j;
        const double logTerm = j * std::log1p(size * d / j) + rest * std::log1p(-size * d / rest) + stirling(size) - stirling(j) - stirling(rest);
        sum += std::exp(logTerm) * std::sqrt(size / (2 * std::numbers::pi * j * rest)) / (d + j / size);
    }
    return d * sum * stride;
}

/// P(√n D_n <= x), Pelz and Good 1976, four terms.
double pelzGood(double x, int n)
{
    constexpr double pi2 = std::numbers::pi * std::numbers::pi;
    const double x2 = x * x;
    const double x4 = x2 * x2;
    const double x6 = x4 * x2;
    const double x8 = x4 * x4;
    double k0 = 0;
    double k1 = 0;
    double k2 = 0;
    double k2whole = 0;
    double k3 = 0;
    double k3whole = 0;
    for (int k = 20; k >= 0; --k) {
        const double half = pi2 * (k + 0.5) * (k + 0.5);
        const double weight = 2 * std::exp(-half / (2 * x2)); // k and −k − 1 give the same term
        k0 += weight;
        k1 += weight * (half - x2);
        k2 += weight * (6 * x6 + 2 * x4 + half * (2 * x4 - 5 * x2) + half * half * (1 - 2 * x2));
        k3 += weight * (half * half * half * (5 - 30 * x2) + half * half * (-60 * x2 + 212 * x4)
                        + half * (135 * x4 - 96 * x6) - (30 * x6 + 90 * x8));
        const double whole = pi2 * k * k;
        const double wholeWeight = 2 * std::exp(-whole / (2 * x2)); // k = 0 adds nothing
        k2whole += wholeWeight * whole;
        k3whole += wholeWeight * (-whole * whole + 3 * whole * x2);
    }
    const double root = std::sqrt(std::numbers::pi / 2);
    const double size = n;
    return root * (k0 / x + k1 / (6 * x4) / std::sqrt(size)
                   + (k2 / (72 * x6 * x) - k2whole / (36 * x2 * x)) / size
                   + (k3 / (6480 * x8 * x2) + k3whole / (216 * x6)) / (size * std::sqrt(size)));
}

} // namespace

double normalCdf(double z)
{
    return 0.5 * std::erfc(-z / std::numbers::sqrt2);
}

double normalQuantile(double p)
{
    if (p > 0.5)
        return -normalQuantile(1 - p); // the lower tail keeps its digits
    const double z = roughNormalQuantile(p);
    const double error = (normalCdf(z) - p) * std::sqrt(2 * std::numbers::pi) * std::exp(z * z / 2);
    return z - error / (1 + z * error / 2);
}

double normalCritical(double level)
{
    return -normalQuantile((1 - level) / 2);
}

double gammaQ(double a, double x)
{
    if (x <= 0)
        return 1;
    return x < a + 1 ? 1 - gammaSeries(a, x) : gammaFraction(a, x);
}

double betaI(double a, double b, double x)
{
    if (x <= 0)
        return 0;
    if (x >= 1)
        return 1;
    const double front = std::exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * std::log(x) + b * std::log1p(-x));
    return x < (a + 1) / (a + b + 2) ? front * betaFraction(a, b, x) / a : 1 - front * betaFraction(b, a, 1 - x) / b;
}

double chiSquareTail(double statistic, double df)
{
    return gammaQ(df / 2, statistic / 2);
}

double kolmogorovTail(double x)
{
    if (x <= 0)
        return 1;
    if (x < 1) {
        double sum = 0;
        for (int k = 1; k < 40; k += 2)
            sum += std::exp(-k * k * std::numbers::pi * std::numbers::pi / (8 * x * x));
        return 1 - std::sqrt(2 * std::numbers::pi) / x * sum;
    }
    double sum = 0;
    for (int k = 1; k < 20; ++k)
        sum += (k % 2 != 0 ? 1 : -1) * std::exp(-2.0 * k * k * x * x);
    return 2 * sum;
}

double kolmogorovSmirnovTail(double d, int n)
{
    constexpr int kManyTerms = 2048; // four times the points that are enough
    if (d <= 0.5 / n)
        return 1; // no sample is closer to its line than half a step
    if (d >= 1)
        return 0;
    const double squared = n * d * d;
    const bool isTail = squared >= (n <= 140 ? 4 : 2.2) || d >= 0.5;
    if (isTail)
        return std::min(1.0, 2 * (n >= kManyTerms ? sampledOneSidedTail(d, n) : oneSidedTail(d, n)));
    const bool isNarrow = n <= 140 || (n <= 100000 && n * std::pow(d, 1.5) <= 1.4);
    return std::clamp(1 - (isNarrow ? MatrixPower(d, n).value() : pelzGood(std::sqrt(squared), n)), 0.0, 1.0);
}

namespace {

/// Where a rising function reaches `level`, by halving.
template<class Rising>
double reaching(double level, double low, double high, const Rising &rising)
{
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (rising(middle) < level ? low : high) = middle;
    }
    return (low + high) / 2;
}

/// P(range <= q) = n ∫ φ(z) [Φ(z) − Φ(z − q)]^(n−1) dz, by Simpson's rule: the integrand is smooth and gone at ±8.
double rangeCdf(double q, int groups)
{
    constexpr int kSteps = 400;
    const double step = (16 + q) / kSteps;
    double sum = 0;
    for (int i = 0; i <= kSteps; ++i) {
        const double z = -8 + step * i;
        const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
        const double weight = i == 0 || i == kSteps ? 1 : i % 2 == 1 ? 4 : 2;
        sum += weight * density * std::pow(std::max(0.0, normalCdf(z) - normalCdf(z - q)), groups - 1);
    }
    return groups * sum * step / 3;
}

} // namespace

double studentizedRange(int groups, double level)
{
    return reaching(level, 0, 20, [groups](double q) { return rangeCdf(q, groups); });
}

double kolmogorovCritical(double tail)
{
    return reaching(1 - tail, 0.05, 10, [](double x) { return 1 - kolmogorovTail(x); });
}

} // namespace countersign::metrics
