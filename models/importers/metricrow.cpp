#include "models/importers/metricrow.h"

#include "models/base/number.h"
#include "models/base/text.h"
#include "models/base/time.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace countersign::importers {

namespace {

constexpr std::size_t kMaxNameCharacters = 500;
constexpr std::size_t kTimeSlots = 1024; // a power of two
constexpr std::size_t kMaxTimeText = 40;
constexpr std::size_t kMaxSlices = 65'536;

struct Heading {
    std::string_view name; ///< lower case, without spaces, underscores and hyphens
    MetricColumn column;
};

constexpr Heading kHeadings[] = {
    {"model", MetricColumn::Model},           {"version", MetricColumn::Version},
    {"metric", MetricColumn::Metric},         {"value", MetricColumn::Value},
    {"windowstart", MetricColumn::WindowStart}, {"windowend", MetricColumn::WindowEnd},
    {"window", MetricColumn::Point},          {"time", MetricColumn::Point},
    {"timestamp", MetricColumn::Point},       {"n", MetricColumn::N},
    {"lower", MetricColumn::Lower},           {"cilower", MetricColumn::Lower},
    {"upper", MetricColumn::Upper},           {"ciupper", MetricColumn::Upper},
    {"step", MetricColumn::Step},             {"slice", MetricColumn::Slice},
};

constexpr std::string_view kNames[kMetricColumns] = {"model", "version", "metric", "value", "window_start", "window_end",
                                                     "time",  "n",       "lower",  "upper", "step",         "slice"};

std::string_view trimmed(std::string_view text)
{
    const auto isBlank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && isBlank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isBlank(text.back()))
        text.remove_suffix(1);
    return text;
}

char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool reject(RejectedRow &problem, MetricColumn column, std::string reason, std::string_view text)
{
    problem.column = columnName(column);
    problem.reason = std::move(reason);
    problem.text = text;
    return false;
}

std::size_t countCharacters(std::string_view utf8)
{
    return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool takeInteger(std::string_view text, std::int64_t &number)
{
    if (text.starts_with('+'))
        text.remove_prefix(1);
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    return code == std::errc() && end == text.data() + text.size();
}

} // namespace

std::optional<MetricColumn> metricColumn(std::string_view heading)
{
    std::string plain;
    for (const char c : heading) {
        if (c != ' ' && c != '_' && c != '-' && c != '\t')
            plain.push_back(lowered(c));
    }
    const auto *const found = std::ranges::find(kHeadings, std::string_view(plain), &Heading::name);
    if (found == std::end(kHeadings))
        return {};
    return found->column;
}

std::optional<std::string> sliceAttribute(std::string_view heading)
{
    heading = trimmed(heading);
    constexpr std::string_view word = "slice";
    if (heading.size() <= word.size() || (heading[word.size()] != ':' && heading[word.size()] != '.'))
        return {};
    if (!std::ranges::equal(heading.substr(0, word.size()), word, {}, lowered))
        return {};
    const std::string_view attribute = trimmed(heading.substr(word.size() + 1));
    if (attribute.empty())
        return {};
    return std::string(attribute);
}

std::string_view columnName(MetricColumn column) { return kNames[static_cast<std::size_t>(column)]; }

Status checkColumns(const std::array<bool, kMetricColumns> &has)
{
    const auto present = [&has](MetricColumn column) { return has[static_cast<std::size_t>(column)]; };
    std::string missing;
    for (const MetricColumn column : {MetricColumn::Model, MetricColumn::Version, MetricColumn::Metric, MetricColumn::Value}) {
        if (!present(column))
            missing += (missing.empty() ? "" : ", ") + std::string(columnName(column));
    }
    if (!present(MetricColumn::WindowStart) && !present(MetricColumn::WindowEnd) && !present(MetricColumn::Point))
        missing += (missing.empty() ? "" : ", ") + std::string("window_start or time");
    if (missing.empty())
        return {};
    return Error{ErrorKind::Invalid,
                 "The first line doesn't name the columns of a metrics file; missing: " + missing
                     + ". Needed are model, version, metric, value and window_start (with window_end) or time.",
                 {}};
}

