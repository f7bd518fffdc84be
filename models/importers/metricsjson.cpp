#include "models/base/json.h"
#include "models/importers/csv.h"
#include "models/importers/metricrow.h"
#include "models/importers/metricsoutlet.h"

#include <algorithm>

/// A metrics file as JSON lines: an object a row, members known as columns are.
namespace countersign::importers {

namespace {

bool rejectMember(RejectedRow &problem, std::string_view key, std::string reason)
{
    problem.column = sampleOf(key);
    problem.reason = std::move(reason);
    return false;
}

/// The text of a scalar; a problem for an array, an object, true and false.
bool takeScalar(std::string_view key, const json::Value &value, std::string_view &text, RejectedRow &problem)
{
    text = {};
    if (const auto *const string = value.string())
        text = *string;
    else if (const auto *const number = value.number())
        text = number->lexeme;
    else if (!value.isNull())
        return rejectMember(problem, key, "The value must be a text or a number.");
    if (text.find('\0') != std::string_view::npos)
        return rejectMember(problem, key, "The text holds a NUL character.");
    return true;
}

bool fillSliceObject(const json::Object &object, MetricCells &cells, RejectedRow &problem)
{
    for (const auto &[attribute, value] : object.members()) {
        std::string_view text;
        if (attribute.empty() || attribute.find('\0') != std::string::npos)
            return rejectMember(problem, "slice", "An attribute of the slice has no name.");
        if (!takeScalar("slice", value, text, problem))
            return false;
        cells.slices.emplace_back(attribute, text);
    }
    return true;
}

/// Cells from one line of JSON. Views into `object`.
bool fillCells(const json::Object &object, MetricCells &cells, std::vector<std::string> &ignored, RejectedRow &problem)
{
    cells.text.fill({});
    cells.slices.clear();
    std::array<bool, kMetricColumns> seen{};
    for (const auto &[key, value] : object.members()) {
        const std::size_t separator = std::string_view("slice").size() + 1;
        std::string_view text;
        if (const auto attribute = sliceAttribute(key)) {
            if (!takeScalar(key, value, text, problem))
                return false;
            cells.slices.emplace_back(std::string_view(key).substr(key.find(*attribute, separator)), text);
            continue;
        }
        const auto column = metricColumn(key);
        if (!column) {
            const std::string shown = sampleOf(key);
            if (ignored.size() < kMaxIgnored && std::ranges::find(ignored, shown) == ignored.end())
                ignored.push_back(shown);
            continue;
        }
        if (std::exchange(seen[static_cast<std::size_t>(*column)], true))
            return rejectMember(problem, key, "Two keys of the row mean the same.");
        if (*column == MetricColumn::Slice && value.object()) {
            if (!fillSliceObject(*value.object(), cells, problem))
                return false;
            continue;
        }
        if (!takeScalar(key, value, text, problem))
            return false;
        cells[*column] = text;
    }
    return true;
}

bool readLine(const LineReader &reader, json::Value &value, RejectedRow &problem)
{
    problem.text = reader.text();
    if (reader.isTooLong()) {
        problem.reason = "The line is longer than 1 MiB.";
        return false;
    }
    auto parsed = json::parse(reader.text());
    if (!parsed || !parsed->object()) {
        problem.reason = parsed ? "The line is not a JSON object." : parsed.error().text();
        return false;
    }
    value = std::move(*parsed);
    return true;
}

} // namespace

Result<MetricsFileSummary> readMetricsJsonLines(TextSource source, const MetricRowSink &row, const RejectedRowSink &rejected, const Progress &progress)
{
    Outlet outlet(row, rejected, progress);
    outlet.summary.format = "JSON lines, " + std::string(encodingName(source.encoding()));
    LineReader reader(std::move(source));
    MetricRowParser parser;
    MetricCells cells;
    json::Value value;
    for (;;) {
        const auto more = reader.next(progress);
        if (!more)
            return more.error();
        if (!*more)
            break;
        if (!reader.isTooLong() && reader.text().find_first_not_of(" \t") == std::string_view::npos)
            continue;
        const auto parse = [&](RejectedRow &problem) {
            const bool isRow = readLine(reader, value, problem) && fillCells(*value.object(), cells, outlet.summary.ignoredColumns, problem);
            return isRow ? parser.parse(cells, problem) : nullptr;
        };
        if (const auto status = outlet.record(reader, parse); !status)
            return status.error();
    }
    outlet.finish(reader.source());
    return outlet.summary;
}

} // namespace countersign::importers
