#include "models/database/connection.h"

#include "models/database/sqlite/sqlitefile.h"
#include "tests/support/program.h"
#include "tests/support/verify.h"

#include <QCoreApplication>
#include <QFile>
#include <QTest>

#include <sqlite3.h>

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

using namespace countersign;
using namespace countersign::database;

/// What only a file can suffer.
class SqliteFileTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void opensWithTheSettingsThatKeepSignatures();
    void openingAndClosingChangesNothing();
    void explainsWhatCannotBeOpened_data();
    void explainsWhatCannotBeOpened();
    void refusesAnotherProgramsDatabase();
    void opensAnotherProgramsDatabaseForReadingWhenAsked();
    void doesNotMakeAFileUnlessAsked();
    void anyFileNameWorks();
    void aWriteProtectedFileIsReadOnlyWithAReason();
    void aWriteProtectedFolderIsReadOnlyWithAReason();
    void aHostileTriggerDoesNotReplaceARow();
    void twoConnectionsMakeOneWorkspace();
    void aWorkspaceAtRestIsOneFile();
    void closingLeavesTheJournalOfWhoeverIsWriting();
    void whatLiesOnANetworkIsOnlyRead_data();
    void whatLiesOnANetworkIsOnlyRead();
    void whatNobodyCanTellCountsAsANetwork();
    void unfinishedWorkIsUndoneOnlyWhenItMayBe();
    void theJournalOfWhoeverIsWritingIsNobodysQuestion();
    void whatCannotBeOurJournalIsRefused();

private:
    /// A file as a program leaves it that is killed in the middle of a transaction, with its journal.
    std::filesystem::path killedWriter(const std::string &name);

    test::TemporaryFolder m_folder;
};

static Result<std::unique_ptr<Connection>> openFile(const std::filesystem::path &file, const OpenOptions &options = {})
{
    return Connection::open(Location::sqlite(file), options);
}

static std::string one(Connection &connection, const std::string &sql)
{
    auto query = connection.prepare(sql);
    if (!query || !query->exec())
        return "failed";
    const auto row = query->next();
    return row && *row ? query->text(0) : "no row";
}

static QByteArray contents(const std::filesystem::path &file)
{
    QFile in(QString::fromStdString(file.string()));
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
}

static void makeForeign(const std::filesystem::path &file)
{
    sqlite3 *handle = nullptr;
    sqlite3_open(file.c_str(), &handle);
    sqlite3_exec(handle, "CREATE TABLE experiments(name TEXT); INSERT INTO experiments VALUES('churn')", nullptr, nullptr, nullptr);
    sqlite3_close(handle);
}

void SqliteFileTest::opensWithTheSettingsThatKeepSignatures()
{
    const auto connection = openFile(m_folder.file("settings.countersign"), {.create = true});
    QVERIFY_RESULT(connection);
    QCOMPARE(one(**connection, "PRAGMA journal_mode"), std::string("truncate"));
    QCOMPARE(one(**connection, "PRAGMA synchronous"), std::string("2"));
    QCOMPARE(one(**connection, "PRAGMA foreign_keys"), std::string("1"));
    QCOMPARE(one(**connection, "PRAGMA recursive_triggers"), std::string("1"));
    QCOMPARE(one(**connection, "PRAGMA trusted_schema"), std::string("0"));
    QCOMPARE(one(**connection, "PRAGMA cell_size_check"), std::string("1"));
    QCOMPARE(one(**connection, "PRAGMA application_id"), std::to_string(0x43534731));
    // Defensive: the schema table cannot be written, not even after asking for it.
    QVERIFY_RESULT((*connection)->exec("CREATE TABLE t(x)"));
    static_cast<void>((*connection)->exec("PRAGMA writable_schema=ON"));
    QVERIFY(!(*connection)->exec("DELETE FROM sqlite_schema"));
}

