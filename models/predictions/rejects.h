#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace countersign::predictions {

/// Why a row could not be taken.
enum class RowProblem : std::uint8_t {
    FieldCount,     ///< more or fewer fields than the header has
    OpenQuote,      ///< a quote opened in the row is not closed
    TextAfterQuote, ///< something between a closing quote and the next delimiter
    TooLong,        ///< longer than kMaxRecord
    NotANumber,
    NotATime,
    BadWeight,      ///< missing, negative, or not finite
    UnknownValue,   ///< neither a positive nor a negative value, or a class that has no score
    NotText,        ///< not UTF-8, or a NUL
    ValueTooLong,
    TooManyValues,  ///< more different values than a dictionary takes
    BadJson,        ///< the line is not one JSON object
    RepeatedKey,
    NestedValue,    ///< an object or a list where a value is expected
};
inline constexpr std::size_t kRowProblems = 14;

std::string_view problemKey(RowProblem problem);  ///< "field_count", … as written to files
std::string_view problemText(RowProblem problem); ///< a sentence for people

struct RejectedRow {
    std::uint64_t row = 0;  ///< 1 is the first case of the log; rows that could not be taken count, the header and blank lines do not. 0: of a table, which has no order
    std::uint64_t line = 0; ///< 1 is the first line of the text
    std::string column;     ///< empty: the row as a whole
    RowProblem problem = RowProblem::FieldCount;
    std::string sample;     ///< the beginning of the cell or row, made visible; ≤ 60 bytes of it

    /// "Row 17, line 18, column score: The value is not a number. (\"abc\")"
    std::string text() const;
    bool operator==(const RejectedRow &) const = default;
};

/// What could not be taken of a log: the first ones in full, all of them counted.
struct Rejects {
    struct Count {
        std::string column;
        RowProblem problem = RowProblem::FieldCount;
        std::uint64_t rows = 0;
        bool operator==(const Count &) const = default;
    };
    std::uint64_t total = 0;
    std::vector<RejectedRow> first; ///< in the order of the log
    std::vector<Count> counts;      ///< by column and problem, in the order of the columns

    bool operator==(const Rejects &) const = default;
};

/// At most 60 bytes of any text, fit to be shown: control and invisible characters escaped, bytes that are no UTF-8 as "\xFF".
std::string shownSample(std::string_view bytes);

} // namespace countersign::predictions
