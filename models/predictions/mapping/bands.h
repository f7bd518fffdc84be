#pragma once

#include "models/base/result.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

namespace countersign::predictions {

/// A number cut into bands: edges a < b < c give [-inf, a), [a, b), [b, c), [c, +inf]. Left-closed: 25 belongs to the band that
/// begins with 25.
///
/// Names. Whole edges, as for ages: "<25", "25-44", "45-64", "65+" (44.5 belongs to "25-44", as a person of 44 years and a half
/// says 44). Otherwise: "<0.5", "0.5-<1.5", "1.5+".
class Bands
{
public:
    Bands() = default;
    /// Invalid: no edge, an edge that is not finite, edges not strictly ascending, more than 100.
    static Result<Bands> make(std::vector<double> edges);
    /// "age=25,45,65": the column's name and its bands. The name may hold '='; the last one counts.
    static Result<std::pair<std::string, Bands>> parse(std::string_view text);

    bool isEmpty() const { return m_edges.empty(); }
    const std::vector<double> &edges() const { return m_edges; }
    /// edges().size() + 1 names.
    std::vector<std::string> names() const;
    /// Which band, from 0. Precondition: not NaN.
    std::size_t bandOf(double value) const
    {
        return static_cast<std::size_t>(std::ranges::upper_bound(m_edges, value) - m_edges.begin());
    }
    bool operator==(const Bands &) const = default;

private:
    std::vector<double> m_edges;
};

} // namespace countersign::predictions
