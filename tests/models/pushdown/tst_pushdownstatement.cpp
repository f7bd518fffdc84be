#include "models/pushdown/engines/engine.h"
#include "models/pushdown/engines/tabseparated.h"
#include "models/pushdown/pushdown.h"

#include <QtTest/QtTest>

using namespace countersign;
using namespace countersign::pushdown;

namespace {

predictions::Mapping mapping()
{
    predictions::Mapping mapping;
    mapping.label = "y";
    mapping.score = "score";
    mapping.labelValues = {{"1"}, {"0"}};
    mapping.time = "ts";
    mapping.attributes = {{"sex", "sex", {}}, {"age", "age", *predictions::Bands::make({25, 0.5 + 65})}};
    return mapping;
}

std::string statement(const char *location, const char *table = "risk.predictions")
{
    const auto made = statementFor(*Location::parse(location), *TableName::parse(table), mapping(), scoretables::WindowUnit::Week);
    return made ? made->sql : made.error().text();
}

} // namespace

/// Addresses, names and statements, without any engine.
class TestPushDownStatement : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void addressesAreReadAndWritten_data();
    void addressesAreReadAndWritten();
    void plainHttpToOtherMachinesIsTold();
    void wrongAddressesAreRefused_data();
    void wrongAddressesAreRefused();
    void tablesAreReadByParts();
    void namesAreQuotedAsTheEngineWants();
    void statementsSayWhatTheyGroupBy();
    void valuesNeverStandInTheStatement();
    void anAliasIsNeverAColumn();
    void onlyTwoOutcomesAreCountedThere();
    void tabSeparatedComesInPieces();
    void anAnswerThatIsCutShortIsNotWhole();
};

void TestPushDownStatement::addressesAreReadAndWritten_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("place");
    QTest::newRow("postgres") << "postgresql://ann@db.example:5433/risk?sslmode=require" << "postgresql://db.example:5433/risk";
    QTest::newRow("clickhouse") << "clickhouse://ann@ch.example:8124/risk" << "clickhouse://ch.example:8124/risk";
    QTest::newRow("clickhouse with defaults") << "clickhouse://ch.example:8123/default" << "clickhouse://ch.example:8123/default";
    QTest::newRow("clickhouse over https") << "clickhouses://ch.example:8443/default" << "clickhouses://ch.example:8443/default";
    QTest::newRow("ipv6, odd names") << "clickhouse://an%40n@[::1]:8123/my%20db" << "clickhouse://[::1]:8123/my%20db";
    QTest::newRow("duckdb") << "duckdb:/data/a b?.duckdb" << "duckdb:/data/a b?.duckdb";
    QTest::newRow("parquet") << "parquet:/data/log*.parquet" << "parquet:/data/log*.parquet";
}

void TestPushDownStatement::addressesAreReadAndWritten()
{
    QFETCH(QString, text);
    QFETCH(QString, place);
    const auto location = Location::parse(text.toStdString());
    QVERIFY2(location.ok(), location.ok() ? "" : location.error().text().c_str());
    QCOMPARE(location->text(), text.toStdString());
    QCOMPARE(location->place(), place.toStdString());
}

void TestPushDownStatement::plainHttpToOtherMachinesIsTold()
{
    for (const char *clear : {"clickhouse://host/db", "clickhouse://ann@10.0.0.7:8123/db", "clickhouse://[2001:db8::1]/db", "clickhouse://localhost.example.org/db"})
        QVERIFY2(Location::parse(clear)->sendsInClear(), clear);
    for (const char *safe : {"clickhouses://host/db", "clickhouse://localhost/db", "clickhouse://LOCALHOST:8123", "clickhouse://127.0.0.1/db", "clickhouse://127.9.9.9/db",
                             "clickhouse://[::1]:8123/db", "postgresql://host/db", "duckdb:/a.duckdb"})
        QVERIFY2(!Location::parse(safe)->sendsInClear(), safe);
}

