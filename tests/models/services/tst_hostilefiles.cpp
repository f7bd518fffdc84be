#include "models/base/text.h"
#include "models/services/inventory.h"
#include "models/services/workspace/verification.h"
#include "tests/models/services/reviewfixture.h"
#include "tests/support/verify.h"

#include <QtTest>

#include <sqlite3.h>

#include <random>

using namespace countersign;
using namespace countersign::test;

namespace {

using Random = std::mt19937_64;
constexpr std::size_t kPage = 4096;

std::size_t below(Random &random, std::size_t end) { return static_cast<std::size_t>(random() % end); }

void flipBit(std::string &file, std::size_t at, Random &random)
{
    file[at] = static_cast<char>(static_cast<unsigned char>(file[at]) ^ (1U << below(random, 8)));
}

/// What a disk, or somebody with an editor, does to the bytes of a file.
struct Mangling {
    const char *name;
    void (*apply)(std::string &file, Random &random);
};

constexpr Mangling kManglings[] = {
    {"bits of the header", [](std::string &file, Random &random) {
         for (std::size_t left = 1 + below(random, 4); left > 0; --left)
             flipBit(file, below(random, 100), random);
     }},
    {"bits of a page's head", [](std::string &file, Random &random) {
         const std::size_t page = below(random, file.size() / kPage) * kPage;
         for (std::size_t left = 1 + below(random, 4); left > 0; --left)
             flipBit(file, page + (page == 0 ? 100 : 0) + below(random, 40), random);
     }},
    {"bits anywhere", [](std::string &file, Random &random) {
         for (std::size_t left = 1 + below(random, 200); left > 0; --left)
             flipBit(file, below(random, file.size()), random);
     }},
    {"bytes of the first pages", [](std::string &file, Random &random) {
         for (std::size_t left = 1 + below(random, 8); left > 0; --left)
             file[100 + below(random, 20 * kPage)] = static_cast<char>(random());
     }},
    {"a sector of zeros", [](std::string &file, Random &random) { file.replace(below(random, file.size() / 512) * 512, 512, std::string(512, '\0')); }},
    {"two pages exchanged", [](std::string &file, Random &random) {
         const std::size_t one = below(random, file.size() / kPage) * kPage;
         const std::size_t other = below(random, file.size() / kPage) * kPage;
         const std::string kept = file.substr(one, kPage);
         file.replace(one, kPage, file.substr(other, kPage));
         file.replace(other, kPage, kept);
     }},
    {"cut off", [](std::string &file, Random &random) { file.resize(below(random, file.size())); }},
    {"longer", [](std::string &file, Random &random) {
         for (std::size_t left = 1 + below(random, 3 * kPage); left > 0; --left)
             file += static_cast<char>(random());
     }},
};

/// What somebody with SQLite does to the schema.
constexpr const char *kSchemaChanges[] = {
    "CREATE VIEW more AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n",
    "CREATE TRIGGER more AFTER INSERT ON trail BEGIN UPDATE model SET name = 'x'; END",
    "CREATE TRIGGER more BEFORE INSERT ON entry BEGIN SELECT RAISE(IGNORE); END",
    "CREATE INDEX more ON model(name) WHERE abs(-1) > 0",
    "CREATE TABLE more(x)",
    "CREATE VIRTUAL TABLE more USING fts5(x)",
    "DROP TRIGGER entry_update",
    "DROP INDEX model_name",
    "ALTER TABLE model RENAME TO other; CREATE VIEW model AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT other.* FROM other, n",
    "ALTER TABLE entry RENAME TO other; CREATE VIEW entry AS SELECT * FROM other",
    "ALTER TABLE schema_migration RENAME TO other; CREATE VIEW schema_migration AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS number, '' AS name, '' AS digest, 0 AS applied_at FROM n",
    "DROP TABLE ledger_head; CREATE VIEW ledger_head AS SELECT 1 AS id, 0 AS size, x'0000000000000000' AS tree",
    "ALTER TABLE trail ADD COLUMN more TEXT AS (hex(zeroblob(500000000)))",
    "UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (seq >= 0)', '') WHERE name = 'entry'",
    "UPDATE sqlite_schema SET sql = replace(sql, 'INTEGER', 'TEXT') WHERE name = 'entry'",
    "UPDATE sqlite_schema SET sql = 'CREATE TABLE entry(' WHERE name = 'entry'",
    "UPDATE sqlite_schema SET sql = 'CREATE TABLE entry(seq, id AS (hex(randomblob(400000000))), bytes, leaf, received_at)' WHERE name = 'entry'",
    "UPDATE sqlite_schema SET sql = 'CREATE TRIGGER entry_update BEFORE UPDATE ON entry BEGIN SELECT 1; END' WHERE name = 'entry_update'",
    "UPDATE sqlite_schema SET sql = 'CREATE VIEW model AS SELECT * FROM model', type = 'view', rootpage = 0 WHERE name = 'model'",
    "UPDATE sqlite_schema SET name = 'sqlite_more', tbl_name = 'sqlite_more' WHERE name = 'model_tag'",
    "UPDATE sqlite_schema SET sql = NULL WHERE name = 'evidence'",
    "UPDATE sqlite_schema SET type = 'nothing' WHERE name = 'model'",
    "UPDATE sqlite_schema SET rootpage = 99999999 WHERE name = 'trail'",
    "UPDATE sqlite_schema SET rootpage = 1 WHERE name = 'trail'",
    "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'entry') WHERE name = 'model_tag'",
    "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'version_tag') WHERE name = 'model_tag'",
    "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'model_owner') WHERE name = 'model_name'",
    "DELETE FROM sqlite_schema WHERE name = 'wrapped_key'",
    "DELETE FROM sqlite_schema",
    "INSERT INTO sqlite_schema SELECT * FROM sqlite_schema WHERE name = 'entry'",
    "INSERT INTO sqlite_schema VALUES ('table', 'more', 'more', 2, 'CREATE TABLE more(x)')",
    "INSERT INTO sqlite_schema VALUES ('trigger', 'entry', 'model', 0, 'CREATE TRIGGER entry AFTER INSERT ON model BEGIN DELETE FROM trail; END')",
    "PRAGMA user_version = 2147483647",
    "PRAGMA application_id = 1",
    "UPDATE schema_migration SET digest = 'x' WHERE number = 1",
    "DELETE FROM schema_migration WHERE number > 5",
    "DELETE FROM schema_migration",
    "INSERT INTO schema_migration VALUES (9223372036854775807, 'x', 'x', 0)",
};

struct Raw {
    sqlite3 *handle = nullptr;
    explicit Raw(const std::filesystem::path &file)
    {
        sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READWRITE, nullptr);
        sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr);
        sqlite3_db_config(handle, SQLITE_DBCONFIG_WRITABLE_SCHEMA, 1, nullptr);
    }
    ~Raw() { sqlite3_close(handle); }
    Raw(const Raw &) = delete;
    Raw &operator=(const Raw &) = delete;
};

