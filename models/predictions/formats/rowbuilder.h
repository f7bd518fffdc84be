#pragma once

#include "models/predictions/dictionary.h"
#include "models/predictions/formats/cellblock.h"
#include "models/predictions/formats/numbers.h"
#include "models/predictions/log.h"
#include "models/predictions/reader.h"

#include <map>

namespace countersign::predictions {

/// What happens to a column's cells.
struct Target {
    enum class Kind : std::uint8_t { Nothing, Number, Weight, Code, Band, Time, LabelTime };
    Kind kind = Kind::Nothing;
    std::uint16_t column = 0;     ///< of Chunk::numbers or Chunk::codes
    std::uint16_t dictionary = 0; ///< Code
    std::uint16_t bands = 0;      ///< Band: index into Plan::bands
};

/// How the columns of a log become the columns of a chunk; made once from mapping and header, shared by all threads.
struct Plan {
    Mapping mapping;
    Schema schema;
    char decimal = '.';
    std::vector<std::string> columns; ///< of the log
    std::vector<Target> first;        ///< by column of the log
    std::vector<std::vector<Target>> more; ///< further targets of the same column; mostly empty
    std::vector<Bands> bands;
    std::vector<Dictionary> dictionaries;  ///< as each thread starts with

    /// Invalid: a column that the log does not have, or has twice.
    static Result<Plan> make(const Mapping &mapping, const Dialect &dialect, const std::vector<std::string> &columns);
};

/// Collects rows, cell by cell, into a chunk. One per thread.
class RowBuilder
{
public:
    RowBuilder(const Plan &plan, std::uint32_t thread, std::size_t keepRejected);

    void beginChunk();
    /// Before the first cell of each row.
    void beginRow()
    {
        if (m_row == m_capacity) [[unlikely]]
            grow();
        m_isBad = false;
    }
    /// Every target as if the row had no cell; for formats that may leave cells out.
    void clearRow();
    bool isUsed(std::size_t column) const { return m_plan.first[column].kind != Target::Kind::Nothing; }
    std::vector<bool> usedColumns() const;
    /// A cell of a used column, without quotes and outer spaces.
    void put(std::size_t column, std::string_view text)
    {
        if (!putTo(m_plan.first[column], m_row, text)) [[unlikely]]
            refuse(m_problem, column, text);
        if (!m_plan.more[column].empty()) [[unlikely]]
            putMore(column, text);
    }
    /// The row can't be taken; the first reason counts. `column` -1: the row as a whole.
    void refuse(RowProblem problem, std::size_t column, std::string_view sample);
    static constexpr std::size_t kWholeRow = static_cast<std::size_t>(-1);
    bool isBad() const { return m_isBad; }
    /// After the last cell. `line`: of the chunk, counted from 0. `times`: equal rows that this one stands for, where it is refused.
    void endRow(std::uint64_t line, std::uint64_t times = 1)
    {
        ++m_rowsSeen;
        if (m_isBad) [[unlikely]] {
            keepRefused(line, times);
            return;
        }
        if (m_plan.schema.labelDelay >= 0)
            putDelay();
        ++m_row;
    }

    /// What beginRow(), put() and endRow() do, for many rows at once; `line`: of the first, the others follow line by line.
    /// Precondition: takesBlocks().
    void putRows(const CellBlock &block, std::uint64_t line);
    /// False where a row's values depend on each other.
    bool takesBlocks() const { return m_plan.schema.labelDelay < 0; }

    /// The rows since beginChunk().
    Chunk takeChunk();

    // Of the chunk since beginChunk(); rows and lines of `kept` counted from 0.
    std::uint64_t rowsSeen() const { return m_rowsSeen; }
    std::uint64_t rowsTaken() const { return m_row; }
    std::vector<RejectedRow> takeRejected() { return std::move(m_rejected); }

