#include "models/scoretables/build/rowstatus.h"

namespace countersign::scoretables {

void statusOf(const predictions::Chunk &chunk, const predictions::Schema &schema, std::size_t first, std::size_t count, std::uint8_t *status)
{
    const auto codesOf = [&](int column) { return std::get<std::vector<std::uint8_t>>(chunk.codes[static_cast<std::size_t>(column)]).data() + first; };
    const auto numbersOf = [&](int column) { return chunk.numbers[static_cast<std::size_t>(column)].data() + first; };
    if (schema.label < 0) {
        std::fill_n(status, count, std::uint8_t(0));
    } else {
        constexpr std::array<std::uint8_t, 3> byLabel{kNoLabel, 0, 1};
        const std::uint8_t *labels = codesOf(schema.label);
        for (std::size_t i = 0; i < count; ++i)
            status[i] = byLabel[labels[i]];
    }
    if (schema.score >= 0) {
        const double *scores = numbersOf(schema.score);
        for (std::size_t i = 0; i < count; ++i)
            if (!std::isfinite(scores[i]) && status[i] < kFirstLeftOut)
                status[i] = std::isnan(scores[i]) ? kNoScore : kNotFinite;
    }
    if (schema.prediction >= 0) {
        constexpr std::array<std::uint8_t, 3> byDecision{kNoPrediction, 0, 2};
        const std::uint8_t *decisions = codesOf(schema.prediction);
        for (std::size_t i = 0; i < count; ++i)
            if (status[i] < kFirstLeftOut)
                status[i] = static_cast<std::uint8_t>(decisions[i] == predictions::kMissingValue ? kNoPrediction : status[i] | byDecision[decisions[i]]);
    }
    if (schema.weight >= 0) {
        const double *weights = numbersOf(schema.weight);
        for (std::size_t i = 0; i < count; ++i)
            if (weights[i] <= 0 && status[i] < kFirstLeftOut)
                status[i] = kNoWeight;
    }
}

} // namespace countersign::scoretables
