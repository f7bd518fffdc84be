#include "models/services/workspace/verification.h"
#include "models/store/guards/objects.h"
#include "models/store/statements.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/verify.h"

#include <QtTest>

using namespace countersign;
using namespace countersign::test;

/// A workspace whose tables, triggers or functions somebody changed is recognised when it is opened.
class ObjectsTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;

    struct Change {
        const char *statement;
        const char *names; ///< what the sentence must hold
        bool isRefused;    ///< not even opened
    };

    void checkChange(const QString &backend, const Change &change)
    {
        const auto environment = testEnvironment();
        database::Location location;
        {
            const auto created = freshWorkspace(freshDatabase(backend, m_folder), environment);
            QVERIFY_RESULT(created);
            location = (*created)->connection().location();
            const auto foreign = store::foreignObjects((*created)->connection());
            QVERIFY_RESULT(foreign);
            QVERIFY2(foreign->empty(), foreign->empty() ? "" : foreign->front().sentence.c_str());
        }
        {
            const auto other = database::Connection::open(location);
            QVERIFY_RESULT(other);
            for (const QString &statement : QString::fromLatin1(change.statement).split(QStringLiteral(";;")))
                QVERIFY_RESULT((*other)->exec(statement.toStdString()));
        }
        services::OpenRequest request;
        request.location = location;
        const auto session = services::Session::open(request, environment);
        if (change.isRefused) {
            QVERIFY_ERROR(session, ErrorKind::Invalid);
            QVERIFY2(session.error().message.find(change.names) != std::string::npos, session.error().message.c_str());
            return;
        }
        QVERIFY_RESULT(session);
        QVERIFY((*session)->damage().has_value());
        QVERIFY2((*session)->damage()->message.find(change.names) != std::string::npos, (*session)->damage()->message.c_str());
        QVERIFY_ERROR((*session)->mayWrite(), ErrorKind::Tampered);
        const auto verification = services::verifyWorkspace((*session)->connection(), {});
        QVERIFY_RESULT(verification);
        QVERIFY(std::ranges::any_of(verification->findings, [&](const auto &finding) { return finding.sentence.find(change.names) != std::string::npos; }));
    }

private Q_SLOTS:
    void namesWhatDiffersInAFile_data()
    {
        QTest::addColumn<int>("index");
        for (int i = 0; i < static_cast<int>(std::size(kSqlite)); ++i)
            QTest::newRow(kSqlite[i].statement) << i;
    }
    void namesWhatDiffersInAFile()
    {
        QFETCH(int, index);
        checkChange(QStringLiteral("SQLite"), kSqlite[index]);
    }

    void namesWhatDiffersOnAServer_data()
    {
        QTest::addColumn<int>("index");
        for (int i = 0; i < static_cast<int>(std::size(kPostgres)); ++i)
            QTest::newRow(kPostgres[i].statement) << i;
    }
    void namesWhatDiffersOnAServer()
    {
        QFETCH(int, index);
        checkChange(QStringLiteral("PostgreSQL"), kPostgres[index]);
    }

private:
    static constexpr Change kSqlite[] = {
        {"DROP TRIGGER entry_update", "“entry_update” is missing", false},
        {"DROP TRIGGER evidence_delete;;CREATE TRIGGER evidence_delete BEFORE DELETE ON evidence BEGIN SELECT 1; END", "“evidence_delete” was changed", false},
        {"CREATE TRIGGER more AFTER INSERT ON model BEGIN DELETE FROM trail; END", "“more” was added", false},
        {"CREATE VIEW more AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n", "“more” was added", false},
        {"CREATE TABLE more(x)", "“more” was added", false},
        {"DROP INDEX model_name", "“model_name” is missing", false},
        {"ALTER TABLE model_tag ADD COLUMN more TEXT", "“model_tag” was changed", true},
        {"DROP TABLE model_alias", "“model_alias” is missing", true},
        {"ALTER TABLE model RENAME TO other;;CREATE VIEW model AS SELECT * FROM other", "“model” is a view", true},
    };
    static constexpr Change kPostgres[] = {
        {"DROP TRIGGER entry_change ON entry", "“entry_change” of the table “entry” is missing", false},
        {"ALTER TABLE model DISABLE TRIGGER model_door", "“model_door” of the table “model” does not always fire", false},
        {"ALTER TABLE entry ENABLE TRIGGER entry_insert", "“entry_insert” of the table “entry” does not always fire", false},
        {"CREATE OR REPLACE FUNCTION check_door() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS 'BEGIN RETURN NULL; END'", "“check_door” was changed", false},
        {"ALTER FUNCTION door() SET search_path = public", "“door” was changed", false},
        {"CREATE FUNCTION more() RETURNS INT LANGUAGE sql AS 'SELECT 1'", "“more” was added", false},
        {"DROP POLICY entry_read ON entry;;CREATE POLICY everybody ON entry FOR SELECT USING (true)", "“everybody” of the table “entry” was added", false},
        {"ALTER TABLE wrapped_key DISABLE ROW LEVEL SECURITY", "“wrapped_key” is not forced", false},
        {"CREATE RULE more AS ON INSERT TO model_tag DO ALSO DELETE FROM trail", "“model_tag” has a rule", true},
        {"ALTER TABLE model_alias RENAME TO other;;CREATE VIEW model_alias AS SELECT * FROM other", "“model_alias” is something else", true},
    };
};

QTEST_GUILESS_MAIN(ObjectsTest)
#include "tst_objects.moc"
