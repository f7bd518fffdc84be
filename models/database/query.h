#pragma once

#include "models/base/bytes.h"
#include "models/base/result.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace countersign::database {

class Connection;

/// A prepared statement and its rows. Placeholders are '?', bound in order. Every failure is a Result, so "no more rows" and
/// "failed" never look alike. Borrowed from a Connection: used on its thread, gone before it.
/// On SQLite rows come as they are read, and a query that has not reached its end (or was not destroyed) keeps other programs from
/// committing. On PostgreSQL exec() fetches all rows: ask for pages, not for millions.
class Query
{
public:
    Query(Query &&) noexcept;
    Query &operator=(Query &&) noexcept;
    ~Query();

    Query &bind(std::int64_t value);
    Query &bind(int value) { return bind(static_cast<std::int64_t>(value)); }
    Query &bind(bool value) { return bind(static_cast<std::int64_t>(value)); }
    Query &bind(double value);                     ///< NaN is stored as NULL, on both databases
    Query &bind(std::string_view text);            ///< must be UTF-8 without NUL
    Query &bind(const char *text) { return bind(std::string_view(text)); }
    Query &bind(const std::string &text) { return bind(std::string_view(text)); }
    Query &bindBytes(BytesView bytes);
    Query &bindNull();
    template<class T>
    Query &bind(const std::optional<T> &value) { return value ? bind(*value) : bindNull(); }

    /// Runs with what was bound; the bindings are then cleared and the query may be bound and run again.
    /// Invalid: fewer or more values than placeholders, or text with a NUL or not UTF-8. Conflict: the same key exists, or another program holds a
    /// lock. Denied: append-only, or no right. Io: disk, connection. A failure inside a transaction leaves only rollback.
    Status exec();
    /// As exec(), for a statement without rows whose outcome may come later. On PostgreSQL, inside a transaction, it is on its way when this
    /// returns; a failure is then told by a later statement, by Connection::flush() or by the commit, which never succeeds over it.
    Status post();
    /// Moves to the next row (first to the first); false at the end. Io on failure.
    Result<bool> next();
    std::int64_t rowsAffected() const; ///< rows inserted, changed or deleted; 0 for a select

    // Of the current row, columns from 0. NULL reads as 0, NaN, "" and no bytes.
    bool isNull(int column) const;
    std::int64_t integer(int column) const;
    double real(int column) const;
    std::string text(int column) const;
    Bytes bytes(int column) const;
    BytesView view(int column) const; ///< of a text or bytes, without a copy: until the next call on this query
    std::optional<std::int64_t> integerOrNull(int column) const;
    std::optional<double> realOrNull(int column) const;

    struct Private; ///< one per database, in this module

private:
    friend class Connection;
    explicit Query(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace countersign::database
