#pragma once

/// The few special functions that intervals and tests need, each with its source.
namespace countersign::metrics {

/// Lower tail of the standard normal.
double normalCdf(double z);
/// z with normalCdf(z) = p, 0 < p < 1. Acklam's rational start, one Halley step: full double precision.
double normalQuantile(double p);
/// Two-sided quantile of an interval's level: 1.959963985 for 0.95.
double normalCritical(double level);
/// q with P(range of `groups` independent standard normals <= q) = level: the studentized range without degrees of freedom
/// (Tukey 1953). groups >= 2, level in (0, 1). Six digits and more.
double studentizedRange(int groups, double level);
/// x with kolmogorovTail(x) = tail, 0 < tail < 1: 1.358 for 0.05.
double kolmogorovCritical(double tail);
/// Upper regularised incomplete gamma Q(a, x), a > 0, x >= 0: series below a + 1, Lentz's continued fraction above
/// (Abramowitz and Stegun 6.5.29, 6.5.31).
double gammaQ(double a, double x);
/// Regularised incomplete beta I_x(a, b): Lentz's continued fraction (Abramowitz and Stegun 26.5.8).
double betaI(double a, double b, double x);
/// P(X² > statistic) with `df` degrees of freedom.
double chiSquareTail(double statistic, double df);
/// P(K > x) of Kolmogorov's limit distribution: 2 Σ (−1)^(k−1) exp(−2 k² x²), the theta-function form for small x.
double kolmogorovTail(double x);
/// P(D_n > d) for the one-sample statistic of n values, by the regions of Simard and L'Ecuyer 2011: the matrix power of
/// Marsaglia, Tsang and Wang 2003, twice the one-sided tail (Smirnov 1944, Miller 1956), the expansion of Pelz and Good 1976.
/// About 1e-5 relative or better everywhere, far better in the tail. n >= 1, 0 <= d <= 1.
double kolmogorovSmirnovTail(double d, int n);

} // namespace countersign::metrics
