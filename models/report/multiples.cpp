#include "models/report/multiples.h"

#include <algorithm>

namespace countersign::report {

std::vector<ChartSpec> smallMultiples(const ChartSpec &spec)
{
    if (spec.series.size() <= kMaxLinesInOne)
        return {spec};
    ChartSpec common = spec;
    common.series.clear();
    common.subtitle.clear();
    common.yTitle.clear(); // said once, above all of them
    common.sentences.clear();
    common.countsTitle.clear();
    common.showsCounts = false;
    common.valueRange = factsOf(spec).values;
    common.timeSpan = timeRange(spec);
    common.totalPoints = 0;
    std::vector<ChartSeries> references;
    std::ranges::copy_if(spec.series, std::back_inserter(references), [](const ChartSeries &series) { return series.role == SeriesRole::Reference; });
    std::vector<ChartSpec> charts;
    for (const auto &series : spec.series) {
        if (series.role == SeriesRole::Reference)
            continue;
        ChartSpec chart = common;
        chart.id = spec.id + "/" + series.name;
        chart.title = series.name;
        chart.series = references;
        chart.series.insert(chart.series.begin(), series);
        charts.push_back(std::move(chart));
    }
    return charts;
}

} // namespace countersign::report