/// What the file says its objects are, and whether two lie on one page; empty where that cannot be read. Only the schema's own table is read, which runs nothing.
std::string schemaOf(const std::filesystem::path &file)
{
    Raw raw(file);
    std::string all;
    const auto add = [](void *to, int count, char **values, char **) {
        for (int i = 0; i < count; ++i)
            *static_cast<std::string *>(to) += (values[i] ? values[i] : "NULL") + std::string("\n");
        return 0;
    };
    const bool isRead = sqlite3_exec(raw.handle, "SELECT type, name, tbl_name, sql, rootpage IN (SELECT rootpage FROM sqlite_schema WHERE rootpage > 0 GROUP BY 1 HAVING count(*) > 1) FROM sqlite_schema ORDER BY 1, 2", add, &all, nullptr) == SQLITE_OK;
    return isRead ? all : std::string();
}

} // namespace

/// A file that somebody brings, or that a disk has damaged: it is told in a sentence, or read; nothing that it holds is run, and nothing is written where its
/// objects are not the program's.
class HostileFilesTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;
    std::string m_good;
    std::string m_schema;
    services::Environment m_environment = testEnvironment();

    std::filesystem::path file() const { return m_folder.file("hostile.countersign"); }

    void lay(const std::string &bytes) const
    {
        std::filesystem::remove(file().native() + "-journal");
        std::filesystem::remove(file().native() + "-wal");
        std::ofstream(file(), std::ios::binary | std::ios::trunc) << bytes;
    }

    static bool isSentence(const Error &error) { return error.message.size() > 20 && error.message.ends_with('.') && text::isClean(error.message); }

    /// What is wrong with how the program takes the file that lies there; empty when nothing is.
    QString wrongness() const
    {
        const auto schema = schemaOf(file());
        services::OpenRequest request;
        request.location = database::Location::sqlite(file());
        {
            const auto reading = database::Connection::open(request.location, {.readOnly = true});
            const auto verification = reading ? services::verifyWorkspace(**reading, {}) : Result<services::Verification>(reading.error());
            if (!verification && !isSentence(verification.error()))
                return QStringLiteral("verification: ") + QString::fromStdString(verification.error().text());
            if (verification)
                for (const auto &finding : verification->findings)
                    if (!text::isClean(finding.sentence))
                        return QStringLiteral("finding: ") + QString::fromStdString(finding.sentence);
        }
        const auto session = services::Session::open(request, m_environment);
        if (!session)
            return isSentence(session.error()) ? QString() : QStringLiteral("opening: ") + QString::fromStdString(session.error().text());
        if ((*session)->damage() && !isSentence(*(*session)->damage()))
            return QStringLiteral("damage: ") + QString::fromStdString((*session)->damage()->text());
        Status written = (*session)->setPerson("asample");
        const auto model = written ? services::findSubject(**session, "credit-pd") : Result<services::Subject>(written.error());
        if (model) {
            services::FactsRequest facts;
            facts.model = model->model.id;
            facts.purpose = "Written in a file that was changed";
            const auto done = services::setFacts(**session, facts);
            written = done ? Status() : Status(done.error());
        } else {
            written = model.error();
        }
        if (!written && !isSentence(written.error()))
            return QStringLiteral("writing: ") + QString::fromStdString(written.error().text());
        if (!written || schema == m_schema)
            return {};
        const auto at = std::mismatch(schema.begin(), schema.end(), m_schema.begin(), m_schema.end()).first - schema.begin();
        const auto from = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, at - 60));
        return QStringLiteral("written although the schema is another one: “%1” instead of “%2”").arg(QString::fromStdString(schema.substr(from, 120)), QString::fromStdString(m_schema.substr(from, 120)));
    }

