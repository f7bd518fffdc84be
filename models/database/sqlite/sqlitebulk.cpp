#include "models/database/sqlite/sqlitebulk.h"

namespace countersign::database {

SqliteBulk::SqliteBulk(SqliteConnection &connection, std::vector<BulkWriter::Column> wanted, sqlite3_stmt *statement)
    : Private(std::move(wanted)), m_connection(connection), m_statement(statement), m_values(columns.size())
{
}

SqliteBulk::~SqliteBulk()
{
    if (!m_statement)
        return;
    sqlite3_finalize(m_statement);
    // As an abandoned COPY does.
    m_connection.spoiled = m_connection.spoiled || m_connection.inTransaction();
}

void SqliteBulk::addInteger(std::int64_t value)
{
    sqlite3_bind_int64(m_statement, parameter(), value);
}

void SqliteBulk::addReal(double value)
{
    sqlite3_bind_double(m_statement, parameter(), value);
}

void SqliteBulk::addText(std::string_view text)
{
    Bytes &value = m_values[column].assign(text);
    sqlite3_bind_text64(m_statement, parameter(), value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void SqliteBulk::addBytes(BytesView bytes)
{
    Bytes &value = m_values[column].assign(bytes);
    sqlite3_bind_blob64(m_statement, parameter(), value.data(), value.size(), SQLITE_STATIC);
}

void SqliteBulk::addNull()
{
    sqlite3_bind_null(m_statement, parameter());
}

Status SqliteBulk::endRow()
{
    if (!m_statement)
        return Error{ErrorKind::Invalid, "The bulk writer was finished already.", {}};
    if (const auto row = checkRow(); !row) {
        m_connection.spoiled = true;
        return row;
    }
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_DONE) {
        sqlite3_reset(m_statement);
        return {};
    }
    const Error error = m_connection.failure(code, sqlite3_sql(m_statement)).in("row " + std::to_string(rows));
    sqlite3_reset(m_statement);
    return error;
}

Status SqliteBulk::finish()
{
    sqlite3_finalize(m_statement);
    m_statement = nullptr;
    if (m_connection.spoiled)
        return spoiledTransaction();
    return {};
}

} // namespace countersign::database