    // Over all chunks.
    using Counts = std::map<std::pair<std::size_t, RowProblem>, std::uint64_t>; ///< by column (kWholeRow: none) and problem
    const Counts &counts() const { return m_counts; }
    std::uint64_t rejectedTotal() const { return m_rejectedTotal; }
    // Of every time that could be read, also in rows that were refused for another reason.
    std::int64_t firstMs() const { return m_firstMs; }
    std::int64_t lastMs() const { return m_lastMs; }
    const std::vector<Dictionary> &dictionaries() const { return m_dictionaries; }

private:
    bool putTo(const Target &target, std::size_t row, std::string_view text)
    {
        switch (target.kind) {
        case Target::Kind::Number: return putNumber(m_numbers[target.column][row], text);
        case Target::Kind::Code: return putCode(m_codes[target.column][row], m_dictionaries[target.dictionary], text);
        case Target::Kind::Time: return putTime(m_hours[row], text);
        case Target::Kind::Band: return putBand(m_codes[target.column][row], m_plan.bands[target.bands], text);
        case Target::Kind::Weight: return putWeight(m_numbers[target.column][row], text);
        case Target::Kind::LabelTime: return putLabelTime(text);
        case Target::Kind::Nothing: break;
        }
        return true;
    }
    bool putNumber(double &to, std::string_view text)
    {
        if (parseNumber(text, m_plan.decimal, to)) [[likely]]
            return true;
        return putOddNumber(to, text);
    }
    bool putCode(std::uint32_t &to, Dictionary &dictionary, std::string_view text)
    {
        to = dictionary.codeOf(text);
        if (to < Dictionary::kFirstReason) [[likely]]
            return true;
        return refuseCode(to);
    }
    bool putTime(std::int32_t &to, std::string_view text)
    {
        const auto moment = m_moments.parse(text);
        if (!moment) [[unlikely]]
            return putOddTime(to, text);
        const std::int64_t ms = toMillis(*moment);
        m_ms = ms;
        m_firstMs = std::min(m_firstMs, ms);
        m_lastMs = std::max(m_lastMs, ms);
        constexpr std::int64_t hour = 3'600'000;
        to = static_cast<std::int32_t>(ms >= 0 ? ms / hour : (ms - hour + 1) / hour);
        return true;
    }
    bool putOddNumber(double &to, std::string_view text);
    bool putOddTime(std::int32_t &to, std::string_view text);
    bool putLabelTime(std::string_view text);
    void putDelay();
    bool putWeight(double &to, std::string_view text);
    bool putBand(std::uint32_t &to, const Bands &bands, std::string_view text);
    bool refuseCode(std::uint32_t reason);
    void putMore(std::size_t column, std::string_view text);
    void putColumn(const Target &target, const CellBlock &block, std::size_t column);
    template<class Put>
    void forEachCell(const CellBlock &block, std::size_t column, const Put &put);
    void leaveOutOdd(const CellBlock &block, std::uint64_t line);
    void moveRow(std::size_t from, std::size_t to);
    bool isMissing(std::string_view text) const;
    void keepRefused(std::uint64_t line, std::uint64_t times);
    void grow();

    const Plan &m_plan;
    std::uint32_t m_thread;
    std::size_t m_keepRejected;
    std::vector<Dictionary> m_dictionaries;
    MomentParser m_moments;
    MomentParser m_labelMoments;
    std::optional<std::int64_t> m_ms; ///< times of the row at hand
    std::optional<std::int64_t> m_labelMs;
    std::size_t m_capacity = 0;
    std::size_t m_row = 0;
    std::vector<std::vector<double>> m_numbers;
    std::vector<std::vector<std::uint32_t>> m_codes;
    std::vector<std::int32_t> m_hours;

    bool m_isBad = false;
    RowProblem m_problem = RowProblem::NotANumber; ///< why putTo() said false
    RejectedRow m_refused;
    std::size_t m_refusedColumn = kWholeRow;
    std::vector<RejectedRow> m_rejected;
    struct OddCell {
        std::size_t row = 0; ///< of the block
        std::size_t column = 0;
        RowProblem problem = RowProblem::NotANumber;
    };
    std::vector<OddCell> m_odd; ///< of the block at hand, in the order of columns
    Counts m_counts;
    std::uint64_t m_rowsSeen = 0;
    std::uint64_t m_rejectedTotal = 0;
    std::int64_t m_firstMs = std::numeric_limits<std::int64_t>::max();
    std::int64_t m_lastMs = std::numeric_limits<std::int64_t>::min();
};

/// One dictionary out of the threads' dictionaries: the same for any number of threads and any order of rows. Presets (bands, positive and
/// negative) keep their codes, what came out of the log is sorted by bytes.
MergedDictionaries mergeDictionaries(const std::vector<const RowBuilder *> &builders, const Plan &plan);

} // namespace countersign::predictions