void DecimalMark::look(std::string_view number)
{
    const std::size_t comma = number.find(',');
    m_hasDot = m_hasDot || number.find('.') != std::string_view::npos;
    if (comma == std::string_view::npos)
        return;
    m_isBroken = m_isBroken || number.find(',', comma + 1) != std::string_view::npos;
    std::size_t digits = comma + 1;
    while (digits < number.size() && number[digits] >= '0' && number[digits] <= '9')
        ++digits;
    const std::size_t fraction = digits - comma - 1;
    const std::string_view whole = trimmed(number.substr(0, comma));
    const bool isThousands = fraction == 3 && !whole.empty() && whole != "0" && whole != "-0" && whole != "+0" && whole != "-";
    m_hasDecimalComma = m_hasDecimalComma || !isThousands;
}

MetricRowParser::MetricRowParser(bool decimalComma) : m_decimalComma(decimalComma), m_times(kTimeSlots) {}

MetricRow *MetricRowParser::parse(const MetricCells &cells, RejectedRow &problem)
{
    const bool taken = takeNames(cells, problem) && takeWindow(cells, problem) && takeNumbers(cells, problem) && takeSlice(cells, problem);
    return taken ? &m_row : nullptr;
}

bool MetricRowParser::takeNames(const MetricCells &cells, RejectedRow &problem)
{
    m_row.model = cells[MetricColumn::Model];
    m_row.version = cells[MetricColumn::Version];
    m_row.metric = cells[MetricColumn::Metric];
    for (const MetricColumn column : {MetricColumn::Model, MetricColumn::Version, MetricColumn::Metric}) {
        const std::string_view name = cells[column];
        if (trimmed(name).empty())
            return reject(problem, column, "The " + std::string(columnName(column)) + " is empty.", name);
        if (name.size() > kMaxNameCharacters && countCharacters(name) > kMaxNameCharacters)
            return reject(problem, column, "The " + std::string(columnName(column)) + " is longer than 500 characters.", name);
    }
    return true;
}

bool MetricRowParser::takeTime(std::string_view text, MetricColumn column, Instant &time, RejectedRow &problem)
{
    // Files repeat their times, row by row or block by block: a small table by hash spares most of the parsing.
    TimeSlot &slot = m_times[std::hash<std::string_view>()(text) & (kTimeSlots - 1)];
    if (slot.isUsed && slot.text == text) {
        time = slot.time;
        return true;
    }
    const auto parsed = parseTime(text);
    if (!parsed)
        return reject(problem, column, parsed.error().message, text);
    time = *parsed;
    if (text.size() <= kMaxTimeText) {
        slot.text = text;
        slot.time = time;
        slot.isUsed = true;
    }
    return true;
}

bool MetricRowParser::takeWindow(const MetricCells &cells, RejectedRow &problem)
{
    Window &window = m_row.observation.window;
    std::string_view start = trimmed(cells[MetricColumn::WindowStart]);
    std::string_view end = trimmed(cells[MetricColumn::WindowEnd]);
    MetricColumn startColumn = MetricColumn::WindowStart;
    MetricColumn endColumn = MetricColumn::WindowEnd;
    if (const std::string_view point = trimmed(cells[MetricColumn::Point]); !point.empty() && start.empty() && end.empty()) {
        const std::size_t slash = point.find('/');
        start = trimmed(point.substr(0, slash));
        end = slash == std::string_view::npos ? std::string_view() : trimmed(point.substr(slash + 1));
        startColumn = endColumn = MetricColumn::Point;
    }
    if (start.empty() && end.empty())
        return reject(problem, startColumn, "The time is empty.", {});
    if (!start.empty() && !takeTime(start, startColumn, window.start, problem))
        return false;
    if (!end.empty() && !takeTime(end, endColumn, window.end, problem))
        return false;
    if (end.empty())
        window.end = window.start;
    if (start.empty())
        window.start = window.end;
    if (window.end < window.start)
        return reject(problem, endColumn, "The window ends before it starts.", end);
    return true;
}

