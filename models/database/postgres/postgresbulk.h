#pragma once

#include "models/database/postgres/postgresconnection.h"

#include <map>

namespace countersign::database {

/// COPY … FROM STDIN (FORMAT binary). Internal to models/database.
class PostgresBulk final : public BulkWriter::Private
{
public:
    /// How a value is written for a column of the table.
    enum class Encoding { Int8, Int4, Int2, Bool, Float8, Float4, Raw };

    /// `types` are the table's columns with their type numbers. NotFound: no such table or column. Invalid: the types do not fit.
    static Result<std::unique_ptr<BulkWriter::Private>> start(PostgresConnection &connection, std::string_view table,
                                                              std::vector<BulkWriter::Column> columns,
                                                              const std::map<std::string, unsigned> &types);
    PostgresBulk(PostgresConnection &connection, std::vector<BulkWriter::Column> wanted, std::vector<Encoding> encodings);
    ~PostgresBulk() override;

    void addInteger(std::int64_t value) override;
    void addReal(double value) override;
    void addText(std::string_view text) override;
    void addBytes(BytesView bytes) override;
    void addNull() override;
    Status endRow() override;
    Status finish() override;

private:
    template<class Unsigned>
    void put(Unsigned value);
    template<class Integer>
    void addNarrow(std::int64_t value);
    Status flush();
    Status end(const char *reason);

    PostgresConnection &m_connection;
    std::vector<Encoding> m_encodings;
    std::string m_buffer;
    std::size_t m_rowStart = 0; ///< in m_buffer
    bool m_isOpen = true;
};

} // namespace countersign::database
