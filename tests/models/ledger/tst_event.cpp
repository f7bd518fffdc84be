#include "tests/models/ledger/logmaker.h"

#include <QtTest/QtTest>

using namespace countersign;
using namespace countersign::ledger;

namespace {

QByteArray payloadOf(LogMaker &log)
{
    Event event = log.event("review.signoff", {{"bundle", "b:1"}, {"comment", "fine"}, {"decision", "approve"}, {"meaning", "I reviewed it"}, {"version", "v:7"}});
    event.evidence = crypto::sha256("evidence");
    event.expects = Expectation{"v:7", "e:0b8e3a56-2c1f-4d5e-9f00-0123456789ab"};
    return QByteArray::fromStdString(*encodeEvent(event));
}

} // namespace

class EventTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isWrittenAsFormatSays()
    {
        Event event;
        event.id = "0b8e3a56-2c1f-4d5e-9f00-0123456789ab";
        event.kind = "review.signoff";
        event.ledger = LedgerId::of("77");
        event.actor = {"d:laptop", KeyId::of("abc"), "Ana Ruiz", PersonId::of("ana"), "validator"};
        event.time = *parseUtc("2026-11-23T06:01:02.123Z");
        event.utcOffsetMinutes = 60;
        event.seen = {1234, crypto::sha256("")};
        event.evidence = crypto::sha256("");
        event.expects = Expectation{"v:42", ""};
        event.body = json::Object{{"version", "v:42"}, {"decision", "approve"}};
        event.appVersion = "1.4.2";
        event.appBuild = "unknown";
        QCOMPARE(QByteArray::fromStdString(*encodeEvent(event)),
                 QByteArray("{\"actor\":{\"device\":\"d:laptop\",\"key\":\"k:abc\",\"name\":\"Ana Ruiz\",\"person\":\"p:ana\",\"role\":\"validator\"},"
                            "\"app\":{\"build\":\"unknown\",\"version\":\"1.4.2\"},\"body\":{\"decision\":\"approve\",\"version\":\"v:42\"},"
                            "\"evidence\":\"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"expects\":{\"head\":\"\",\"subject\":\"v:42\"},"
                            "\"id\":\"0b8e3a56-2c1f-4d5e-9f00-0123456789ab\",\"kind\":\"review.signoff\",\"ledger\":\"l:77\","
                            "\"seen\":{\"root\":\"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\",\"size\":1234},"
                            "\"time\":{\"tz\":\"+01:00\",\"utc\":\"2026-11-23T06:01:02.123Z\"},\"v\":1}"));
    }

    void survivesWritingAndReading()
    {
        LogMaker log;
        const QByteArray payload = payloadOf(log);
        const auto event = decodeEvent(payload.toStdString());
        QVERIFY2(event.ok(), event.ok() ? "" : event.error().text().c_str());
        QCOMPARE(event->kind, std::string("review.signoff"));
        QCOMPARE(event->expects->subject, std::string("v:7"));
        QCOMPARE(*json::Value(event->body).text("meaning"), std::string("I reviewed it"));
        QCOMPARE(QByteArray::fromStdString(*encodeEvent(*event)), payload);
        const auto genesis = decodeEvent(decodeEntry(log.entries()[0])->payload);
        QVERIFY(genesis.ok() && genesis->ledger.isEmpty() && genesis->seen.size == 0);
    }

    void refusesTextThatIsNotClean()
    {
        LogMaker log;
        for (const char *dirty : {"two\nlines", "\u202Eleft", "A\u030a", "\x7f"}) {
            Event event = log.event("model.register", {{"name", dirty}});
            QCOMPARE(encodeEvent(event).error().kind, ErrorKind::Invalid);
            event = log.event("model.register");
            event.actor.name = dirty;
            QVERIFY(!encodeEvent(event).ok());
        }
        QVERIFY(!encodeEvent(log.event("model.register", {{"value", json::Number{"0.5"}}})).ok());
        QVERIFY(!encodeEvent(log.event("model.register", {{"note", std::string(257U << 10, 'x')}})).ok());
        QVERIFY(encodeEvent(log.event("model.register", {{"note", std::string(250U << 10, 'x')}})).ok());
    }

    void refusesMalformedMembers_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        const auto row = [](const char *name, const QByteArray &from, const QByteArray &to) { QTest::newRow(name) << from << to; };
        row("unknown member", "\"v\":1}", "\"v\":1,\"x\":1}");
        row("unknown member inside", "\"role\":", "\"rank\":1,\"role\":");
        row("member missing", "\"kind\":\"review.signoff\",", "");
        row("body missing", "\"body\":{\"bundle\":\"b:1\",\"comment\":\"fine\",\"decision\":\"approve\",\"meaning\":\"I reviewed it\",\"version\":\"v:7\"},", "");
        row("body not an object", "\"body\":{\"bundle\":\"b:1\",\"comment\":\"fine\",\"decision\":\"approve\",\"meaning\":\"I reviewed it\",\"version\":\"v:7\"}", "\"body\":[]");
        row("version zero", "\"v\":1}", "\"v\":0}");
        row("version as text", "\"v\":1}", "\"v\":\"1\"}");
        row("kind without dot", "review.signoff", "review");
        row("kind with capitals", "review.signoff", "review.Signoff");
        row("kind ending in a dot", "review.signoff", "review.");
        row("genesis elsewhere", "review.signoff", "ledger.genesis");
        row("ledger", "\"ledger\":\"l:", "\"ledger\":\"x:");
        row("person", "\"person\":\"p:", "\"person\":\"q:");
        row("empty person", "\"person\":\"p:admin\"", "\"person\":\"\"");
        row("device", "\"device\":\"none\"", "\"device\":\"laptop\"");
        row("key", "\"key\":\"k:", "\"key\":\"K:");
        row("role", "\"role\":\"administrator\"", "\"role\":\"the boss\"");
        row("evidence", "\"evidence\":\"sha256:", "\"evidence\":\"sha512:");
        row("subject", "\"subject\":\"v:7\"", "\"subject\":\"\"");
        row("head", "\"head\":\"e:0b8e3a56-", "\"head\":\"e:0B8e3a56-");
        row("size", "\"size\":1", "\"size\":-1");
        row("root", "\"root\":\"", "\"root\":\"AAAA");
        row("zone", "\"tz\":\"+01:00\"", "\"tz\":\"01:00\"");
        row("zone nobody lives in", "\"tz\":\"+01:00\"", "\"tz\":\"+15:00\"");
        row("year 0", "\"utc\":\"2026-11-24T", "\"utc\":\"0000-11-24T");
        row("time", "\"utc\":\"2026-11-24T", "\"utc\":\"2026-11-24 ");
        row("impossible date", "\"utc\":\"2026-11-24T", "\"utc\":\"2026-11-31T");
        row("space", "{\"actor\"", "{ \"actor\"");
    }
    void refusesMalformedMembers()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        LogMaker log;
        const QByteArray payload = payloadOf(log);
        const QByteArray altered = QByteArray(payload).replace(from, to);
        QVERIFY2(altered != payload, payload.constData());
        const auto event = decodeEvent(altered.toStdString());
        QVERIFY(!event.ok());
        QCOMPARE(event.error().kind, ErrorKind::Invalid);
    }

    void tellsNewerFromBroken()
    {
        LogMaker log;
        const QByteArray newer = payloadOf(log).replace("\"v\":1}", "\"v\":2,\"zoom\":{}}");
        QCOMPARE(decodeEvent(newer.toStdString()).error().kind, ErrorKind::Unsupported);
    }

    void knowsItsSubject_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("subject");
        const std::pair<const char *, const char *> rows[] = {{"model.register", "m:1"}, {"version.update", "v:1"}, {"run.record", "v:1"}, {"bundle.freeze", "v:1"},
            {"review.reject", "v:1"}, {"policy.set", "r:1"}, {"person.roles", "p:1"}, {"key.revoke", "k:1"}, {"import.undo", "i:1"}, {"metrics.import", "i:1"},
            {"metrics.computed", "i:1"}, {"metrics.recomputed", "i:1"}, {"change.propose", "c:1"}, {"change.withdraw", "c:1"}, {"report.issue", "v:1"}, {"checkpoint.publish", ""}};
        for (const auto &[kind, subject] : rows)
            QTest::newRow(kind) << QString::fromLatin1(kind) << QString::fromLatin1(subject);
    }
    void knowsItsSubject()
    {
        QFETCH(QString, kind);
        QFETCH(QString, subject);
        LogMaker log;
        json::Object body{{"change", "c:1"}, {"import", "i:1"}, {"key", "k:1"}, {"model", "m:1"}, {"person", "p:1"}, {"rule", "r:1"}, {"run", "n:1"}, {"version", "v:1"}};
        QCOMPARE(QString::fromStdString(subjectOf(log.event(kind.toStdString(), body))), subject);
        QCOMPARE(subjectOf(log.event("run.record", {{"run", "n:1"}})), std::string("n:1"));
        QCOMPARE(subjectOf(log.event("model.register", {{"model", 3}})), std::string());
    }

    void measuredNumbersKeepTextAndBits()
    {
        QCOMPARE(*json::canonical(measured(0.913, "0.9130")), std::string("{\"f\":\"3fed374bc6a7ef9e\",\"t\":\"0.9130\"}"));
        QCOMPARE(*json::canonical(measured(0.1)), std::string("{\"f\":\"3fb999999999999a\",\"t\":\"0.1\"}"));
        QCOMPARE(*json::canonical(measured(0.1, "10 %")), std::string("{\"f\":\"3fb999999999999a\",\"t\":\"0.1\"}"));
        for (const double value : {0.0, -0.0, 1e300, -5e-324, 0.1, std::numeric_limits<double>::infinity()})
            QCOMPARE(std::signbit(*readMeasured(measured(value))), std::signbit(value));
        QVERIFY(std::isnan(*readMeasured(measured(std::nan("")))));
        QCOMPARE(readMeasured(*json::parse("{\"f\":\"3fed374bc6a7ef9e\",\"t\":\"0.914\"}")).error().kind, ErrorKind::Tampered);
        QVERIFY(!readMeasured(*json::parse("{\"f\":\"3fed374bc6a7ef9e\"}")).ok());
        QVERIFY(!readMeasured(*json::parse("{\"f\":\"3fed374bc6a7ef9e\",\"t\":\"0.913\",\"u\":1}")).ok());
        QVERIFY(!readMeasured(*json::parse("[]")).ok());
    }

    void entriesAreFramedExactly()
    {
        QCOMPARE(preAuthenticationEncoding("http://example.com/HelloWorld", "hello world"), Bytes("DSSEv1 29 http://example.com/HelloWorld 11 hello world"));
        LogMaker log;
        const Bytes bytes = log.entries()[0];
        const auto entry = decodeEntry(bytes);
        QCOMPARE(bytes.substr(0, 4), Bytes("CSG1"));
        QVERIFY(encodeEntry(*entry) == bytes);
        QVERIFY(crypto::verify(log.admin().publicKey(), preAuthenticationEncoding(kEventType, entry->payload), entry->signatures[0].signature));
        for (std::size_t size = 0; size < bytes.size(); ++size)
            QVERIFY(!decodeEntry(bytes.substr(0, size)).ok());
        QVERIFY(!decodeEntry(bytes + '\0').ok());
        const EntrySignature one = entry->signatures[0];
        QVERIFY(!decodeEntry(encodeEntry({entry->payload, {}})).ok());
        QVERIFY(decodeEntry(encodeEntry({entry->payload, {one, one, one, one}})).ok());
        QVERIFY(!decodeEntry(encodeEntry({entry->payload, {one, one, one, one, one}})).ok());
        Bytes huge = bytes;
        huge.replace(4, 4, "\xff\xff\xff\xff");
        QVERIFY(!decodeEntry(huge).ok());
    }

    void bodiesOfKeysAreStrict()
    {
        LogMaker log;
        const auto key = log.newKey();
        const Enrolment enrolment = enrolmentOf(key, KeyClass::Device, "d:laptop", "seen", log.ledger());
        const json::Object body = enrolmentBody(enrolment);
        QVERIFY(readEnrolment(body).ok() && checkPossession(*readEnrolment(body), log.ledger()).ok());
        QVERIFY(!checkPossession(enrolment, LedgerId::of("other")).ok());
        QVERIFY(!checkPossession(enrolment, {}).ok());
        for (const json::Member &member : body.members()) {
            json::Object altered = body;
            altered.set(member.first, "x");
            const auto read = readEnrolment(altered);
            QVERIFY2(!read.ok() || member.first == "identity", member.first.c_str());
        }
        QVERIFY(!readEnrolment(json::Object(body).set("more", 1)).ok());
        QVERIFY(!readEnrolment(json::Object(body).set("class", "person")).ok()); // a person's key is owned by a person
        const json::Object revocation = revocationBody({key.id(), 7, "laptop lost"});
        QCOMPARE(readRevocation(revocation)->fromSize, std::uint64_t(7));
        QVERIFY(!readRevocation(json::Object(revocation).set("fromSize", -1)).ok());
        QVERIFY(!readRevocation(json::Object(revocation).set("more", 1)).ok());
        const auto genesis = readGenesis(decodeEvent(decodeEntry(log.entries()[0])->payload)->body);
        QVERIFY(genesis.ok() && genesis->isSample && genesis->login == "ada" && genesis->roles == std::vector<std::string>{"administrator"});
        const json::Object written = genesisBody(*genesis);
        for (const json::Member &member : written.members())
            QVERIFY2(!readGenesis(json::Object(written).set(member.first, 1)).ok(), member.first.c_str());
    }
};

QTEST_APPLESS_MAIN(EventTest)
#include "tst_event.moc"
