#pragma once

#include "models/database/postgres/postgresconnection.h"

#include <vector>

namespace countersign::database {

/// A statement with its values and the whole of its rows. Values travel as text, which the server reads with the column's own type, and
/// bytes as bytes. Internal to models/database.
class PostgresQuery final : public Query::Private
{
public:
    PostgresQuery(PostgresConnection &connection, std::shared_ptr<PostgresStatement> statement)
        : m_connection(connection), m_statement(std::move(statement))
    {
    }

    void bindInteger(std::int64_t value) override;
    void bindReal(double value) override;
    void bindText(std::string_view text) override;
    void bindBytes(BytesView bytes) override;
    void bindNull() override;
    Status exec() override;
    Status post() override;
    Result<bool> next() override;
    std::int64_t rowsAffected() const override { return m_affected; }
    bool isNull(int column) const override;
    std::int64_t integer(int column) const override;
    double real(int column) const override;
    std::string text(int column) const override;
    Bytes bytes(int column) const override;
    BytesView view(int column) const override;

private:
    struct Value {
        std::string text;
        bool isNull = false;
        bool isBinary = false;
    };
    Value &nextValue();
    Status check();
    void gather();
    PGresult *send();
    std::string_view cell(int column) const;
    bool isBinary(int column) const;

    PostgresConnection &m_connection;
    std::shared_ptr<PostgresStatement> m_statement;
    std::vector<Value> m_values; ///< kept from run to run for their memory; the first m_bound count
    std::vector<const char *> m_pointers;
    std::vector<int> m_lengths;
    std::vector<int> m_formats;
    std::size_t m_bound = 0;
    bool m_isStorable = true;
    PostgresResult m_result;
    int m_row = -1;
    std::int64_t m_affected = 0;
    mutable Bytes m_unescaped; ///< what view() gives of bytes that came as text
};

} // namespace countersign::database
