#include "models/ledger/entry.h"
#include "models/services/imports/imports.h"
#include "models/services/inventory.h"
#include "models/services/ledger/checkpoints.h"
#include "models/services/review/review.h"
#include "models/services/workspace/journal.h"
#include "models/services/workspace/verification.h"
#include "models/store/guards/objects.h"
#include "models/store/guards/provisioning.h"
#include "models/store/guards/status.h"
#include "models/store/statements.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/postgresserver.h"
#include "tests/support/verify.h"

#include <QtTest>

#include <algorithm>
#include <fstream>

using namespace countersign;
using namespace countersign::test;

/// What somebody can do who works in a provisioned workspace, and turns their database login against it.
class PrivilegesTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;
    PostgresServer *m_server = nullptr;
    services::Environment m_environment = testEnvironment();
    std::string m_address;  ///< as the superuser
    QString m_database;
    Person m_ada;
    Person m_ben;
    std::unique_ptr<services::Session> m_session; ///< Ben's, with the login "ben"
    std::string m_before;   ///< all that must not change, as one digest

    std::string addressOf(const std::string &login) const
    {
        std::string address = m_address;
        return address.replace(address.find("tester@"), 7, login + "@");
    }
    Result<std::unique_ptr<services::Session>> open(const std::string &login, const std::string &person)
    {
        services::OpenRequest request;
        request.location = *database::Location::parse(addressOf(login));
        request.person = person;
        return services::Session::open(request, m_environment);
    }
    database::Connection &connection() { return m_session->connection(); }
    QString asSuperuser(const QString &statement)
    {
        QString out;
        return m_server->sql(m_database, statement, &out) ? out.trimmed() : QStringLiteral("failed: ") + out;
    }
    /// Of every table and function of the schema, as the superuser sees them.
    std::string state()
    {
        QString all;
        const QString tables = asSuperuser(QStringLiteral("SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relnamespace = 'countersign'::regnamespace AND relkind = 'r'"));
        for (const QString &table : tables.split(QLatin1Char(' ')))
            all += asSuperuser(QStringLiteral("SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM countersign.%1 t").arg(table));
        all += asSuperuser(QStringLiteral("SELECT md5(string_agg(concat(proname, prosrc, proowner, proacl, prosecdef, proconfig), '|' ORDER BY proname)) FROM pg_proc WHERE pronamespace = 'countersign'::regnamespace"));
        all += asSuperuser(QStringLiteral("SELECT md5(string_agg(concat(relname, relowner, relacl, relrowsecurity, relforcerowsecurity), '|' ORDER BY relname)) FROM pg_class WHERE relnamespace = 'countersign'::regnamespace"));
        all += asSuperuser(QStringLiteral("SELECT md5(string_agg(concat(tgname, tgenabled, tgfoid), '|' ORDER BY tgname, tgrelid)) FROM pg_trigger WHERE NOT tgisinternal"));
        return all.toStdString();
    }

    Bytes sealed(const std::function<void(ledger::Event &)> &changed) { return sealedEvent(*m_session, changed).second; }

    Status append(const Bytes &entry)
    {
        auto transaction = database::Transaction::begin(connection());
        if (!transaction)
            return transaction.error();
        store::Statements sql(connection());
        sql.run("SELECT append(?, 0)", store::Blob{entry});
        return sql.ok() ? transaction->commit() : sql.status();
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_server = PostgresServer::shared();
        QVERIFY(m_server);
        m_address = m_server->uri();
        m_database = QString::fromStdString(database::Location::parse(m_address)->databaseName);
        {
            const auto created = freshWorkspace(m_address, m_environment);
            QVERIFY_RESULT(created);
            m_ada = *(*created)->person();
            const auto key = (*created)->unlock(m_ada, passphrase());
            QVERIFY_RESULT(key);
            const auto secret = passphrase("another long passphrase");
            const auto ben = services::addPerson(**created, {"Ben Sample", "ben", {Role::Validator, Role::Owner}}, &secret, m_ada, **key);
            QVERIFY_RESULT(ben);
            m_ben = *ben;
            const std::string file = m_folder.file("metrics.csv").string();
            std::ofstream(file, std::ios::binary) << "model,version,metric,slice,window_start,window_end,value,n\ncredit-pd,3,auc,,2026-01-01,2026-02-01,0.741,4800\n";
            QVERIFY_RESULT(services::importMetrics(**created, file, {}));
            QVERIFY(!store::dutySeparation((*created)->connection())->isSeparated);
            // A login whose rights were given by hand before: they are taken away.
            QVERIFY(m_server->sql(m_database, QStringLiteral("CREATE ROLE relic LOGIN; GRANT USAGE ON SCHEMA countersign TO relic; GRANT ALL ON ALL TABLES IN SCHEMA countersign TO relic")));
            const auto plan = store::planProvisioning((*created)->connection(), {{m_ada.id.text(), m_ada.name, "ada' \"x", {}}, {m_ben.id.text(), m_ben.name, "ben", {}}},
                                                      "countersign_owner", "countersign_user");
            QVERIFY_RESULT(plan);
            QVERIFY(plan->isAlone);
            QVERIFY_RESULT(store::provision((*created)->connection(), *plan));
            // Again, as when people came later: nothing changes.
            const auto once = state();
            QVERIFY_RESULT(store::provision((*created)->connection(), *store::planProvisioning((*created)->connection(), plan->people, plan->owner, plan->member)));
            QCOMPARE(state(), once);
        }
        auto session = open("ben", "ben");
        QVERIFY_RESULT(session);
        m_session = std::move(*session);
        m_before = state();
        // Schemas of the attacker's, where they may make one.
        QVERIFY(m_server->sql(m_database, QStringLiteral("CREATE SCHEMA evil AUTHORIZATION ben")));
    }

    void cleanup()
    {
        if (connection().inTransaction())
            static_cast<void>(connection().rollback());
        QVERIFY_RESULT(connection().exec("RESET ALL"));
        QVERIFY_RESULT(connection().exec("SET search_path = countersign, pg_temp"));
    }

    void workGoesOnAsBefore()
    {
        const std::string file = m_folder.file("more.csv").string();
        std::ofstream(file, std::ios::binary) << "model,version,metric,slice,window_start,window_end,value,n\nchurn,1,auc,,2026-01-01,2026-02-01,0.8,480\n";
        QVERIFY_RESULT(services::previewMetrics(*m_session, file, {}));
        QVERIFY_RESULT(services::importMetrics(*m_session, file, {}));
        const auto model = services::findSubject(*m_session, "churn");
        QVERIFY_RESULT(model);
        services::FactsRequest facts;
        facts.model = model->model.id;
        facts.owner = "Ben Sample";
        QVERIFY_RESULT(services::setFacts(*m_session, facts));
        QVERIFY_RESULT(services::publishCheckpoint(*m_session));
        const auto verification = services::verifyWorkspace(connection(), {});
        QVERIFY_RESULT(verification);
        QVERIFY2(verification->isIntact(), verification->sentence().c_str());
        const auto separation = store::dutySeparation(connection());
        QVERIFY_RESULT(separation);
        QVERIFY2(separation->isSeparated && separation->sentence.find("countersign_owner") != std::string::npos, separation->sentence.c_str());
        const auto foreign = store::foreignObjects(connection());
        QVERIFY_RESULT(foreign);
        for (const auto &object : *foreign)
            QFAIL(object.sentence.c_str());
        m_before = state();
    }

    void attempts_data()
    {
        QTest::addColumn<QString>("statement");
        const char *attempts[] = {
            // the ledger's tables by themselves
            "INSERT INTO entry SELECT seq + 100, id, bytes, leaf, 0 FROM entry LIMIT 1", "UPDATE entry SET received_at = 0", "UPDATE entry SET bytes = bytes WHERE seq = 0", "DELETE FROM entry",
            "TRUNCATE entry", "TRUNCATE entry, evidence CASCADE", "INSERT INTO evidence VALUES (sha256('x'), 'x', 'x')", "UPDATE evidence SET media = 'x'", "DELETE FROM evidence", "TRUNCATE evidence",
            "UPDATE ledger_head SET size = 0", "UPDATE ledger_head SET writer = NULL", "UPDATE ledger_head SET tree = '\\x0000000000000000'", "DELETE FROM ledger_head", "TRUNCATE ledger_head",
            "INSERT INTO ledger_head (id, size, tree) VALUES (2, 0, '\\x00')", "INSERT INTO checkpoint VALUES (1, 'x')", "UPDATE checkpoint SET note = 'x'", "DELETE FROM checkpoint", "TRUNCATE checkpoint",
            "DELETE FROM schema_migration", "UPDATE schema_migration SET digest = 'x'", "INSERT INTO schema_migration VALUES (999, 'x', 'x', 0)", "INSERT INTO rehearsal VALUES (pg_current_xact_id())",
            "SELECT * FROM entry FOR UPDATE", "SELECT * FROM ledger_head FOR UPDATE", "SELECT * FROM ledger_head FOR SHARE", "LOCK TABLE entry IN ACCESS EXCLUSIVE MODE", "LOCK TABLE ledger_head IN SHARE MODE",
            "MERGE INTO entry USING (SELECT 0 AS n) s ON entry.seq = s.n WHEN MATCHED THEN DELETE",
            // who is who
            "UPDATE login_person SET person = 'p:me'", "INSERT INTO login_person VALUES ('ben2', 'p:me')", "DELETE FROM login_person", "UPDATE duty SET member = 'public'", "DELETE FROM duty",
            // tables that follow from the ledger, by themselves
            "UPDATE model SET owner = 'me'", "DELETE FROM observation", "INSERT INTO person VALUES ('p:x', 'X', 'x', 'administrator', 0)", "UPDATE person SET roles = 'administrator'", "TRUNCATE observation", "TRUNCATE model CASCADE",
            "UPDATE enrolled_key SET revoked_from = 0", "DELETE FROM trail", "UPDATE signoff SET is_stale = 0", "UPDATE subject_head SET event = ''",
            "WITH gone AS (DELETE FROM model RETURNING 1) SELECT count(*) FROM gone",
            // objects
            "ALTER TABLE entry DISABLE TRIGGER ALL", "ALTER TABLE entry DISABLE ROW LEVEL SECURITY", "ALTER TABLE entry NO FORCE ROW LEVEL SECURITY", "ALTER TABLE entry OWNER TO ben", "ALTER TABLE entry ADD COLUMN x INT",
            "DROP TABLE entry", "DROP TABLE model CASCADE", "DROP TRIGGER entry_change ON entry", "DROP TRIGGER model_door ON model", "CREATE TRIGGER mine BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION deny_change()",
            "CREATE TRIGGER mine BEFORE INSERT ON model FOR EACH ROW EXECUTE FUNCTION deny_change()", "CREATE RULE mine AS ON INSERT TO entry DO INSTEAD NOTHING", "CREATE POLICY mine ON entry USING (true)", "DROP POLICY entry_read ON entry",
            "CREATE INDEX mine ON entry (seq)", "CREATE TABLE countersign.mine (x INT)", "CREATE VIEW countersign.mine AS SELECT 1", "CREATE FUNCTION countersign.mine() RETURNS INT LANGUAGE sql AS 'SELECT 1'",
            "CREATE FUNCTION countersign.append(bytea, int) RETURNS INT LANGUAGE sql AS 'SELECT 1'", "CREATE OR REPLACE FUNCTION countersign.door() RETURNS bytea LANGUAGE sql AS 'SELECT ''''::bytea'",
            "ALTER FUNCTION append(bytea, bigint) SECURITY INVOKER", "ALTER FUNCTION append(bytea, bigint) SET search_path = evil", "ALTER FUNCTION door() OWNER TO ben", "DROP FUNCTION check_door() CASCADE", "DROP SCHEMA countersign CASCADE",
            "ALTER SCHEMA countersign OWNER TO ben", "ALTER SCHEMA countersign RENAME TO old", "GRANT ALL ON entry TO PUBLIC WITH GRANT OPTION", "CREATE SCHEMA mine", "COMMENT ON TABLE entry IS 'x'", "VACUUM FULL entry",
            // functions that are not for them
            "SELECT guard_tables()", "SELECT check_door()", "SELECT check_written()", "SELECT deny_change()", "SELECT check_next_entry()",
            // roles and settings
            "SET ROLE countersign_owner", "SET SESSION AUTHORIZATION countersign_owner", "SET SESSION AUTHORIZATION tester", "GRANT countersign_owner TO ben", "ALTER ROLE ben SUPERUSER", "ALTER ROLE ben BYPASSRLS", "ALTER ROLE countersign_owner LOGIN",
            "ALTER ROLE tester PASSWORD 'x'", "CREATE ROLE mine SUPERUSER", "DROP ROLE countersign_user", "SET session_replication_role = replica", "ALTER SYSTEM SET fsync = off", "SET fsync = off", "SELECT pg_reload_conf()",
            "ALTER DATABASE postgres SET default_transaction_read_only = on",
            // files, programs, large objects, copies
            "COPY entry FROM PROGRAM 'echo x'", "COPY entry TO PROGRAM 'cat'", "COPY entry FROM '/etc/passwd'", "COPY (SELECT 1) TO '/tmp/countersign-probe'", "COPY observation FROM '/etc/passwd'", "SELECT pg_read_file('/etc/passwd')",
            "SELECT pg_ls_dir('/')", "SELECT lo_import('/etc/passwd')", "SELECT lo_export(1, '/tmp/countersign-probe')", "CREATE EXTENSION adminpack", "CREATE LANGUAGE plpython3u", "DO LANGUAGE c 'x'",
            "SELECT * FROM pg_authid", "UPDATE pg_proc SET prosrc = 'x'", "DELETE FROM pg_trigger", "INSERT INTO pg_auth_members SELECT * FROM pg_auth_members", "SELECT pg_terminate_backend((SELECT pid FROM pg_stat_activity WHERE usename = 'tester' LIMIT 1))",
        };
        for (const char *attempt : attempts)
            QTest::newRow(attempt) << QString::fromLatin1(attempt);
    }
    void attempts()
    {
        QFETCH(QString, statement);
        // "Denied" in this transaction is what counts; a statement that may run must have changed nothing once it is committed.
        const auto begun = connection().exec("BEGIN");
        QVERIFY_RESULT(begun);
        const auto done = connection().exec(statement.toStdString());
        if (done && statement.startsWith(QLatin1String("SELECT pg_terminate_backend"))) {
            QVERIFY_RESULT(connection().exec("ROLLBACK")); // nobody of that name was there
            return;
        }
        QVERIFY2(!done, "the database allowed it");
        QVERIFY_RESULT(connection().exec("ROLLBACK"));
    }

    void nothingChanged() { QCOMPARE(state(), m_before); }

    void whatStandsInFrontOfTheirNames_data()
    {
        QTest::addColumn<QStringList>("setup");
        const auto row = [](const char *name, const QStringList &setup) { QTest::newRow(name) << setup; };
        row("tables in an own schema, searched first", {QStringLiteral("CREATE TABLE evil.ledger_head AS SELECT * FROM countersign.ledger_head"), QStringLiteral("UPDATE evil.ledger_head SET writer = pg_current_xact_id(), writer_at = transaction_timestamp()"),
                                                        QStringLiteral("CREATE TABLE evil.rehearsal AS SELECT pg_current_xact_id() AS id"), QStringLiteral("SET search_path = evil, countersign")});
        row("temporary tables", {QStringLiteral("CREATE TEMP TABLE ledger_head AS SELECT * FROM countersign.ledger_head"), QStringLiteral("UPDATE pg_temp.ledger_head SET writer = pg_current_xact_id(), writer_at = transaction_timestamp()"),
                                 QStringLiteral("CREATE TEMP TABLE rehearsal AS SELECT pg_current_xact_id() AS id"), QStringLiteral("SET search_path = pg_temp, countersign")});
        row("functions with the same names", {QStringLiteral("CREATE FUNCTION evil.transaction_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT ''2000-01-01''::timestamptz'"),
                                              QStringLiteral("CREATE FUNCTION evil.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT $1'"), QStringLiteral("CREATE FUNCTION evil.event_of(bytea) RETURNS jsonb LANGUAGE sql AS 'SELECT ''{}''::jsonb'"),
                                              QStringLiteral("SET search_path = evil, countersign, pg_catalog")});
        row("operators of their own", {QStringLiteral("CREATE FUNCTION evil.yes(xid8, xid8) RETURNS boolean LANGUAGE sql AS 'SELECT true'"),
                                       QStringLiteral("CREATE OPERATOR evil.= (LEFTARG = xid8, RIGHTARG = xid8, FUNCTION = evil.yes)"), QStringLiteral("SET search_path = evil, countersign, pg_catalog")});
        row("a setting that says so", {QStringLiteral("SET countersign.door = 'open'")});
        row("another role", {QStringLiteral("SET ROLE countersign_user")});
    }
    /// However names are found in the session, the functions find theirs: the tables stay closed.
    void whatStandsInFrontOfTheirNames()
    {
        QFETCH(QStringList, setup);
        QVERIFY_RESULT(connection().exec("BEGIN"));
        bool isSetUp = true;
        for (const QString &statement : setup)
            isSetUp = isSetUp && connection().exec(statement.toStdString()).ok(); // a refusal here is as good
        const auto wrote = isSetUp ? connection().exec("UPDATE countersign.model SET owner = 'me'") : Status(Error{});
        QVERIFY(!wrote);
        QVERIFY_RESULT(connection().exec("ROLLBACK"));
        QVERIFY_RESULT(connection().exec("BEGIN"));
        isSetUp = true;
        for (const QString &statement : setup)
            isSetUp = isSetUp && connection().exec(statement.toStdString()).ok();
        if (isSetUp) {
            store::Statements sql(connection());
            sql.run("SELECT countersign.put_evidence(?, 'x', ?)", store::Blob{Bytes(32, 'x')}, store::Blob{Bytes(32, 'x')});
            QVERIFY(!sql.ok());
        }
        QVERIFY_RESULT(connection().exec("ROLLBACK"));
        QCOMPARE(state(), m_before);
    }

    void whatTheFunctionsRefuse()
    {
        // In somebody else's name, signed by whatever key.
        QVERIFY_ERROR(append(sealed([&](ledger::Event &e) { e.actor.person = m_ada.id; })), ErrorKind::Denied);
        QVERIFY_ERROR(append(sealed([&](ledger::Event &e) {
            e.actor.person = m_ada.id;
            e.actor.role = "administrator";
            e.kind = "review.signoff";
        })), ErrorKind::Denied);
        // The id of an entry that is there, with other bytes; an entry of another ledger; evidence that is not stored.
        const auto first = ledger::decodeEvent(ledger::decodeEntry(m_session->ledger().read(0, 1)->front())->payload);
        QVERIFY_ERROR(append(sealed([&](ledger::Event &e) { e.id = first->id; })), ErrorKind::Tampered);
        QVERIFY_ERROR(append(sealed([&](ledger::Event &e) { e.ledger = LedgerId::of(std::string(64, 'a')); })), ErrorKind::Invalid);
        QVERIFY_ERROR(append(sealed([&](ledger::Event &e) { e.evidence = Digest(); })), ErrorKind::NotFound);
        QVERIFY_ERROR(append(sealed([&](ledger::Event &e) {
            e.kind = "ledger.genesis";
            e.ledger = {};
        })), ErrorKind::Invalid);
        QVERIFY_ERROR(append("CSG1" + Bytes(200, 'x')), ErrorKind::Invalid);
        // The ledger taken, and nothing appended; a rehearsal, committed; a role that hides the session's user.
        for (const char *call : {"SELECT door()", "SELECT rehearse()"}) {
            QVERIFY_RESULT(connection().begin());
            QVERIFY_RESULT(connection().exec(call));
            QVERIFY_RESULT(connection().exec("UPDATE model SET owner = 'me'"));
            QVERIFY_ERROR(connection().commit(), ErrorKind::Denied);
        }
        QCOMPARE(state(), m_before);
    }

    void keysOfOthersAreNotSeen()
    {
        store::Statements sql(connection());
        QCOMPARE(sql.text("SELECT string_agg(DISTINCT person, ',') FROM wrapped_key").value_or(""), m_ben.id.text());
        QVERIFY_RESULT(connection().exec("BEGIN"));
        QVERIFY_RESULT(connection().exec("DELETE FROM wrapped_key WHERE person <> '" + m_ben.id.text() + "'"));
        QVERIFY_RESULT(connection().exec("UPDATE wrapped_key SET wrapped = '\\x00' WHERE person = '" + m_ada.id.text() + "'"));
        QVERIFY_RESULT(connection().exec("COMMIT"));
        QCOMPARE(state(), m_before);
        const auto ada = open("ada' \"x", m_ada.login);
        QVERIFY_RESULT(ada);
        QVERIFY_RESULT((*ada)->unlock(m_ada, passphrase()));
        QVERIFY_ERROR((*ada)->unlock(m_ben, passphrase("another long passphrase")), ErrorKind::Denied);
    }

    void strangersGetNothing()
    {
        QVERIFY(!open("relic", {}).ok());
        QVERIFY(m_server->sql(m_database, QStringLiteral("CREATE ROLE onlooker LOGIN; GRANT CONNECT ON DATABASE %1 TO onlooker; GRANT USAGE ON SCHEMA countersign TO onlooker; "
                                                         "GRANT SELECT ON ALL TABLES IN SCHEMA countersign TO onlooker; GRANT EXECUTE ON FUNCTION countersign.leaves(bigint, bigint), countersign.may_read() TO onlooker").arg(m_database)));
        const auto place = database::Location::parse(addressOf("onlooker"));
        const auto onlooker = database::Connection::open(*place, {.readOnly = true});
        QVERIFY_RESULT(onlooker);
        store::Statements sql(**onlooker);
        QCOMPARE(sql.integer("SELECT count(*) FROM entry").value_or(-1), 0);
        QCOMPARE(sql.integer("SELECT count(*) FROM evidence").value_or(-1), 0);
        // From whom entries are hidden, still computes the root.
        store::LedgerStore hidden(**onlooker);
        const auto tree = hidden.head(false);
        QVERIFY_RESULT(tree);
        const auto leaves = hidden.leaves(tree->size());
        QVERIFY_RESULT(leaves);
        QCOMPARE(ledger::rootOf(*leaves), tree->root());
        QVERIFY(m_server->sql(m_database, QStringLiteral("REVOKE ALL ON ALL TABLES IN SCHEMA countersign FROM onlooker; REVOKE ALL ON ALL FUNCTIONS IN SCHEMA countersign FROM onlooker; REVOKE ALL ON SCHEMA countersign FROM onlooker")));
    }

    void statusNamesWhatDoesNotHold()
    {
        const auto sentences = [&](store::DatabaseCheck::State state) {
            std::string all;
            const auto checks = store::databaseStatus(connection());
            if (!checks)
                return checks.error().text();
            for (const auto &check : *checks)
                if (check.state == state)
                    all += check.name + ": " + check.sentence + "\n";
            return all;
        };
        const auto good = sentences(store::DatabaseCheck::State::Holds);
        QVERIFY2(good.find("separates duties") != std::string::npos && good.find("Schema") != std::string::npos && good.find("2 logins") != std::string::npos, good.c_str());
        // Each of these is named, and only while it is so.
        const std::tuple<const char *, const char *, const char *> faults[] = {
            {"ALTER TABLE countersign.entry DISABLE TRIGGER entry_change", "ALTER TABLE countersign.entry ENABLE ALWAYS TRIGGER entry_change", "entry_change"},
            {"ALTER TABLE countersign.evidence NO FORCE ROW LEVEL SECURITY", "ALTER TABLE countersign.evidence FORCE ROW LEVEL SECURITY", "“evidence”"},
            {"ALTER FUNCTION countersign.append(bytea, bigint) SECURITY INVOKER", "ALTER FUNCTION countersign.append(bytea, bigint) SECURITY DEFINER", "“append”"},
            {"ALTER FUNCTION countersign.door() RESET search_path", "ALTER FUNCTION countersign.door() SET search_path = countersign, pg_temp", "“door”"},
            {"CREATE FUNCTION countersign.door(int) RETURNS int LANGUAGE sql AS 'SELECT 1'", "DROP FUNCTION countersign.door(int)", "“door”"},
            {"CREATE POLICY more ON countersign.entry USING (true)", "DROP POLICY more ON countersign.entry", "“more”"},
            {"CREATE TABLE countersign.more(x INT)", "DROP TABLE countersign.more", "“more”"},
            {"CREATE RULE more AS ON DELETE TO countersign.model DO INSTEAD NOTHING", "DROP RULE more ON countersign.model", "“model”"},
            {"GRANT INSERT ON countersign.entry TO countersign_user", "REVOKE INSERT ON countersign.entry FROM countersign_user", "INSERT on the table “entry” was granted to “countersign_user”"},
            {"GRANT UPDATE ON countersign.model TO ben", "REVOKE UPDATE ON countersign.model FROM ben", "UPDATE on the table “model” was granted to “ben”"},
            {"GRANT TRUNCATE ON countersign.model TO countersign_user", "REVOKE TRUNCATE ON countersign.model FROM countersign_user", "TRUNCATE on the table “model” was granted to “countersign_user”"},
            {"GRANT DELETE ON countersign.model TO countersign_user WITH GRANT OPTION", "REVOKE GRANT OPTION FOR DELETE ON countersign.model FROM countersign_user", "DELETE on the table “model”"},
            {"GRANT EXECUTE ON FUNCTION countersign.append(bytea, bigint) TO ben", "REVOKE EXECUTE ON FUNCTION countersign.append(bytea, bigint) FROM ben", "EXECUTE on the function “append” was granted to “ben”"},
            {"GRANT CREATE ON SCHEMA countersign TO countersign_user", "REVOKE CREATE ON SCHEMA countersign FROM countersign_user", "CREATE on the schema of the workspace was granted to “countersign_user”"},
            {"ALTER ROLE ben CREATEROLE", "ALTER ROLE ben NOCREATEROLE", "“ben”"},
        };
        for (const auto &[make, mend, name] : faults) {
            QVERIFY2(m_server->sql(m_database, QString::fromLatin1(make)), qPrintable(m_server->log()));
            const auto found = sentences(store::DatabaseCheck::State::Fails);
            QVERIFY(m_server->sql(m_database, QString::fromLatin1(mend)));
            QVERIFY2(found.find(name) != std::string::npos, (std::string(make) + " gave: " + found).c_str());
            const auto left = sentences(store::DatabaseCheck::State::Fails);
            QVERIFY2(left.find(name) == std::string::npos, left.c_str());
        }
    }

    void peopleWhoComeLaterGetTheirLogin()
    {
        const auto ada = open("ada' \"x", m_ada.login);
        QVERIFY_RESULT(ada);
        const auto key = (*ada)->unlock(m_ada, passphrase());
        QVERIFY_RESULT(key);
        const auto cleo = services::addPerson(**ada, {"Cleo Sample", "cleo", {Role::Owner}}, nullptr, m_ada, **key);
        QVERIFY_RESULT(cleo);
        auto place = database::Location::parse(m_address);
        const auto superuser = database::Connection::open(*place);
        QVERIFY_RESULT(superuser);
        const auto plan = store::planProvisioning(**superuser, {{cleo->id.text(), cleo->name, "cleo", {}}}, "countersign_owner", "countersign_user");
        QVERIFY_RESULT(plan);
        // As a script, the way an administrator runs it.
        const std::string script = store::provisioningScript(*plan);
        QVERIFY2(m_server->sql(m_database, QString::fromStdString(script)), qPrintable(m_server->log()));
        const auto session = open("cleo", "cleo");
        QVERIFY_RESULT(session);
        const auto model = services::findSubject(**session, "credit-pd");
        QVERIFY_RESULT(model);
        services::FactsRequest facts;
        facts.model = model->model.id;
        facts.purpose = "Lending";
        QVERIFY_RESULT(services::setFacts(**session, facts));
        // A login that may do anything is not given to a person.
        QVERIFY(m_server->sql(m_database, QStringLiteral("CREATE ROLE boss LOGIN SUPERUSER")));
        const auto strong = store::planProvisioning(**superuser, {{cleo->id.text(), cleo->name, "boss", {}}}, "countersign_owner", "countersign_user");
        QVERIFY_RESULT(strong);
        const auto refused = store::provision(**superuser, *strong);
        QVERIFY(!refused.ok());
        QVERIFY2(refused.error().message.find("boss") != std::string::npos, refused.error().message.c_str());
        QVERIFY_ERROR(store::planProvisioning(**superuser, {{"p:x", "X", "pg_x", {}}}, "countersign_owner", "countersign_user"), ErrorKind::Invalid);
        QVERIFY_ERROR(store::planProvisioning(**superuser, {{"p:x", "X", "x", {}}, {"p:y", "Y", "x", {}}}, "countersign_owner", "countersign_user"), ErrorKind::Invalid);
    }

    void theRecordIsStillWhole()
    {
        const auto verification = services::verifyWorkspace(connection(), {});
        QVERIFY_RESULT(verification);
        QVERIFY2(verification->isIntact(), verification->sentence().c_str());
    }
};

QTEST_GUILESS_MAIN(PrivilegesTest)
#include "tst_privileges.moc"
