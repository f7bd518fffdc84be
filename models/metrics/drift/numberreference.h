#pragma once

#include "models/metrics/drift/drift.h"

namespace countersign::metrics {

/// A reference that many samples are measured against: each takes about the time of the sample, however long the reference is.
/// Figures as from kolmogorovSmirnov() and wassersteinDistance(), all values finite; the reference's are borrowed.
class NumberReference
{
public:
    explicit NumberReference(std::span<const double> ascending);

    struct Distances {
        KolmogorovSmirnov ks;
        Figure wasserstein;
    };
    Distances to(std::span<const double> ascendingCurrent) const;

private:
    class Leaps;
    std::size_t below(std::size_t from, double value) const;
    std::size_t upTo(std::size_t from, double value) const;
    long double sumOfFirst(std::size_t count) const;

    std::span<const double> m_values;
    double m_centre = 0;                   ///< subtracted before adding up, so that an offset costs no digits
    std::vector<long double> m_blockSums;  ///< of all values before each block
};

} // namespace countersign::metrics
