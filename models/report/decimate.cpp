#include "models/report/decimate.h"

#include <algorithm>
#include <array>
#include <optional>

namespace countersign::report {

namespace {

/// The points of one bucket that have to stay, by index.
struct Bucket {
    std::optional<std::size_t> lowest;
    std::optional<std::size_t> highest;
    std::optional<std::size_t> missing;

    void add(std::span<const ChartPoint> points, std::size_t i)
    {
        if (!points[i].hasValue()) {
            if (!missing)
                missing = i;
            return;
        }
        if (!lowest || points[i].value < points[*lowest].value)
            lowest = i;
        if (!highest || points[i].value > points[*highest].value)
            highest = i;
    }
};

class Selection
{
public:
    Selection(std::span<const ChartPoint> points, Keep keep) : m_points(points), m_keep(keep) {}

    /// Appends what stays of [first, last), in order.
    void take(std::size_t first, std::size_t last, const Bucket &bucket)
    {
        if (m_keep == Keep::ShapeAndBreaches) {
            for (std::size_t i = first; i < last; ++i) {
                if (isExtreme(i, bucket) || m_points[i].isBreach)
                    m_chosen.push_back(m_points[i]);
            }
            return;
        }
        std::array<std::size_t, 5> kept{};
        std::size_t count = 0;
        for (const auto &i : {bucket.lowest, bucket.highest, bucket.missing}) {
            if (i)
                kept[count++] = *i;
        }
        if (first == 0)
            kept[count++] = 0;
        if (last == m_points.size())
            kept[count++] = last - 1;
        std::sort(kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(count));
        for (std::size_t i = 0; i < count; ++i) {
            if (i == 0 || kept[i] != kept[i - 1])
                m_chosen.push_back(m_points[kept[i]]);
        }
    }
    std::vector<ChartPoint> chosen() && { return std::move(m_chosen); }

private:
    bool isExtreme(std::size_t i, const Bucket &bucket) const
    {
        return i == bucket.lowest || i == bucket.highest || i == bucket.missing || i == 0 || i + 1 == m_points.size();
    }

    std::span<const ChartPoint> m_points;
    Keep m_keep;
    std::vector<ChartPoint> m_chosen;
};

} // namespace

std::vector<ChartPoint> decimate(std::span<const ChartPoint> points, std::size_t maxPoints, Keep keep)
{
    if (points.size() <= std::max<std::size_t>(maxPoints, 3))
        return {points.begin(), points.end()};
    const auto buckets = static_cast<double>(std::max<std::size_t>(maxPoints / 3, 1));
    const auto start = static_cast<double>(toMillis(points.front().time));
    const double span = std::max(1.0, static_cast<double>(toMillis(points.back().time)) - start);
    const auto bucketOf = [&](const ChartPoint &point) {
        return std::min(buckets - 1, static_cast<double>(static_cast<std::int64_t>(
                                         (static_cast<double>(toMillis(point.time)) - start) / span * buckets)));
    };

    Selection selection(points, keep);
    std::size_t first = 0;
    while (first < points.size()) {
        const double number = bucketOf(points[first]);
        Bucket bucket;
        std::size_t last = first;
        for (; last < points.size() && bucketOf(points[last]) == number; ++last)
            bucket.add(points, last);
        selection.take(first, last, bucket);
        first = last;
    }
    return std::move(selection).chosen();
}

ChartSpec decimated(const ChartSpec &spec, std::size_t maxPoints, Keep keep)
{
    ChartSpec small; // member by member: a copy of the spec would copy every point
    small.id = spec.id;
    small.title = spec.title;
    small.subtitle = spec.subtitle;
    small.yTitle = spec.yTitle;
    small.format = spec.format;
    small.limits = spec.limits;
    small.markers = spec.markers;
    small.breachName = spec.breachName;
    small.hollowName = spec.hollowName;
    small.showsCounts = spec.showsCounts;
    small.countsTitle = spec.countsTitle;
    small.minimumN = spec.minimumN;
    small.sentences = spec.sentences;
    small.totalPoints = spec.totalPoints;
    std::uint64_t total = 0;
    bool isCut = false;
    for (const ChartSeries &series : spec.series) {
        ChartSeries copy{series.name, series.shortName, series.role, series.intervalName, decimate(series.points, maxPoints, keep), series.slot};
        total += series.points.size();
        isCut = isCut || copy.points.size() < series.points.size();
        small.series.push_back(std::move(copy));
    }
    if (isCut && small.totalPoints == 0)
        small.totalPoints = total;
    return small;
}

} // namespace countersign::report
