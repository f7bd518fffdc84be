#include "models/database/connection.h"

#include "tests/support/temporaryfolder.h"
#include "tests/support/verify.h"

#include <QFile>
#include <QTest>

#include <sqlite3.h>

#include <filesystem>

using namespace countersign;
using namespace countersign::database;

/// What a connection to a file refuses by itself, and what it says about where the file lies.
class SqliteGuardsTest : public QObject
{
    Q_OBJECT

    test::TemporaryFolder m_folder;

    static Result<std::unique_ptr<Connection>> open(const std::filesystem::path &file, const OpenOptions &options = {}) { return Connection::open(Location::sqlite(file), options); }
    static std::string one(Connection &connection, const std::string &sql)
    {
        auto query = connection.prepare(sql);
        if (!query || !query->exec())
            return "failed";
        const auto row = query->next();
        return row && *row ? query->text(0) : "no row";
    }
    std::filesystem::path made(const std::string &name)
    {
        const auto file = m_folder.file(name);
        const auto connection = open(file, {.create = true});
        if (connection) {
            const Status done = (*connection)->exec("CREATE TABLE t(x)");
            Q_ASSERT(done.ok());
        }
        return file;
    }

private Q_SLOTS:
    void oneFileAndNoForeignCode()
    {
        const auto file = made("one.countersign");
        const auto other = made("other.countersign");
        for (const bool isForeign : {false, true}) {
            const auto connection = open(file, {.readOnly = isForeign, .foreign = isForeign});
            QVERIFY_RESULT(connection);
            QVERIFY_ERROR((*connection)->exec("ATTACH '" + other.string() + "' AS o"), ErrorKind::Denied);
            QVERIFY_ERROR((*connection)->exec("SELECT load_extension('x')"), ErrorKind::Denied);
            // The pragma may be given; it lets nobody in.
            static_cast<void>((*connection)->exec("PRAGMA writable_schema=ON"));
            QVERIFY(!(*connection)->exec("UPDATE sqlite_schema SET sql = 'x'"));
            QCOMPARE(one(**connection, "PRAGMA trusted_schema"), std::string("0"));
            QCOMPARE(one(**connection, "PRAGMA cell_size_check"), std::string("1"));
            QCOMPARE(one(**connection, "PRAGMA recursive_triggers"), std::string("1"));
            QCOMPARE(one(**connection, "PRAGMA foreign_keys"), std::string("1"));
        }
    }

    /// SQLite would take in the other database's pages without a word.
    void anotherDatabasesLogIsNotTakenIn()
    {
        const auto file = made("mine.countersign");
        const auto theirs = m_folder.file("theirs.db");
        sqlite3 *other = nullptr;
        QCOMPARE(sqlite3_open(theirs.c_str(), &other), SQLITE_OK);
        QCOMPARE(sqlite3_exec(other, "PRAGMA journal_mode=WAL; CREATE TABLE t(x); INSERT INTO t VALUES('theirs')", nullptr, nullptr, nullptr), SQLITE_OK);
        std::filesystem::copy_file(theirs.native() + "-wal", file.native() + "-wal");
        QVERIFY(std::filesystem::file_size(file.native() + "-wal") > 0);
        const auto bytes = [&file] {
            QFile read(QString::fromStdString(file.native()));
            return read.open(QIODevice::ReadOnly) ? read.readAll() : QByteArray();
        };
        const QByteArray before = bytes();
        for (const bool isReadOnly : {false, true}) {
            const auto refused = open(file, {.readOnly = isReadOnly});
            QVERIFY_ERROR(refused, ErrorKind::Invalid);
            QVERIFY2(refused.error().message.find("-wal” lies beside the file and does not belong to it") != std::string::npos, refused.error().message.c_str());
        }
        QCOMPARE(bytes(), before);
        // Where the file itself says that it has one, it is its own.
        const auto foreign = open(theirs, {.readOnly = true, .foreign = true});
        QVERIFY_RESULT(foreign);
        QCOMPARE(one(**foreign, "SELECT x FROM t"), std::string("theirs"));
        sqlite3_close(other);
        std::filesystem::remove(file.native() + "-wal");
        QVERIFY_RESULT(open(file));
    }

    void guardedTablesNeedTheDoor()
    {
        const auto connection = open(made("door.countersign"));
        QVERIFY_RESULT(connection);
        (*connection)->guardTables({"t"});
        const std::string insert = "INSERT INTO t VALUES(?)";
        for (const char *sql : {"INSERT INTO t VALUES(1)", "UPDATE t SET x = 1", "DELETE FROM t", "DROP TABLE t", "ALTER TABLE t ADD COLUMN y", "ALTER TABLE t RENAME TO u",
                                "CREATE TRIGGER tr BEFORE INSERT ON t BEGIN SELECT 1; END", "CREATE INDEX i ON t(x)", "REPLACE INTO t VALUES(1)", "WITH a(x) AS (SELECT 1) INSERT INTO t SELECT x FROM a"})
            QVERIFY_ERROR((*connection)->exec(sql), ErrorKind::Denied);
        // Nor by a trigger of another table.
        QVERIFY_RESULT((*connection)->exec("CREATE TABLE free(x)"));
        QVERIFY_RESULT((*connection)->exec("CREATE TRIGGER sneaks AFTER INSERT ON free BEGIN DELETE FROM t; END"));
        QVERIFY_ERROR((*connection)->exec("INSERT INTO free VALUES(1)"), ErrorKind::Denied);
        QVERIFY_ERROR((*connection)->prepare(insert), ErrorKind::Denied);
        QVERIFY_RESULT((*connection)->begin());
        QVERIFY_ERROR(BulkWriter::open(**connection, "t", {{"x", BulkWriter::Type::Integer}}), ErrorKind::Denied);
        QVERIFY_RESULT((*connection)->rollback());
        {
            const TableDoor door(**connection);
            auto query = (*connection)->prepare(insert);
            QVERIFY_RESULT(query);
            QVERIFY_RESULT(query->bind(7).exec());
        }
        // What was prepared behind the open door stays behind it.
        QVERIFY_ERROR((*connection)->prepare(insert), ErrorKind::Denied);
        QCOMPARE(one(**connection, "SELECT group_concat(x) FROM t"), std::string("7"));
    }

