#include "models/base/json.h"
#include "models/duckdb/library.h"
#include "tests/support/duckdbfile.h"
#include "tests/support/postgresserver.h"
#include "tests/support/program.h"

#include <QFile>
#include <QtTest>

using namespace countersign;
using namespace countersign::test;

/// `metrics sql`: figures of rows that stay in PostgreSQL, without a workspace.
class CliSqlTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;
    std::unique_ptr<PostgresServer> m_server;
    QString m_source;

    ProgramResult run(const QStringList &arguments)
    {
        return Program(QStringLiteral("countersign-cli")).arguments(QStringList{QStringLiteral("metrics")} + arguments).run();
    }
    QString write(const QString &name, const QByteArray &bytes)
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            return {};
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        return file.fileName();
    }
    static json::Value document(const ProgramResult &result)
    {
        const auto value = json::parse(std::string_view(result.out.constData(), static_cast<std::size_t>(result.out.size())));
        return value ? *value : json::Value();
    }
    static std::string text(const json::Value *value) { return value && value->string() ? *value->string() : std::string(); }
    QStringList password() { return {QStringLiteral("--source-password-file"), write(QStringLiteral("password"), QByteArray(PostgresServer::kPassword) + "\n")}; }
    QStringList sql(const QStringList &more = {})
    {
        return QStringList{QStringLiteral("sql"), QStringLiteral("--source"), m_source, QStringLiteral("--table"), QStringLiteral("risk.predictions")} + more;
    }

