#include "models/importers/csv.h"
#include "models/importers/metricrow.h"
#include "models/importers/metricsoutlet.h"

#include <algorithm>

/// A metrics file as CSV: delimiter and decimal mark are found, columns known by their headings.
namespace countersign::importers {

namespace {

constexpr char kDelimiters[] = {',', ';', '\t'};

/// What a column of the file is to us.
struct HeadingUse {
    std::optional<MetricColumn> column;
    std::string attribute; ///< of a slice; empty otherwise
};

struct Layout {
    std::vector<HeadingUse> uses;
    std::array<bool, kMetricColumns> has{};
    std::vector<std::string> ignored;
    int known = 0;
};

Layout layoutOf(const std::vector<std::string> &headings)
{
    Layout layout;
    for (const std::string &heading : headings) {
        HeadingUse use;
        if (const auto attribute = sliceAttribute(heading))
            use.attribute = *attribute;
        else
            use.column = metricColumn(heading);
        if (use.column) {
            layout.has[static_cast<std::size_t>(*use.column)] = true;
            ++layout.known;
        } else if (use.attribute.empty() && layout.ignored.size() < kMaxIgnored) {
            layout.ignored.push_back(sampleOf(heading));
        }
        layout.uses.push_back(std::move(use));
    }
    return layout;
}

Status checkHeadings(const std::vector<std::string> &headings, const Layout &layout)
{
    for (const std::string &heading : headings) {
        if (heading.find('\0') != std::string::npos || !text::isUtf8(heading))
            return Error{ErrorKind::Invalid, "This is not a text file in UTF-8 or UTF-16. Save the table as CSV in UTF-8.", "line 1"};
    }
    if (const auto checked = checkColumns(layout.has); !checked)
        return checked.error().in("line 1");
    for (std::size_t i = 0; i < headings.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const bool sameColumn = layout.uses[i].column && layout.uses[i].column == layout.uses[j].column;
            const bool sameAttribute = !layout.uses[i].attribute.empty() && layout.uses[i].attribute == layout.uses[j].attribute;
            if (sameColumn || sameAttribute)
                return Error{ErrorKind::Invalid, "Two columns mean the same: \"" + headings[j] + "\" and \"" + headings[i] + "\". Remove one.", "line 1"};
        }
    }
    return {};
}

/// The delimiter under which most headings are known, and what they are. Comma where nothing tells.
Result<std::pair<char, Layout>> readHeader(CsvReader &reader)
{
    std::pair<char, Layout> best{',', {}};
    std::vector<std::string> bestHeadings;
    for (const char delimiter : kDelimiters) {
        const auto headings = reader.peek(delimiter);
        if (!headings)
            return headings.error();
        Layout layout = layoutOf(*headings);
        if (delimiter == ',' || layout.known > best.second.known) {
            best = {delimiter, std::move(layout)};
            bestHeadings = *headings;
        }
    }
    if (bestHeadings.empty())
        return Error{ErrorKind::Invalid, "There is no header line. The first line of a metrics file names its columns.", "line 1"};
    if (const auto checked = checkHeadings(bestHeadings, best.second); !checked)
        return checked.error();
    return best;
}

std::string_view delimiterName(char delimiter)
{
    switch (delimiter) {
    case ';':
        return "semicolon";
    case '\t':
        return "tab";
    default:
        return "comma";
    }
}

/// Reads the numbers of the whole file once, to learn what a comma in them means. Stops at the first decimal point.
Result<bool> readsDecimalComma(const std::filesystem::path &file, char delimiter, const Layout &layout, const Progress &progress)
{
    auto source = TextSource::open(file);
    if (!source)
        return source.error();
    CsvReader reader(std::move(*source), delimiter);
    DecimalMark mark;
    for (std::uint64_t row = 0; !mark.isDecided(); ++row) {
        const auto more = reader.next(progress);
        if (!more)
            return more.error();
        if (!*more)
            break;
        if (row % kRowsPerReport == 0 && progress.isCancelled())
            return Error{ErrorKind::Cancelled, "Reading the metrics was stopped.", {}};
        if (row == 0 || !reader.problem().empty())
            continue;
        const std::size_t columns = std::min(layout.uses.size(), reader.fields().size());
        for (std::size_t i = 0; i < columns; ++i) {
            const auto column = layout.uses[i].column;
            if (column == MetricColumn::Value || column == MetricColumn::Lower || column == MetricColumn::Upper)
                mark.look(reader.fields()[i]);
        }
    }
    return mark.isComma();
}

std::string columnOf(const Layout &layout, std::size_t field)
{
    if (field >= layout.uses.size())
        return {};
    const HeadingUse &use = layout.uses[field];
    if (use.column)
        return std::string(columnName(*use.column));
    return use.attribute.empty() ? std::string() : "slice:" + use.attribute;
}

void fillCells(const Layout &layout, const std::vector<std::string_view> &fields, MetricCells &cells)
{
    cells.slices.clear();
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const HeadingUse &use = layout.uses[i];
        if (use.column)
            cells[*use.column] = fields[i];
        else if (!use.attribute.empty())
            cells.slices.emplace_back(use.attribute, fields[i]);
    }
}

/// True when the record as such can be read into cells.
bool checkRecord(const CsvReader &reader, const Layout &layout, RejectedRow &problem)
{
    if (!reader.problem().empty()) {
        problem.reason = reader.problem();
        problem.text = reader.sample();
        if (reader.badField() >= 0)
            problem.column = columnOf(layout, static_cast<std::size_t>(reader.badField()));
        return false;
    }
    if (reader.fields().size() == layout.uses.size())
        return true;
    problem.reason = "The row has " + std::to_string(reader.fields().size()) + " fields, the header has " + std::to_string(layout.uses.size()) + ".";
    problem.text = reader.fields().front();
    return false;
}

} // namespace

Result<MetricsFileSummary> readMetricsCsv(const std::filesystem::path &file, TextSource source, const MetricRowSink &row, const RejectedRowSink &rejected,
                                          const Progress &progress)
{
    const Encoding encoding = source.encoding();
    CsvReader reader(std::move(source));
    const auto header = readHeader(reader);
    if (!header)
        return header.error();
    const char delimiter = header->first;
    const Layout &layout = header->second;
    reader.setDelimiter(delimiter);
    bool decimalComma = false;
    if (delimiter != ',') {
        const auto comma = readsDecimalComma(file, delimiter, layout, progress);
        if (!comma)
            return comma.error();
        decimalComma = *comma;
    }

    Outlet outlet(row, rejected, progress);
    outlet.summary.format = "CSV, " + std::string(delimiterName(delimiter)) + ", " + std::string(encodingName(encoding));
    outlet.summary.ignoredColumns = layout.ignored;
    MetricRowParser parser(decimalComma);
    MetricCells cells;
    bool isHeader = true;
    for (;;) {
        const auto more = reader.next(progress);
        if (!more)
            return more.error();
        if (!*more)
            break;
        if (std::exchange(isHeader, false))
            continue;
        const auto parse = [&](RejectedRow &problem) -> MetricRow * {
            if (!checkRecord(reader, layout, problem))
                return nullptr;
            fillCells(layout, reader.fields(), cells);
            return parser.parse(cells, problem);
        };
        if (const auto status = outlet.record(reader, parse); !status)
            return status.error();
    }
    outlet.finish(reader.source());
    return outlet.summary;
}

} // namespace countersign::importers