void SqliteFileTest::openingAndClosingChangesNothing()
{
    const auto file = m_folder.file("untouched.countersign");
    {
        const auto connection = openFile(file, {.create = true});
        QVERIFY_RESULT(connection);
        QVERIFY_RESULT((*connection)->exec("CREATE TABLE t(x)"));
    }
    const auto before = contents(file);
    std::filesystem::last_write_time(file, std::filesystem::last_write_time(file) - std::chrono::hours(1));
    const auto time = std::filesystem::last_write_time(file);
    for (const bool create : {false, true}) {
        const auto connection = openFile(file, {.create = create});
        QVERIFY_RESULT(connection);
        QCOMPARE(one(**connection, "SELECT count(*) FROM t"), std::string("0"));
        auto transaction = Transaction::begin(**connection);
        QVERIFY_RESULT(transaction);
        QVERIFY_RESULT(transaction->commit()); // nothing was written in it
    }
    QCOMPARE(contents(file), before);
    QVERIFY(std::filesystem::last_write_time(file) == time);
}

void SqliteFileTest::explainsWhatCannotBeOpened_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("says");
    QTest::newRow("a missing file") << QStringLiteral("missing") << int(ErrorKind::NotFound) << QStringLiteral("There is no file");
    QTest::newRow("a missing folder") << QStringLiteral("no/such/folder/x") << int(ErrorKind::NotFound) << QStringLiteral("There is no folder");
    QTest::newRow("a folder") << QStringLiteral("folder") << int(ErrorKind::Invalid) << QStringLiteral("is a folder");
    QTest::newRow("a text") << QStringLiteral("text") << int(ErrorKind::Io) << QStringLiteral("is not a database");
    QTest::newRow("an empty file") << QStringLiteral("empty") << int(ErrorKind::Invalid) << QStringLiteral("not a Countersign workspace");
    QTest::newRow("a cut database") << QStringLiteral("cut") << int(ErrorKind::Io) << QStringLiteral("damaged");
    QTest::newRow("a device") << QStringLiteral("/dev/null") << int(ErrorKind::Invalid) << QStringLiteral("device");
}

void SqliteFileTest::explainsWhatCannotBeOpened()
{
    QFETCH(QString, what);
    QFETCH(int, kind);
    QFETCH(QString, says);
    std::filesystem::create_directory(m_folder.file("folder"));
    std::ofstream(m_folder.file("text")) << std::string(5000, 'x');
    std::ofstream(m_folder.file("empty")).flush();
    if (!std::filesystem::exists(m_folder.file("cut"))) {
        const auto connection = openFile(m_folder.file("cut"), {.create = true});
        for (int i = 0; i < 20; ++i)
            QVERIFY_RESULT((*connection)->exec("CREATE TABLE t" + std::to_string(i) + "(x TEXT UNIQUE)"));
    }
    std::filesystem::resize_file(m_folder.file("cut"), 3 * 4096 + 100);
    const auto path = what.startsWith(QLatin1Char('/')) ? std::filesystem::path(what.toStdString()) : m_folder.file(what.toStdString());
    auto opened = openFile(path);
    if (opened) // the damage lies behind the first page: seen when read
        QVERIFY(!opened->get()->exec("PRAGMA integrity_check") || !opened->get()->exec("SELECT count(*) FROM t19"));
    const auto error = opened ? opened->get()->exec("SELECT count(*) FROM t19").error() : opened.error();
    QVERIFY2(static_cast<int>(error.kind) == kind && QString::fromStdString(error.message).contains(says), error.text().c_str());
}

void SqliteFileTest::refusesAnotherProgramsDatabase()
{
    const auto file = m_folder.file("mlflow.db");
    makeForeign(file);
    const auto before = contents(file);
    for (const bool create : {false, true}) {
        const auto refused = openFile(file, {.create = create});
        QVERIFY_ERROR(refused, ErrorKind::Invalid);
        QVERIFY(refused.error().message.find("not a Countersign workspace") != std::string::npos);
    }
    QCOMPARE(contents(file), before);
}

void SqliteFileTest::opensAnotherProgramsDatabaseForReadingWhenAsked()
{
    const auto file = m_folder.file("source.db");
    makeForeign(file);
    const auto before = contents(file);
    {
        const auto connection = openFile(file, {.foreign = true});
        QVERIFY_RESULT(connection);
        QVERIFY((*connection)->isReadOnly());
        QCOMPARE(one(**connection, "SELECT name FROM experiments"), std::string("churn"));
        QVERIFY_ERROR((*connection)->exec("DELETE FROM experiments"), ErrorKind::Denied);
    }
    QCOMPARE(contents(file), before);
}

