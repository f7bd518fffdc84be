#pragma once

#include "models/computed/computedset.h"

#include <array>

/// Internal to models/computed: words in files that writer and reader share.
namespace countersign::computed {

template<class T>
using Word = std::pair<std::string_view, T>;

inline constexpr std::array kConventions{Word<metrics::Convention>{"countersign", metrics::Convention::Countersign},
                                         Word<metrics::Convention>{"fairlearn", metrics::Convention::Fairlearn},
                                         Word<metrics::Convention>{"aif360", metrics::Convention::Aif360}};
inline constexpr std::array kFormats{Word<predictions::Format>{"csv", predictions::Format::Csv}, Word<predictions::Format>{"json_lines", predictions::Format::JsonLines},
                                     Word<predictions::Format>{"parquet", predictions::Format::Parquet}, Word<predictions::Format>{"table", predictions::Format::Table}};
inline constexpr std::array kRoles{Word<DriftRole>{"score", DriftRole::Score}, Word<DriftRole>{"number", DriftRole::Number}, Word<DriftRole>{"category", DriftRole::Category}};
inline constexpr std::array kRates{Word<bool>{"selection", false}, Word<bool>{"scoring", true}};
inline constexpr std::array kDecisions{Word<bool>{"as logged", false}, Word<bool>{"score >= threshold", true}};

template<class Words, class T>
constexpr std::string_view wordFor(const Words &words, T value)
{
    for (const auto &[word, meaning] : words)
        if (meaning == value)
            return word;
    return {};
}

/// Whole numbers up to here are the same as binary64.
inline constexpr std::uint64_t kMostExact = std::uint64_t(1) << 53U;

/// What a figure of a cell has as numerator and denominator without the file saying so.
inline metrics::Share impliedShare(const metrics::Counts &counts, std::string_view name, const metrics::Figure &figure)
{
    const auto metric = metrics::binaryMetric(name);
    return figure.isDefined() && metric && metrics::isShare(*metric) && counts.rows > 0 ? metrics::share(counts, *metric) : metrics::Share();
}

} // namespace countersign::computed
