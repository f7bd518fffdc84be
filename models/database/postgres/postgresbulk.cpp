#include "models/database/postgres/postgresbulk.h"

#include <bit>
#include <limits>

namespace countersign::database {

namespace {

using Encoding = PostgresBulk::Encoding;
using Type = BulkWriter::Type;

constexpr std::size_t kFlushAt = 256U << 10;
constexpr std::string_view kHeader("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);

/// Type numbers are those of pg_type, which never change.
std::optional<Encoding> encodingFor(Type type, unsigned column)
{
    if (type == Type::Integer) {
        switch (column) {
        case 20: return Encoding::Int8;
        case 23: return Encoding::Int4;
        case 21: return Encoding::Int2;
        case 16: return Encoding::Bool;
        default: return std::nullopt;
        }
    }
    if (type == Type::Real)
        return column == 701 ? std::optional(Encoding::Float8) : column == 700 ? std::optional(Encoding::Float4) : std::nullopt;
    const bool isText = column == 25 || column == 1043 || column == 1042;
    if (type == Type::Text ? isText : column == 17)
        return Encoding::Raw;
    return std::nullopt;
}

} // namespace

Result<std::unique_ptr<BulkWriter::Private>> PostgresBulk::start(PostgresConnection &connection, std::string_view table,
                                                                 std::vector<BulkWriter::Column> columns,
                                                                 const std::map<std::string, unsigned> &types)
{
    std::vector<Encoding> encodings;
    std::string names;
    for (const auto &column : columns) {
        const auto found = types.find(column.name);
        if (found == types.end())
            return Error{ErrorKind::NotFound, "There is no column \"" + column.name + "\" in a table \"" + std::string(table) + "\".", {}};
        const auto encoding = encodingFor(column.type, found->second);
        if (!encoding)
            return Error{ErrorKind::Invalid, "The column \"" + column.name + "\" of the table \"" + std::string(table) + "\" has another type than its values.", {}};
        encodings.push_back(*encoding);
        names += (names.empty() ? "\"" : ",\"") + column.name + "\"";
    }
    const std::string sql = "COPY " + connection.location.schema + ".\"" + std::string(table) + "\"(" + names + ") FROM STDIN (FORMAT binary)";
    const auto started = connection.checked(PQexec(connection.handle(), sql.c_str()), sql);
    if (!started)
        return started.error();
    return std::unique_ptr<BulkWriter::Private>(std::make_unique<PostgresBulk>(connection, std::move(columns), std::move(encodings)));
}

PostgresBulk::PostgresBulk(PostgresConnection &connection, std::vector<BulkWriter::Column> wanted, std::vector<Encoding> encodings)
    : Private(std::move(wanted)), m_connection(connection), m_encodings(std::move(encodings)), m_buffer(kHeader)
{
    m_connection.bulkIsOpen = true;
    put(static_cast<std::uint16_t>(columns.size()));
    m_rowStart = kHeader.size();
}

PostgresBulk::~PostgresBulk()
{
    if (m_isOpen)
        static_cast<void>(end("abandoned by the program"));
}

template<class Unsigned>
void PostgresBulk::put(Unsigned value)
{
    char bytes[sizeof(Unsigned)];
    for (std::size_t i = 0; i < sizeof(Unsigned); ++i)
        bytes[i] = static_cast<char>((value >> (8 * (sizeof(Unsigned) - 1 - i))) & 0xFF);
    m_buffer.append(bytes, sizeof(Unsigned));
}

template<class Integer>
void PostgresBulk::addNarrow(std::int64_t value)
{
    if ((value < std::numeric_limits<Integer>::min() || value > std::numeric_limits<Integer>::max()) && mistake.empty())
        mistake = "The column \"" + columns[column].name + "\" cannot hold " + std::to_string(value) + ".";
    put(static_cast<std::uint32_t>(sizeof(Integer)));
    put(static_cast<std::make_unsigned_t<Integer>>(value));
}

void PostgresBulk::addInteger(std::int64_t value)
{
    switch (m_encodings[column]) {
    case Encoding::Int8: return addNarrow<std::int64_t>(value);
    case Encoding::Int4: return addNarrow<std::int32_t>(value);
    case Encoding::Int2: return addNarrow<std::int16_t>(value);
    default:
        put(std::uint32_t{1});
        put(static_cast<std::uint8_t>(value != 0));
    }
}

void PostgresBulk::addReal(double value)
{
    const bool isWide = m_encodings[column] == Encoding::Float8;
    put(std::uint32_t{isWide ? 8U : 4U});
    if (isWide)
        put(std::bit_cast<std::uint64_t>(value));
    else
        put(std::bit_cast<std::uint32_t>(static_cast<float>(value)));
}

void PostgresBulk::addText(std::string_view text)
{
    put(static_cast<std::uint32_t>(text.size()));
    m_buffer += text;
}

void PostgresBulk::addBytes(BytesView bytes)
{
    addText(bytes);
}

void PostgresBulk::addNull()
{
    put(std::numeric_limits<std::uint32_t>::max()); // length -1
}

Status PostgresBulk::endRow()
{
    if (!m_isOpen)
        return Error{ErrorKind::Invalid, "The bulk writer was finished already.", {}};
    if (const auto row = checkRow(); !row) {
        m_buffer.resize(m_rowStart);
        put(static_cast<std::uint16_t>(columns.size()));
        m_connection.spoiled = true;
        return row;
    }
    const auto flushed = m_buffer.size() >= kFlushAt ? flush() : Status();
    m_rowStart = m_buffer.size();
    // The count of values begins the next row; finish() takes the last one away again.
    put(static_cast<std::uint16_t>(columns.size()));
    return flushed;
}

Status PostgresBulk::flush()
{
    const int sent = PQputCopyData(m_connection.handle(), m_buffer.data(), static_cast<int>(m_buffer.size()));
    m_buffer.clear();
    if (sent == 1)
        return {};
    return end(nullptr);
}

Status PostgresBulk::end(const char *reason)
{
    m_isOpen = false;
    m_connection.bulkIsOpen = false;
    const int ended = PQputCopyEnd(m_connection.handle(), reason);
    Status status = ended == 1 ? Status() : Status(postgresLost(m_connection.location));
    while (PGresult *result = PQgetResult(m_connection.handle())) {
        if (const auto checked = m_connection.checked(result, "COPY"); !checked && status)
            status = checked.error();
    }
    return status;
}

Status PostgresBulk::finish()
{
    if (!m_isOpen)
        return Error{ErrorKind::Invalid, "The bulk writer was finished already.", {}};
    if (m_connection.spoiled) {
        static_cast<void>(end("a row was refused"));
        return spoiledTransaction();
    }
    m_buffer.resize(m_rowStart);
    put(std::uint16_t{0xFFFF}); // the trailer, -1
    if (const auto flushed = flush(); !flushed)
        return flushed;
    return end(nullptr);
}

} // namespace countersign::database
