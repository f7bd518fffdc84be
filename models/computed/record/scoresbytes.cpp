#include "models/base/text.h"
#include "models/computed/scores/scoresummary.h"

#include <bit>
#include <cstring>

/// The bytes of a score summary, as SCORES.md says.
namespace countersign::computed {

namespace {

constexpr std::string_view kAnySchema = "countersign-scores-";
constexpr std::size_t kMostText = 64U << 10;
constexpr double kExactIntegers = 9007199254740992.0; // 2^53

enum Flag : std::uint8_t { kHasLabels = 1, kIsWeighted = 2, kHasLogged = 4 };

// ---- writing

class Writer
{
public:
    void byte(std::uint8_t value) { m_bytes.push_back(static_cast<char>(value)); }
    void integer(std::uint64_t value)
    {
        for (; value >= 0x80; value >>= 7U)
            byte(static_cast<std::uint8_t>(0x80U | (value & 0x7FU)));
        byte(static_cast<std::uint8_t>(value));
    }
    void real(double value)
    {
        std::uint64_t bits = std::bit_cast<std::uint64_t>(value);
        for (int i = 0; i < 8; ++i, bits >>= 8U)
            byte(static_cast<std::uint8_t>(bits & 0xFFU));
    }
    void text(std::string_view text)
    {
        integer(text.size());
        m_bytes.append(text);
    }
    void number(double value, bool isWeighted) { isWeighted ? real(value) : integer(static_cast<std::uint64_t>(value)); }
    /// So many zeros, so many others and these, and again, until the bins are full.
    void bins(const std::vector<double> &values, bool isWeighted)
    {
        for (std::size_t i = 0; i < values.size();) {
            const std::size_t zeros = i;
            for (; i < values.size() && values[i] == 0; ++i) { }
            const std::size_t others = i;
            for (; i < values.size() && values[i] != 0; ++i) { }
            integer(others - zeros);
            integer(i - others);
            for (std::size_t k = others; k < i; ++k)
                number(values[k], isWeighted);
        }
    }
    void append(std::string_view bytes) { m_bytes.append(bytes); }
    Bytes take() { return std::move(m_bytes); }

private:
    Bytes m_bytes;
};

/// Attributes in the order in which groups and what is left out name them.
std::vector<std::string> attributeNames(const ScoreSummary &summary)
{
    std::vector<std::string> names;
    const auto take = [&](const std::string &name) {
        if (std::ranges::find(names, name) == names.end())
            names.push_back(name);
    };
    for (const ScoreGroup &group : summary.groups)
        for (const auto &value : group.group)
            take(value.first);
    for (const auto &attributes : summary.leftOut)
        for (const auto &name : attributes)
            take(name);
    return names;
}

std::uint64_t indexIn(const std::vector<std::string> &names, const std::string &name)
{
    return static_cast<std::uint64_t>(std::ranges::find(names, name) - names.begin());
}

void writeGroup(const ScoreGroup &group, const std::vector<std::string> &names, std::uint8_t flags, Writer &writer)
{
    const bool isWeighted = flags & kIsWeighted;
    writer.integer(group.group.size());
    for (const auto &[attribute, value] : group.group) {
        writer.integer(indexIn(names, attribute));
        writer.text(value);
    }
    writer.byte(group.isMissing ? 1 : 0);
    writer.integer(group.rows);
    if (isWeighted)
        writer.real(group.squares);
    if (flags & kHasLogged)
        for (const double count : {group.logged->tp, group.logged->fp, group.logged->fn, group.logged->tn})
            writer.number(count, isWeighted);
    writer.bins(group.positives, isWeighted);
    writer.bins(group.negatives, isWeighted);
}

// ---- reading

/// Reads what Writer wrote; after the first thing that is wrong every answer is empty and ok() says so.
class Reader
{
public:
    explicit Reader(BytesView bytes) : m_rest(bytes) {}

