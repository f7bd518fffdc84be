#include "models/database/connection.h"
#include "models/importers/mlflow/mlflowdatabase.h"
#include "models/importers/mlflow/runlinks.h"
#include "models/importers/registry.h"
#include "oracle.h"
#include "tests/support/postgresserver.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/verify.h"

#include <QProcess>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTest>

#include <cmath>
#include <fstream>

using namespace countersign;
using namespace countersign::importers;

namespace {

const std::string kShared = COUNTERSIGN_SHARED_DATA "/mlflow/";

/// Tables as MLflow's migrations leave them at three heads, the columns that matter.
QStringList schemaSql(int generation)
{
    const bool hasRegistryTags = generation >= 23;
    const bool hasAliases = generation >= 23;
    const QString workspace = generation >= 30 ? QStringLiteral(", workspace VARCHAR(63) DEFAULT 'default'") : QString();
    QStringList sql{
        QStringLiteral("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"),
        QStringLiteral("INSERT INTO alembic_version VALUES ('%1')").arg(generation >= 30 ? QStringLiteral("7d34483879f0") : generation >= 23 ? QStringLiteral("3500859a5d39") : QStringLiteral("2b4d017a5e9b")),
        QStringLiteral("CREATE TABLE experiments (experiment_id INTEGER PRIMARY KEY, name VARCHAR(256), artifact_location VARCHAR(256), lifecycle_stage VARCHAR(32)%1)").arg(workspace),
        QStringLiteral("CREATE TABLE runs (run_uuid VARCHAR(32) PRIMARY KEY, name VARCHAR(250), user_id VARCHAR(256), status VARCHAR(20), start_time BIGINT, end_time BIGINT,"
                       " lifecycle_stage VARCHAR(20), artifact_uri VARCHAR(200), experiment_id INTEGER)"),
        QStringLiteral("CREATE TABLE params (key VARCHAR(250), value VARCHAR(250), run_uuid VARCHAR(32))"),
        QStringLiteral("CREATE TABLE tags (key VARCHAR(250), value VARCHAR(5000), run_uuid VARCHAR(32))"),
        QStringLiteral("CREATE TABLE metrics (key VARCHAR(250), value FLOAT, timestamp BIGINT, run_uuid VARCHAR(32), step BIGINT DEFAULT 0, is_nan BOOLEAN DEFAULT 0)"),
        QStringLiteral("CREATE TABLE registered_models (name VARCHAR(256), creation_time BIGINT, last_updated_time BIGINT, description VARCHAR(5000)%1)").arg(workspace),
        QStringLiteral("CREATE TABLE model_versions (name VARCHAR(256), version INTEGER, creation_time BIGINT, last_updated_time BIGINT, description VARCHAR(5000), user_id VARCHAR(256),"
                       " current_stage VARCHAR(20), source VARCHAR(500), run_id VARCHAR(32), status VARCHAR(20), status_message VARCHAR(500)%1)").arg(workspace),
    };
    if (hasRegistryTags) {
        sql << QStringLiteral("CREATE TABLE registered_model_tags (key VARCHAR(250), value VARCHAR(5000), name VARCHAR(256)%1)").arg(workspace)
            << QStringLiteral("CREATE TABLE model_version_tags (key VARCHAR(250), value VARCHAR(5000), name VARCHAR(256), version INTEGER%1)").arg(workspace);
    }
    if (hasAliases)
        sql << QStringLiteral("CREATE TABLE registered_model_aliases (alias VARCHAR(256), version INTEGER, name VARCHAR(256)%1)").arg(workspace);
    return sql;
}

QStringList contentSql(int generation)
{
    QStringList sql{
        QStringLiteral("INSERT INTO experiments (experiment_id, name, lifecycle_stage) VALUES (0, 'Default', 'active'), (1, 'Risk', 'deleted')"),
        QStringLiteral("INSERT INTO runs VALUES ('aa', 'train', 'ada', 'FINISHED', 1000, 2000, 'active', 'file:///x', 0),"
                       " ('bb', NULL, NULL, 'RUNNING', 3000, NULL, 'deleted', NULL, 1), ('cc', 'watch', 'ada', 'FINISHED', 1, 2, 'active', '', 0)"),
        QStringLiteral("INSERT INTO params (key, value, run_uuid) VALUES ('z', '1', 'aa'), ('a', '', 'aa')"),
        QStringLiteral("INSERT INTO tags (key, value, run_uuid) VALUES ('governance.model_name', 'credit', 'cc'), ('governance.model_version', '2', 'cc'),"
                       " ('governance.model_name', 'credit', 'bb'), ('governance.model_version', '9', 'bb')"),
        QStringLiteral("INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES ('auc', 0.75, 20, 'aa', 2, 0), ('auc', 0.5, 10, 'aa', 1, 0),"
                       " ('auc', 0.5, 10, 'aa', 1, 0), ('auc', 0, 10, 'aa', 1, 1), ('auc', 1.7976931348623157e308, 5, 'aa', -1, 0), ('psi/income', 0.25, 7, 'bb', 0, 0)"),
        QStringLiteral("INSERT INTO registered_models (name, creation_time, last_updated_time, description) VALUES ('credit', 100, 200, '<script>alert(1)</script>'), ('Bonität', 1, 2, NULL)"),
        QStringLiteral("INSERT INTO model_versions (name, version, creation_time, last_updated_time, description, user_id, current_stage, source, run_id, status) VALUES"
                       " ('credit', 10, 1, 2, NULL, 'ada', 'None', 's3://b/10', NULL, 'READY'), ('credit', 2, 1, 2, 'two', 'ada', 'Production', 's3://b/2', 'aa', 'READY'),"
                       " ('credit', 3, 1, 2, NULL, NULL, 'Deleted_Internal', 'REDACTED-SOURCE-PATH', 'REDACTED-RUN-ID', NULL), ('gone', 1, 1, 2, NULL, NULL, 'None', '', '', 'READY')"),
    };
    if (generation >= 23) {
        sql << QStringLiteral("INSERT INTO registered_model_tags (key, value, name) VALUES ('tier', '1', 'credit'), ('owner', NULL, 'credit')")
            << QStringLiteral("INSERT INTO model_version_tags (key, value, name, version) VALUES ('ok', 'yes', 'credit', 2), ('gone', 'x', 'credit', 3)")
            << QStringLiteral("INSERT INTO registered_model_aliases (alias, version, name) VALUES ('champion', 2, 'credit'), ('a', 10, 'credit')");
    }
    if (generation >= 30) {
        sql << QStringLiteral("INSERT INTO registered_models (name, creation_time, last_updated_time, description, workspace) VALUES ('credit', 1, 2, 'other', 'team-b'), ('greeting', 1, 2, '', 'default')")
            << QStringLiteral("INSERT INTO registered_model_tags (key, value, name) VALUES ('mlflow.prompt.is_prompt', 'true', 'greeting')")
            << QStringLiteral("INSERT INTO model_versions (name, version, creation_time, last_updated_time, current_stage, status, workspace) VALUES ('credit', 1, 1, 2, 'None', 'READY', 'team-b'),"
                              " ('greeting', 1, 1, 2, 'None', 'READY', 'default')");
    }
    return sql;
}

bool makeDatabase(const std::filesystem::path &file, const QStringList &statements)
{
    bool isGood = true;
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("maker"));
        database.setDatabaseName(QString::fromStdString(file.string()));
        isGood = database.open();
        QSqlQuery query(database);
        for (const QString &statement : statements) {
            if (!query.exec(statement)) {
                qWarning("%s: %s", qPrintable(statement), qPrintable(query.lastError().text()));
                isGood = false;
            }
        }
    }
    QSqlDatabase::removeDatabase(QStringLiteral("maker"));
    return isGood;
}