void TestPushDownStatement::wrongAddressesAreRefused_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text : {"", "rows.csv", "mysql://host/db", "clickhouse://", "clickhouse:///db", "clickhouse://u:secret@host/db", "clickhouse://host/db?password=x", "clickhouse://host/db/table",
                             "clickhouse://ho st/", "duckdb:", "parquet:", "postgresql://u:secret@host/db", "postgresql://host"})
        QTest::newRow(text) << QString::fromLatin1(text);
}

void TestPushDownStatement::wrongAddressesAreRefused()
{
    QFETCH(QString, text);
    const auto location = Location::parse(text.toStdString());
    QVERIFY(!location.ok());
    QCOMPARE(location.error().kind, ErrorKind::Invalid);
    QVERIFY(location.error().text().find("secret") == std::string::npos);
}

void TestPushDownStatement::tablesAreReadByParts()
{
    using Parts = std::vector<std::string>;
    QCOMPARE(TableName::parse("rows")->parts, Parts{"rows"});
    QCOMPARE(TableName::parse("Risk.rows")->parts, (Parts{"Risk", "rows"}));
    QCOMPARE(TableName::parse("a.\"b.\"\"c\"\"\".d")->parts, (Parts{"a", "b.\"c\"", "d"}));
    for (const char *wrong : {"", ".", "a.", ".a", "\"a", "\"a\"b", "a.b.c.d", "\"\""})
        QVERIFY2(!TableName::parse(wrong).ok(), wrong);
    QVERIFY(!TableName::parse(std::string("a\0b", 3)).ok());
}

void TestPushDownStatement::namesAreQuotedAsTheEngineWants()
{
    QCOMPARE(quotedName(Sql::Postgres, "a\"b`c\\d"), std::string("\"a\"\"b`c\\d\""));
    QCOMPARE(quotedName(Sql::DuckDb, "a\"b"), std::string("\"a\"\"b\""));
    QCOMPARE(quotedName(Sql::ClickHouse, "a\"b`c\\d"), std::string("`a\"b\\`c\\\\d`"));
}

void TestPushDownStatement::statementsSayWhatTheyGroupBy()
{
    QCOMPARE(statement("postgresql://h/d"),
             std::string("SELECT \"y\" AS \"label\",\n       \"score\" AS \"score_\",\n       date_trunc('week', \"ts\") AS \"time\",\n       \"sex\" AS \"group_1\",\n"
                         "       CASE WHEN \"age\"::float8 = 'NaN' THEN NULL WHEN \"age\"::float8 < 25 THEN '-inf' WHEN \"age\"::float8 < 65.5 THEN '25' WHEN \"age\"::float8 >= 65.5 THEN '65.5' END AS \"group_2\",\n"
                         "       count(*) AS \"rows\"\nFROM \"risk\".\"predictions\"\nGROUP BY 1, 2, 3, 4, 5"));
    QCOMPARE(statement("clickhouse://h/d"),
             std::string("SELECT `y` AS `label`,\n       `score` AS `score_`,\n       toMonday(`ts`, 'UTC') AS `time`,\n       `sex` AS `group_1`,\n"
                         "       CASE WHEN toFloat64(`age`) < 25 THEN '-inf' WHEN toFloat64(`age`) < 65.5 THEN '25' WHEN toFloat64(`age`) >= 65.5 THEN '65.5' END AS `group_2`,\n"
                         "       count() AS `rows`\nFROM `risk`.`predictions`\nGROUP BY `label`, `score_`, `time`, `group_1`, `group_2`\nWITH TOTALS"));
    QVERIFY(statement("parquet:/x", "any").find("FROM \"log\"\n") != std::string::npos);
    const std::string shown = shownStatement(*Location::parse("postgresql://ann@h/d"), *statementFor(*Location::parse("postgresql://ann@h/d"), *TableName::parse("t"), mapping(), scoretables::WindowUnit::Week));
    QVERIFY(shown.starts_with("-- postgresql://h/d\n-- in a read-only transaction"));
    QVERIFY(shown.find("SELECT count(*), min(\"ts\"), max(\"ts\")\nFROM \"t\";") != std::string::npos);
}

