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

    /// What only makes something faster is the affair of who administers the server, as is who was let in to read.
    void whatChangesNothingIsNotNamed()
    {
        const auto environment = testEnvironment();
        const auto session = freshWorkspace(freshDatabase(QStringLiteral("PostgreSQL"), m_folder), environment);
        QVERIFY_RESULT(session);
        for (const char *statement : {"CREATE INDEX more ON trail (at)", "CREATE ROLE auditor", "GRANT USAGE ON SCHEMA countersign TO auditor", "GRANT SELECT ON ALL TABLES IN SCHEMA countersign TO auditor"})
            QVERIFY_RESULT((*session)->connection().exec(statement));
        const auto foreign = store::foreignObjects((*session)->connection());
        QVERIFY_RESULT(foreign);
        QVERIFY2(foreign->empty(), foreign->empty() ? "" : foreign->front().sentence.c_str());
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
        {"ALTER FUNCTION put_evidence(bytea, text, bytea) SECURITY INVOKER", "“put_evidence” was changed", false},
        {"ALTER FUNCTION may_read() VOLATILE", "“may_read” was changed", false},
        {"ALTER FUNCTION check_door() SET lock_timeout = '1s'", "“check_door” was changed", false},
        {"CREATE ROLE stranger;;GRANT CREATE ON SCHEMA countersign TO stranger;;ALTER FUNCTION append(bytea, bigint) OWNER TO stranger", "“append” was changed: it does not belong", false},
        {"ALTER POLICY entry_read ON entry USING (true)", "“entry_read” of the table “entry” was changed: it is “SELECT using true”", false},
        {"ALTER POLICY entry_append ON entry TO CURRENT_USER", "“INSERT for some check true”", false},
        {"DROP POLICY evidence_read ON evidence;;CREATE POLICY evidence_read ON evidence USING ((SELECT may_read()))", "“evidence_read” of the table “evidence” was changed: it is “ALL using", false},
        {"ALTER TABLE model ENABLE ROW LEVEL SECURITY", "Row-level security of the table “model” was switched on", false},
        {"DROP TRIGGER head_change ON ledger_head;;CREATE TRIGGER head_change BEFORE DELETE ON ledger_head FOR EACH ROW EXECUTE FUNCTION check_head();;ALTER TABLE ledger_head ENABLE ALWAYS TRIGGER head_change",
         "“head_change” of the table “ledger_head” was changed: it is “BEFORE DELETE, each row: check_head”, and should be “BEFORE DELETE OR UPDATE", false},
        {"DROP TRIGGER entry_insert ON entry;;CREATE TRIGGER entry_insert AFTER INSERT ON entry FOR EACH ROW EXECUTE FUNCTION check_next_entry();;ALTER TABLE entry ENABLE ALWAYS TRIGGER entry_insert",
         "“entry_insert” of the table “entry” was changed: it is “AFTER INSERT", false},
        {"DROP TRIGGER entry_change ON entry;;CREATE TRIGGER entry_change BEFORE DELETE OR UPDATE OF id ON entry FOR EACH ROW EXECUTE FUNCTION deny_change();;ALTER TABLE entry ENABLE ALWAYS TRIGGER entry_change",
         "“BEFORE DELETE OR UPDATE of some columns", false},
        {"DROP TRIGGER entry_change ON entry;;CREATE TRIGGER entry_change BEFORE DELETE OR UPDATE ON entry FOR EACH ROW WHEN (old.seq > 9) EXECUTE FUNCTION deny_change();;ALTER TABLE entry ENABLE ALWAYS TRIGGER entry_change",
         "under a condition", false},
        {"DROP TRIGGER model_door ON model;;CREATE TRIGGER model_door BEFORE INSERT OR DELETE OR UPDATE ON model FOR EACH ROW EXECUTE FUNCTION check_door();;ALTER TABLE model ENABLE ALWAYS TRIGGER model_door",
         "“BEFORE INSERT OR DELETE OR UPDATE, each row: check_door”", false},
        {"ALTER TABLE entry ALTER COLUMN received_at TYPE NUMERIC", "“received_at” of the table “entry” was changed: it is “numeric not null”, and should be “bigint not null”", true},
        {"ALTER TABLE model ALTER COLUMN purpose TYPE TEXT COLLATE \"POSIX\"", "“text in another order not null”", true},
        {"ALTER TABLE model ALTER COLUMN purpose DROP NOT NULL", "“purpose” of the table “model” was changed", true},
        {"ALTER TABLE enrolled_key ALTER COLUMN is_awaiting SET DEFAULT 1", "“bigint not null default 1”", true},
        {"ALTER TABLE model ADD COLUMN more TEXT", "“more” of the table “model” was added", true},
        {"ALTER TABLE model ADD COLUMN more BIGINT GENERATED ALWAYS AS (no + 1) STORED", "“more” of the table “model” was added", true},
        {"ALTER TABLE model DROP COLUMN purpose", "“purpose” of the table “model” is missing", true},
        {"DROP TABLE model_alias", "“model_alias” is missing", true},
        {"ALTER TABLE entry DROP CONSTRAINT entry_id_key", "“UNIQUE (id)” of the table “entry” is missing", false},
        {"ALTER TABLE entry DROP CONSTRAINT entry_bytes_check;;ALTER TABLE entry ADD CONSTRAINT entry_bytes_check CHECK (length(bytes) > 0)", "“CHECK ((length(bytes) > 0))” of the table “entry” was added", false},
        {"ALTER TABLE ledger_head DROP CONSTRAINT ledger_head_id_check", "“CHECK id=1” of the table “ledger_head” is missing", false},
        {"ALTER TABLE model ADD CONSTRAINT more CHECK (length(name) < 5) NOT VALID", "of the table “model” was added", false},
        {"ALTER TABLE model_tag ADD FOREIGN KEY (model) REFERENCES model(id) ON DELETE CASCADE", "ON DELETE CASCADE” of the table “model_tag” was added", false},
        {"ALTER TABLE trail SET UNLOGGED", "“trail” is not written to the server's log", false},
        {"CREATE TABLE public.child () INHERITS (model_tag)", "“model_tag” inherits", true},
        {"CREATE UNIQUE INDEX more ON model (purpose, id)", "“more” was added", false},
        {"CREATE INDEX more ON model (length(name))", "“more” was added", false},
        {"DROP INDEX entry_subject;;CREATE INDEX entry_subject ON entry (seq)", "“entry_subject” was changed", false},
        {"DROP INDEX model_name", "“model_name” is missing", false},
        {"GRANT SELECT ON model TO PUBLIC", "SELECT on the table “model” was granted to everybody", false},
        {"GRANT UPDATE (name) ON model TO PUBLIC", "UPDATE on the table “model” was granted to everybody", false},
        {"GRANT EXECUTE ON FUNCTION append(bytea, bigint) TO PUBLIC", "EXECUTE on the function “append” was granted to everybody", false},
        {"GRANT CREATE ON SCHEMA countersign TO PUBLIC", "CREATE on the schema of the workspace was granted to everybody", false},
        {"CREATE RULE more AS ON INSERT TO model_tag DO ALSO DELETE FROM trail", "“model_tag” has a rule", true},
        {"ALTER TABLE model_alias RENAME TO other;;CREATE VIEW model_alias AS SELECT * FROM other", "“model_alias” is something else", true},
    };
};

QTEST_GUILESS_MAIN(ObjectsTest)
#include "tst_objects.moc"
