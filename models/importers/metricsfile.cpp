#include "models/importers/metricsfile.h"

#include "models/importers/csv.h"
#include "models/importers/metricsoutlet.h"

namespace countersign::importers {

namespace {

/// '{' for JSON lines; the first character that isn't white space, 0 where there is none.
Result<char> firstCharacter(const std::filesystem::path &file)
{
    auto source = TextSource::open(file);
    if (!source)
        return source.error();
    LineReader reader(std::move(*source));
    for (;;) {
        const auto more = reader.next();
        if (!more)
            return more.error();
        if (!*more)
            return '\0';
        const std::size_t at = reader.text().find_first_not_of(" \t");
        if (at != std::string_view::npos)
            return reader.text()[at];
    }
}

} // namespace

Result<MetricsFileSummary> readMetricsFile(const std::filesystem::path &file, const MetricRowSink &row, const RejectedRowSink &rejected,
                                           const Progress &progress)
{
    const auto first = firstCharacter(file);
    if (!first)
        return first.error();
    if (*first == '\0')
        return Error{ErrorKind::Invalid, "The file is empty. The first line of a metrics file names its columns.", file.string()};
    if (*first == '[')
        return Error{ErrorKind::Invalid, "This is a JSON array. Write one JSON object a line instead (JSON lines).", file.string()};
    auto source = TextSource::open(file);
    if (!source)
        return source.error();
    return *first == '{' ? readMetricsJsonLines(std::move(*source), row, rejected, progress)
                         : readMetricsCsv(file, std::move(*source), row, rejected, progress);
}

} // namespace countersign::importers