    void linksAreFollowedAndSaid()
    {
        const auto file = made("real.countersign");
        const auto link = m_folder.file("link.countersign");
        std::filesystem::create_symlink(file, link);
        const auto connection = open(link);
        QVERIFY_RESULT(connection);
        QCOMPARE((*connection)->location().file, std::filesystem::canonical(file));
        QVERIFY2((*connection)->note().find("is a link") != std::string::npos && (*connection)->note().find("real.countersign") != std::string::npos, (*connection)->note().c_str());
        QVERIFY((*connection)->begin());
        QVERIFY_RESULT((*connection)->exec("INSERT INTO t VALUES(1)"));
        QVERIFY(std::filesystem::exists(file.string() + "-journal")); // beside the file, where everybody looks
        QVERIFY(!std::filesystem::exists(link.string() + "-journal"));
        QVERIFY_RESULT((*connection)->rollback());
        QVERIFY((*open(file))->note().empty());
    }

    void severalNamesAreReadOnly()
    {
        const auto file = made("name.countersign");
        std::filesystem::create_hard_link(file, m_folder.file("second name.countersign"));
        const auto connection = open(file);
        QVERIFY_RESULT(connection);
        QVERIFY((*connection)->isReadOnly());
        QVERIFY2((*connection)->readOnlyReason().find("hard links") != std::string::npos, (*connection)->readOnlyReason().c_str());
        QVERIFY_ERROR((*connection)->begin(), ErrorKind::Denied);
        std::filesystem::remove(m_folder.file("second name.countersign"));
        QVERIFY(!(*open(file))->isReadOnly());
    }

    void anotherProgramsWriteAheadLogIsNotJoined()
    {
        const auto file = made("wal.countersign");
        sqlite3 *other = nullptr;
        QCOMPARE(sqlite3_open(file.c_str(), &other), SQLITE_OK);
        QCOMPARE(sqlite3_exec(other, "PRAGMA journal_mode=WAL; INSERT INTO t VALUES(1)", nullptr, nullptr, nullptr), SQLITE_OK);
        {
            const auto connection = open(file);
            // In use, it cannot be changed, and is not written with; or it cannot be looked at without writing.
            if (connection) {
                QVERIFY((*connection)->isReadOnly());
                QVERIFY2((*connection)->readOnlyReason().find("write-ahead log") != std::string::npos, (*connection)->readOnlyReason().c_str());
            } else {
                QVERIFY_ERROR(connection, ErrorKind::Conflict);
            }
        }
        sqlite3_close(other);
        const auto connection = open(file);
        QVERIFY_RESULT(connection);
        QVERIFY(!(*connection)->isReadOnly());
        QCOMPARE(one(**connection, "PRAGMA journal_mode"), std::string("truncate"));
        QCOMPARE(one(**connection, "SELECT count(*) FROM t"), std::string("1"));
    }

    void aFileThatIsMovedAwayIsNotWritten()
    {
        const auto file = made("moved.countersign");
        const auto connection = open(file);
        QVERIFY_RESULT(connection);
        std::filesystem::rename(file, m_folder.file("elsewhere.countersign"));
        const auto tried = (*connection)->begin();
        const auto written = tried ? (*connection)->exec("INSERT INTO t VALUES(1)") : tried;
        QVERIFY_ERROR(written, ErrorKind::Io);
        QVERIFY2(written.error().message.find("was moved") != std::string::npos, written.error().message.c_str());
        static_cast<void>((*connection)->rollback());
        QCOMPARE(one(**open(m_folder.file("elsewhere.countersign")), "SELECT count(*) FROM t"), std::string("0"));
    }

    void unfinishedWorkIsUndoneAndSaid()
    {
        const auto file = made("killed.countersign");
        const auto copy = m_folder.file("copy.countersign");
        {
            // A copy of both files taken in the middle is what a kill leaves.
            const auto connection = open(file);
            QVERIFY_RESULT(connection);
            QVERIFY_RESULT((*connection)->exec("INSERT INTO t VALUES(1)"));
            QVERIFY_RESULT((*connection)->exec("PRAGMA cache_size=1"));
            QVERIFY_RESULT((*connection)->begin());
            for (int i = 0; i < 2000; ++i)
                QVERIFY_RESULT((*connection)->exec("INSERT INTO t VALUES(hex(zeroblob(100)))"));
            std::filesystem::copy_file(file, copy);
            std::filesystem::copy_file(file.string() + "-journal", copy.string() + "-journal");
            QVERIFY_RESULT((*connection)->rollback());
        }
        for (const bool isReadOnly : {true, false}) {
            const auto again = m_folder.file(isReadOnly ? "again-ro.countersign" : "again.countersign");
            std::filesystem::copy_file(copy, again);
            std::filesystem::copy_file(copy.string() + "-journal", again.string() + "-journal");
            const auto connection = open(again, {.readOnly = isReadOnly});
            QVERIFY_RESULT(connection);
            QCOMPARE(one(**connection, "SELECT count(*) FROM t"), std::string("1"));
            QVERIFY2((*connection)->note().find("ended in the middle") != std::string::npos, (*connection)->note().c_str());
        }
    }
};

QTEST_GUILESS_MAIN(SqliteGuardsTest)
#include "tst_sqliteguards.moc"
