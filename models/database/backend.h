#pragma once

#include "models/database/connection.h"

#include <QSqlDatabase>
#include <QSqlDriver>
#include <QVariant>

#include <cstring>
#include <thread>

/// What a database must be able to do for this module. Internal: nothing outside models/database includes it.
namespace countersign::database {

struct Query::Private {
    virtual ~Private() = default;
    virtual void bindInteger(std::int64_t value) = 0;
    virtual void bindReal(double value) = 0; ///< never NaN
    virtual void bindText(std::string_view text) = 0;
    virtual void bindBytes(BytesView bytes) = 0;
    virtual void bindNull() = 0;
    virtual Status exec() = 0;
    virtual Status post() { return exec(); }
    virtual Result<bool> next() = 0;
    virtual std::int64_t rowsAffected() const = 0;
    virtual bool isNull(int column) const = 0;
    virtual std::int64_t integer(int column) const = 0;
    virtual double real(int column) const = 0;
    virtual std::string text(int column) const = 0;
    virtual Bytes bytes(int column) const = 0;
    virtual BytesView view(int column) const = 0;
};

struct BulkWriter::Private {
    explicit Private(std::vector<Column> wanted) : columns(std::move(wanted)) {}
    virtual ~Private() = default;
    virtual void addInteger(std::int64_t value) = 0;
    virtual void addReal(double value) = 0;
    virtual void addText(std::string_view text) = 0;
    virtual void addBytes(BytesView bytes) = 0;
    virtual void addNull() = 0;
    virtual Status endRow() = 0;
    virtual Status finish() = 0;

    /// Whether the next value belongs into a column of this type; otherwise the first mistake of the row is kept for endRow().
    bool accepts(Type type);
    /// The mistake of the row, or too few values; starts the next row.
    Status checkRow();

    std::vector<Column> columns;
    std::size_t column = 0; ///< the next value's
    std::int64_t rows = 0;  ///< ended
    std::string mistake;
};

/// The Qt connection and what both databases share. Qt opens and closes it; statements go to the client library behind Qt's handle.
struct Connection::Private {
    Private(Location place, const char *driver);
    virtual ~Private();
    Private(const Private &) = delete;
    Private &operator=(const Private &) = delete;

    virtual Result<std::unique_ptr<Query::Private>> prepare(std::string_view sql) = 0;
    virtual Status exec(std::string_view sql) = 0;
    /// Waits for the answers to what was posted; the first failure.
    virtual Status flush() { return {}; }
    virtual Status begin(std::chrono::milliseconds patience) = 0;
    virtual Status beginRead() = 0;
    virtual Status commit() = 0;
    virtual Status rollback() = 0;
    virtual bool inTransaction() const = 0;
    virtual Result<std::unique_ptr<BulkWriter::Private>> openBulk(std::string_view table, std::vector<BulkWriter::Column> columns) = 0;
    /// Drops what is cached about statements, after the schema changed.
    virtual void forgetStatements() = 0;
    /// The library's connection behind the Qt driver; nullptr when the driver is another one than expected.
    template<class Handle>
    Handle *nativeHandle(const char *typeName) const;

    void closeQt(); ///< by the destructors of the backends, once their statements are gone

    Location location;
    bool readOnly = false;
    std::string readOnlyReason;
    std::string obstacle;
    std::string note;
    std::vector<std::string> guarded; ///< tables
    int openDoors = 0;
    bool spoiled = false;    ///< a statement of the open transaction failed; only rollback is left, on both databases alike
    bool bulkIsOpen = false; ///< a COPY owns the connection
    std::thread::id thread = std::this_thread::get_id();
    QString qtName;
    QSqlDatabase qt;
};

template<class Handle>
Handle *Connection::Private::nativeHandle(const char *typeName) const
{
    const QVariant handle = qt.driver()->handle();
    const bool isIt = handle.isValid() && std::strcmp(handle.typeName(), typeName) == 0;
    return isIt ? *static_cast<Handle *const *>(handle.constData()) : nullptr;
}

Result<std::unique_ptr<Connection::Private>> openSqlite(const Location &location, const OpenOptions &options);
Result<std::unique_ptr<Connection::Private>> openSqliteScratch();
Result<std::unique_ptr<Connection::Private>> openSqliteAsItLies(const Location &location);
Result<std::unique_ptr<Connection::Private>> openPostgres(const Location &location, const OpenOptions &options);

/// A table or column name that needs no quoting and no trust: [a-z_][a-z0-9_]*.
bool isPlainName(std::string_view name);
/// One line for a person: line breaks and runs of spaces become one space.
std::string oneLine(std::string_view text);
/// The beginning of a statement, for error messages.
std::string excerpt(std::string_view sql);
/// "The placeholders of a statement and the values bound must be as many."
Error bindingMismatch(std::size_t bound, std::size_t placeholders, std::string_view sql);
/// Whether both databases keep the text as it is: UTF-8 without NUL. SQLite alone would take anything.
bool isStorable(std::string_view text);
Error notStorable(std::string_view sql);
/// The commit of a transaction in which something had failed.
Error spoiledTransaction();

struct StringHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
};

} // namespace countersign::database
