#include "models/database/postgres/postgresquery.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>

namespace countersign::database {

namespace {

constexpr Oid kBooleanType = 16;
constexpr Oid kBytesType = 17;
constexpr Oid kSmallType = 21;
constexpr Oid kIntegerType = 23;
constexpr Oid kBigType = 20;
constexpr Oid kRealType = 701;

template<class Number>
Number parsed(std::string_view text)
{
    Number number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// Big endian, as values travel in binary.
std::uint64_t unsignedOf(std::string_view bytes)
{
    std::uint64_t value = 0;
    for (const char c : bytes)
        value = value << 8 | static_cast<std::uint8_t>(c);
    return value;
}

template<class Number>
std::string written(Number number)
{
    char buffer[40];
    return {buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr};
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

/// What libpq wants to see of the values.
void PostgresQuery::gather()
{
    m_pointers.resize(m_bound);
    m_lengths.resize(m_bound);
    m_formats.resize(m_bound);
    for (std::size_t i = 0; i < m_bound; ++i) {
        m_pointers[i] = m_values[i].isNull ? nullptr : m_values[i].text.c_str();
        m_lengths[i] = static_cast<int>(m_values[i].text.size());
        m_formats[i] = m_values[i].isBinary ? 1 : 0;
    }
}

PGresult *PostgresQuery::send()
{
    gather();
    const int count = static_cast<int>(m_bound);
    if (m_statement->name.empty())
        return PQexecParams(m_connection.handle(), m_statement->text.c_str(), count, nullptr, m_pointers.data(), m_lengths.data(), m_formats.data(), 0);
    return PQexecPrepared(m_connection.handle(), m_statement->name.c_str(), count, m_pointers.data(), m_lengths.data(), m_formats.data(), m_statement->isBinary ? 1 : 0);
}

/// Whether what was bound can be sent. Forgets the rows of the run before.
Status PostgresQuery::check()
{
    m_result.reset();
    m_row = -1;
    m_affected = 0;
    const bool isGood = std::exchange(m_isStorable, true);
    if (m_bound != m_statement->parameters)
        return bindingMismatch(m_bound, m_statement->parameters, m_statement->text);
    return isGood ? Status() : Status(notStorable(m_statement->text));
}

Status PostgresQuery::post()
{
    // A statement that the server does not know yet is made known first, and that needs answers.
    if (m_statement->name.empty() || !m_connection.inTransaction())
        return exec();
    auto sent = check();
    if (sent)
        sent = m_connection.isFree();
    if (sent) {
        gather();
        sent = m_connection.post(m_statement, m_pointers.data(), m_lengths.data(), m_formats.data());
    }
    m_bound = 0;
    return sent;
}

Status PostgresQuery::exec()
{
    auto ready = check();
    if (ready)
        ready = m_connection.makeFree();
    if (ready)
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

bool PostgresQuery::isBinary(int column) const { return m_result && PQfformat(m_result.get(), column) == 1; }

std::int64_t PostgresQuery::integer(int column) const
{
    const auto value = cell(column);
    if (value.empty())
        return 0;
    const auto type = PQftype(m_result.get(), column);
    if (!isBinary(column))
        return type == kBooleanType ? (value == "t" ? 1 : 0) : parsed<std::int64_t>(value);
    switch (type) {
    case kBooleanType: return value[0] != 0;
    case kSmallType: return static_cast<std::int16_t>(unsignedOf(value));
    case kIntegerType: return static_cast<std::int32_t>(unsignedOf(value));
    case kBigType: return static_cast<std::int64_t>(unsignedOf(value));
    case kRealType: return static_cast<std::int64_t>(std::bit_cast<double>(unsignedOf(value)));
    default: return parsed<std::int64_t>(value);
    }
}

double PostgresQuery::real(int column) const
{
    if (isNull(column))
        return std::numeric_limits<double>::quiet_NaN();
    if (!isBinary(column))
        return parsed<double>(cell(column));
    switch (PQftype(m_result.get(), column)) {
    case kRealType: return std::bit_cast<double>(unsignedOf(cell(column)));
    case kBooleanType:
    case kSmallType:
    case kIntegerType:
    case kBigType: return static_cast<double>(integer(column));
    default: return parsed<double>(cell(column));
    }
}

std::string PostgresQuery::text(int column) const
{
    if (isBinary(column) && !isNull(column)) {
        switch (PQftype(m_result.get(), column)) {
        case kBooleanType: return integer(column) ? "t" : "f";
        case kSmallType:
        case kIntegerType:
        case kBigType: return written(integer(column));
        case kRealType: return written(real(column));
        case kBytesType: return "\\x" + toHex(cell(column));
        default: break;
        }
    }
    return std::string(cell(column));
}

Bytes PostgresQuery::bytes(int column) const { return Bytes(view(column)); }

BytesView PostgresQuery::view(int column) const
{
    const auto text = cell(column);
    if (text.empty() || isBinary(column) || PQftype(m_result.get(), column) != kBytesType || !text.starts_with("\\x"))
        return text;
    m_unescaped.resize((text.size() - 2) / 2);
    for (std::size_t i = 0; i < m_unescaped.size(); ++i)
        m_unescaped[i] = static_cast<char>(hexDigit(text[2 + 2 * i]) * 16 + hexDigit(text[3 + 2 * i]));
    return m_unescaped;
}

} // namespace countersign::database
