#include "models/importers/metricsfile.h"

#include "models/base/json.h"
#include "models/base/text.h"
#include "models/importers/cleantext.h"
#include "models/importers/csv.h"
#include "models/importers/metricrow.h"

#include <algorithm>

namespace countersign::importers {

namespace {

constexpr std::uint64_t kRowsPerReport = 16'384;
constexpr std::size_t kMaxIgnored = 100;
constexpr std::size_t kSampleCharacters = 200;
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

/// What a list of one line shows of a text of unknown worth.
std::string sampleOf(std::string_view bytes)
{
    std::uint64_t replaced = 0;
    return shortened(text::visible(wellFormed(bytes, replaced)), kSampleCharacters);
}

/// Rows on their way out: counts, trims samples, reports.
class Outlet
{
public:
    Outlet(const MetricRowSink &row, const RejectedRowSink &rejected, const Progress &progress)
        : m_row(row), m_rejected(rejected), m_progress(progress)
    {
    }

    std::uint64_t beginRow() { return ++m_number; }
    Status accept(const MetricRow &row)
    {
        ++summary.accepted;
        return m_row(row);
    }
    void reject(RejectedRow problem)
    {
        ++summary.rejected;
        std::uint64_t replaced = 0;
        problem.text = shortened(wellFormed(problem.text, replaced), kSampleCharacters);
        if (m_rejected)
            m_rejected(problem);
    }
    Status breathe(const TextSource &source) const
    {
        if (m_number % kRowsPerReport != 0)
            return {};
        m_progress(source.bytesDone(), source.bytesTotal(), "reading metrics");
        if (m_progress.isCancelled())
            return Error{ErrorKind::Cancelled, "Reading the metrics was stopped.", {}};
        return {};
    }
    void finish(const TextSource &source) const { m_progress(source.bytesTotal(), source.bytesTotal(), "reading metrics"); }

    MetricsFileSummary summary;

private:
    const MetricRowSink &m_row;
    const RejectedRowSink &m_rejected;
    const Progress &m_progress;
    std::uint64_t m_number = 0;
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

Result<MetricsFileSummary> readCsv(const std::filesystem::path &file, TextSource source, const MetricRowSink &row, const RejectedRowSink &rejected,
                                   const Progress &progress)
{
    const Encoding encoding = source.encoding();
    CsvReader reader(std::move(source));
    const auto header = readHeader(reader);
    if (!header)
        return header.error();
    const auto &[delimiter, layout] = *header;
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
        const std::uint64_t number = outlet.beginRow();
        RejectedRow problem;
        MetricRow *taken = nullptr;
        if (checkRecord(reader, layout, problem)) {
            fillCells(layout, reader.fields(), cells);
            taken = parser.parse(cells, problem);
        }
        if (taken) {
            taken->row = number;
            if (const auto status = outlet.accept(*taken); !status)
                return status.error();
        } else {
            problem.row = number;
            problem.line = reader.line();
            outlet.reject(std::move(problem));
        }
        if (const auto status = outlet.breathe(reader.source()); !status)
            return status.error();
    }
    outlet.finish(reader.source());
    return outlet.summary;
}

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

Result<MetricsFileSummary> readJsonLines(TextSource source, const MetricRowSink &row, const RejectedRowSink &rejected, const Progress &progress)
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
        const std::uint64_t number = outlet.beginRow();
        RejectedRow problem;
        MetricRow *taken = nullptr;
        if (readLine(reader, value, problem) && fillCells(*value.object(), cells, outlet.summary.ignoredColumns, problem))
            taken = parser.parse(cells, problem);
        if (taken) {
            taken->row = number;
            if (const auto status = outlet.accept(*taken); !status)
                return status.error();
        } else {
            problem.row = number;
            problem.line = reader.line();
            outlet.reject(std::move(problem));
        }
        if (const auto status = outlet.breathe(reader.source()); !status)
            return status.error();
    }
    outlet.finish(reader.source());
    return outlet.summary;
}

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
    auto summary = *first == '{' ? readJsonLines(std::move(*source), row, rejected, progress)
                                 : readCsv(file, std::move(*source), row, rejected, progress);
    return summary;
}

} // namespace countersign::importers
