#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace countersign::report {

/// Stretches of consecutive points with a value, gaps left out: [first, last) of `points`. A point is anything with hasValue().
template<class Point>
std::vector<std::pair<std::size_t, std::size_t>> pieces(const std::vector<Point> &points)
{
    std::vector<std::pair<std::size_t, std::size_t>> found;
    std::size_t first = 0;
    for (std::size_t i = 0; i <= points.size(); ++i) {
        if (i < points.size() && points[i].hasValue())
            continue;
        if (i > first)
            found.emplace_back(first, i);
        first = i + 1;
    }
    return found;
}

} // namespace countersign::report