private Q_SLOTS:
    void initTestCase()
    {
        {
            const auto desk = ReviewDesk::make(m_folder, m_folder.file("good.countersign").native(), m_environment);
            QVERIFY_RESULT(desk);
        }
        std::ifstream in(m_folder.file("good.countersign"), std::ios::binary);
        m_good.assign(std::istreambuf_iterator<char>(in), {});
        QVERIFY(m_good.size() > 50 * kPage);
        lay(m_good);
        m_schema = schemaOf(file());
        QVERIFY(m_schema.find("entry_update") != std::string::npos);
        QCOMPARE(wrongness(), QString());
        QVERIFY_RESULT(services::Session::open({database::Location::sqlite(file()), {}, false, "asample"}, m_environment));
    }

    void damagedBytes_data()
    {
        QTest::addColumn<int>("index");
        for (int i = 0; i < static_cast<int>(std::size(kManglings)); ++i)
            QTest::newRow(kManglings[i].name) << i;
    }
    void damagedBytes()
    {
        QFETCH(int, index);
        bool isNumber = false;
        const int asked = qEnvironmentVariableIntValue("COUNTERSIGN_HOSTILE_FILES", &isNumber);
        for (int run = 0; run < (isNumber ? asked : 15); ++run) {
            Random random(static_cast<std::uint64_t>(1000 * index + run));
            std::string bytes = m_good;
            kManglings[index].apply(bytes, random);
            lay(bytes);
            const auto wrong = wrongness();
            QVERIFY2(wrong.isEmpty(), qPrintable(QStringLiteral("run %1: %2").arg(run).arg(wrong)));
        }
    }

    void changedSchema_data()
    {
        QTest::addColumn<QByteArray>("statement");
        for (const char *statement : kSchemaChanges)
            QTest::newRow(QByteArray(statement).left(120).constData()) << QByteArray(statement);
    }
    void changedSchema()
    {
        QFETCH(QByteArray, statement);
        lay(m_good);
        {
            Raw raw(file());
            char *why = nullptr;
            QVERIFY2(sqlite3_exec(raw.handle, statement.constData(), nullptr, nullptr, &why) == SQLITE_OK, why);
        }
        QCOMPARE(wrongness(), QString());
    }
};

QTEST_GUILESS_MAIN(HostileFilesTest)
#include "tst_hostilefiles.moc"