    std::uint8_t byte()
    {
        if (m_rest.empty()) {
            fail();
            return 0;
        }
        const auto value = static_cast<std::uint8_t>(m_rest.front());
        m_rest.remove_prefix(1);
        return value;
    }
    std::uint64_t integer(std::uint64_t most)
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 63; shift += 7) {
            const std::uint8_t next = byte();
            value |= std::uint64_t{next & 0x7FU} << shift;
            if (next < 0x80) {
                if (value > most)
                    fail();
                return m_isOk ? value : 0;
            }
        }
        fail();
        return 0;
    }
    double real()
    {
        std::uint64_t bits = 0;
        for (unsigned i = 0; i < 8; ++i)
            bits |= std::uint64_t{byte()} << (8 * i);
        const double value = std::bit_cast<double>(bits);
        if (!std::isfinite(value) || (value == 0 && std::signbit(value))) // one zero, one spelling
            fail();
        return m_isOk ? value : 0;
    }
    std::string text()
    {
        const auto size = static_cast<std::size_t>(integer(kMostText));
        if (size > m_rest.size() || !text::isUtf8(m_rest.substr(0, size))) {
            fail();
            return {};
        }
        std::string text(m_rest.substr(0, size));
        m_rest.remove_prefix(size);
        return text;
    }
    double number(bool isWeighted)
    {
        const double value = isWeighted ? real() : static_cast<double>(integer(static_cast<std::uint64_t>(kExactIntegers)));
        if (value < 0)
            fail();
        return value;
    }
    std::vector<double> bins(std::size_t size, bool isWeighted)
    {
        std::vector<double> values;
        while (m_isOk && values.size() < size) {
            values.resize(values.size() + static_cast<std::size_t>(integer(size - values.size())));
            const auto others = static_cast<std::size_t>(integer(size - values.size()));
            for (std::size_t i = 0; i < others && m_isOk; ++i)
                values.push_back(number(isWeighted));
            if (others == 0 && values.size() < size)
                fail(); // would be an endless row of empty runs
        }
        return values;
    }
    void fail() { m_isOk = false; }
    bool ok() const { return m_isOk; }
    bool atEnd() const { return m_rest.empty(); }

private:
    BytesView m_rest;
    bool m_isOk = true;
};

void readEdges(Reader &reader, ScoreSummary &summary)
{
    if (summary.binning == Binning::EqualWidth) {
        for (std::size_t i = 0; i < kScoreBins; ++i)
            summary.edges.push_back(static_cast<double>(i) / static_cast<double>(kScoreBins));
        return;
    }
    const std::uint64_t count = reader.integer(kScoreBins);
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i)
        summary.edges.push_back(reader.real());
    summary.highest = reader.real();
    const bool isAscending = std::ranges::is_sorted(summary.edges, std::less_equal<>()) && !summary.edges.empty();
    if (!isAscending || summary.edges.back() > summary.highest)
        reader.fail();
}

std::vector<std::string> readNames(Reader &reader)
{
    std::vector<std::string> names;
    const std::uint64_t count = reader.integer(kMostScoreGroups);
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i)
        names.push_back(reader.text());
    return names;
}

/// An attribute by its number.
std::string readName(Reader &reader, const std::vector<std::string> &names)
{
    const std::uint64_t index = reader.integer(kMostScoreGroups);
    if (index < names.size())
        return names[static_cast<std::size_t>(index)];
    reader.fail();
    return {};
}

ScoreGroup readGroup(Reader &reader, const std::vector<std::string> &names, std::uint8_t flags, std::size_t bins)
{
    const bool isWeighted = flags & kIsWeighted;
    ScoreGroup group;
    const std::uint64_t values = reader.integer(2);
    for (std::uint64_t i = 0; i < values && reader.ok(); ++i) {
        std::string attribute = readName(reader, names);
        group.group.emplace_back(std::move(attribute), reader.text());
    }
    group.isMissing = reader.byte() != 0;
    group.rows = reader.integer(static_cast<std::uint64_t>(kExactIntegers));
    group.squares = isWeighted ? reader.real() : static_cast<double>(group.rows);
    if (flags & kHasLogged) {
        metrics::Counts &logged = group.logged.emplace();
        for (double *count : {&logged.tp, &logged.fp, &logged.fn, &logged.tn})
            *count = reader.number(isWeighted);
        logged.squares = group.squares;
        logged.rows = group.rows;
    }
    group.positives = reader.bins(bins, isWeighted);
    group.negatives = reader.bins(bins, isWeighted);
    return group;
}