private Q_SLOTS:
    void initTestCase()
    {
        PostgresServer::Options options;
        options.onLoopback = true;
        options.withPassword = true;
        m_server = std::make_unique<PostgresServer>(options);
        QVERIFY2(m_server->isRunning(), qPrintable(m_server->log()));
        m_source = QString::fromStdString(m_server->loopbackUri());
        const QString database = m_source.section(QLatin1Char('/'), -1).section(QLatin1Char('?'), 0, 0);
        QVERIFY(m_server->sql(database, QStringLiteral("CREATE SCHEMA risk; CREATE TABLE risk.predictions AS SELECT timestamp '2026-01-05' + interval '3 hours' * i AS ts,"
                                                       " i % 3 % 2 AS y_true, (i * 37 % 101)::float8 / 101 AS score, CASE WHEN i % 4 = 0 THEN 'F' ELSE 'M' END AS sex, 20 + i % 50 AS age,"
                                                       " timestamp '2026-01-05' + interval '3 hours' * i + interval '7919 seconds' * (i % 91) AS known, (i * 31 % 997)::float8 / 7 AS amount,"
                                                       " CASE i % 3 WHEN 0 THEN 'shop' WHEN 1 THEN 'web' ELSE NULL END AS channel"
                                                       " FROM generate_series(0, 2999) s(i)")));
        QString csv;
        QVERIFY(m_server->sql(database, QStringLiteral("COPY risk.predictions TO STDOUT (FORMAT csv, HEADER)"), &csv));
        QVERIFY(!write(QStringLiteral("export.csv"), csv.toUtf8()).isEmpty());
    }

    void isEqualToComputingFromAnExport()
    {
        const QStringList question{QStringLiteral("--group"), QStringLiteral("sex"), QStringLiteral("--band"), QStringLiteral("age=30,45"), QStringLiteral("--intersections"), QStringLiteral("2"),
                                   QStringLiteral("--label"), QStringLiteral("y_true"), QStringLiteral("--score"), QStringLiteral("score"), QStringLiteral("--time"), QStringLiteral("ts"),
                                   QStringLiteral("--window"), QStringLiteral("month"), QStringLiteral("--json")};
        const auto there = run(sql(question + password()));
        const auto here = run(QStringList{QStringLiteral("compute"), m_folder.filePath(QStringLiteral("export.csv"))} + question);
        QVERIFY2(there.exitCode == 0, there.err.constData());
        QVERIFY2(here.exitCode == 0, here.err.constData());
        const json::Value pushed = document(there);
        const json::Value local = document(here);
        for (const char *part : {"cells", "disparities", "comparisons"}) {
            QVERIFY(pushed.find(part) && local.find(part));
            QCOMPARE(*json::canonical(*pushed.find(part)), *json::canonical(*local.find(part)));
        }
        const json::Value *log = pushed.find("log");
        QVERIFY(log);
        QVERIFY(text(log->find("path")).ends_with(", table \"risk\".\"predictions\""));
        QVERIFY(text(log->find("path")).find("tester") == std::string::npos);
        QVERIFY(text(log->find("digest")).starts_with("sha256:"));
        QVERIFY(text(log->find("query")).starts_with("SELECT \"y_true\" AS \"label\""));
        QVERIFY(there.err.contains("Taken: label y_true (positive 1)"));
    }

    void driftImpactRatiosAndDelaysAreEqualToo()
    {
        const QStringList question{QStringLiteral("--group"), QStringLiteral("sex"), QStringLiteral("--label"), QStringLiteral("y_true"), QStringLiteral("--score"), QStringLiteral("score"),
                                   QStringLiteral("--time"), QStringLiteral("ts"), QStringLiteral("--label-time"), QStringLiteral("known"), QStringLiteral("--window"), QStringLiteral("month"),
                                   QStringLiteral("--reference"), QStringLiteral("2026-01..2026-02"), QStringLiteral("--bootstrap"), QStringLiteral("0"), QStringLiteral("--json")};
        const auto there = run(sql(question + password()));
        const auto here = run(QStringList{QStringLiteral("compute"), m_folder.filePath(QStringLiteral("export.csv"))} + question);
        QVERIFY2(there.exitCode == 0, there.err.constData());
        QVERIFY2(here.exitCode == 0, here.err.constData());
        const json::Value pushed = document(there);
        const json::Value local = document(here);
        for (const char *part : {"cells", "drifts", "impacts", "reference_columns"}) {
            QVERIFY2(pushed.find(part) && local.find(part), part);
            QCOMPARE(*json::canonical(*pushed.find(part)), *json::canonical(*local.find(part)));
        }
        QVERIFY(!pushed.find("notes"));
        QVERIFY(there.out.contains("label_delay_p90"));
        QVERIFY(text(pushed.find("log")->find("query")).find("AS \"delay\"") != std::string::npos);
    }

    void driftAgainstALogIsEqualToo()
    {
        const QString file = m_folder.filePath(QStringLiteral("export.csv"));
        const QStringList question{QStringLiteral("--group"), QStringLiteral("sex"), QStringLiteral("--label"), QStringLiteral("y_true"), QStringLiteral("--score"), QStringLiteral("score"),
                                   QStringLiteral("--time"), QStringLiteral("ts"), QStringLiteral("--window"), QStringLiteral("month"), QStringLiteral("--reference"), file,
                                   QStringLiteral("--bootstrap"), QStringLiteral("0"), QStringLiteral("--json")};
        const auto there = run(sql(question + password()));
        const auto here = run(QStringList{QStringLiteral("compute"), file} + question);
        QVERIFY2(there.exitCode == 0, there.err.constData());
        QVERIFY2(here.exitCode == 0, here.err.constData());
        for (const char *part : {"drifts", "reference_columns", "reference_log"}) {
            QVERIFY2(document(there).find(part) && document(here).find(part), part);
            QCOMPARE(*json::canonical(*document(there).find(part)), *json::canonical(*document(here).find(part)));
        }
        const auto bounded = run(sql(question + QStringList{QStringLiteral("--bounded")} + password()));
        QVERIFY2(bounded.exitCode == 0, bounded.err.constData());
        QCOMPARE(*json::canonical(*document(bounded).find("reference_columns")), *json::canonical(*document(here).find("reference_columns")));
    }

    void driftOfFeaturesIsEqualToo()
    {
        const QStringList question{QStringLiteral("--group"), QStringLiteral("sex"), QStringLiteral("--label"), QStringLiteral("y_true"), QStringLiteral("--score"), QStringLiteral("score"),
                                   QStringLiteral("--time"), QStringLiteral("ts"), QStringLiteral("--reference"), QStringLiteral("2026-01..2026-02"), QStringLiteral("--json")};
        const QStringList features{QStringLiteral("--feature"), QStringLiteral("amount"), QStringLiteral("--feature"), QStringLiteral("channel")};
        const auto there = run(sql(question + features + QStringList{QStringLiteral("--save-mapping"), m_folder.filePath(QStringLiteral("mapping"))} + password()));
        QVERIFY2(there.exitCode == 0, there.err.constData());
        const auto here = run(QStringList{QStringLiteral("drift"), m_folder.filePath(QStringLiteral("export.csv"))} + question + features);
        QVERIFY2(here.exitCode == 0, here.err.constData());
        const auto ofFeatures = [](const json::Value &set) {
            json::Array drifts;
            for (const json::Value &drift : *set.find("drifts")->array())
                if (const std::string column = text(drift.find("column")); column == "amount" || column == "channel") {
                    json::Object own;
                    for (const char *name : {"column", "counts", "figures", "p", "role", "window"})
                        own.set(name, *drift.find(name));
                    drifts.emplace_back(std::move(own));
                }
            return *json::canonical(drifts);
        };
        const Bytes pushed = ofFeatures(document(there));
        QVERIFY(pushed.size() > 10'000);
        QCOMPARE(pushed, ofFeatures(document(here)));
    }

    void showsItsSqlWithoutConnecting()
    {
        const QStringList question{QStringLiteral("--label"), QStringLiteral("y\"; DROP TABLE x; --"), QStringLiteral("--score"), QStringLiteral("s"), QStringLiteral("--show-sql")};
        const auto shown = run(QStringList{QStringLiteral("sql"), QStringLiteral("--source"), QStringLiteral("postgresql://nobody@192.0.2.1/db"), QStringLiteral("--table"), QStringLiteral("t")} + question);
        QCOMPARE(shown.exitCode, 0);
        QVERIFY(shown.out.contains("SELECT \"y\"\"; DROP TABLE x; --\" AS \"label\",\n"));
        QVERIFY(shown.out.contains("GROUP BY 1, 2;\n"));
        const auto further = run(QStringList{QStringLiteral("sql"), QStringLiteral("--source"), QStringLiteral("clickhouse://nobody@192.0.2.1/db"), QStringLiteral("--table"), QStringLiteral("t"),
                                             QStringLiteral("--time"), QStringLiteral("ts"), QStringLiteral("--label-time"), QStringLiteral("known"), QStringLiteral("--reference"), QStringLiteral("2026-01"),
                                             QStringLiteral("--feature"), QStringLiteral("amount")} + question);
        QVERIFY2(further.exitCode == 0, further.err.constData());
        QCOMPARE(further.out.count("GROUP BY"), 3);
        QVERIFY(further.out.contains("`amount` AS `feature`") && further.out.contains("toInt64(`known`) * 1000 - toInt64(`ts`) * 1000 AS `delay`"));
    }

    void theStatementIsSaidWithVerbose()
    {
        const auto result = run(sql(QStringList{QStringLiteral("--verbose")} + password()));
        QVERIFY2(result.exitCode == 0, result.err.constData());
        QVERIFY(result.err.contains("GROUP BY 1, 2"));
        QVERIFY(result.out.contains("auc"));
    }

    void aPasswordIsAskedForByFileOnly()
    {
        const auto none = run(sql({QStringLiteral("--no-input")}));
        QVERIFY(none.exitCode != 0);
        QVERIFY2(none.err.contains("--source-password-file"), none.err.constData());
        const auto wrong = run(sql({QStringLiteral("--source-password-file"), write(QStringLiteral("wrong"), "not it\n")}));
        QVERIFY(wrong.exitCode != 0);
        QVERIFY(!wrong.err.contains("not it"));
        const auto inAddress = run({QStringLiteral("sql"), QStringLiteral("--source"), QStringLiteral("postgresql://tester:secret@127.0.0.1/x"), QStringLiteral("--table"), QStringLiteral("t")});
        QVERIFY(inAddress.exitCode != 0);
        QVERIFY(!inAddress.err.contains("secret"));
    }

    void columnsThatAreListsAreNamed()
    {
        const QString database = m_source.section(QLatin1Char('/'), -1).section(QLatin1Char('?'), 0, 0);
        QVERIFY(m_server->sql(database, QStringLiteral("CREATE TYPE two AS (a int, b int); CREATE TABLE nested AS SELECT *, ARRAY[1, 2] AS shap, ROW(1, 2)::two AS pair FROM risk.predictions")));
        const auto there = run(QStringList{QStringLiteral("sql"), QStringLiteral("--source"), m_source, QStringLiteral("--table"), QStringLiteral("nested")} + password());
        QVERIFY2(there.exitCode == 0, there.err.constData());
        QVERIFY2(there.err.contains("Left out, because they are lists or structures: shap, pair."), there.err.constData());
        const auto library = duckdb::Library::load();
        if (!library)
            QSKIP(library.error().text().c_str());
        const QString parquet = m_folder.filePath(QStringLiteral("nested.parquet"));
        QCOMPARE(runDuckDb({}, {"COPY (SELECT *, [1, 2] AS shap, {'a': 1} AS pair FROM read_csv_auto('" + m_folder.filePath(QStringLiteral("export.csv")).toStdString() + "')) TO '" + parquet.toStdString()
                                + "' (FORMAT parquet)"}),
                 std::string());
        // Our programs look for the library in the home folder that they are given, so it is named.
        for (const QStringList &words : {QStringList{QStringLiteral("compute"), parquet}, QStringList{QStringLiteral("sql"), QStringLiteral("--source"), QStringLiteral("parquet:") + parquet}}) {
            const auto result = Program(QStringLiteral("countersign-cli")).environment(QStringLiteral("COUNTERSIGN_DUCKDB"), QString::fromStdString((*library)->path())).arguments(QStringList{QStringLiteral("metrics")} + words).run();
            QVERIFY2(result.exitCode == 0, result.err.constData());
            QVERIFY2(result.err.contains("Left out, because they are lists or structures: shap, pair."), result.err.constData());
        }
    }

    void whatIsMissingIsSaid()
    {
        const auto noTable = run({QStringLiteral("sql"), QStringLiteral("--source"), m_source});
        QVERIFY(noTable.exitCode != 0);
        QVERIFY(noTable.err.contains("--table"));
        const auto unknown = run(QStringList{QStringLiteral("sql"), QStringLiteral("--source"), m_source, QStringLiteral("--table"), QStringLiteral("nothing")} + password());
        QVERIFY(unknown.exitCode != 0);
        QVERIFY2(unknown.err.contains("nothing"), unknown.err.constData());
        const auto feature = run(sql(QStringList{QStringLiteral("--reference"), QStringLiteral("2026-01"), QStringLiteral("--feature"), QStringLiteral("shoe size")} + password()));
        QVERIFY(feature.exitCode != 0);
        QVERIFY2(feature.err.contains("shoe size"), feature.err.constData());
        const auto nothing = run(sql(QStringList{QStringLiteral("--reference"), QStringLiteral("last.csv")} + password()));
        QVERIFY(nothing.exitCode != 0 && nothing.err.contains("It is neither."));
        const auto column = run(sql(QStringList{QStringLiteral("--score"), QStringLiteral("points")} + password()));
        QVERIFY(column.exitCode != 0);
        QVERIFY2(column.err.contains("points"), column.err.constData());
        const auto nowhere = run({QStringLiteral("sql"), QStringLiteral("--source"), QStringLiteral("rows.csv"), QStringLiteral("--table"), QStringLiteral("t")});
        QVERIFY(nowhere.exitCode != 0);
        QVERIFY2(nowhere.err.contains("postgresql://"), nowhere.err.constData());
    }
};

QTEST_GUILESS_MAIN(CliSqlTest)
#include "tst_clisql.moc"
