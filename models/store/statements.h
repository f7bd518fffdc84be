#pragma once

#include "models/database/connection.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace countersign::store {

/// Bytes as a statement's argument.
struct Blob {
    BytesView bytes;
};

/// Runs statements one after the other. The first failure sticks: later calls do nothing and give nothing, so that a sequence reads as
/// a sequence and its outcome is asked for once, by status().
class Statements
{
public:
    explicit Statements(database::Connection &connection) : m_connection(connection) {}

    template<class... Args>
    void run(std::string_view sql, const Args &...args)
    {
        execute(sql, args...);
    }

    /// As run(), but on PostgreSQL without waiting: a failure may come with a later statement, with flush(), or with the commit.
    template<class... Args>
    void post(std::string_view sql, const Args &...args)
    {
        if (auto query = prepared(sql, args...))
            if (const auto status = query->post(); !status)
                fail(status.error());
    }
    void flush()
    {
        if (const auto status = m_connection.flush(); !status)
            fail(status.error());
    }

    /// Calls `row` with the query standing on each row.
    template<class Row, class... Args>
    void each(std::string_view sql, Row row, const Args &...args)
    {
        auto query = execute(sql, args...);
        while (query) {
            const auto more = query->next();
            if (!more)
                fail(more.error());
            if (!more || !*more)
                return;
            row(*query);
        }
    }

    /// The first column of the first row as an integer; nothing when there is no row or it is NULL.
    template<class... Args>
    std::optional<std::int64_t> integer(std::string_view sql, const Args &...args)
    {
        std::optional<std::int64_t> value;
        bool first = true;
        each(sql, [&](const database::Query &query) {
            if (std::exchange(first, false))
                value = query.integerOrNull(0);
        }, args...);
        return value;
    }

    template<class... Args>
    std::optional<std::string> text(std::string_view sql, const Args &...args)
    {
        std::optional<std::string> value;
        bool first = true;
        each(sql, [&](const database::Query &query) {
            if (std::exchange(first, false) && !query.isNull(0))
                value = query.text(0);
        }, args...);
        return value;
    }

    void fail(const Error &error)
    {
        if (m_status)
            m_status = error;
    }
    bool ok() const { return m_status.ok(); }
    Status status() const { return m_status; }
    database::Connection &connection() { return m_connection; }

private:
    static void bindOne(database::Query &query, const Blob &blob) { query.bindBytes(blob.bytes); }
    template<class T>
    static void bindOne(database::Query &query, const T &value)
    {
        if constexpr (std::is_same_v<T, std::nullopt_t>)
            query.bindNull();
        else if constexpr (std::is_integral_v<T> || std::is_enum_v<T>)
            query.bind(static_cast<std::int64_t>(value));
        else
            query.bind(value);
    }

    template<class... Args>
    std::optional<database::Query> prepared(std::string_view sql, const Args &...args)
    {
        if (!m_status)
            return {};
        auto query = m_connection.prepare(sql);
        if (!query) {
            fail(query.error());
            return {};
        }
        (bindOne(*query, args), ...);
        return std::move(*query);
    }

    template<class... Args>
    std::optional<database::Query> execute(std::string_view sql, const Args &...args)
    {
        auto query = prepared(sql, args...);
        if (query)
            if (const auto status = query->exec(); !status) {
                fail(status.error());
                return {};
            }
        return query;
    }

    database::Connection &m_connection;
    Status m_status;
};

} // namespace countersign::store