QByteArray bytesOf(const std::filesystem::path &file)
{
    QFile stored(QString::fromStdString(file.string()));
    return stored.open(QIODevice::ReadOnly) ? stored.readAll() : QByteArray();
}

} // namespace

class TstMlflowDatabase : public QObject
{
    Q_OBJECT

private:
    test::TemporaryFolder m_folder;

    std::filesystem::path fresh(const std::string &name)
    {
        const auto file = m_folder.file(name);
        std::filesystem::remove(file);
        return file;
    }

private Q_SLOTS:
    void readsEveryGeneration_data()
    {
        QTest::addColumn<int>("generation");
        QTest::newRow("1.4") << 14;
        QTest::newRow("2.3") << 23;
        QTest::newRow("3.11") << 30;
    }
    void readsEveryGeneration()
    {
        QFETCH(int, generation);
        const auto file = fresh("own.db");
        QVERIFY(makeDatabase(file, schemaSql(generation) + contentSql(generation)));
        const auto registry = openRegistry(file.string());
        QVERIFY_RESULT(registry);
        QCOMPARE((*registry)->uri(), std::filesystem::canonical(file).string());
        const auto content = readAll(**registry);
        QVERIFY_RESULT(content);

        const auto &models = content->inventory.models;
        QCOMPARE(models.size(), std::size_t(generation >= 30 ? 3 : 2));
        QCOMPARE(models[0].name, std::string("Bonität"));
        const SourceModel &credit = models[1];
        QCOMPARE(credit.name, std::string("credit"));
        QCOMPARE(credit.description, std::string("<script>alert(1)</script>"));
        QCOMPARE(toMillis(credit.createdAt), std::int64_t(100));
        QCOMPARE(credit.versions.size(), std::size_t(2));
        QCOMPARE(credit.versions[0].label, std::string("2"));
        QCOMPARE(credit.versions[1].label, std::string("10"));
        QCOMPARE(credit.versions[0].runId, std::string("aa"));
        QCOMPARE(credit.versions[1].runId, std::string());
        if (generation >= 23) {
            QCOMPARE(credit.tags, (std::vector<Tag>{{"owner", ""}, {"tier", "1"}}));
            QCOMPARE(credit.aliases, (std::vector<Tag>{{"a", "10"}, {"champion", "2"}}));
            QCOMPARE(credit.versions[0].tags, (std::vector<Tag>{{"ok", "yes"}}));
        }
        if (generation >= 30) {
            QCOMPARE(models[2].workspace, std::string("team-b"));
            QCOMPARE(models[2].versions.size(), std::size_t(1));
            QCOMPARE(models[0].workspace, std::string());
        }
        const auto &runs = content->inventory.runs;
        QCOMPARE(runs.size(), std::size_t(3));
        QCOMPARE(runs[0].parameters, (std::vector<Tag>{{"a", ""}, {"z", "1"}}));
        QCOMPARE(runs[0].metrics, (std::vector<std::string>{"auc"}));
        QVERIFY(runs[1].isDeleted && !runs[1].endedAt);
        QCOMPARE(runs[1].experiment, std::string("Risk"));
        const auto &auc = content->histories.at({"aa", "auc"});
        QCOMPARE(auc.size(), std::size_t(4)); // the duplicate is gone, the restated NaN is not
        QCOMPARE(auc[0].value, 1.7976931348623157e308);
        QCOMPARE(auc[0].step, std::int64_t(-1));
        QCOMPARE(auc[1].value, 0.5);
        QVERIFY(std::isnan(auc[2].value));
        QCOMPARE(auc[3].value, 0.75);
        QCOMPARE(content->histories.size(), std::size_t(2));

        const auto &notes = content->inventory.notes;
        QVERIFY(std::ranges::find(notes, "1 deleted version was left out.") != notes.end());
        QCOMPARE(std::ranges::find(notes, "1 prompt is not a model and was left out.") != notes.end(), generation >= 30);

        const auto links = linkRuns(content->inventory);
        QCOMPARE(links.at("aa"), (VersionIndex{1, 0}));
        QCOMPARE(links.at("cc"), (VersionIndex{1, 0}));
        QVERIFY(!links.contains("bb")); // its tags name a version that isn't there
    }

