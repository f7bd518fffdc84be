#pragma once

#include "models/base/result.h"
#include "models/predictions/formats/csvgrammar.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace countersign::predictions {

enum class Format : std::uint8_t {
    Csv,
    JsonLines,
    Parquet, ///< comes out of ByteSource as comma-separated text with a header
    Table,   ///< of a database (models/pushdown): no file
};

/// How a log is written. Found by looking, shown to the person, and overridden where the look was wrong.
struct Dialect {
    Format format = Format::Csv;
    char delimiter = ',';
    char decimal = '.';
    char lineEnd = '\n'; ///< '\n' (also "\r\n") or '\r'
    bool hasHeader = true;

    CsvRules rules() const { return {delimiter, lineEnd}; }
    /// "CSV, delimiter ';', decimal ',', header" for people.
    std::string text() const;
    bool operator==(const Dialect &) const = default;
};

/// What a person decided; everything else is found.
struct DialectChoice {
    std::optional<Format> format;
    std::optional<char> delimiter; ///< one of , ; tab |
    std::optional<char> decimal;   ///< '.' or ','
    std::optional<bool> hasHeader;
    bool operator==(const DialectChoice &) const = default;
};

/// The beginning of a log, taken apart.
struct Sample {
    Dialect dialect;
    std::vector<std::string> columns;           ///< of the header, or "column 1"…; of JSON lines: keys in the order they appear
    std::vector<std::vector<std::string>> rows; ///< a few hundred at most; ragged rows left out
    std::uint64_t headerBytes = 0;              ///< what the header takes at the beginning of the text
};

inline constexpr std::size_t kMaxColumns = 16'384;

/// Looks at the beginning of a text (whole records; `isWhole`: there is no more of it).
/// Invalid: no text, more than kMaxColumns columns, a header that is not UTF-8, decimals that can be read two ways.
Result<Sample> lookAt(std::string_view head, bool isWhole, const DialectChoice &choice = {});

/// A record, its fields unquoted, and the bytes [begin, end) of the text that it takes, line end included.
struct SampleRecord {
    std::vector<std::string> fields;
    std::size_t begin = 0;
    std::size_t end = 0;
    bool isGood = true; ///< false: a quote is wrong; then its first line only, without fields
};
/// Records of a piece of CSV, for looking at: at most `limit`, blank lines passed over.
std::vector<SampleRecord> sampleRecords(std::string_view text, const CsvRules &rules, std::size_t limit);

} // namespace countersign::predictions
