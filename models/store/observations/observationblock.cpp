#include "models/store/observations/observationblock.h"

#include "models/base/json.h"
#include "models/base/number.h"
#include "models/base/text.h"
#include "models/store/observations/compressed.h"

#include <array>
#include <charconv>
#include <cmath>

namespace countersign::store {

namespace {

constexpr std::string_view kMagic = "CSGO1\n";
constexpr std::size_t kMaxText = 256U << 20;

void appendInteger(std::string &text, std::int64_t value)
{
    std::array<char, 24> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    text.append(buffer.data(), end);
}

void appendReal(std::string &text, const std::optional<double> &value)
{
    if (!value) {
        text.push_back('-');
        return;
    }
    std::array<char, 40> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), *value).ptr;
    text.append(buffer.data(), end);
}

Status appendSeries(std::string &text, const SeriesDefinition &series)
{
    const json::Array key{json::Value(series.key.version ? series.key.version->text() : std::string()),
                          json::Value(series.key.run ? series.key.run->text() : std::string()),
                          json::Value(text::escape(series.key.metric)), json::Value(text::escape(series.key.slice.text()))};
    const auto encoded = json::writeRestricted(json::Value(key));
    if (!encoded)
        return encoded.error();
    text += "S ";
    appendInteger(text, series.id);
    text.push_back(' ');
    text += *encoded;
    text.push_back('\n');
    return {};
}

Error corrupt(const char *what) { return {ErrorKind::Tampered, std::string("An observation block is not well-formed: ") + what + ".", {}}; }

/// Fields of one line, separated by single blanks.
class Fields
{
public:
    explicit Fields(std::string_view line) : m_rest(line) {}
    bool take(std::string_view &field)
    {
        if (m_done)
            return false;
        const auto end = m_rest.find(' ');
        field = m_rest.substr(0, end);
        m_done = end == std::string_view::npos;
        m_rest.remove_prefix(m_done ? m_rest.size() : end + 1);
        return true;
    }
    bool integer(std::int64_t &value)
    {
        std::string_view field;
        return take(field) && read(field, value);
    }
    template<class T>
    bool optional(std::optional<T> &value)
    {
        std::string_view field;
        if (!take(field))
            return false;
        if (field == "-")
            return true;
        T number{};
        if (!read(field, number))
            return false;
        value = number;
        return true;
    }
    template<class T>
    static bool read(std::string_view field, T &value)
    {
        const auto [end, code] = std::from_chars(field.data(), field.data() + field.size(), value);
        return code == std::errc() && end == field.data() + field.size();
    }
    std::string_view rest() const { return m_rest; }
    bool atEnd() const { return m_done; }

private:
    std::string_view m_rest;
    bool m_done = false;
};

Result<SeriesDefinition> parseSeries(std::string_view line)
{
    Fields fields(line);
    SeriesDefinition series;
    std::string_view mark;
    if (!fields.take(mark) || !fields.integer(series.id))
        return corrupt("a series has no number");
    const auto value = json::readRestricted(fields.rest());
    const json::Array *key = value ? value->array() : nullptr;
    if (!key || key->size() != 4)
        return corrupt("a series is not described by four texts");
    std::array<std::string, 4> texts;
    for (std::size_t i = 0; i < 4; ++i) {
        const auto *text = (*key)[i].string();
        const auto plain = text ? text::unescape(*text) : Result<std::string>(corrupt("a series is not described by four texts"));
        if (!plain)
            return plain.error();
        texts[i] = *plain;
    }
    const auto slice = Slice::parse(texts[3]);
    if (!slice)
        return slice.error();
    if (!texts[0].empty())
        series.key.version = VersionId::of(texts[0]);
    if (!texts[1].empty())
        series.key.run = RunId::of(texts[1]);
    series.key.metric = texts[2];
    series.key.slice = *slice;
    return series;
}

Result<ObservationRow> parseRow(std::string_view line, std::int64_t series)
{
    Fields fields(line);
    ObservationRow row;
    row.series = series;
    std::string_view value;
    if (!fields.integer(row.windowEnd) || !fields.integer(row.windowStart) || !fields.integer(row.step) || !fields.integer(row.revision)
        || !fields.take(value) || !fields.optional(row.n) || !fields.optional(row.lower) || !fields.optional(row.upper) || !fields.atEnd())
        return corrupt("a row does not have its eight fields");
    if (value == "NaN")
        return row;
    const auto number = number::parse(value);
    if (!number)
        return corrupt("a value is not a number");
    row.value = *number;
    if (number::shortest(*number) != value)
        row.lexeme = value;
    return row;
}

} // namespace

Observation ObservationRow::observation() const
{
    Observation result;
    result.window = {fromMillis(windowStart), fromMillis(windowEnd)};
    result.step = step;
    if (value)
        result.value = *value;
    result.n = n;
    result.lower = lower;
    result.upper = upper;
    result.lexeme = lexeme;
    return result;
}

Result<Bytes> encodeBlock(const ObservationBlock &block)
{
    std::string text(kMagic);
    text.reserve(block.rows.size() * 48 + block.series.size() * 120 + 16);
    auto series = block.series.begin();
    for (std::size_t i = 0; i < block.rows.size(); ++i) {
        const auto &row = block.rows[i];
        if (i == 0 || row.series != block.rows[i - 1].series) {
            while (series != block.series.end() && series->id < row.series)
                ++series;
            if (series == block.series.end() || series->id != row.series)
                return corrupt("a row belongs to a series that is not defined");
            if (const auto status = appendSeries(text, *series); !status)
                return status.error();
        }
        for (const std::int64_t field : {row.windowEnd, row.windowStart, row.step, row.revision}) {
            appendInteger(text, field);
            text.push_back(' ');
        }
        if (!row.value)
            text += "NaN";
        else if (!row.lexeme.empty())
            text += row.lexeme;
        else
            text += number::shortest(*row.value);
        text.push_back(' ');
        if (row.n)
            appendInteger(text, *row.n);
        else
            text.push_back('-');
        text.push_back(' ');
        appendReal(text, row.lower);
        text.push_back(' ');
        appendReal(text, row.upper);
        text.push_back('\n');
    }
    return compressed(text, 1); // an import writes, a verification only reads
}

Result<ObservationBlock> decodeBlock(BytesView bytes)
{
    const auto text = expanded(bytes, kMaxText);
    if (!text && text.error().kind == ErrorKind::Tampered)
        return corrupt("it cannot be unpacked");
    if (!text)
        return text.error();
    std::string_view rest = *text;
    if (!rest.starts_with(kMagic) || !rest.ends_with('\n'))
        return corrupt("it does not begin or end as one");
    rest.remove_prefix(kMagic.size());
    ObservationBlock block;
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(end + 1);
        if (line.starts_with("S ")) {
            auto series = parseSeries(line);
            if (!series)
                return series.error();
            if (!block.series.empty() && block.series.back().id >= series->id)
                return corrupt("its series are not in order");
            block.series.push_back(std::move(*series));
            continue;
        }
        if (block.series.empty())
            return corrupt("a row comes before its series");
        auto row = parseRow(line, block.series.back().id);
        if (!row)
            return row.error();
        block.rows.push_back(std::move(*row));
    }
    return block;
}

} // namespace countersign::store