void SqliteFileTest::doesNotMakeAFileUnlessAsked()
{
    const auto file = m_folder.file("never.countersign");
    QVERIFY_ERROR(openFile(file), ErrorKind::NotFound);
    QVERIFY_ERROR(openFile(file, {.readOnly = true}), ErrorKind::NotFound);
    QVERIFY_ERROR(openFile(file, {.create = true, .readOnly = true}), ErrorKind::NotFound);
    QVERIFY(!std::filesystem::exists(file));
}

void SqliteFileTest::anyFileNameWorks()
{
    for (const std::string name : {"a b?mode=memory&x#y%41.countersign", "žluťoučký 🐎", "-leading", "quote'\"\\", "line\nbreak", "\xFF\xFEnot utf-8"}) {
        const auto file = m_folder.file(name);
        {
            const auto connection = openFile(file, {.create = true});
            QVERIFY_RESULT(connection);
            QVERIFY_RESULT((*connection)->exec("CREATE TABLE t(x)"));
        }
        QVERIFY2(std::filesystem::exists(file), name.c_str());
        QVERIFY_RESULT(openFile(file));
        // Qt cannot name every file and would leave the folder behind.
        std::filesystem::remove(file);
        std::filesystem::remove(m_folder.file(name + "-journal"));
    }
}

/// As an ordinary user: root may write everything, so there the check runs in a child with another user id.
static int checkProtected(const std::filesystem::path &file)
{
    const auto connection = openFile(file);
    if (!connection)
        return 2;
    const bool isExplained = (*connection)->isReadOnly() && (*connection)->readOnlyReason().find("write-protected") != std::string::npos;
    const auto begun = (*connection)->begin();
    return isExplained && !begun && begun.error().kind == ErrorKind::Denied && one(**connection, "SELECT count(*) FROM t") == "0" ? 0 : 3;
}

static int checkAsOrdinaryUser(const std::filesystem::path &file)
{
    if (::geteuid() != 0)
        return checkProtected(file);
    test::Program program(QStringLiteral("/usr/bin/setpriv"));
    program.arguments({QStringLiteral("--reuid=65534"), QStringLiteral("--regid=65534"), QStringLiteral("--clear-groups"), QStringLiteral("--"),
                       QCoreApplication::applicationFilePath(), QStringLiteral("--check-protected"), QString::fromStdString(file.string())});
    const auto result = program.run();
    if (result.exitCode != 0)
        qWarning("%s", (result.out + result.err).constData());
    return result.exitCode;
}

void SqliteFileTest::aWriteProtectedFileIsReadOnlyWithAReason()
{
    const auto folder = m_folder.file("open");
    std::filesystem::create_directory(folder);
    const auto file = folder / "protected.countersign";
    QVERIFY_RESULT((*openFile(file, {.create = true}))->exec("CREATE TABLE t(x)"));
    std::filesystem::permissions(m_folder.file("."), std::filesystem::perms(0755));
    std::filesystem::permissions(folder, std::filesystem::perms(0777));
    std::filesystem::permissions(file, std::filesystem::perms(0444));
    QCOMPARE(checkAsOrdinaryUser(file), 0);
}

void SqliteFileTest::aWriteProtectedFolderIsReadOnlyWithAReason()
{
    const auto folder = m_folder.file("closed");
    std::filesystem::create_directory(folder);
    const auto file = folder / "workspace.countersign";
    QVERIFY_RESULT((*openFile(file, {.create = true}))->exec("CREATE TABLE t(x)"));
    std::filesystem::permissions(m_folder.file("."), std::filesystem::perms(0755));
    std::filesystem::permissions(file, std::filesystem::perms(0666));
    std::filesystem::permissions(folder, std::filesystem::perms(0555));
    QCOMPARE(checkAsOrdinaryUser(file), 0);
    std::filesystem::permissions(folder, std::filesystem::perms(0755));
}