/// Without weights the bins hold as many rows as there are.
bool addsUp(const ScoreGroup &group)
{
    double sum = 0;
    for (const auto *bins : {&group.positives, &group.negatives})
        for (const double count : *bins)
            sum += count;
    return sum == static_cast<double>(group.rows) && (!group.logged || group.logged->total() == sum);
}

Error damaged(const char *what) { return {ErrorKind::Tampered, std::string("The kept scores are damaged: ") + what + ".", {}}; }

} // namespace

Bytes writeScores(const ScoreSummary &summary)
{
    const bool hasLogged = !summary.groups.empty() && summary.everybody().logged;
    const auto flags = static_cast<std::uint8_t>((summary.hasLabels ? kHasLabels : 0) | (summary.isWeighted ? kIsWeighted : 0)
                                                 | (hasLogged ? kHasLogged : 0));
    Writer writer;
    writer.append(kScoresSchema);
    writer.byte('\n');
    writer.byte(static_cast<std::uint8_t>(summary.binning));
    writer.byte(flags);
    writer.real(summary.scoreStep);
    if (summary.binning != Binning::EqualWidth) {
        writer.integer(summary.edges.size());
        for (const double edge : summary.edges)
            writer.real(edge);
        writer.real(summary.highest);
    }
    const std::vector<std::string> names = attributeNames(summary);
    writer.integer(names.size());
    for (const auto &name : names)
        writer.text(name);
    writer.integer(summary.leftOut.size());
    for (const auto &attributes : summary.leftOut) {
        writer.integer(attributes.size());
        for (const auto &name : attributes)
            writer.integer(indexIn(names, name));
    }
    writer.integer(summary.groups.size());
    for (const ScoreGroup &group : summary.groups)
        writeGroup(group, names, flags, writer);
    return writer.take();
}

Result<ScoreSummary> readScores(BytesView bytes)
{
    if (bytes.size() > kMostScoreBytes)
        return damaged("they are larger than scores ever are");
    const std::string head = std::string(kScoresSchema) + "\n";
    if (!bytes.starts_with(head))
        return bytes.starts_with(kAnySchema)
                   ? Error{ErrorKind::Unsupported, "These scores were kept by a later version of the program.", {}}
                   : damaged("they do not begin as kept scores do");
    Reader reader(bytes.substr(head.size()));
    ScoreSummary summary;
    const std::uint8_t binning = reader.byte();
    if (binning > static_cast<std::uint8_t>(Binning::Quantiles))
        return damaged("the kind of bins is unknown");
    summary.binning = static_cast<Binning>(binning);
    const std::uint8_t flags = reader.byte();
    summary.hasLabels = flags & kHasLabels;
    summary.isWeighted = flags & kIsWeighted;
    summary.scoreStep = reader.real();
    readEdges(reader, summary);
    const std::vector<std::string> names = readNames(reader);
    const std::uint64_t leftOut = reader.integer(1U << 20);
    for (std::uint64_t i = 0; i < leftOut && reader.ok(); ++i) {
        auto &attributes = summary.leftOut.emplace_back();
        const std::uint64_t count = reader.integer(2);
        for (std::uint64_t k = 0; k < count && reader.ok(); ++k)
            attributes.push_back(readName(reader, names));
    }
    const std::uint64_t groups = reader.integer(summary.isWeighted ? kMostWeightedScoreGroups : kMostScoreGroups);
    for (std::uint64_t i = 0; i < groups && reader.ok(); ++i)
        summary.groups.push_back(readGroup(reader, names, flags, summary.edges.size()));
    if (!reader.ok() || !reader.atEnd())
        return damaged("they end too early, too late or in the middle of a number");
    if (summary.groups.empty() || !summary.everybody().group.empty())
        return damaged("everybody is not among the groups");
    if (!summary.isWeighted && !std::ranges::all_of(summary.groups, addsUp))
        return damaged("bins and rows do not add up");
    if (writeScores(summary) != bytes) // one summary, one spelling
        return damaged("they are not written as they have to be");
    return summary;
}

} // namespace countersign::computed
