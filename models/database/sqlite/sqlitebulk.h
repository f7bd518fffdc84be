#pragma once

#include "models/database/sqlite/sqliteconnection.h"

namespace countersign::database {

/// One INSERT, bound and stepped for every row. Internal to models/database.
class SqliteBulk final : public BulkWriter::Private
{
public:
    SqliteBulk(SqliteConnection &connection, std::vector<BulkWriter::Column> wanted, sqlite3_stmt *statement);
    ~SqliteBulk() override;

    void addInteger(std::int64_t value) override;
    void addReal(double value) override;
    void addText(std::string_view text) override;
    void addBytes(BytesView bytes) override;
    void addNull() override;
    Status endRow() override;
    Status finish() override;

private:
    int parameter() const { return static_cast<int>(column) + 1; }

    SqliteConnection &m_connection;
    sqlite3_stmt *m_statement;
    std::vector<Bytes> m_values; ///< texts and blobs of the row, so that SQLite need not copy each into memory of its own
};

} // namespace countersign::database