    void leavesTheSourceUntouched()
    {
        const auto file = fresh("untouched.db");
        QVERIFY(makeDatabase(file, schemaSql(23) + contentSql(23)));
        const QByteArray before = bytesOf(file);
        std::filesystem::permissions(file, std::filesystem::perms::owner_read);
        {
            const auto registry = openRegistry("sqlite:///" + file.string());
            QVERIFY_RESULT(registry);
            QVERIFY_RESULT(readAll(**registry));
        }
        QCOMPARE(bytesOf(file), before);
        QVERIFY(!std::filesystem::exists(file.string() + "-journal"));
        QVERIFY(!std::filesystem::exists(file.string() + "-wal"));
    }

    void replacesIllFormedTextAndSaysSo()
    {
        const auto file = fresh("bytes.db");
        QVERIFY(makeDatabase(file, schemaSql(23) + QStringList{QStringLiteral("INSERT INTO registered_models VALUES ('ok', 1, 2, CAST(x'61FF62006308' AS TEXT))")}));
        const auto registry = openRegistry(file.string());
        QVERIFY_RESULT(registry);
        const auto inventory = (*registry)->readInventory({});
        QVERIFY_RESULT(inventory);
        QCOMPARE(inventory->models[0].description, std::string("a\xEF\xBF\xBD" "b\xEF\xBF\xBD" "c\x08"));
        QCOMPARE(inventory->notes, (std::vector<std::string>{"2 pieces of text that were not valid UTF-8 were replaced by U+FFFD."}));
    }

