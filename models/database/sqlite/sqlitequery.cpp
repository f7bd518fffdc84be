#include "models/database/sqlite/sqlitequery.h"

#include <limits>

namespace countersign::database {

int SqliteQuery::nextParameter()
{
    // SQLite takes values only while the statement is at rest.
    if (m_bound == 0 && m_state != State::Idle) {
        sqlite3_reset(m_statement);
        m_state = State::Idle;
    }
    return ++m_bound;
}

// A value too many is counted and refused by exec(), so what these calls return need not be looked at.

void SqliteQuery::bindInteger(std::int64_t value)
{
    sqlite3_bind_int64(m_statement, nextParameter(), value);
}

void SqliteQuery::bindReal(double value)
{
    sqlite3_bind_double(m_statement, nextParameter(), value);
}

void SqliteQuery::bindText(std::string_view text)
{
    m_isStorable = m_isStorable && isStorable(text);
    // A null pointer would be stored as NULL, and an empty view may carry one.
    sqlite3_bind_text64(m_statement, nextParameter(), text.empty() ? "" : text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void SqliteQuery::bindBytes(BytesView bytes)
{
    sqlite3_bind_blob64(m_statement, nextParameter(), bytes.empty() ? "" : bytes.data(), bytes.size(), SQLITE_TRANSIENT);
}

void SqliteQuery::bindNull()
{
    sqlite3_bind_null(m_statement, nextParameter());
}

std::string_view SqliteQuery::sql() const
{
    return sqlite3_sql(m_statement);
}

Error SqliteQuery::fail(int code)
{
    const Error error = m_connection.failure(code, sql());
    sqlite3_reset(m_statement);
    m_state = State::Idle;
    return error;
}

Status SqliteQuery::exec()
{
    const int bound = std::exchange(m_bound, 0);
    const bool isGood = std::exchange(m_isStorable, true);
    const int wanted = sqlite3_bind_parameter_count(m_statement);
    if (bound != wanted)
        return bindingMismatch(static_cast<std::size_t>(bound), static_cast<std::size_t>(wanted), sql());
    if (!isGood)
        return notStorable(sql());
    if (m_state != State::Idle)
        sqlite3_reset(m_statement);
    m_affected = 0;
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW) {
        m_state = State::BeforeFirst;
        return {};
    }
    if (code != SQLITE_DONE)
        return fail(code);
    if (!sqlite3_stmt_readonly(m_statement))
        m_affected = sqlite3_changes64(m_connection.handle());
    // At rest again at once: a finished statement keeps no lock.
    sqlite3_reset(m_statement);
    m_state = State::AtEnd;
    return {};
}

Result<bool> SqliteQuery::next()
{
    if (m_state == State::BeforeFirst) {
        m_state = State::OnRow;
        return true;
    }
    if (m_state == State::AtEnd)
        return false;
    if (m_state == State::Idle)
        return Error{ErrorKind::Invalid, "The query has no rows because it was not run.", excerpt(sql())};
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        return fail(code);
    if (!sqlite3_stmt_readonly(m_statement))
        m_affected = sqlite3_changes64(m_connection.handle());
    sqlite3_reset(m_statement);
    m_state = State::AtEnd;
    return false;
}

double SqliteQuery::real(int column) const
{
    return isNull(column) ? std::numeric_limits<double>::quiet_NaN() : sqlite3_column_double(m_statement, column);
}

std::string SqliteQuery::text(int column) const
{
    const auto *data = static_cast<const void *>(sqlite3_column_text(m_statement, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column));
    return data ? std::string(static_cast<const char *>(data), size) : std::string();
}

BytesView SqliteQuery::view(int column) const
{
    // A text's bytes are UTF-8 already, so this converts nothing.
    const void *data = sqlite3_column_blob(m_statement, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column));
    return data ? BytesView(static_cast<const char *>(data), size) : BytesView();
}

} // namespace countersign::database
