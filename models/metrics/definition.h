#pragma once

#include <optional>
#include <string>
#include <string_view>

/// What a metric's name means: how it is called, which way is better, which values are possible.
namespace countersign::metrics {

enum class Better { Higher, Lower, NearOne, NearZero, Unknown };

struct Definition {
    std::string key;       ///< as the source names it
    std::string title;     ///< "AUC", "PSI, income"; the key itself when unknown
    Better better = Better::Unknown;
    std::optional<double> lowest;  ///< smallest possible value
    std::optional<double> highest; ///< largest possible value
    std::string meaning;   ///< one sentence; empty when unknown
    bool isKnown = false;
};

/// Finds a definition by name: case, '-', '_', '/' and spaces aside, with a feature or attribute after '/', '.' or ':'
/// ("psi/income", "demographic_parity_difference.sex"). A difference or ratio that has no words of its own ("brier_difference",
/// "wape_ratio/region") gets title, meaning and range from the metric that it compares, and is better near 0 or near 1. An unknown name gets itself as title.
Definition define(std::string_view key);

/// "higher is better", "" when unknown.
std::string_view directionText(Better better);

} // namespace countersign::metrics