    void holdsTimesToYearsThatCanBeWritten()
    {
        const auto file = fresh("times.db");
        QVERIFY(makeDatabase(file, schemaSql(23) + QStringList{QStringLiteral("INSERT INTO registered_models VALUES ('ok', 9223372036854775807, -9223372036854775807, '')")}));
        const auto registry = openRegistry(file.string());
        QVERIFY_RESULT(registry);
        const auto inventory = (*registry)->readInventory({});
        QVERIFY_RESULT(inventory);
        QCOMPARE(formatDate(inventory->models[0].createdAt), std::string("9999-12-31"));
        QCOMPARE(formatDate(inventory->models[0].updatedAt), std::string("0001-01-01"));
    }

    void refusesOtherFiles()
    {
        QVERIFY_ERROR(openRegistry(m_folder.file("missing.db").string()), ErrorKind::NotFound);
        QVERIFY_ERROR(openRegistry(""), ErrorKind::Invalid);
        const auto other = fresh("other.db");
        QVERIFY(makeDatabase(other, {QStringLiteral("CREATE TABLE runs (id INTEGER)")}));
        const auto refused = openRegistry(other.string());
        QVERIFY_ERROR(refused, ErrorKind::Invalid);
        QVERIFY(refused.error().message.find("experiments, metrics") != std::string::npos);
        const auto text = fresh("text.db");
        std::ofstream(text) << "not a database at all, but long enough to look at it twice";
        QVERIFY(!openRegistry(text.string()).ok());
    }

    void stopsWhenToldAndPassesOnFailures()
    {
        const auto file = fresh("stop.db");
        QVERIFY(makeDatabase(file, schemaSql(23) + contentSql(23)));
        const auto registry = openRegistry(file.string());
        QVERIFY_RESULT(registry);
        const auto inventory = (*registry)->readInventory({});
        QVERIFY_RESULT(inventory);
        const std::atomic<bool> cancel = true;
        QVERIFY_ERROR((*registry)->readInventory({{}, &cancel}), ErrorKind::Cancelled);
        const auto sink = [](const SourceRun &, const std::string &, const std::vector<Point> &) -> Status { return Error{ErrorKind::Conflict, "no", {}}; };
        QVERIFY_ERROR((*registry)->readHistories(*inventory, sink, {}), ErrorKind::Conflict);
        QVERIFY_RESULT(readAll(**registry)); // and can be read again after both
    }

