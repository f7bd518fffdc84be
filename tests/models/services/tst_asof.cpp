#include "models/ledger/entry.h"
#include "models/ledger/proof.h"
#include "models/services/asof/asof.h"
#include "models/services/asof/asofreport.h"
#include "models/services/asof/exported.h"
#include "models/services/ledger/checkpoints.h"
#include "models/services/ledger/proofs.h"
#include "models/services/workspace/verification.h"
#include "models/store/queries/inventoryquery.h"
#include "models/store/schema.h"
#include "models/store/statements.h"
#include "tests/models/services/recordedlife.h"
#include "tests/support/verify.h"

#include <QtTest>

using namespace countersign;
using namespace countersign::test;

namespace {

/// Every row of every projection, as text.
std::string dumpOf(database::Connection &connection)
{
    std::string dump;
    store::Statements sql(connection);
    for (const auto &table : store::projectionTables()) {
        std::string columns, keys;
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            columns += (i ? ", " : "") + table.columns[i].name;
            if (i < table.keyCount)
                keys += (i ? ", " : "") + table.columns[i].name;
        }
        dump += table.name + "\n";
        sql.each("SELECT " + columns + " FROM " + table.name + " ORDER BY " + keys, [&](const database::Query &row) {
            for (int i = 0; i < static_cast<int>(table.columns.size()); ++i) {
                using Kind = store::ProjectionTable::Kind;
                const Kind kind = table.columns[static_cast<std::size_t>(i)].kind;
                dump += row.isNull(i)             ? std::string("null")
                    : kind == Kind::Integer ? std::to_string(row.integer(i))
                    : kind == Kind::Real    ? QByteArray::number(row.real(i), 'g', 17).toStdString()
                    : kind == Kind::Blob    ? toHex(row.bytes(i))
                                            : row.text(i);
                dump += "\t";
            }
            dump += "\n";
        });
    }
    return sql.ok() ? dump : sql.status().error().text();
}

/// What lists and pages ask, beside the tables themselves.
std::string listsOf(services::Session &session)
{
    std::string text;
    auto &connection = session.connection();
    const auto order = store::inventoryOrder(connection, {}, {store::InventoryColumn::Verdict, false}, session.now());
    const auto rows = order ? store::inventoryRows(connection, *order, session.now()) : Result<std::vector<store::InventoryRow>>(order.error());
    if (!rows)
        return rows.error().text();
    for (const auto &row : *rows)
        text += row.name + " " + row.verdictSentence + "\n";
    store::TrailFilter filter;
    const auto entries = store::trailEntries(connection, filter);
    const auto trail = entries ? store::trailRows(connection, *entries) : Result<std::vector<store::TrailRow>>(entries.error());
    if (!trail)
        return trail.error().text();
    for (const auto &row : *trail)
        text += std::to_string(row.entry) + " " + row.summary + " " + row.leaf.hex() + "\n";
    return text;
}

services::AsOfPoint ofSize(std::uint64_t size)
{
    services::AsOfPoint point;
    point.size = size;
    return point;
}

services::AsOfPoint ofTime(Instant time)
{
    services::AsOfPoint point;
    point.time = time;
    return point;
}

} // namespace

class AsOfTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;

    Result<std::unique_ptr<services::Session>> lived(const QString &backend, int steps, const services::Environment &environment = testEnvironment())
    {
        auto session = freshWorkspace(freshDatabase(backend, m_folder), environment);
        if (!session)
            return session;
        RecordedLife life(**session, m_folder, 3);
        for (int i = 0; i < steps; ++i)
            if (const auto status = life.step(); !status)
                return status.error().in("step " + std::to_string(i));
        return session;
    }