void SqliteFileTest::aHostileTriggerDoesNotReplaceARow()
{
    // INSERT OR REPLACE deletes the old row; only with recursive triggers does the delete trigger see it.
    const auto connection = openFile(m_folder.file("replace.countersign"), {.create = true});
    QVERIFY_RESULT(connection);
    QVERIFY_RESULT((*connection)->exec("CREATE TABLE log(id INTEGER PRIMARY KEY, what TEXT)"));
    QVERIFY_RESULT((*connection)->exec("CREATE TRIGGER log_d BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'append-only'); END"));
    QVERIFY_RESULT((*connection)->exec("INSERT INTO log VALUES(1, 'signed')"));
    QVERIFY_ERROR((*connection)->exec("INSERT OR REPLACE INTO log VALUES(1, 'forged')"), ErrorKind::Denied);
    QCOMPARE(one(**connection, "SELECT what FROM log"), std::string("signed"));
}

void SqliteFileTest::twoConnectionsMakeOneWorkspace()
{
    const auto file = m_folder.file("together.countersign");
    const auto one_ = openFile(file, {.create = true});
    const auto other = openFile(file, {.create = true});
    QVERIFY_RESULT(one_);
    QVERIFY_RESULT(other);
    QVERIFY_RESULT((*one_)->exec("CREATE TABLE t(x)"));
    QCOMPARE(one(**other, "SELECT count(*) FROM t"), std::string("0"));
}

void SqliteFileTest::aWorkspaceAtRestIsOneFile()
{
    const auto file = m_folder.file("rest.countersign");
    const std::filesystem::path journal = file.string() + "-journal";
    {
        const auto first = openFile(file, {.create = true});
        const auto second = openFile(file);
        QVERIFY_RESULT(first);
        QVERIFY_RESULT(second);
        QVERIFY_RESULT((*first)->exec("CREATE TABLE t(x INT)"));
        QVERIFY_RESULT((*second)->exec("INSERT INTO t VALUES(1)"));
        QVERIFY(std::filesystem::exists(journal)); // truncated after each commit, and kept
    }
    QVERIFY(!std::filesystem::exists(journal));
    const auto bytes = contents(file);
    {
        const auto reader = openFile(file, {.readOnly = true});
        QVERIFY_RESULT(reader);
        QCOMPARE(one(**reader, "SELECT count(*) FROM t"), std::string("1"));
    }
    QVERIFY(!std::filesystem::exists(journal));
    QVERIFY(contents(file) == bytes);
}

void SqliteFileTest::closingLeavesTheJournalOfWhoeverIsWriting()
{
    const auto file = m_folder.file("busy.countersign");
    const std::filesystem::path journal = file.string() + "-journal";
    auto writer = openFile(file, {.create = true});
    QVERIFY_RESULT(writer);
    QVERIFY_RESULT((*writer)->exec("CREATE TABLE t(x INT)"));
    QVERIFY_RESULT((*writer)->exec("INSERT INTO t VALUES(0)"));
    const auto write = [&] {
        Status status = (*writer)->begin();
        for (int i = 0; i < 100 && status; ++i)
            status = (*writer)->exec("INSERT INTO t VALUES(1)");
        return status;
    };
    {
        const auto other = openFile(file);
        QVERIFY_RESULT(other);
        QCOMPARE(one(**other, "SELECT count(*) FROM t"), std::string("1"));
        QVERIFY_RESULT(write());
        QVERIFY(std::filesystem::file_size(journal) > 0);
    } // closes while the other writes
    QVERIFY(std::filesystem::exists(journal) && std::filesystem::file_size(journal) > 0);
    QVERIFY_RESULT((*writer)->rollback());
    QCOMPARE(one(**writer, "SELECT count(*) FROM t"), std::string("1"));
    // Removed by somebody who closed in between, it is made anew for the next write.
    QVERIFY_RESULT(openFile(file));
    QVERIFY(!std::filesystem::exists(journal));
    QVERIFY_RESULT(write());
    QVERIFY(std::filesystem::exists(journal) && std::filesystem::file_size(journal) > 0);
    QVERIFY_RESULT((*writer)->rollback());
    QCOMPARE(one(**writer, "SELECT count(*) FROM t"), std::string("1"));
    QCOMPARE(one(**writer, "PRAGMA integrity_check"), std::string("ok"));
    writer->reset();
    QVERIFY(!std::filesystem::exists(journal));
}

