#pragma once

#include "models/importers/textstream.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace countersign::importers {

/// A streaming reader of comma-separated text as RFC 4180 has it, and as people have it: any of three line ends, any one-byte
/// delimiter, blank lines passed over, a quote inside an unquoted field taken as itself.
///
/// A record that is wrong is given out as a problem and costs its first line only: reading goes on at the line after the one in
/// which it began, so one forgotten quote doesn't swallow a file. Memory stays below TextWindow::kMaxBytes.
class CsvReader
{
public:
    static constexpr std::size_t kMaxField = 1U << 20;
    static constexpr std::size_t kMaxFields = 4096;

    explicit CsvReader(TextSource source, char delimiter = ',');

    /// The first record of the text, read with another delimiter, without moving forward. Empty: no text, or no record within reach.
    Result<std::vector<std::string>> peek(char delimiter);
    /// From here on.
    void setDelimiter(char delimiter);

    /// Moves to the next record; false at the end. Io, Cancelled.
    Result<bool> next(const Progress &progress = {});

    /// Of the current record. Views live until next().
    const std::vector<std::string_view> &fields() const { return m_fields; }
    /// Where the record begins; 1 is the first line.
    std::uint64_t line() const { return m_recordLine; }
    /// A sentence why the record can't be taken; empty when it can. Then fields() is of no use but for `badField`.
    const std::string &problem() const { return m_problem; }
    /// The field the problem is in, counted from 0; -1 when it is the record as a whole.
    int badField() const { return m_badField; }
    /// The beginning of a record with a problem.
    const std::string &sample() const { return m_sample; }
    const TextSource &source() const { return m_window.source(); }

private:
    struct Extent {
        std::size_t from = 0; ///< offsets from the beginning of the record
        std::size_t to = 0;
        bool hasEscapes = false;
    };
    enum class Outcome { Complete, NeedsMore, TooLong, TooMany, TextAfterQuote };
    struct Scan {
        Outcome outcome = Outcome::NeedsMore;
        std::size_t end = 0;  ///< of the record, without its line end
        std::size_t next = 0; ///< where the following one begins
        bool hasQuotes = false;
    };

    Scan scan(char delimiter, std::vector<Extent> &fields);
    Outcome scanQuoted(std::size_t &at, Extent &field, const std::array<bool, 256> &special);
    void takeFields(const Scan &record);
    void checkText(std::size_t end);
    Result<bool> giveProblem(std::string problem, int field, const Progress &progress);

    TextWindow m_window;
    char m_delimiter;
    std::uint64_t m_line = 1;
    std::uint64_t m_recordLine = 1;
    std::vector<Extent> m_extents;
    std::vector<std::string_view> m_fields;
    std::string m_problem;
    std::string m_sample;
    int m_badField = -1;
};

/// Lines of a text, one at a time, at most CsvReader::kMaxField bytes each.
class LineReader
{
public:
    explicit LineReader(TextSource source) : m_window(std::move(source)) {}
    /// False at the end. A line that is too long is passed over: isTooLong().
    Result<bool> next(const Progress &progress = {});
    std::string_view text() const { return m_text; }
    bool isTooLong() const { return m_isTooLong; }
    std::uint64_t line() const { return m_line; }
    const TextSource &source() const { return m_window.source(); }

private:
    TextWindow m_window;
    std::string_view m_text;
    std::string m_sample;
    std::uint64_t m_line = 0;
    bool m_isTooLong = false;
};

} // namespace countersign::importers
