#include "models/database/location.h"

#include "tests/support/verify.h"

#include <QTest>

using namespace countersign;
using database::Backend;
using database::Location;

class LocationTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aPathIsAFile();
    void readsAnAddressPartByPart();
    void roundTrips_data();
    void roundTrips();
    void refuses_data();
    void refuses();
    void neverRepeatsAPasswordInItsMessage();
    void optionsComeSorted();
};

void LocationTest::aPathIsAFile()
{
    const auto location = Location::parse("/srv/models/our ledger.countersign");
    QVERIFY_RESULT(location);
    QCOMPARE(location->backend, Backend::Sqlite);
    QCOMPARE(location->file, std::filesystem::path("/srv/models/our ledger.countersign"));
    QCOMPARE(location->text(), std::string("/srv/models/our ledger.countersign"));
}

void LocationTest::readsAnAddressPartByPart()
{
    const auto location = Location::parse("postgresql://ana%40lab@db.example:6432/risk%20models?sslmode=verify-full&schema=gov&sslrootcert=%2Fetc%2Fca.pem");
    QVERIFY_RESULT(location);
    QCOMPARE(location->backend, Backend::Postgres);
    QCOMPARE(location->user, std::string("ana@lab"));
    QCOMPARE(location->host, std::string("db.example"));
    QCOMPARE(location->port, 6432);
    QCOMPARE(location->databaseName, std::string("risk models"));
    QCOMPARE(location->schema, std::string("gov"));
    QCOMPARE(location->options.size(), std::size_t(2));
    QCOMPARE(location->options[1].second, std::string("/etc/ca.pem"));
}

void LocationTest::roundTrips_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text : {"relative/file.countersign", "/a//b///c", "just a name", "/with?question&mark=1#%41", "C:weird", "weird:/x",
                             "postgresql:///db", "postgres://host/db", "postgresql://u@host:1/db", "postgresql://[::1]:5433/db", "postgresql://[fe80::1%25eth0]/db",
                             "postgresql://%2Frun%2Fpostgresql/db", "postgresql:///db?host=/tmp/x&port=99&user=me", "postgresql://h/?dbname=named",
                             "postgresql://h/d?schema=other_1&connect_timeout=3&application_name=a%20b%26c", "postgresql://h/d?unsafe_durability=1",
                             "postgresql://%C5%A1%25@h/%C5%A1%2F%3F"})
        QTest::newRow(text) << QString::fromUtf8(text);
}

void LocationTest::roundTrips()
{
    QFETCH(QString, text);
    const auto once = Location::parse(text.toStdString());
    QVERIFY_RESULT(once);
    const auto again = Location::parse(once->text());
    QVERIFY_RESULT(again);
    QVERIFY2(*once == *again, once->text().c_str());
}

void LocationTest::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, const QByteArray &text, const char *says) { QTest::newRow(name) << text << QString::fromUtf8(says); };
    row("nothing", "", "empty");
    row("a NUL", QByteArray("a\0b", 3), "NUL");
    row("unknown scheme", "mysql://h/d", "mysql");
    row("no database", "postgresql://host", "names no database");
    row("no database but a slash", "postgresql://host/?sslmode=require", "names no database");
    row("password", "postgresql://u:secret@h/d", "Passwords do not belong");
    row("empty password", "postgresql://u:@h/d", "Passwords do not belong");
    row("password option", "postgresql://h/d?password=x", "Passwords do not belong");
    row("key password option", "postgresql://h/d?sslpassword=x", "Passwords do not belong");
    row("unknown option", "postgresql://h/d?sslmod=require", "sslmod=require");
    row("service file", "postgresql://h/d?service=prod", "service");
    row("option twice", "postgresql://h/d?sslmode=a&sslmode=b", "twice");
    row("option without value", "postgresql://h/d?sslmode", "name=value");
    row("schema to inject", "postgresql://h/d?schema=a%22%3Bdrop", "schema name");
    row("schema of the system", "postgresql://h/d?schema=pg_catalog", "schema name");
    row("port of letters", "postgresql://h:54x2/d", "not a port");
    row("port too large", "postgresql://h:65536/d", "not a port");
    row("port zero", "postgresql://h:0/d", "not a port");
    row("several hosts", "postgresql://a,b/d", "several servers");
    row("bad escape", "postgresql://h/d%2", "%25");
    row("NUL escape", "postgresql://h/d%00x", "%25");
    row("semicolon the driver would split at", "postgresql://h/d?application_name=a;b", "';'");
    row("junk after an address in brackets", "postgresql://[::1]x/d", "']'");
    row("unsafe spelled otherwise", "postgresql://h/d?unsafe_durability=yes", "unsafe_durability");
}

void LocationTest::refuses()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, says);
    const auto location = Location::parse(text.toStdString());
    QVERIFY_ERROR(location, ErrorKind::Invalid);
    QVERIFY2(QString::fromStdString(location.error().message).contains(says), location.error().message.c_str());
}

void LocationTest::neverRepeatsAPasswordInItsMessage()
{
    for (const char *text : {"postgresql://u:hunter2@h/d", "postgresql://h/d?password=hunter2", "postgresql://h/d?sslpassword=hunter2"}) {
        const auto location = Location::parse(text);
        QVERIFY(!location);
        QVERIFY2(location.error().text().find("hunter2") == std::string::npos, text);
    }
}

void LocationTest::optionsComeSorted()
{
    const auto one = Location::parse("postgresql://h/d?sslmode=require&connect_timeout=5");
    const auto other = Location::parse("postgresql://h/d?connect_timeout=5&sslmode=require");
    QVERIFY_RESULT(one);
    QVERIFY_RESULT(other);
    QVERIFY(*one == *other);
}

QTEST_GUILESS_MAIN(LocationTest)
#include "tst_location.moc"
