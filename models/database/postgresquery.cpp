#include "models/database/postgresquery.h"

#include <charconv>
#include <cmath>
#include <limits>

namespace countersign::database {

namespace {

constexpr Oid kBooleanType = 16;
constexpr Oid kBytesType = 17;

template<class Number>
Number parsed(std::string_view text)
{
    Number number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

int hexDigit(char c)
{
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

} // namespace

PostgresQuery::Value &PostgresQuery::nextValue()
{
    if (m_values.size() == m_bound)
        m_values.emplace_back();
    Value &value = m_values[m_bound++];
    value.isNull = false;
    value.isBinary = false;
    return value;
}

void PostgresQuery::bindInteger(std::int64_t number)
{
    char buffer[24];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
    nextValue().text.assign(buffer, end);
}

void PostgresQuery::bindReal(double number)
{
    // The shortest text that reads back as the same binary64, on the server too.
    char buffer[40];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
    nextValue().text.assign(buffer, end);
}

void PostgresQuery::bindText(std::string_view text)
{
    m_isStorable = m_isStorable && isStorable(text);
    nextValue().text.assign(text);
}

void PostgresQuery::bindBytes(BytesView bytes)
{
    Value &value = nextValue();
    value.text.assign(bytes);
    value.isBinary = true;
}

void PostgresQuery::bindNull()
{
    nextValue().isNull = true;
}

PGresult *PostgresQuery::send()
{
    std::vector<const char *> values(m_bound);
    std::vector<int> lengths(m_bound);
    std::vector<int> formats(m_bound);
    for (std::size_t i = 0; i < m_bound; ++i) {
        values[i] = m_values[i].isNull ? nullptr : m_values[i].text.c_str();
        lengths[i] = static_cast<int>(m_values[i].text.size());
        formats[i] = m_values[i].isBinary ? 1 : 0;
    }
    const int count = static_cast<int>(m_bound);
    if (m_statement->name.empty())
        return PQexecParams(m_connection.handle(), m_statement->text.c_str(), count, nullptr, values.data(), lengths.data(), formats.data(), 0);
    return PQexecPrepared(m_connection.handle(), m_statement->name.c_str(), count, values.data(), lengths.data(), formats.data(), 0);
}

Status PostgresQuery::exec()
{
    m_result.reset();
    m_row = -1;
    m_affected = 0;
    const bool isGood = std::exchange(m_isStorable, true);
    const auto bound = m_bound;
    Status ready;
    if (bound != m_statement->parameters)
        ready = bindingMismatch(bound, m_statement->parameters, m_statement->text);
    else if (!isGood)
        ready = notStorable(m_statement->text);
    else if (ready = m_connection.isFree(); ready)
        ready = m_connection.makeReady(*m_statement);
    if (!ready) {
        m_bound = 0;
        return ready;
    }
    auto result = m_connection.checked(send(), m_statement->text);
    m_bound = 0;
    if (!result)
        return result.error();
    m_result = std::move(*result);
    // "SELECT 5" counts rows read; everything else counts rows changed.
    if (!std::string_view(PQcmdStatus(m_result.get())).starts_with("SELECT"))
        m_affected = parsed<std::int64_t>(PQcmdTuples(m_result.get()));
    return {};
}

Result<bool> PostgresQuery::next()
{
    if (!m_result)
        return Error{ErrorKind::Invalid, "The query has no rows because it was not run.", excerpt(m_statement->text)};
    if (m_row < PQntuples(m_result.get()))
        ++m_row;
    return m_row < PQntuples(m_result.get());
}

std::string_view PostgresQuery::cell(int column) const
{
    if (!m_result || m_row < 0 || m_row >= PQntuples(m_result.get()) || column < 0 || column >= PQnfields(m_result.get()))
        return {};
    return {PQgetvalue(m_result.get(), m_row, column), static_cast<std::size_t>(PQgetlength(m_result.get(), m_row, column))};
}

bool PostgresQuery::isNull(int column) const
{
    const bool isThere = m_result && m_row >= 0 && m_row < PQntuples(m_result.get()) && column >= 0 && column < PQnfields(m_result.get());
    return !isThere || PQgetisnull(m_result.get(), m_row, column) != 0;
}

std::int64_t PostgresQuery::integer(int column) const
{
    const auto text = cell(column);
    if (!text.empty() && PQftype(m_result.get(), column) == kBooleanType)
        return text == "t" ? 1 : 0;
    return parsed<std::int64_t>(text);
}

double PostgresQuery::real(int column) const
{
    return isNull(column) ? std::numeric_limits<double>::quiet_NaN() : parsed<double>(cell(column));
}

Bytes PostgresQuery::bytes(int column) const
{
    const auto text = cell(column);
    if (text.empty() || PQftype(m_result.get(), column) != kBytesType || !text.starts_with("\\x"))
        return Bytes(text);
    Bytes out((text.size() - 2) / 2, '\0');
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<char>(hexDigit(text[2 + 2 * i]) * 16 + hexDigit(text[3 + 2 * i]));
    return out;
}

} // namespace countersign::database
