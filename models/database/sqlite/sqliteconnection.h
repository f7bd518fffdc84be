#pragma once

#include "models/database/backend.h"
#include "models/database/sqlite/sqlitefile.h"

#include <sqlite3.h>

#include <unordered_map>

namespace countersign::database {

/// SQLite through its own C library on the handle that the Qt driver opened. Internal to models/database.
class SqliteConnection final : public Connection::Private
{
public:
    /// Prepared statements of one text: those at rest, and how many are out.
    struct Prepared {
        std::vector<sqlite3_stmt *> idle;
        int borrowed = 0;
        bool needsDoor = false; ///< it writes a guarded table
    };
    using Cache = std::unordered_map<std::string, Prepared, StringHash, std::equal_to<>>;

    explicit SqliteConnection(Location place);
    ~SqliteConnection() override;

    /// Opens in a SQLite mode ("ro", "rw", "rwc") or a private temporary database, and sets what needs no look at the file.
    Status openFile(const char *mode);
    Status openScratch();
    /// Checks that the file is a workspace (makes it one when it is empty and may be), and sets the pragmas of writing.
    Status becomeWorkspace(bool mayCreate);

    Result<std::unique_ptr<Query::Private>> prepare(std::string_view sql) override;
    Status exec(std::string_view sql) override;
    Status begin(std::chrono::milliseconds patience) override;
    Status beginRead() override;
    Status commit() override;
    Status rollback() override;
    bool inTransaction() const override { return sqlite3_get_autocommit(m_handle) == 0; }
    Result<std::unique_ptr<BulkWriter::Private>> openBulk(std::string_view table, std::vector<BulkWriter::Column> columns) override;
    void forgetStatements() override;

    sqlite3 *handle() const { return m_handle; }
    /// The failure `code` as an Error; marks an open transaction as spoiled.
    Error failure(int code, std::string_view sql);
    Result<sqlite3_stmt *> compile(std::string_view sql, unsigned flags = 0);
    void giveBack(Prepared &prepared, sqlite3_stmt *statement);

private:
    Status open(const QString &name, const QString &options);
    Status run(const char *sql);
    Result<std::int64_t> number(const char *sql);
    Result<std::string> text(const char *sql);
    Error notThisWay(std::string_view sql);
    void removeJournal();
    Status waitAndRun(const char *sql, std::chrono::milliseconds patience);
    static int onBusy(void *self, int count);
    /// What SQLite asks while it compiles a statement.
    static int authorize(void *self, int action, const char *first, const char *second, const char *schema, const char *trigger);
    bool isGuarded(const char *table) const;

    sqlite3 *m_handle = nullptr;
    std::unique_ptr<Turnstile> m_turnstile;
    bool m_leavesJournal = false; ///< an empty file beside the workspace, from the first write on
    bool m_writesGuarded = false; ///< the statement being compiled
    bool m_wasRefused = false;    ///< and why it failed
    Cache m_cache;
    std::chrono::milliseconds m_patience;
    std::chrono::steady_clock::time_point m_busySince;
};

/// The Error for an extended result code; `message` is SQLite's own.
Error sqliteError(int code, const std::string &message, const Location &location, std::string_view sql);

} // namespace countersign::database
