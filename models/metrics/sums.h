#pragma once

namespace countersign::metrics {

/// A sum that keeps what rounding would lose (Knuth's two-sum, a second double for the remainder), so that totals do not depend
/// on the order of rows or on how many threads added them, but for about one case in 10^9. Six additions a term.
/// Compile without -ffast-math.
struct Sum {
    double high = 0;
    double low = 0;

    void add(double term)
    {
        const double sum = high + term;
        const double back = sum - high;
        low += (high - (sum - back)) + (term - back);
        high = sum;
    }
    void add(const Sum &other)
    {
        add(other.high);
        low += other.low;
    }
    double value() const { return high + low; }

    bool operator==(const Sum &) const = default;
};

} // namespace countersign::metrics
