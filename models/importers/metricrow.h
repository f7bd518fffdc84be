#pragma once

#include "models/base/result.h"
#include "models/importers/metricsfile.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace countersign::importers {

/// The columns a metrics file may have. Point is a moment or an interval "start/end" instead of two columns.
enum class MetricColumn { Model, Version, Metric, Value, WindowStart, WindowEnd, Point, N, Lower, Upper, Step, Slice };
inline constexpr std::size_t kMetricColumns = 12;

/// The column that a heading names, case, spaces, underscores and hyphens aside: "ci_lower" and "Lower" are the same.
std::optional<MetricColumn> metricColumn(std::string_view heading);
/// "sex" for "slice:sex" and "slice.sex"; nothing for any other heading.
std::optional<std::string> sliceAttribute(std::string_view heading);
std::string_view columnName(MetricColumn column); ///< "window_start"
/// Invalid names what is missing; has(column) says what is there.
Status checkColumns(const std::array<bool, kMetricColumns> &has);

/// The text of one row's cells. Views only.
struct MetricCells {
    std::array<std::string_view, kMetricColumns> text;
    std::vector<std::pair<std::string_view, std::string_view>> slices; ///< attribute and value; an empty value adds nothing

    std::string_view operator[](MetricColumn column) const { return text[static_cast<std::size_t>(column)]; }
    std::string_view &operator[](MetricColumn column) { return text[static_cast<std::size_t>(column)]; }
};

/// Whether a comma in a number is a decimal mark. Looks at the numbers of a whole file: "1,234" alone says nothing.
class DecimalMark
{
public:
    void look(std::string_view number);
    bool isDecided() const { return m_hasDot; } ///< no later number can make commas acceptable
    /// Commas are used, no point is, and at least one comma can't separate thousands.
    bool isComma() const { return m_hasDecimalComma && !m_hasDot && !m_isBroken; }

private:
    bool m_hasDot = false;
    bool m_hasDecimalComma = false;
    bool m_isBroken = false; ///< two commas in one number
};

/// Turns cells into a row, or says what is wrong with them. Remembers the times and slices it has read: files repeat them.
class MetricRowParser
{
public:
    explicit MetricRowParser(bool decimalComma = false);
    /// The row, valid until the next call; nullptr when `problem` tells why not (column, reason, text are set).
    MetricRow *parse(const MetricCells &cells, RejectedRow &problem);

private:
    struct TimeSlot {
        std::string text;
        Instant time{};
        bool isUsed = false;
    };
    bool takeNames(const MetricCells &cells, RejectedRow &problem);
    bool takeWindow(const MetricCells &cells, RejectedRow &problem);
    bool takeTime(std::string_view text, MetricColumn column, Instant &time, RejectedRow &problem);
    bool takeNumbers(const MetricCells &cells, RejectedRow &problem);
    bool takeBound(const MetricCells &cells, MetricColumn column, std::optional<double> &bound, RejectedRow &problem);
    bool takeSlice(const MetricCells &cells, RejectedRow &problem);
    Result<double> number(std::string_view text) const;

    bool m_decimalComma;
    MetricRow m_row;
    std::vector<TimeSlot> m_times;
    std::unordered_map<std::string, Slice> m_slices;
    std::string m_sliceKey;
};

} // namespace countersign::importers
