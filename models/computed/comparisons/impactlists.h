#pragma once

#include "models/computed/computedset.h"

/// Internal to models/computed: from people counted by their values to tables of impact ratios (impacts.h).
namespace countersign::computed {

/// People of one combination of values.
struct People {
    std::uint64_t decided = 0;
    std::uint64_t selected = 0;
    std::uint64_t scored = 0;
    std::uint64_t above = 0;     ///< the median
    std::uint64_t uncertain = 0; ///< scores were rounded, and this one may be above the median or not

    void add(const People &other);
};

struct MedianScore {
    metrics::Figure figure;
    std::optional<double> bound; ///< where scores were rounded down: the exact one is no further away
};

/// Each attribute, then each pair of attributes: by decisions and, with a median, by scores. `codes`: values of the attributes, combination by combination;
/// the same one may come several times.
std::vector<ComputedImpact> listImpacts(const std::vector<scoretables::Attribute> &attributes, const std::vector<std::vector<std::uint32_t>> &codes,
                                        const std::vector<People> &people, const std::optional<MedianScore> &median, const metrics::Options &options);

} // namespace countersign::computed