    void readsRealStoresAsTheOracleSays_data()
    {
        QTest::addColumn<QString>("store");
        QTest::addColumn<QString>("expected");
        QTest::addColumn<bool>("hasTags");
        QTest::addColumn<bool>("hasAliases");
        QTest::addColumn<bool>("hasKilled");
        const auto add = [](const char *store, const char *expected, bool tags, bool aliases, bool killed) {
            QTest::newRow(store) << QString::fromUtf8(store) << QString::fromUtf8(expected) << tags << aliases << killed;
        };
        add("none", "", true, true, true);
        if (!std::filesystem::exists(kShared))
            return;
        add("mlflow-1.4", "expected-2.17", false, false, false);
        add("mlflow-1.30", "expected-2.17", true, false, true);
        add("mlflow-2.3", "expected-2.17", true, true, true);
        add("mlflow-2.17", "expected-2.17", true, true, true);
        add("mlflow-3.0", "expected-3.11.2dev", true, true, true);
        add("mlflow-3.11.2dev", "expected-3.11.2dev", true, true, true);
    }
    void readsRealStoresAsTheOracleSays()
    {
        QFETCH(QString, store);
        QFETCH(QString, expected);
        QFETCH(bool, hasTags);
        QFETCH(bool, hasAliases);
        QFETCH(bool, hasKilled);
        if (expected.isEmpty())
            return; // keeps the table from being empty where the shared data is not there
        const auto file = fresh(store.toStdString() + ".db");
        QVERIFY(unpack(kShared + store.toStdString() + ".db.gz", file));
        const auto oracle = loadExpected(kShared + expected.toStdString() + ".json");
        QVERIFY_RESULT(oracle);
        const auto registry = openRegistry(file.string());
        QVERIFY_RESULT(registry);
        QElapsedTimer timer;
        timer.start();
        const auto content = readAll(**registry);
        QVERIFY_RESULT(content);
        qInfo("%lld ms", static_cast<long long>(timer.elapsed()));
        const auto differ = differences(*content, *oracle, {hasTags, hasAliases, hasKilled});
        for (std::size_t i = 0; i < std::min<std::size_t>(differ.size(), 10); ++i)
            qWarning("%s", differ[i].c_str());
        QVERIFY(differ.empty());
        // The comparison itself must see one missing point: its count and its digest.
        Content damaged = *content;
        damaged.histories.begin()->second.pop_back();
        QCOMPARE(differences(damaged, *oracle, {hasTags, hasAliases, hasKilled}).size(), std::size_t(2));
    }

    void keepsWorkspacesApart()
    {
        const std::string packed = kShared + "mlflow-3.11-workspaces.db.gz";
        const auto file = fresh("workspaces.db");
        if (!unpack(packed, file))
            QVERIFY(makeDatabase(file, schemaSql(30)
                                           + QStringList{QStringLiteral("INSERT INTO registered_models (name, creation_time, last_updated_time, workspace) VALUES"
                                                                        " ('shared-name', 1, 2, 'default'), ('shared-name', 1, 2, 'team-risk')")}));
        const auto registry = openRegistry(file.string());
        QVERIFY_RESULT(registry);
        const auto inventory = (*registry)->readInventory({});
        QVERIFY_RESULT(inventory);
        QCOMPARE(inventory->models.size(), std::size_t(2));
        QCOMPARE(inventory->models[0].workspace + "|" + inventory->models[0].name, std::string("|shared-name"));
        QCOMPARE(inventory->models[1].workspace + "|" + inventory->models[1].name, std::string("team-risk|shared-name"));
    }

    void readsPostgres()
    {
        test::PostgresServer *const server = test::PostgresServer::shared();
        QVERIFY(server && server->isRunning());
        const std::string uri = server->uri(); // with a fresh database
        const auto location = database::Location::parse(uri);
        QVERIFY_RESULT(location);
        const QString database = QString::fromStdString(location->databaseName);
        // The same statements; only the default of a BOOLEAN and its literals are spelled differently.
        QString sql = (schemaSql(30) + contentSql(30)).join(QStringLiteral(";\n"));
        sql.replace(QStringLiteral("is_nan BOOLEAN DEFAULT 0"), QStringLiteral("is_nan BOOLEAN DEFAULT false"))
            .replace(QStringLiteral(" FLOAT"), QStringLiteral(" DOUBLE PRECISION"));
        sql.replace(QRegularExpression(QStringLiteral(", ([-0-9]+), 0\\)")), QStringLiteral(", \\1, false)"))
            .replace(QRegularExpression(QStringLiteral(", ([-0-9]+), 1\\)")), QStringLiteral(", \\1, true)"))
            .replace(QStringLiteral("'file:///x', false)"), QStringLiteral("'file:///x', 0)"));
        QString out;
        QVERIFY2(server->sql(database, sql, &out), qPrintable(out));

        const auto postgres = openRegistry(uri);
        QVERIFY_RESULT(postgres);
        const auto fromPostgres = readAll(**postgres);
        QVERIFY_RESULT(fromPostgres);

        const auto file = fresh("twin.db");
        QVERIFY(makeDatabase(file, schemaSql(30) + contentSql(30)));
        const auto sqlite = openRegistry(file.string());
        QVERIFY_RESULT(sqlite);
        const auto fromSqlite = readAll(**sqlite);
        QVERIFY_RESULT(fromSqlite);
        const auto differ = differences(fromPostgres->inventory, fromSqlite->inventory);
        for (const std::string &line : differ)
            qWarning("%s", line.c_str());
        QVERIFY(differ.empty());
        QCOMPARE(fromPostgres->inventory.notes, fromSqlite->inventory.notes);
        QCOMPARE(fromPostgres->histories.size(), fromSqlite->histories.size());
        for (const auto &[key, points] : fromSqlite->histories)
            QCOMPARE(fromPostgres->histories.at(key).size(), points.size());
    }

