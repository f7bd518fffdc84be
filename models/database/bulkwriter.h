#pragma once

#include "models/base/bytes.h"
#include "models/base/result.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace countersign::database {

class Connection;

/// Rows into one table as fast as the database takes them: sqlite3's C API on the Qt handle, binary COPY through libpq's.
/// Inside a transaction only; the table is named without its schema. Values are given column by column; a row ends with endRow().
class BulkWriter
{
public:
    enum class Type { Integer, Real, Text, Blob };
    struct Column {
        std::string name;
        Type type;
    };
    static Result<BulkWriter> open(Connection &connection, std::string_view table, std::vector<Column> columns);
    BulkWriter(BulkWriter &&) noexcept;
    BulkWriter &operator=(BulkWriter &&) noexcept;
    ~BulkWriter(); ///< without finish(), the rows of an open COPY are abandoned; the transaction must be rolled back

    BulkWriter &add(std::int64_t value);
    BulkWriter &add(int value) { return add(static_cast<std::int64_t>(value)); }
    BulkWriter &add(double value); ///< NaN is written as NULL
    BulkWriter &addText(std::string_view text);
    BulkWriter &addBytes(BytesView bytes);
    BulkWriter &addNull();
    template<class T>
    BulkWriter &add(const std::optional<T> &value) { return value ? add(*value) : addNull(); }
    Status endRow();
    /// While a COPY is open no other statement may run on the connection: finish first.
    Status finish();

    struct Private; ///< one per database, in this module

private:
    explicit BulkWriter(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace countersign::database
