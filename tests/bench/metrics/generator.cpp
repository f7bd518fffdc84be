#include "tests/bench/metrics/generator.h"

#include "models/base/random.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace countersign::bench {

namespace {

constexpr std::size_t kBuffer = 1U << 20;
constexpr std::int64_t kFirstSecond = 1'736'121'600; // 2025-01-06T00:00:00Z, a Monday
constexpr std::int64_t kSeconds = 52LL * 7 * 86'400;
constexpr std::array<std::string_view, 2> kSexes{"F", "M"};
constexpr std::array<std::string_view, 5> kRaces{"A", "B", "C", "D", "E"};
constexpr std::array<std::string_view, 6> kAges{"<25", "25-34", "35-44", "45-54", "55-64", "65+"};
constexpr std::array<double, 5> kRaceShares{0.6, 0.2, 0.12, 0.06, 0.02};

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

/// Rows as text, one after another.
class Rows
{
public:
    Rows(std::uint64_t seed, double secondsPerRow) : m_random(seed), m_step(secondsPerRow) {}

    /// Appends a row; at most 100 bytes.
    void append(std::string &to)
    {
        const auto second = static_cast<std::int64_t>(static_cast<double>(m_row++) * m_step) % kSeconds;
        const std::uint64_t bits = m_random.next();
        const std::size_t sex = bits & 1U;
        const std::size_t age = (bits >> 8) % kAges.size();
        const std::size_t region = (bits >> 24) % 10;
        std::size_t race = 0;
        for (double left = m_random.unit(); race < kRaces.size() - 1 && left >= kRaceShares[race]; ++race)
            left -= kRaceShares[race];
        const double drift = 0.4 * std::sin(static_cast<double>(second) / static_cast<double>(kSeconds) * 6.283185307179586);
        const double risk = -0.8 + 1.6 * (m_random.unit() + m_random.unit() + m_random.unit() - 1.5) + 0.25 * static_cast<double>(sex)
                            + 0.1 * static_cast<double>(race) + 0.05 * static_cast<double>(age) + drift;
        const bool isPositive = m_random.unit() < logistic(2 * risk);
        const double score = logistic(2 * risk + 1.2 * (m_random.unit() - 0.5) - 0.1 * static_cast<double>(race));
        appendTime(second, to);
        to += isPositive ? ",1,0." : ",0,0.";
        std::array<char, 8> digits{};
        const auto millionths = static_cast<int>(std::min(999'999.0, score * 1e6));
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), millionths).ptr;
        to.append(static_cast<std::size_t>(6 - (end - digits.data())), '0').append(digits.data(), end);
        to.append(",").append(kSexes[sex]).append(",").append(kRaces[race]).append(",").append(kAges[age]);
        to.append(",region_").append(1, static_cast<char>('0' + region)).append("\n");
    }

private:
    void appendTime(std::int64_t second, std::string &to)
    {
        const std::int64_t day = second / 86'400;
        if (day != m_day) {
            m_day = day;
            m_date = formatDate(Instant(std::chrono::seconds(kFirstSecond + day * 86'400)));
        }
        const auto ofDay = static_cast<int>(second % 86'400);
        const auto two = [&to](int value) { to.append({static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)}); };
        to.append(m_date).append("T");
        two(ofDay / 3600);
        to.append(":");
        two(ofDay / 60 % 60);
        to.append(":");
        two(ofDay % 60);
    }

    SeededRandomness m_random;
    double m_step;
    std::uint64_t m_row = 0;
    std::int64_t m_day = -1;
    std::string m_date;
};

Status writeAll(int descriptor, std::string &text)
{
    for (std::size_t at = 0; at < text.size();) {
        const auto wrote = ::write(descriptor, text.data() + at, text.size() - at);
        if (wrote < 0)
            return Error{ErrorKind::Io, std::string("Writing failed: ") + std::strerror(errno) + ".", {}};
        at += static_cast<std::size_t>(wrote);
    }
    text.clear();
    return {};
}

/// Digits that make the scores of a stream differ: as many as rows can be told apart by, and no more than a binary64 keeps behind six.
constexpr std::size_t kFurtherDigits = 9;

/// Writes the row's number as further digits of its score.
void writeFurtherDigits(char *to, std::uint64_t row)
{
    for (std::size_t digit = kFurtherDigits; digit-- > 0; row /= 10)
        to[digit] = static_cast<char>('0' + row % 10);
}

constexpr std::string_view kHeader = "ts,y_true,score,sex,race,age_band,region\n";

} // namespace

Result<std::uint64_t> writeLog(const std::filesystem::path &path, std::uint64_t rows, std::uint64_t seed)
{
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0)
        return Error{ErrorKind::Io, std::string("The log can't be written: ") + std::strerror(errno) + ".", path.string()};
    Rows source(seed, static_cast<double>(kSeconds) / static_cast<double>(std::max<std::uint64_t>(1, rows)));
    std::string text(kHeader);
    std::uint64_t bytes = 0;
    Status status;
    for (std::uint64_t i = 0; i < rows && status; ++i) {
        source.append(text);
        if (text.size() >= kBuffer || i + 1 == rows) {
            bytes += text.size();
            status = writeAll(file, text);
        }
    }
    ::close(file);
    if (!status)
        return status.error();
    return bytes;
}

Status streamLog(int descriptor, std::uint64_t bytes, std::uint64_t seed, bool scoresDiffer)
{
    // One block made once and written again and again: the reader is what is measured. Rows repeat, but for the end of their scores.
    Rows source(seed, 60);
    std::string block;
    std::vector<std::size_t> scoreEnds; // where they differ: what stands there is written over
    while (block.size() < 32 * kBuffer) {
        const std::size_t row = block.size();
        source.append(block);
        if (!scoresDiffer)
            continue;
        scoreEnds.push_back(block.find(",0.", row) + 3 + 6);
        block.insert(scoreEnds.back(), kFurtherDigits, '0');
    }
    std::string text(kHeader);
    Status status = writeAll(descriptor, text);
    std::uint64_t row = 0;
    for (std::uint64_t done = 0; status && done < bytes; done += block.size()) {
        text = block;
        for (const std::size_t end : scoreEnds)
            writeFurtherDigits(text.data() + end, row++);
        status = writeAll(descriptor, text);
    }
    return status;
}

predictions::Mapping benchMapping()
{
    predictions::Mapping mapping;
    mapping.label = "y_true";
    mapping.labelValues = {{"1"}, {"0"}};
    mapping.score = "score";
    mapping.time = "ts";
    mapping.attributes = {{"sex", "sex", {}}, {"race", "race", {}}, {"age_band", "age_band", {}}};
    return mapping;
}

} // namespace countersign::bench