Result<double> MetricRowParser::number(std::string_view text) const
{
    // Almost every number is plain; the rest (signs, words, hexadecimal look-alikes) is for number::parse to judge.
    const char first = text.empty() ? '\0' : text.front();
    if ((first >= '0' && first <= '9') || first == '-') {
        double value = 0;
        const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (code == std::errc() && end == text.data() + text.size() && std::isfinite(value))
            return value;
    }
    const std::size_t comma = text.find(',');
    if (comma == std::string_view::npos)
        return number::parse(text);
    if (!m_decimalComma)
        return Error{ErrorKind::Invalid, "A comma is not a decimal mark here. Write 0.5.", {}};
    std::string dotted(text);
    dotted[comma] = '.';
    return number::parse(dotted);
}

bool MetricRowParser::takeBound(const MetricCells &cells, MetricColumn column, std::optional<double> &bound, RejectedRow &problem)
{
    const std::string_view text = trimmed(cells[column]);
    bound.reset();
    if (text.empty())
        return true;
    const auto value = number(text);
    if (!value || !std::isfinite(*value))
        return reject(problem, column, value ? "The bound is not finite." : value.error().message, text);
    bound = *value;
    return true;
}

bool MetricRowParser::takeNumbers(const MetricCells &cells, RejectedRow &problem)
{
    Observation &observation = m_row.observation;
    const std::string_view text = trimmed(cells[MetricColumn::Value]);
    if (text.empty())
        return reject(problem, MetricColumn::Value, "The value is empty.", {});
    const auto value = number(text);
    if (!value)
        return reject(problem, MetricColumn::Value, value.error().message, text);
    if (std::isinf(*value))
        return reject(problem, MetricColumn::Value, "The value is infinite.", text);
    observation.value = *value;
    observation.lexeme.clear();
    if (number::shortest(*value) != text)
        observation.lexeme = text;

    if (!takeBound(cells, MetricColumn::Lower, observation.lower, problem) || !takeBound(cells, MetricColumn::Upper, observation.upper, problem))
        return false;
    // Written so that a value of NaN, which no interval holds, is refused too.
    if (observation.lower && !(*observation.lower <= *value))
        return reject(problem, MetricColumn::Lower, "The lower bound is above the value.", trimmed(cells[MetricColumn::Lower]));
    if (observation.upper && !(*observation.upper >= *value))
        return reject(problem, MetricColumn::Upper, "The upper bound is below the value.", trimmed(cells[MetricColumn::Upper]));

    observation.n.reset();
    if (const std::string_view count = trimmed(cells[MetricColumn::N]); !count.empty()) {
        std::int64_t n = 0;
        if (!takeInteger(count, n) || n < 0)
            return reject(problem, MetricColumn::N, "The number of cases is not a whole number of at least 0.", count);
        observation.n = n;
    }
    observation.step = 0;
    if (const std::string_view step = trimmed(cells[MetricColumn::Step]); !step.empty() && !takeInteger(step, observation.step))
        return reject(problem, MetricColumn::Step, "The step is not a whole number.", step);
    return true;
}

bool MetricRowParser::takeSlice(const MetricCells &cells, RejectedRow &problem)
{
    const std::string_view text = trimmed(cells[MetricColumn::Slice]);
    // Lengths in the key, so that no two lists of cells share one.
    m_sliceKey.assign(text);
    for (const auto &[attribute, value] : cells.slices) {
        if (value.empty())
            continue;
        m_sliceKey.append("\n").append(std::to_string(attribute.size())).append(",").append(std::to_string(value.size()));
        m_sliceKey.append(":").append(attribute).append(value);
    }
    if (const auto known = m_slices.find(m_sliceKey); known != m_slices.end()) {
        m_row.slice = &known->second;
        return true;
    }
    auto slice = Slice::parse(text);
    if (!slice)
        return reject(problem, MetricColumn::Slice, slice.error().message, text);
    for (const auto &[attribute, value] : cells.slices) {
        if (!value.empty())
            slice->parts.emplace_back(attribute, value);
    }
    std::ranges::sort(slice->parts);
    const auto twice = std::ranges::adjacent_find(slice->parts, {}, [](const auto &part) { return part.first; });
    if (twice != slice->parts.end())
        return reject(problem, MetricColumn::Slice, "The slice names \"" + twice->first + "\" twice.", text);
    if (m_slices.size() >= kMaxSlices)
        m_slices.clear();
    m_row.slice = &m_slices.emplace(m_sliceKey, std::move(*slice)).first->second;
    return true;
}

} // namespace countersign::importers