void SqliteFileTest::whatLiesOnANetworkIsOnlyRead_data()
{
    QTest::addColumn<quint32>("type");
    QTest::addColumn<QString>("name");
    for (const auto &[type, name] : std::initializer_list<std::pair<quint32, const char *>>{
             {0x6969, "NFS"}, {0x517B, "SMB"}, {0xFF534D42, "CIFS"}, {0xFE534D42, "SMB2"}, {0x01021997, "9p"}, {0x65735546, "FUSE"}, {0x00C36400, "Ceph"}, {0x5346414F, "AFS"}, {0x6B414653, "AFS"},
             {0x73757245, "Coda"}, {0x564C, "NCP"}, {0x7461636F, "OCFS2"}, {0x01161970, "GFS2"}, {0x0BD00BD0, "Lustre"}, {0x47504653, "GPFS"}})
        QTest::addRow("%s %x", name, type) << type << QString::fromLatin1(name);
    for (const auto &[type, name] : std::initializer_list<std::pair<quint32, const char *>>{{0xEF53, "ext4"}, {0x58465342, "XFS"}, {0x9123683E, "btrfs"}, {0x01021994, "tmpfs"}, {0x794C7630, "overlay"}, {0x2FC12FC1, "ZFS"}})
        QTest::addRow("%s", name) << type << QString();
}

void SqliteFileTest::whatLiesOnANetworkIsOnlyRead()
{
    QFETCH(quint32, type);
    QFETCH(QString, name);
    const auto why = QString::fromStdString(whyNotLocal("/srv/models.countersign", type));
    QCOMPARE(why, name.isEmpty() ? name
                                 : QStringLiteral("“/srv/models.countersign” lies on a network file system (%1), where two programs could destroy it, so it can only be read. "
                                                  "Copy it to a local disk, or share the workspace through PostgreSQL.").arg(name));
}

void SqliteFileTest::whatNobodyCanTellCountsAsANetwork()
{
    const auto why = whyReadOnly(m_folder.file("gone") / "models.countersign"); // nothing is there to be asked about
    QVERIFY2(why.starts_with("It cannot be told on what file system “") && why.find("models.countersign” lies") != std::string::npos && why.find("can only be read") != std::string::npos, why.c_str());
    QCOMPARE(whyNotLocal("x", {}).starts_with("It cannot be told"), true);
    QCOMPARE(whyReadOnly(m_folder.file("models.countersign")), std::string());
}

std::filesystem::path SqliteFileTest::killedWriter(const std::string &name)
{
    const auto living = m_folder.file(name + "-living");
    const auto dead = m_folder.file(name);
    auto writer = openFile(living, {.create = true});
    if (!writer || !(*writer)->exec("CREATE TABLE t(x BLOB)") || !(*writer)->exec("INSERT INTO t VALUES(randomblob(100))") || !(*writer)->exec("PRAGMA cache_size=1") || !(*writer)->begin())
        return {};
    // More than its cache holds: part of it is in the file already.
    for (int i = 0; i < 50; ++i)
        if (!(*writer)->exec("INSERT INTO t VALUES(randomblob(20000))"))
            return {};
    std::filesystem::copy_file(living, dead);
    std::filesystem::copy_file(living.string() + "-journal", dead.string() + "-journal");
    return std::filesystem::file_size(dead) > 100000 && (*writer)->rollback() ? dead : std::filesystem::path();
}