void TestPushDownStatement::valuesNeverStandInTheStatement()
{
    predictions::Mapping hostile = mapping();
    hostile.labelValues = {{"'; DROP TABLE x; --"}, {"evil\\'"}};
    hostile.missing = {"'", "\\"};
    hostile.attributes[0].name = "'\"; --";
    for (const char *place : {"postgresql://h/d", "clickhouse://h/d", "duckdb:/x"}) {
        const auto made = statementFor(*Location::parse(place), *TableName::parse("risk.predictions"), hostile, scoretables::WindowUnit::Week);
        QVERIFY(made.ok());
        QCOMPARE(made->sql, statement(place));
    }
}

void TestPushDownStatement::anAliasIsNeverAColumn()
{
    predictions::Mapping crossed = mapping();
    crossed.label = "score";
    crossed.score = "label";
    crossed.time = "group_1";
    crossed.attributes = {{"a", "rows", {}}, {"b", "label_", {}}};
    const auto made = statementFor(*Location::parse("clickhouse://h/d"), *TableName::parse("t"), crossed, scoretables::WindowUnit::Day);
    QVERIFY(made.ok());
    for (const auto &alias : made->fields)
        QVERIFY2(std::ranges::find(made->columns, alias) == made->columns.end(), alias.c_str());
}

void TestPushDownStatement::onlyTwoOutcomesAreCountedThere()
{
    predictions::Mapping classes;
    classes.task = predictions::Task::Multiclass;
    classes.label = "y";
    classes.prediction = "p";
    const auto made = statementFor(*Location::parse("postgresql://h/d"), *TableName::parse("t"), classes, scoretables::WindowUnit::None);
    QVERIFY(!made.ok());
    QCOMPARE(made.error().kind, ErrorKind::Unsupported);
}

void TestPushDownStatement::tabSeparatedComesInPieces()
{
    const std::string text = "a\\tb\t\\N\t\\\\N\t\t\\'q\\n\\\\\n1\t2\t3\t4\t5\n";
    for (std::size_t step = 1; step <= text.size(); ++step) {
        TabSeparatedReader reader(false);
        std::vector<std::vector<std::string>> rows;
        for (std::size_t at = 0; at < text.size(); at += step)
            QVERIFY(reader.add(std::string_view(text).substr(at, step), [&](std::span<const Cell> cells) {
                auto &row = rows.emplace_back();
                for (const Cell &cell : cells)
                    row.push_back(cell ? std::string(*cell) : "NULL");
                return Status();
            }).ok());
        QVERIFY(reader.isWhole());
        QCOMPARE(rows, (std::vector<std::vector<std::string>>{{"a\tb", "NULL", "\\N", "", "'q\n\\"}, {"1", "2", "3", "4", "5"}}));
    }
}

void TestPushDownStatement::anAnswerThatIsCutShortIsNotWhole()
{
    const RowSink take = [](std::span<const Cell>) { return Status(); };
    const std::string whole = "a\t1\nb\t2\n\n\t3\n";
    for (std::size_t length = 0; length <= whole.size(); ++length) {
        TabSeparatedReader reader(true);
        QVERIFY(reader.add(std::string_view(whole).substr(0, length), take).ok());
        QCOMPARE(reader.isWhole(), length == whole.size());
    }
    TabSeparatedReader failed(true);
    QVERIFY(failed.add("a\t1\nCode: 241, e.displayText() = DB::Exception: Memory limit, e.what() = DB::Exception\n", take).ok());
    QVERIFY(!failed.isWhole());
    QVERIFY(failed.failure().find("Memory limit") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestPushDownStatement)
#include "tst_pushdownstatement.moc"