    void readsADumpOfARealPostgresStore()
    {
        const auto script = fresh("dump.sql");
        const auto file = fresh("mlflow-2.17.db");
        if (!unpack(kShared + "mlflow-2.17-postgresql.sql.gz", script) || !unpack(kShared + "mlflow-2.17.db.gz", file))
            return; // the reader itself is covered above
        test::PostgresServer *const server = test::PostgresServer::shared();
        QVERIFY(server && server->isRunning());
        const std::string uri = server->uri();
        const auto location = database::Location::parse(uri);
        QVERIFY_RESULT(location);
        QProcess psql;
        psql.setProcessChannelMode(QProcess::MergedChannels);
        psql.start(QStringLiteral("psql"), {QStringLiteral("-X"), QStringLiteral("-q"), QStringLiteral("-v"), QStringLiteral("ON_ERROR_STOP=1"), QStringLiteral("-h"),
                                            QString::fromStdString(location->host), QStringLiteral("-p"), QString::number(location->port), QStringLiteral("-U"),
                                            QString::fromStdString(location->user), QStringLiteral("-d"), QString::fromStdString(location->databaseName),
                                            QStringLiteral("-f"), QString::fromStdString(script.string())});
        QVERIFY(psql.waitForFinished(120'000));
        QVERIFY2(psql.exitCode() == 0, psql.readAll().right(500).constData());

        const auto postgres = openRegistry(uri);
        QVERIFY_RESULT(postgres);
        const auto got = readAll(**postgres);
        QVERIFY_RESULT(got);
        const auto sqlite = openRegistry(file.string());
        QVERIFY_RESULT(sqlite);
        const auto expected = readAll(**sqlite);
        QVERIFY_RESULT(expected);
        // Made by the same script twice: ids and clocks of runs differ, everything that was said does not.
        const auto outline = [](const Content &content) {
            std::vector<std::string> lines;
            for (const SourceModel &model : content.inventory.models) {
                lines.push_back(model.name + "|" + model.description + "|" + std::to_string(model.tags.size()));
                for (const auto &[alias, version] : model.aliases)
                    lines.push_back(model.name + "@" + alias + "=" + version);
                for (const SourceVersion &version : model.versions)
                    lines.push_back(model.name + "/" + version.label + "|" + version.stage + "|" + version.description + "|" + std::to_string(version.tags.size()));
            }
            for (const SourceRun &run : content.inventory.runs)
                lines.push_back("run " + run.name + "|" + run.status + "|" + run.experiment + "|" + std::to_string(run.parameters.size()) + "|" + std::to_string(run.metrics.size()));
            for (const auto &[key, points] : content.histories)
                lines.push_back("history " + key.second + "|" + std::to_string(points.size()));
            std::ranges::sort(lines);
            return lines;
        };
        QCOMPARE(got->inventory.notes, expected->inventory.notes);
        const auto first = outline(*got);
        const auto second = outline(*expected);
        std::vector<std::string> differ;
        std::ranges::set_symmetric_difference(first, second, std::back_inserter(differ));
        for (std::size_t i = 0; i < std::min<std::size_t>(differ.size(), 10); ++i)
            qWarning("%s", differ[i].substr(0, 200).c_str());
        QVERIFY(differ.empty());
    }
};

QTEST_GUILESS_MAIN(TstMlflowDatabase)
#include "tst_mlflowdatabase.moc"
