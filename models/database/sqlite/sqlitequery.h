#pragma once

#include "models/database/sqlite/sqliteconnection.h"

namespace countersign::database {

/// One prepared statement at work. Returns to the connection's cache when it dies. Internal to models/database.
class SqliteQuery final : public Query::Private
{
public:
    SqliteQuery(SqliteConnection &connection, SqliteConnection::Prepared &home, sqlite3_stmt *statement)
        : m_connection(connection), m_home(home), m_statement(statement)
    {
    }
    ~SqliteQuery() override { m_connection.giveBack(m_home, m_statement); }

    void bindInteger(std::int64_t value) override;
    void bindReal(double value) override;
    void bindText(std::string_view text) override;
    void bindBytes(BytesView bytes) override;
    void bindNull() override;
    Status exec() override;
    Result<bool> next() override;
    std::int64_t rowsAffected() const override { return m_affected; }
    bool isNull(int column) const override { return sqlite3_column_type(m_statement, column) == SQLITE_NULL; }
    std::int64_t integer(int column) const override { return sqlite3_column_int64(m_statement, column); }
    double real(int column) const override;
    std::string text(int column) const override;
    Bytes bytes(int column) const override { return Bytes(view(column)); }
    BytesView view(int column) const override;

private:
    enum class State { Idle, BeforeFirst, OnRow, AtEnd };
    int nextParameter();
    Error fail(int code);
    std::string_view sql() const;

    SqliteConnection &m_connection;
    SqliteConnection::Prepared &m_home;
    sqlite3_stmt *m_statement;
    State m_state = State::Idle;
    int m_bound = 0;
    bool m_isStorable = true;
    std::int64_t m_affected = 0;
};

} // namespace countersign::database