void SqliteFileTest::unfinishedWorkIsUndoneOnlyWhenItMayBe()
{
    for (const bool readOnly : {false, true}) {
        const auto file = killedWriter(readOnly ? "killed-read" : "killed");
        QVERIFY(!file.empty());
        const auto journal = file.string() + "-journal";
        const auto before = contents(file) + contents(journal);
        OpenOptions options;
        options.readOnly = readOnly;
        std::string seen;
        Status answer = Error{ErrorKind::Tampered, "It is another one.", {}};
        options.mayUndo = [&](Connection &undone, Connection *found) {
            seen += one(undone, "SELECT count(*) FROM t") + (found && found->isReadOnly() ? "," : "?");
            return answer;
        };
        const auto refused = openFile(file, options);
        QVERIFY_ERROR(refused, ErrorKind::Invalid);
        for (const std::string &part : {journal, std::string("It is another one."), std::string("Nothing was opened or changed")})
            QVERIFY2(refused.error().message.find(part) != std::string::npos, refused.error().message.c_str());
        QVERIFY(contents(file) + contents(journal) == before);
        answer = {};
        const auto connection = openFile(file, options);
        QVERIFY_RESULT(connection);
        QCOMPARE(seen, std::string("1,1,"));
        QCOMPARE(one(**connection, "SELECT count(*) FROM t"), std::string("1"));
        QVERIFY((*connection)->note().find("was undone") != std::string::npos);
        QVERIFY_RESULT(openFile(file, options)); // once it is undone nobody is asked
        QCOMPARE(seen, std::string("1,1,"));
    }
}

void SqliteFileTest::theJournalOfWhoeverIsWritingIsNobodysQuestion()
{
    const auto file = m_folder.file("written.countersign");
    const auto writer = openFile(file, {.create = true});
    QVERIFY_RESULT(writer);
    QVERIFY_RESULT((*writer)->exec("CREATE TABLE t(x INT)"));
    QVERIFY_RESULT((*writer)->begin());
    QVERIFY_RESULT((*writer)->exec("INSERT INTO t VALUES(1)"));
    QVERIFY(std::filesystem::file_size(file.string() + "-journal") > 0);
    OpenOptions options;
    options.mayUndo = [](Connection &, Connection *) -> Status { return Error{ErrorKind::Tampered, "asked", {}}; };
    const auto reader = openFile(file, options);
    QVERIFY_RESULT(reader);
    QVERIFY((*reader)->note().empty());
    QCOMPARE(one(**reader, "SELECT count(*) FROM t"), std::string("0"));
    QVERIFY_RESULT((*writer)->commit()); // looking took no lock from the writer
    QCOMPARE(one(**reader, "SELECT count(*) FROM t"), std::string("1"));
}

void SqliteFileTest::whatCannotBeOurJournalIsRefused()
{
    const auto file = m_folder.file("odd.countersign");
    QVERIFY_RESULT((*openFile(file, {.create = true}))->exec("CREATE TABLE t(x INT)"));
    const auto before = contents(file);
    const std::filesystem::path journal = file.string() + "-journal";
    const auto isRefused = [&](const char *says) {
        const auto refused = openFile(file);
        std::filesystem::remove(journal);
        return !refused && refused.error().kind == ErrorKind::Invalid && refused.error().message.find(says) != std::string::npos && contents(file) == before;
    };
    QCOMPARE(::mkfifo(journal.c_str(), 0600), 0); // reading it would never end
    QVERIFY(isRefused("not a file on disk"));
    std::filesystem::create_symlink(m_folder.file("elsewhere"), journal);
    QVERIFY(isRefused("not a file on disk"));
    std::filesystem::create_directory(journal);
    QVERIFY(isRefused("not a file on disk"));
    // A journal of several files names another one, which SQLite removes once nothing needs it.
    const auto killed = killedWriter("several");
    const auto victim = m_folder.file("victim");
    std::ofstream(victim) << "dear";
    std::filesystem::copy_file(killed.string() + "-journal", journal);
    const std::string name = victim.string();
    std::uint32_t sum = 0;
    for (const char c : name)
        sum += static_cast<std::uint32_t>(c);
    const auto number = [](std::uint32_t value) { return std::string{static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8), static_cast<char>(value)}; };
    constexpr std::uint32_t kLockPage = 0x40000000 / 4096 + 1;
    std::ofstream(journal, std::ios::binary | std::ios::app)
        << number(kLockPage) << name << number(static_cast<std::uint32_t>(name.size())) << number(sum) << "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7";
    QVERIFY(isRefused("names a further file"));
    QCOMPARE(contents(victim), QByteArray("dear"));
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc == 3 && QByteArray(argv[1]) == "--check-protected")
        return checkProtected(argv[2]);
    SqliteFileTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_sqlitefile.moc"
