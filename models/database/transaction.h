#pragma once

#include "models/base/result.h"

#include <chrono>

namespace countersign::database {

class Connection;

/// Commits only when told to; a Transaction that dies uncommitted rolls back.
class Transaction
{
public:
    static Result<Transaction> begin(Connection &connection, std::chrono::milliseconds patience = std::chrono::seconds(30));
    /// All statements until the end see one state of the database; commit() or the end of the block ends it.
    static Result<Transaction> read(Connection &connection);
    Transaction(Transaction &&other) noexcept;
    Transaction &operator=(Transaction &&) = delete;
    ~Transaction();
    Status commit();

private:
    explicit Transaction(Connection &connection) : m_connection(&connection) {}
    Connection *m_connection;
};

} // namespace countersign::database
