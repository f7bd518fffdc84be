#pragma once

#include "models/base/progress.h"
#include "models/base/result.h"
#include "models/domain/metrics.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace countersign::importers {

/// One accepted row of a metrics file. Views are valid during the callback only.
struct MetricRow {
    std::uint64_t row = 0; ///< 1 is the first row of data
    std::string_view model;
    std::string_view version;
    std::string_view metric;
    const Slice *slice = nullptr;
    Observation observation;
};

/// A row that was not taken, and why.
struct RejectedRow {
    std::uint64_t row = 0;
    std::uint64_t line = 0; ///< of the file, where the row begins
    std::string column;     ///< empty when the row as a whole is wrong
    std::string reason;     ///< a sentence
    std::string text;       ///< the offending cell, at most 200 characters
};

struct MetricsFileSummary {
    std::string format;     ///< "CSV, comma, UTF-8" or "JSON lines, UTF-8"
    std::uint64_t accepted = 0;
    std::uint64_t rejected = 0;
    std::vector<std::string> ignoredColumns;
};

using MetricRowSink = std::function<Status(const MetricRow &)>;
using RejectedRowSink = std::function<void(const RejectedRow &)>;

/// Streams a metrics file in long form: CSV (RFC 4180) or JSON lines, told apart by content. Memory does not grow with the file.
/// A bad row goes to `rejected`, never stops the rest. Invalid: no header, a required column missing, not text. Io: unreadable.
/// Cancelled: the progress said so. A failure of `row` is passed on at once.
Result<MetricsFileSummary> readMetricsFile(const std::filesystem::path &file, const MetricRowSink &row,
                                           const RejectedRowSink &rejected, const Progress &progress);

} // namespace countersign::importers
