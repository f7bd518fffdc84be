#include "models/database/transaction.h"

#include "models/database/connection.h"

#include <utility>

namespace countersign::database {

Result<Transaction> Transaction::begin(Connection &connection, std::chrono::milliseconds patience)
{
    if (const auto begun = connection.begin(patience); !begun)
        return begun.error();
    return Transaction(connection);
}

Result<Transaction> Transaction::read(Connection &connection)
{
    if (const auto begun = connection.beginRead(); !begun)
        return begun.error();
    return Transaction(connection);
}

Transaction::Transaction(Transaction &&other) noexcept : m_connection(std::exchange(other.m_connection, nullptr)) {}

Transaction::~Transaction()
{
    // A failure here has nobody to tell: the database rolls back on its own when the connection closes.
    if (m_connection)
        static_cast<void>(m_connection->rollback());
}

Status Transaction::commit()
{
    if (!m_connection)
        return Error{ErrorKind::Invalid, "The transaction is over already.", {}};
    const auto committed = m_connection->commit();
    if (committed)
        m_connection = nullptr;
    return committed;
}

} // namespace countersign::database
