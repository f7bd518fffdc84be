#include "models/ledger/checkpoint.h"
#include "models/ledger/entry.h"
#include "models/services/imports/imports.h"
#include "models/services/inventory.h"
#include "models/services/ledger/checkpoints.h"
#include "models/services/review/review.h"
#include "models/services/workspace/journal.h"
#include "models/services/workspace/verification.h"
#include "models/store/schema.h"
#include "models/store/statements.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/postgresserver.h"
#include "tests/support/verify.h"

#include <QtTest>

#include <fstream>
#include <mutex>
#include <thread>

using namespace countersign;
using namespace countersign::test;

/// What PostgreSQL itself refuses when somebody writes the ledger past the program.
class DoorTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;
    PostgresServer *m_server = nullptr;
    services::Environment m_environment = testEnvironment();
    std::string m_address; ///< of a workspace whose owner is the ordinary login "ada"
    std::unique_ptr<services::Session> m_session;

    store::Statements sql() { return store::Statements(m_session->connection()); }
    database::Connection &connection() { return m_session->connection(); }

    /// Runs statements in a transaction of their own; the first failure, or that of the commit.
    Status inTransaction(const std::function<void(store::Statements &)> &work)
    {
        auto transaction = database::Transaction::begin(connection());
        if (!transaction)
            return transaction.error();
        store::Statements statements(connection());
        work(statements);
        return statements.ok() ? transaction->commit() : statements.status();
    }

    std::pair<ledger::Event, Bytes> sealed(const std::function<void(ledger::Event &)> &changed = {}) { return sealedEvent(*m_session, changed); }

    Status append(const Bytes &entries)
    {
        return inTransaction([&](store::Statements &statements) { statements.run("SELECT append(?, 0)", store::Blob{entries}); });
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_server = PostgresServer::shared();
        QVERIFY(m_server);
        QVERIFY(m_server->sql(QStringLiteral("postgres"), QStringLiteral("CREATE ROLE ada LOGIN")));
        m_address = m_server->uri();
        const auto location = database::Location::parse(m_address);
        QVERIFY(m_server->sql(QStringLiteral("postgres"), QStringLiteral("ALTER DATABASE %1 OWNER TO ada").arg(QString::fromStdString(location->databaseName))));
        m_address.replace(m_address.find("tester@"), 7, "ada@");
        auto created = freshWorkspace(m_address, m_environment);
        QVERIFY_RESULT(created);
        m_session = std::move(*created);
        const std::string file = m_folder.file("metrics.csv").string();
        std::ofstream(file, std::ios::binary) << "model,version,metric,slice,window_start,window_end,value,n\ncredit-pd,3,auc,,2026-01-01,2026-02-01,0.741,4800\n";
        QVERIFY_RESULT(services::previewMetrics(*m_session, file, {}));
        QVERIFY_RESULT(services::importMetrics(*m_session, file, {}));
        const auto subject = services::findVersionSubject(*m_session, "credit-pd/3");
        QVERIFY_RESULT(subject);
        const auto bundle = services::freezeReview(*m_session, subject->version->id);
        QVERIFY_RESULT(bundle);
        const auto key = m_session->unlock(*m_session->person(), passphrase());
        QVERIFY_RESULT(key);
        services::SignRequest request;
        request.id = m_environment.randomness->uuid();
        request.bundle = bundle->id;
        request.decision = Decision::Approve;
        request.meaning = "Validated";
        QVERIFY_RESULT(services::sign(*m_session, request, *m_session->person(), **key));
    }

    void cleanup() { QVERIFY_RESULT(m_session->catchUp()); }

    void oneLoginDoesItAllThroughTheDoor()
    {
        const auto verification = services::verifyWorkspace(connection(), {});
        QVERIFY_RESULT(verification);
        QVERIFY2(verification->isIntact(), verification->sentence().c_str());
    }

    void subjectsAreThoseOfTheProgram()
    {
        for (std::uint64_t seq = 0; seq < *m_session->ledger().size(); ++seq) {
            const auto event = ledger::decodeEvent(ledger::decodeEntry(m_session->ledger().read(seq, 1)->front())->payload);
            QVERIFY_RESULT(event);
            QCOMPARE(sql().text("SELECT coalesce(subject_of(bytes), '') FROM entry WHERE seq = ?", seq).value_or("none"), ledger::subjectOf(*event));
        }
        for (const char *kind : {"model.x", "version.x", "run.x", "bundle.x", "review.x", "policy.x", "person.x", "key.x", "import.x", "metrics.x", "report.x", "change.x", "security.x", "ledger.x"}) {
            for (const char *version : {"v:1", ""}) {
                const auto [event, bytes] = sealed([&](ledger::Event &e) {
                    e.kind = kind;
                    e.body = {{"change", "c"}, {"import", "i"}, {"key", "k"}, {"model", "m"}, {"person", "p"}, {"rule", "r"}, {"run", "n"}, {"version", version}};
                });
                QCOMPARE(sql().text("SELECT coalesce(subject_of(?), '')", store::Blob{bytes}).value_or("none"), ledger::subjectOf(event));
            }
        }
        QVERIFY(!sql().text("SELECT subject_of(?)", store::Blob{Bytes(200, 'x')}));
    }

    /// Whoever asked first writes first: nobody is overtaken by those who come later, however many they are.
    void writersWaitInTurn()
    {
        const auto location = database::Location::parse(m_address);
        QVERIFY_RESULT(location);
        auto holder = database::Transaction::begin(connection());
        QVERIFY_RESULT(holder);
        QVERIFY_RESULT(m_session->ledger().head(true));
        const auto watcher = database::Connection::open(*location, {});
        QVERIFY_RESULT(watcher);
        std::mutex mutex;
        std::vector<int> came;
        std::vector<std::thread> writers;
        for (int writer = 0; writer < 5; ++writer) {
            writers.emplace_back([&, writer] {
                auto own = database::Connection::open(*location, {});
                auto transaction = own ? database::Transaction::begin(**own) : Result<database::Transaction>(own.error());
                if (!transaction)
                    return;
                store::LedgerStore ledger(**own);
                if (!ledger.head(true))
                    return;
                const std::lock_guard lock(mutex);
                came.push_back(writer);
            });
            const auto waiting = [&] {
                return store::Statements(**watcher).integer("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = CAST('duty' AS regclass)").value_or(-1);
            };
            [&] { QTRY_COMPARE(waiting(), static_cast<std::int64_t>(writer + 1)); }();
        }
        { const auto ends = *std::move(holder); }
        for (auto &writer : writers)
            writer.join();
        QCOMPARE(came, (std::vector<int>{0, 1, 2, 3, 4}));
    }

    void theServerComputesTheTree()
    {
        for (int n = 0; n < 9; ++n) {
            Bytes all;
            for (int i = 0; i <= n; ++i)
                all += sealed().second;
            QVERIFY_RESULT(append(all));
        }
        QVERIFY_RESULT(m_session->catchUp()); // Tampered if the recorded tree were another one than that of the bytes
        QCOMPARE(m_session->ledger().leaves(*m_session->ledger().size())->size(), *m_session->ledger().size());
    }

    void theSameEventIsAppendedOnce()
    {
        const auto [event, bytes] = sealed();
        QVERIFY_RESULT(append(bytes));
        const auto size = *m_session->ledger().size();
        const auto first = sql().integer("SELECT seq FROM append(?, 0)", store::Blob{bytes});
        QCOMPARE(first, std::optional(static_cast<std::int64_t>(size) - 1));
        QVERIFY_RESULT(append(bytes));
        QCOMPARE(*m_session->ledger().size(), size);
        const auto [other, otherBytes] = sealed([&](ledger::Event &e) { e.id = event.id; });
        QVERIFY_ERROR(append(otherBytes), ErrorKind::Tampered);
        // Found again inside a transaction, it is no leave to change the tables.
        QVERIFY_ERROR(inTransaction([&](store::Statements &s) {
            s.run("SELECT append(?, 0)", store::Blob{bytes});
            s.run("UPDATE model SET owner = 'me'");
        }), ErrorKind::Denied);
        QCOMPARE(*m_session->ledger().size(), size);
    }

    void whatIsNoEntryIsRefused()
    {
        const auto size = *m_session->ledger().size();
        const auto good = sealed().second;
        Bytes zeroSignatures = good.substr(0, good.size() - 97) + std::string(1, '\0');
        for (const Bytes &bytes : {good.substr(0, good.size() - 1), good + "x", "CSG2" + good.substr(4), Bytes(300, 'x'), zeroSignatures, good.substr(0, 50), good + zeroSignatures})
            QVERIFY_ERROR(append(bytes), ErrorKind::Invalid);
        QVERIFY_ERROR(append(sealed([](ledger::Event &e) { e.ledger = LedgerId::of(std::string(64, '0')); }).second), ErrorKind::Invalid);
        QVERIFY_ERROR(append(sealed([](ledger::Event &e) { e.evidence = Digest(); }).second), ErrorKind::NotFound);
        QVERIFY_ERROR(append(sealed([](ledger::Event &e) {
            e.kind = "metrics.computed";
            e.body = {{"import", "i:1"}, {"scores", Digest().text()}};
        }).second), ErrorKind::NotFound);
        QCOMPARE(*m_session->ledger().size(), size);
    }

    void staleExpectationsAreRefused()
    {
        const auto [first, bytes] = sealed([](ledger::Event &e) {
            e.body = {{"changes", json::Array()}, {"model", "m:expected"}};
            e.expects = ledger::Expectation{"m:expected", {}};
        });
        QVERIFY_RESULT(append(bytes));
        const auto expecting = [&](const std::string &head) {
            return sealed([&](ledger::Event &e) {
                e.body = {{"changes", json::Array()}, {"model", "m:expected"}};
                e.expects = ledger::Expectation{"m:expected", head.empty() ? head : "e:" + head};
            }).second;
        };
        QVERIFY_ERROR(append(expecting({})), ErrorKind::Conflict);
        QVERIFY_ERROR(append(expecting(m_environment.randomness->uuid())), ErrorKind::Conflict);
        QVERIFY_RESULT(append(expecting(first.id)));
        QVERIFY_ERROR(append(expecting(first.id)), ErrorKind::Conflict);
    }

    void evidenceHasItsDigest()
    {
        const std::string bytes = "some evidence";
        auto statements = sql();
        statements.run("SELECT put_evidence(?, 'text/plain', ?)", store::Blob{Bytes(32, 'x')}, store::Blob{bytes});
        QVERIFY_ERROR(statements.status(), ErrorKind::Invalid);
        const auto digest = m_session->ledger().putEvidence("text/plain", bytes);
        QVERIFY_RESULT(digest);
        QVERIFY_RESULT(m_session->ledger().putEvidence("text/html", bytes));
        QCOMPARE(m_session->ledger().evidence(*digest)->media, std::string("text/plain"));
        QVERIFY_RESULT(append(sealed([&](ledger::Event &e) { e.evidence = *digest; }).second));
    }

    void tablesAreWrittenOnlyWithAnEntry()
    {
        QVERIFY_ERROR(inTransaction([](store::Statements &s) { s.run("UPDATE model SET owner = 'me'"); }), ErrorKind::Denied);
        QVERIFY_ERROR(inTransaction([](store::Statements &s) { s.run("DELETE FROM observation"); }), ErrorKind::Denied);
        QVERIFY_ERROR(inTransaction([](store::Statements &s) { s.run("TRUNCATE observation"); }), ErrorKind::Denied);
        // Who has the ledger and appends nothing fails at the commit, however it is asked for.
        QVERIFY_ERROR(inTransaction([](store::Statements &s) {
            s.run("SELECT door()");
            s.run("UPDATE model SET owner = 'me'");
        }), ErrorKind::Denied);
        QVERIFY_ERROR(inTransaction([](store::Statements &s) {
            s.run("SELECT door()");
            s.run("SET CONSTRAINTS ALL IMMEDIATE");
        }), ErrorKind::Denied);
        QVERIFY_ERROR(inTransaction([](store::Statements &s) {
            s.run("SELECT rehearse()");
            s.run("UPDATE model SET owner = 'me'");
        }), ErrorKind::Denied);
        QVERIFY_ERROR(inTransaction([](store::Statements &s) {
            s.run("SELECT rehearse()");
            s.run("SET CONSTRAINTS ALL IMMEDIATE");
        }), ErrorKind::Denied);
        QCOMPARE(sql().integer("SELECT count(*) FROM model WHERE owner = 'me'").value_or(-1), 0);
        QCOMPARE(sql().integer("SELECT count(*) FROM rehearsal").value_or(-1), 0);
    }

    void theHeadOnlyGrows()
    {
        QVERIFY_ERROR(inTransaction([](store::Statements &s) { s.run("UPDATE ledger_head SET size = 0"); }), ErrorKind::Denied);
        QVERIFY_ERROR(inTransaction([](store::Statements &s) { s.run("DELETE FROM ledger_head"); }), ErrorKind::Denied);
        QVERIFY_ERROR(inTransaction([](store::Statements &s) { s.run("TRUNCATE ledger_head"); }), ErrorKind::Denied);
    }

    void otherIsolationIsRefusedInWords_data()
    {
        QTest::addColumn<QString>("level");
        QTest::newRow("serializable") << QStringLiteral("SERIALIZABLE");
        QTest::newRow("repeatable read") << QStringLiteral("REPEATABLE READ");
    }
    void otherIsolationIsRefusedInWords()
    {
        QFETCH(QString, level);
        for (const char *call : {"SELECT door()", "SELECT append('\\x00', 0)"}) {
            QVERIFY_RESULT(connection().exec("BEGIN ISOLATION LEVEL " + level.toStdString()));
            auto statements = sql();
            statements.run(call);
            QVERIFY_RESULT(connection().exec("ROLLBACK"));
            QVERIFY_ERROR(statements.status(), ErrorKind::Invalid);
            QVERIFY2(statements.status().error().message.find("READ COMMITTED") != std::string::npos, statements.status().error().message.c_str());
        }
        // Set on the login it changes nothing: the program asks for the level that it needs.
        QVERIFY(m_server->sql(QStringLiteral("postgres"), QStringLiteral("ALTER ROLE ada SET default_transaction_isolation = '%1'").arg(level.toLower())));
        services::OpenRequest request;
        request.location = *database::Location::parse(m_address);
        request.person = m_session->person()->login;
        const auto other = services::Session::open(request, m_environment);
        QVERIFY(m_server->sql(QStringLiteral("postgres"), QStringLiteral("ALTER ROLE ada RESET default_transaction_isolation")));
        QVERIFY_RESULT(other);
        const auto model = services::findSubject(**other, "credit-pd");
        QVERIFY_RESULT(model);
        services::FactsRequest facts;
        facts.model = model->model.id;
        facts.purpose = level.toStdString();
        QVERIFY_RESULT(services::setFacts(**other, facts));
    }

    void checkpointsAreOfThisLedgerAndKeepTheirSigners()
    {
        const auto note = services::publishCheckpoint(*m_session);
        QVERIFY_RESULT(note);
        const auto size = *m_session->ledger().size();
        auto &ledger = m_session->ledger();
        QCOMPARE(*ledger.putCheckpoint(size, *note), *note);
        const std::string colleague = "\xE2\x80\x94 colleague AAAAAAAA\n";
        QCOMPARE(*ledger.putCheckpoint(size, *note + colleague), *note + colleague);
        QCOMPARE(*ledger.putCheckpoint(size, *note), *note + colleague);
        // Under the same name, by another key.
        const std::string publisher = "\xE2\x80\x94 " + note->substr(0, note->find('\n')) + " BBBBBBBB\n";
        const auto text = note->substr(0, note->find("\n\n") + 2);
        QCOMPARE(*ledger.putCheckpoint(size, text + publisher), *note + colleague + publisher);
        for (const char *line : {"colleague AAAAAAAA\n", "\xE2\x80\x94 colleague\n", "\xE2\x80\x94 col+league AAAAAAAA\n", "\xE2\x80\x94 colleague AAAA\n", "\xE2\x80\x94 colleague AAAAAAA\n",
                                 "\xE2\x80\x94 colleague AAAAAAAA x\n", "\xE2\x80\x94 colleague AAAAAAAA", "\n\xE2\x80\x94 colleague AAAAAAAA\n", ""})
            QVERIFY_ERROR(ledger.putCheckpoint(size, text + line), ErrorKind::Invalid);
        QVERIFY_ERROR(ledger.putCheckpoint(size + 1, *note), ErrorKind::Invalid);
        QVERIFY_ERROR(ledger.putCheckpoint(size, "nonsense"), ErrorKind::Invalid);
        const auto changed = [&](std::size_t line) {
            std::string forked = *note;
            std::size_t place = 0;
            for (; line > 0; --line)
                place = forked.find('\n', place) + 1;
            forked[place + 20] = forked[place + 20] == 'a' ? 'b' : 'a';
            return forked;
        };
        QVERIFY_ERROR(ledger.putCheckpoint(size, changed(0)), ErrorKind::Invalid); // of another ledger
        QVERIFY_ERROR(ledger.putCheckpoint(size, changed(2)), ErrorKind::Tampered);
        // As many as a note may have, and no more.
        std::string many = text;
        for (int i = 0; i < 61; ++i)
            many += "\xE2\x80\x94 colleague" + std::to_string(i) + " AAAAAAAA\n";
        QVERIFY_RESULT(ledger.putCheckpoint(size, many));
        QVERIFY_ERROR(ledger.putCheckpoint(size, text + "\xE2\x80\x94 late AAAAAAAA\n"), ErrorKind::Invalid);
        QCOMPARE(ledger.latestCheckpoint()->value_or(""), *note + colleague + publisher + many.substr(text.size()));
    }

    void anOlderWorkspaceIsBroughtUpToDateWithItsEntries()
    {
        auto place = database::Location::parse(m_server->uri());
        QVERIFY(m_server->sql(QStringLiteral("postgres"), QStringLiteral("ALTER DATABASE %1 OWNER TO ada").arg(QString::fromStdString(place->databaseName))));
        place->user = "ada";
        const auto steps = store::migrations(database::Backend::Postgres);
        const auto door = std::ranges::find(steps, std::string("door"), &database::Migration::name);
        QVERIFY(door != steps.end());
        const auto older = database::Connection::open(*place, {.create = true});
        QVERIFY_RESULT(older);
        QVERIFY_RESULT(database::migrate(**older, std::span(steps.data(), static_cast<std::size_t>(door - steps.begin()))));
        // As it was written before: rows, without the functions.
        store::Statements copy(**older);
        const auto entries = m_session->ledger().read(0, 1000);
        QVERIFY_RESULT(entries);
        ledger::CompactTree tree;
        for (const Bytes &bytes : *entries) {
            const auto event = ledger::decodeEvent(ledger::decodeEntry(bytes)->payload);
            std::string id = event->id;
            std::erase(id, '-');
            copy.run("INSERT INTO entry (seq, id, bytes, leaf, received_at) VALUES (?, ?, ?, ?, 0)", tree.size(), store::Blob{*fromHex(id)}, store::Blob{bytes}, store::Blob{Bytes(ledger::leafHash(bytes).view())});
            tree.append(ledger::leafHash(bytes));
        }
        copy.run("INSERT INTO ledger_head (id, size, tree) VALUES (1, ?, ?)", tree.size(), store::Blob{tree.serialized()});
        QVERIFY_RESULT(copy.status());
        QVERIFY_RESULT(database::migrate(**older, steps));
        const auto bytes = sealed().second;
        store::LedgerStore ledger(**older);
        auto transaction = database::Transaction::begin(**older);
        QVERIFY_RESULT(transaction);
        auto head = ledger.head(true);
        QVERIFY_RESULT(head);
        QVERIFY_RESULT(ledger.append(std::vector<store::SealedEntry>{{"next", bytes}}, 0, *head));
        QVERIFY_RESULT(transaction->commit());
        tree.append(ledger::leafHash(bytes));
        QCOMPARE(ledger.head(false)->root(), tree.root());
        QCOMPARE(copy.integer("SELECT count(*) FROM entry WHERE subject_of(bytes) = 'm:sealed'").value_or(-1), copy.integer("SELECT count(*) FROM entry WHERE event_of(bytes) #>> '{body,model}' = 'm:sealed'").value_or(-2));
    }

    void onlyTheOwnerBringsTheSchemaUpToDate()
    {
        QVERIFY(m_server->sql(QStringLiteral("postgres"), QStringLiteral("CREATE ROLE guest LOGIN; CREATE ROLE deputy LOGIN IN ROLE ada")));
        const auto location = database::Location::parse(m_address);
        const QString name = QString::fromStdString(location->databaseName);
        QVERIFY(m_server->sql(name, QStringLiteral("GRANT USAGE ON SCHEMA countersign TO guest; GRANT SELECT ON ALL TABLES IN SCHEMA countersign TO guest")));
        auto steps = store::migrations(database::Backend::Postgres);
        database::Migration next;
        next.number = steps.back().number + 1;
        next.name = "next";
        next.digest = "none";
        next.statements = {"CREATE TABLE next_table(x BIGINT)", "SELECT guard_tables()"};
        steps.push_back(next);
        const auto as = [&](const std::string &user) {
            auto place = *location;
            place.user = user;
            return database::Connection::open(place);
        };
        const auto guest = as("guest");
        QVERIFY_RESULT(guest);
        const auto refused = database::migrate(**guest, steps);
        QVERIFY_ERROR(refused, ErrorKind::Denied);
        QVERIFY2(refused.error().message.find("“ada”") != std::string::npos, refused.error().message.c_str());
        QVERIFY_RESULT(database::migrate(**guest, store::migrations(database::Backend::Postgres)));
        const auto deputy = as("deputy");
        QVERIFY_RESULT(deputy);
        QVERIFY_RESULT(database::migrate(**deputy, steps));
        store::Statements statements(**deputy);
        QCOMPARE(statements.text("SELECT tableowner || current_user FROM pg_tables WHERE tablename = 'next_table'").value_or(""), std::string("adadeputy"));
        QVERIFY(m_server->sql(name, QStringLiteral("DROP TABLE countersign.next_table; DELETE FROM countersign.schema_migration WHERE name = 'next'")));
    }
};

QTEST_GUILESS_MAIN(DoorTest)
#include "tst_door.moc"
