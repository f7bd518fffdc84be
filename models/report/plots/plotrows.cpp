#include "models/report/plots/plotrows.h"

#include "models/base/number.h"

namespace countersign::report {

namespace {

std::string numberText(const std::optional<double> &value)
{
    if (!value || std::isnan(*value))
        return {};
    if (std::isinf(*value))
        return *value > 0 ? "inf" : "-inf";
    return number::shortest(*value);
}

std::string countText(const std::optional<std::int64_t> &count)
{
    return count ? std::to_string(*count) : std::string();
}

std::string placeName(const PlotPanel &panel, const PlotPoint &point)
{
    if (!panel.isSideways())
        return numberText(point.at);
    const auto row = static_cast<std::size_t>(std::max(0.0, point.at));
    return row < panel.y.categories.size() ? panel.y.categories[row].name : std::string();
}

} // namespace

std::vector<std::vector<std::string>> plotRows(const PlotSpec &spec)
{
    std::vector<std::vector<std::string>> rows{{"panel", "series", "place", "from", "to", "value", "lower", "upper", "n", "events", "threshold", "state", "note"}};
    for (const auto &panel : spec.panels) {
        for (const auto &series : panel.series) {
            const bool isOutline = series.mark == PlotMark::Step && spec.rows == PlotRows::Positions && !series.points.empty();
            for (std::size_t i = 0; i + (isOutline ? 1 : 0) < series.points.size(); ++i) {
                const PlotPoint &point = series.points[i];
                std::string note = point.text;
                for (const std::string &more : {point.label, point.note})
                    note += (note.empty() || more.empty() ? "" : "; ") + more;
                rows.push_back({panel.title, series.name, placeName(panel, point), numberText(point.from), numberText(point.to), numberText(point.value), numberText(point.lower), numberText(point.upper),
                                countText(point.n), countText(point.events), numberText(point.threshold), point.state ? std::string(verdictKey(*point.state)) : std::string(), note});
            }
        }
    }
    return rows;
}

} // namespace countersign::report
