#pragma once

#include "models/base/random.h"
#include "models/base/result.h"

#include <sqlite3.h>

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// A workspace file as somebody has it who owns the disk: no triggers, no checks, no program in between.
namespace countersign::faults {

using Field = std::variant<std::monostate, std::int64_t, double, std::string>; ///< text and blobs alike as bytes

struct RawColumn {
    std::string name;
    bool isBlob = false;
    int keyPart = 0; ///< from 1 on; 0: not in the key
};
struct RawTable {
    std::string name;
    std::vector<RawColumn> columns;
    std::vector<std::vector<Field>> rows;
};

class RawDatabase
{
public:
    static Result<RawDatabase> open(const std::filesystem::path &file);
    RawDatabase(RawDatabase &&other) noexcept
        : m_handle(std::exchange(other.m_handle, nullptr))
    {
    }
    ~RawDatabase() { sqlite3_close(m_handle); }

    /// Every table with all its rows.
    Result<std::vector<RawTable>> tables();
    /// Sets one field of the row that has these values of its key. Invalid: the schema's UNIQUE or NOT NULL stands
    /// against it.
    Status set(const RawTable &table, const std::vector<Field> &row, std::size_t column, const Field &value);
    Status remove(const RawTable &table, const std::vector<Field> &row);
    Status insert(const RawTable &table, const std::vector<Field> &row);

private:
    explicit RawDatabase(sqlite3 *handle)
        : m_handle(handle)
    {
    }
    Status run(const std::string &sql, const std::vector<std::pair<const RawColumn *, const Field *>> &values);

    sqlite3 *m_handle = nullptr;
};

/// Another value of the same type: one bit of it, or all of it, or none at all.
Field otherValue(SeededRandomness &chance, const Field &value, const std::vector<Field> &sameColumn);
/// "NULL", a number, or text and bytes made visible.
std::string shown(const Field &value);

} // namespace countersign::faults