private Q_SLOTS:
    void readsWhatPeopleWrite_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("size") << "1234" << "1234";
        QTest::newRow("utc") << "2026-11-23T06:01Z" << "2026-11-23T06:01:00.000Z";
        QTest::newRow("with a blank and an offset") << "2026-11-23 06:01:02.5+01:00" << "2026-11-23T05:01:02.500Z";
        QTest::newRow("negative offset") << "2026-11-23T06:01:02-05:30" << "2026-11-23T11:31:02.000Z";
        QTest::newRow("date") << "2026-11-23" << "2026-11-23T22:59:59.999Z";
        QTest::newRow("today") << "2026-12-01" << "2026-12-01T03:00:00.000Z";
        QTest::newRow("tomorrow") << "2026-12-02" << "has not come yet";
        QTest::newRow("later today") << "2026-12-01T03:01Z" << "has not come yet";
        QTest::newRow("no zone") << "2026-11-23T06:01" << "does not say its zone";
        QTest::newRow("no such day") << "2026-02-30" << "neither a number of entries nor a time";
        QTest::newRow("empty") << "" << "neither a number of entries nor a time";
        QTest::newRow("words") << "yesterday" << "neither a number of entries nor a time";
        QTest::newRow("negative") << "-3" << "neither a number of entries nor a time";
        QTest::newRow("fraction") << "3.5" << "neither a number of entries nor a time";
        QTest::newRow("too large") << "99999999999999999999999" << "neither a number of entries nor a time";
        QTest::newRow("blank") << " 12" << "neither a number of entries nor a time";
        QTest::newRow("trailing") << "2026-11-23T06:01Z; drop" << "neither a number of entries nor a time";
    }
    void readsWhatPeopleWrite()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        const FixedClock clock(*parseUtc("2026-12-01T03:00:00.000Z"), 60);
        const auto point = services::readAsOf(text.toStdString(), clock);
        const std::string got = !point ? point.error().text() : point->size ? std::to_string(*point->size) : formatUtc(point->time);
        QVERIFY2(got.find(expected.toStdString()) != std::string::npos, got.c_str());
        QCOMPARE(!point, expected.contains(QLatin1Char(' ')));
        if (text.size() == 10 && point)
            QVERIFY2(point->reading.find(formatUtc(point->time)) != std::string::npos, point->reading.c_str()); // it says what a date was taken for
    }

    // What an examiner asks: any past state, exactly as it was.
    void everyPastIsAsItWas_data() { forEachBackend(); }
    void everyPastIsAsItWas()
    {
        QFETCH(QString, backend);
        const auto created = freshWorkspace(freshDatabase(backend, m_folder), testEnvironment());
        QVERIFY_RESULT(created);
        auto &session = **created;
        struct Kept {
            ledger::TreeHead head;
            Instant time;
            std::string dump;
            std::string lists;
        };
        std::vector<Kept> kept;
        const auto keep = [&] { kept.push_back({session.verifiedHead(), session.now(), dumpOf(session.connection()), listsOf(session)}); };
        keep();
        RecordedLife life(session, m_folder, 11);
        for (int i = 0; i < RecordedLife::kActs + 16; ++i) {
            QVERIFY_RESULT(life.step());
            keep();
        }
        QVERIFY(kept.back().head.size > 40);
        for (const auto &was : kept) {
            for (const auto &point : {ofSize(was.head.size), ofTime(was.time)}) {
                const auto past = services::openAsOf(session, point, {});
                QVERIFY_RESULT(past);
                QVERIFY2(!(*past)->damage(), (*past)->damage() ? (*past)->damage()->text().c_str() : "");
                QCOMPARE((*past)->asOf()->size, was.head.size);
                QCOMPARE((*past)->asOf()->root.hex(), was.head.root.hex());
                QCOMPARE((*past)->verifiedHead(), was.head);
                QVERIFY(dumpOf((*past)->connection()) == was.dump);
                QCOMPARE(listsOf(**past), was.lists);
                if (!point.size)
                    QCOMPARE((*past)->now(), was.time);
            }
        }
        // The same from the exported ledger alone, without this database.
        const auto file = m_folder.file((backend + QStringLiteral(".ledger")).toStdString());
        Bytes exported;
        QVERIFY_RESULT(services::exportLedger(session, [&](BytesView bytes) { exported += bytes; return Status(); }, {}));
        std::ofstream(file, std::ios::binary) << exported;
        QVERIFY(services::isExportedLedger(file));
        const auto other = services::openExported(file, {}, {});
        QVERIFY_RESULT(other);
        QVERIFY_ERROR((*other)->mayWrite(), ErrorKind::Denied);
        for (const auto &was : kept) {
            const auto past = services::openAsOf(**other, ofSize(was.head.size), {});
            QVERIFY_RESULT(past);
            QVERIFY(!(*past)->damage());
            QCOMPARE((*past)->verifiedHead(), was.head);
            QVERIFY(dumpOf((*past)->connection()) == was.dump);
            QCOMPARE(listsOf(**past), was.lists);
        }
        std::ofstream(file, std::ios::binary) << exported.substr(0, exported.size() - 30);
        QVERIFY_ERROR(services::openExported(file, {}, {}), ErrorKind::Invalid);
        // And nothing of it left a trace.
        QVERIFY(dumpOf(session.connection()) == kept.back().dump);
        QCOMPARE(session.verifiedHead(), kept.back().head);
    }

    void everySizeIsAState()
    {
        const auto session = lived(QStringLiteral("SQLite"), RecordedLife::kActs);
        QVERIFY_RESULT(session);
        for (std::uint64_t size = 1; size <= (*session)->verifiedHead().size; ++size) {
            const auto past = services::openAsOf(**session, ofSize(size), {});
            QVERIFY_RESULT(past);
            QCOMPARE((*past)->verifiedHead().size, size);
            const auto last = ledger::decodeEvent(ledger::decodeEntry((*session)->ledger().read(size - 1, 1)->front())->payload);
            QCOMPARE((*past)->now(), last->time);
            const auto entries = (*past)->ledger().read(0, 1000);
            QVERIFY_RESULT(entries);
            QVERIFY(*entries == *(*session)->ledger().read(0, static_cast<std::size_t>(size)));
            QCOMPARE((*past)->ledger().leaves(size)->back(), ledger::leafHash(entries->back()));
        }
    }

    void beyondTheLedgerThereIsNothing()
    {
        const auto session = lived(QStringLiteral("SQLite"), 3);
        QVERIFY_RESULT(session);
        const auto size = (*session)->verifiedHead().size;
        for (const auto &point : {ofSize(0), ofSize(size + 1), ofTime(*parseUtc("2020-01-01T00:00:00.000Z"))})
            QVERIFY_ERROR(services::openAsOf(**session, point, {}), ErrorKind::NotFound);
        const auto before = services::openAsOf(**session, ofTime(*parseUtc("2020-01-01T00:00:00.000Z")), {});
        QVERIFY2(before.error().text().find("The record begins at 2026-03-02T08:00:") != std::string::npos, before.error().text().c_str());
    }

    // A signer's clock that was wrong moves no entry: the last one that is not later decides, and what it stands on is part of the state.
    void theOrderOfTheLedgerCounts()
    {
        auto environment = testEnvironment();
        const auto clock = std::make_shared<FixedClock>(*parseUtc("2026-05-01T10:00:00.000Z"));
        environment.clock = clock;
        const auto created = freshWorkspace(freshDatabase(QStringLiteral("SQLite"), m_folder), environment);
        QVERIFY_RESULT(created);
        auto &session = **created;
        RecordedLife life(session, m_folder, 3);
        clock->set(*parseUtc("2026-05-03T10:00:00.000Z")); // two days ahead
        QVERIFY_RESULT(life.step());
        const auto wrong = session.verifiedHead().size;
        clock->set(*parseUtc("2026-05-02T10:00:00.000Z"));
        QVERIFY_RESULT(life.step());
        const auto head = session.verifiedHead().size;
        const auto before = services::openAsOf(session, ofTime(*parseUtc("2026-05-02T09:59:59.999Z")), {});
        QVERIFY_RESULT(before);
        QCOMPARE((*before)->verifiedHead().size, std::uint64_t{2}); // genesis and device
        QCOMPARE((*before)->asOf()->laterClaims, std::uint64_t{0});
        const auto at = services::openAsOf(session, ofTime(*parseUtc("2026-05-02T10:00:00.000Z")), {});
        QVERIFY_RESULT(at);
        QCOMPARE((*at)->verifiedHead().size, head);
        QCOMPARE((*at)->asOf()->laterClaims, wrong - 2);
        QVERIFY((*at)->asOf()->sentence().find(std::to_string(wrong - 2) + " of them say a later time") != std::string::npos);
    }

    void nothingIsRecordedInThePast_data() { forEachBackend(); }
    void nothingIsRecordedInThePast()
    {
        QFETCH(QString, backend);
        const auto session = lived(backend, RecordedLife::kActs);
        QVERIFY_RESULT(session);
        const auto past = services::openAsOf(**session, ofSize((*session)->verifiedHead().size), {});
        QVERIFY_RESULT(past);
        QVERIFY((*past)->isReadOnly());
        const auto mayWrite = (*past)->mayWrite();
        QVERIFY_ERROR(mayWrite, ErrorKind::Denied);
        QVERIFY(mayWrite.error().text().find("as of") != std::string::npos);
        RecordedLife life(**past, m_folder, 3);
        for (int act = 0; act < 2; ++act)
            QVERIFY_ERROR(life.step(), ErrorKind::Denied);
        const auto subject = services::findVersionSubject(**past, "credit-0/1");
        QVERIFY_RESULT(subject);
        QVERIFY_ERROR(services::freezeReview(**past, subject->version->id), ErrorKind::Denied);
        QVERIFY_ERROR(services::issueReport(**past, subject->version->id), ErrorKind::Denied);
        QVERIFY_ERROR(services::publishCheckpoint(**past), ErrorKind::Denied);
        services::FactsRequest facts;
        facts.model = subject->model.id;
        facts.owner = "somebody";
        QVERIFY_ERROR(services::setFacts(**past, facts), ErrorKind::Denied);
        // Not even past the use cases.
        store::Statements sql((*past)->connection());
        sql.run("UPDATE model SET owner = 'somebody'");
        QVERIFY(!sql.ok());
        QVERIFY_RESULT(services::verifyWorkspace((*session)->connection(), {}));
    }

    // Documents are read from where they are, and hashed.
    void documentsAreReachedAndChecked()
    {
        const auto session = lived(QStringLiteral("SQLite"), RecordedLife::kActs);
        QVERIFY_RESULT(session);
        const auto past = services::openAsOf(**session, ofSize((*session)->verifiedHead().size), {});
        QVERIFY_RESULT(past);
        store::Statements sql((*past)->connection());
        const auto bundle = sql.text("SELECT id FROM bundle ORDER BY entry LIMIT 1");
        QVERIFY(bundle);
        QVERIFY_RESULT(services::loadBundle(**past, *bundle));
        const auto other = database::Connection::open((*session)->connection().location()); // the session's own writes nothing past the ledger
        QVERIFY_RESULT(other);
        store::Statements live(**other);
        live.run("DROP TRIGGER evidence_update");
        live.run("UPDATE evidence SET bytes = x'00' WHERE digest = ?", store::Blob{Digest::parse("sha256:" + bundle->substr(2))->view()});
        QVERIFY_RESULT(live.status());
        QVERIFY_ERROR(services::loadBundle(**past, *bundle), ErrorKind::Tampered);
        // Looking back again leaves out what rests on the lost document, and says so.
        const auto again = services::openAsOf(**session, ofSize((*session)->verifiedHead().size), {});
        QVERIFY_RESULT(again);
        QVERIFY((*again)->damage());
        QVERIFY_ERROR(services::loadBundle(**again, *bundle), ErrorKind::NotFound);
    }

    void anAlteredEntryIsLeftOutAndNamed()
    {
        const auto session = lived(QStringLiteral("SQLite"), 6);
        QVERIFY_RESULT(session);
        const auto other = database::Connection::open((*session)->connection().location());
        QVERIFY_RESULT(other);
        store::Statements live(**other);
        const auto entry = live.integer("SELECT entry FROM trail WHERE kind = 'policy.set'");
        QVERIFY(entry);
        live.run("DROP TRIGGER entry_update");
        live.run("UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'atLeast', 'atLeasT') AS BLOB) WHERE seq = ?", *entry);
        QVERIFY_RESULT(live.status());
        const auto past = services::openAsOf(**session, ofSize((*session)->verifiedHead().size), {});
        QVERIFY_RESULT(past);
        QVERIFY((*past)->damage());
        QVERIFY2((*past)->damage()->message.find("Entry " + std::to_string(*entry) + " is invalid") != std::string::npos, (*past)->damage()->message.c_str());
        store::Statements sql((*past)->connection());
        QCOMPARE(sql.integer("SELECT count(*) FROM rule"), std::optional<std::int64_t>(0));
        // Before it, all is well.
        const auto before = services::openAsOf(**session, ofSize(static_cast<std::uint64_t>(*entry)), {});
        QVERIFY_RESULT(before);
        QVERIFY(!(*before)->damage());
    }

    void canBeStopped()
    {
        const auto session = lived(QStringLiteral("SQLite"), 6);
        QVERIFY_RESULT(session);
        std::atomic<bool> cancel = false;
        Progress progress;
        progress.cancel = &cancel;
        int told = 0;
        progress.report = [&](std::uint64_t done, std::uint64_t total, const std::string &) {
            QVERIFY(done <= total);
            ++told;
            cancel = true;
        };
        QVERIFY_ERROR(services::openAsOf(**session, ofSize(5), progress), ErrorKind::Cancelled);
        QVERIFY(told > 0);
    }

    void aReportOfThePastProvesItself_data() { forEachBackend(); }
    void aReportOfThePastProvesItself()
    {
        QFETCH(QString, backend);
        const auto session = lived(backend, 4); // model, values, limit, signature
        QVERIFY_RESULT(session);
        const auto then = (*session)->verifiedHead();
        const auto reportOf = [&](services::Session &present) -> Result<services::AsOfReport> {
            const auto past = services::openAsOf(present, ofSize(then.size), {});
            const auto subject = past ? services::findVersionSubject(**past, "credit-0/1") : Result<services::Subject>(past.error());
            return subject ? services::asOfReport(**past, subject->version->id) : Result<services::AsOfReport>(subject.error());
        };
        const auto first = reportOf(**session);
        QVERIFY_RESULT(first);
        QVERIFY_RESULT(services::setRule(**session, [] { Rule rule; rule.metric = "auc"; rule.direction = Direction::AtLeast; rule.limit = 0.99; return rule; }(), {},
                                         *(*session)->person(), **(*session)->unlock(*(*session)->person(), passphrase())));
        const auto later = reportOf(**session);
        QVERIFY_RESULT(later);
        QVERIFY(first->factsBytes == later->factsBytes); // the same past, the same facts
        QVERIFY(first->document == later->document);
        QCOMPARE(first->fileName, later->fileName);
        const auto *cover = std::get_if<report::Cover>(&first->document.blocks.front().content);
        QVERIFY(cover);
        QVERIFY(std::ranges::any_of(cover->facts, [](const auto &fact) { return fact.second.find("As of ") == 0; }));
        QVERIFY(std::ranges::any_of(cover->facts, [&](const auto &fact) { return fact.second == then.root.hex(); }));
        QVERIFY(std::ranges::any_of(cover->facts, [&](const auto &fact) { return fact.second == std::to_string(then.size) + " entries"; }));

        for (const auto *report : {&*first, &*later}) {
            const auto bundle = ledger::decodeProof(report->proof);
            QVERIFY_RESULT(bundle);
            const auto checked = ledger::verifyProof(*bundle);
            QVERIFY2(checked.problems.empty(), checked.problems.empty() ? "" : checked.problems.front().c_str());
            QCOMPARE(checked.worst, ledger::EntryState::Valid);
            QCOMPARE(report == &*first ? checked.head : checked.continues.value_or(ledger::TreeHead{}), then);
        }
        // Where this computer has no key here, a kept checkpoint of just that size serves; without one there is no proof.
        const auto stranger = services::Session::open({(*session)->connection().location(), {}, true, {}}, {});
        QVERIFY_RESULT(stranger);
        QVERIFY_RESULT(reportOf(**stranger)); // signing had kept one
        const auto none = services::openAsOf(**stranger, ofSize(then.size - 1), {});
        QVERIFY_RESULT(none);
        const auto subject = services::findVersionSubject(**none, "credit-0/1");
        QVERIFY_RESULT(subject);
        QVERIFY_ERROR(services::asOfReport(**none, subject->version->id), ErrorKind::Denied);
    }
};

QTEST_GUILESS_MAIN(AsOfTest)
#include "tst_asof.moc"
