#pragma once

#include "models/base/digest.h"
#include "models/base/time.h"
#include "models/predictions/bytes/bytesource.h"
#include "models/predictions/formats/dialect.h"
#include "models/predictions/mapping/mapping.h"
#include "models/predictions/rejects.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

/// A prediction log in memory: columns in chunks, as the threads that read them left them. Nothing is copied together afterwards.
namespace countersign::predictions {

/// Codes as narrow as they can be.
using Codes = std::variant<std::vector<std::uint8_t>, std::vector<std::uint16_t>, std::vector<std::uint32_t>>;

/// Hours since 1970-01-01T00Z, rounded down: no window is finer than an hour. kNoTime where the time is missing.
inline constexpr std::int32_t kNoTime = std::numeric_limits<std::int32_t>::min();

/// Binary labels and predictions, in every chunk alike.
inline constexpr std::uint32_t kMissingValue = 0;
inline constexpr std::uint32_t kNegativeValue = 1;
inline constexpr std::uint32_t kPositiveValue = 2;

/// Consecutive rows of a log.
struct Chunk {
    std::uint64_t position = 0;               ///< ascends through the log
    std::uint32_t rows = 0;
    std::uint32_t dictionaries = 0;           ///< which thread's codes: index into PredictionLog::localToGlobal
    std::vector<std::vector<double>> numbers; ///< by number column; NaN is missing, infinities stay
    std::vector<Codes> codes;                 ///< by code column; in the thread's own codes
    std::vector<std::int32_t> hours;          ///< empty when the log has no time

    std::uint64_t bytes() const; ///< of the columns
};

/// Which columns a log has, and what for. Indexes into Chunk::numbers and Chunk::codes; -1: none.
struct Schema {
    std::vector<std::string> numberNames;
    std::vector<std::string> codeNames;
    std::vector<int> codeDictionary; ///< of a code column, which dictionary; several columns may share one (label and predicted class)
    int score = -1;
    int weight = -1;
    int label = -1;           ///< code; binary and multiclass
    int prediction = -1;      ///< code; binary and multiclass
    int labelNumber = -1;     ///< regression
    int predictionNumber = -1;
    int labelDelay = -1;      ///< number: days from prediction to label; NaN where one of the times is missing. Below 0: the label was there before
    std::vector<int> classScores;      ///< numbers, in the mapping's order
    std::vector<int> attributes;       ///< codes, in the mapping's order
    std::vector<int> numberFeatures;
    std::vector<int> categoryFeatures; ///< codes
    bool hasTime = false;
};

struct LogFacts {
    std::string name;           ///< the path as given; of a table, where it is
    Digest digest;              ///< SHA-256 of the bytes as stored; of a table, of its grouped rows (pushdown/groups/tabledigest.h)
    std::string query;          ///< of a table: the statements that grouped its rows
    std::uint64_t bytes = 0;    ///< as stored
    std::uint64_t rows = 0;     ///< cases in the log, those that could not be taken included
    Encoding encoding = Encoding::Utf8;
    Compression compression = Compression::None;
    Dialect dialect;
    Instant firstTime{};        ///< of every time that could be read
    Instant lastTime{};
    bool hasTimes = false;
    Rejects rejects;
};

struct PredictionLog {
    LogFacts facts;
    Mapping mapping;
    Schema schema;
    std::vector<Chunk> chunks; ///< in the order of the log
    std::vector<std::vector<std::string>> dictionaries; ///< texts by global code, sorted by bytes (bands and binary values: in their own order); [0] is missing
    std::vector<std::vector<std::vector<std::uint32_t>>> localToGlobal; ///< [thread][dictionary][code]

    std::uint64_t rowsTaken() const;
    /// Row by row access for small things; passes over many rows visit the chunks.
    std::uint32_t code(const Chunk &chunk, int column, std::size_t row) const;
    const std::string &text(const Chunk &chunk, int column, std::size_t row) const;
};

} // namespace countersign::predictions
