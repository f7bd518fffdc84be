#include "models/report/plotspec.h"

#include <algorithm>

namespace countersign::report {

bool PlotSpec::isEmpty() const
{
    for (const PlotPanel &panel : panels) {
        for (const PlotSeries &series : panel.series) {
            if (series.mark == PlotMark::TableOnly)
                continue;
            const bool isSaid = std::ranges::any_of(series.points, [](const PlotPoint &point) { return point.hasValue() || !point.text.empty(); });
            if (isSaid)
                return false;
        }
    }
    return true;
}

const PlotPanel *handlePanel(const PlotSpec &spec)
{
    const auto found = std::ranges::find_if(spec.panels, [](const PlotPanel &panel) { return panel.handle.has_value(); });
    return found == spec.panels.end() ? nullptr : &*found;
}

double snapped(const PlotHandle &handle, double at)
{
    const double inside = std::clamp(at, handle.low, handle.high);
    if (!(handle.step > 0))
        return inside;
    const double place = handle.low + std::round((inside - handle.low) / handle.step) * handle.step;
    // 0.1 × 7 = 0.7000000000000001: what is written as 0.7 is meant.
    constexpr double kDigits = 1e12;
    return std::clamp(std::round(place * kDigits) / kDigits, handle.low, handle.high);
}

namespace {

/// The index of the last point at or left of `at`; the number of points when there is none.
std::size_t lastUpTo(const PlotSeries &series, double at)
{
    const auto after = std::ranges::upper_bound(series.points, at, {}, &PlotPoint::at);
    return after == series.points.begin() ? series.points.size() : static_cast<std::size_t>(after - series.points.begin()) - 1;
}

double lineAt(const PlotSeries &series, double at)
{
    const double kNothing = std::numeric_limits<double>::quiet_NaN();
    const std::size_t i = lastUpTo(series, at);
    if (i == series.points.size() || !series.points[i].hasValue())
        return kNothing;
    const PlotPoint &left = series.points[i];
    const bool isLast = i + 1 == series.points.size();
    if (left.at == at)
        return left.value;
    if (isLast || (series.mark == PlotMark::Line && !series.points[i + 1].hasValue()))
        return kNothing;
    if (series.mark == PlotMark::Step)
        return left.value;
    const PlotPoint &right = series.points[i + 1];
    return left.value + (right.value - left.value) * (at - left.at) / (right.at - left.at);
}

Reading sharesAt(const PlotSeries &series, std::size_t index, double at)
{
    double before = 0;
    double whole = 0;
    for (std::size_t i = 0; i + 1 < series.points.size(); ++i) {
        const PlotPoint &bin = series.points[i];
        if (!bin.hasValue())
            continue;
        const double end = series.points[i + 1].at;
        whole += bin.value * (end - bin.at);
        before += bin.value * std::max(0.0, std::min(end, at) - bin.at);
    }
    Reading reading;
    reading.series = index;
    if (whole > 0) {
        reading.value = lineAt(series, at);
        reading.left = std::clamp(before / whole, 0.0, 1.0);
        reading.right = 1 - reading.left;
    }
    return reading;
}

} // namespace

std::vector<Reading> readingsAt(const PlotPanel &panel, double at)
{
    std::vector<Reading> readings;
    if (!panel.handle)
        return readings;
    for (std::size_t i = 0; i < panel.series.size(); ++i) {
        const PlotSeries &series = panel.series[i];
        if (series.mark != PlotMark::Line && series.mark != PlotMark::Step)
            continue;
        if (panel.handle->reading == HandleReading::Shares) {
            readings.push_back(sharesAt(series, i, at));
        } else {
            Reading reading;
            reading.series = i;
            reading.value = lineAt(series, at);
            readings.push_back(reading);
        }
    }
    return readings;
}

std::vector<double> placesOf(const PlotSpec &spec)
{
    std::vector<double> places;
    for (const PlotPanel &panel : spec.panels) {
        for (const PlotSeries &series : panel.series) {
            const std::size_t closing = series.mark == PlotMark::Step && !series.points.empty() ? 1 : 0;
            for (std::size_t i = 0; i + closing < series.points.size(); ++i) {
                if (std::isfinite(series.points[i].at))
                    places.push_back(series.points[i].at);
            }
        }
    }
    std::ranges::sort(places);
    const auto rest = std::ranges::unique(places);
    places.erase(rest.begin(), rest.end());
    return places;
}

const PlotPoint *pointAt(const PlotSeries &series, double at)
{
    const std::size_t closing = series.mark == PlotMark::Step && !series.points.empty() ? 1 : 0;
    const auto end = series.points.end() - static_cast<std::ptrdiff_t>(closing);
    if (std::ranges::is_sorted(series.points, {}, &PlotPoint::at)) {
        const auto found = std::lower_bound(series.points.begin(), end, at, [](const PlotPoint &point, double place) { return point.at < place; });
        return found != end && found->at == at ? &*found : nullptr;
    }
    const auto found = std::find_if(series.points.begin(), end, [at](const PlotPoint &point) { return point.at == at; });
    return found != end ? &*found : nullptr;
}

namespace {

/// What one column of pixels needs of its points: indices, ascending once `take` has sorted them.
class Bucket
{
public:
    explicit Bucket(const std::vector<PlotPoint> &points) : m_points(points) {}

    void add(std::size_t i)
    {
        const auto lower = [this](std::size_t one, std::size_t other) { return m_points[one].value < m_points[other].value; };
        if (!m_points[i].hasValue()) {
            m_gap = m_gap.value_or(i);
            return;
        }
        m_first = m_first.value_or(i);
        m_last = i;
        m_lowest = m_lowest && !lower(i, *m_lowest) ? m_lowest : i;
        m_highest = m_highest && !lower(*m_highest, i) ? m_highest : i;
        if (m_points[i].isMarked)
            m_marked.push_back(i);
    }

    void take(std::vector<PlotPoint> &kept)
    {
        std::vector<std::size_t> indices = m_marked;
        for (const auto &one : {m_first, m_lowest, m_highest, m_last, m_gap}) {
            if (one)
                indices.push_back(*one);
        }
        std::ranges::sort(indices);
        const auto rest = std::ranges::unique(indices);
        indices.erase(rest.begin(), rest.end());
        for (const std::size_t i : indices)
            kept.push_back(m_points[i]);
    }

private:
    const std::vector<PlotPoint> &m_points;
    std::optional<std::size_t> m_first;
    std::optional<std::size_t> m_last;
    std::optional<std::size_t> m_lowest;
    std::optional<std::size_t> m_highest;
    std::optional<std::size_t> m_gap;
    std::vector<std::size_t> m_marked;
};

} // namespace

std::vector<PlotPoint> decimated(const std::vector<PlotPoint> &points, std::size_t maxPoints)
{
    constexpr std::size_t kPerBucket = 5;
    if (points.size() <= maxPoints || maxPoints < 2 * kPerBucket)
        return points;
    const double first = points.front().at;
    const double width = points.back().at - first;
    const double buckets = static_cast<double>(maxPoints / kPerBucket);
    std::vector<PlotPoint> kept;
    kept.reserve(maxPoints);
    for (std::size_t i = 0; i < points.size();) {
        const auto bucketOf = [&](const PlotPoint &point) { return width > 0 ? std::floor((point.at - first) / width * buckets) : 0.0; };
        const double number = bucketOf(points[i]);
        Bucket bucket(points);
        for (; i < points.size() && bucketOf(points[i]) == number; ++i)
            bucket.add(i);
        bucket.take(kept);
    }
    return kept;
}

} // namespace countersign::report
