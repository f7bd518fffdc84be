#include "models/ledger/verifier.h"
#include "tests/models/ledger/logmaker.h"

#include <QtTest/QtTest>

using namespace countersign;
using namespace countersign::ledger;

/// The examples of models/ledger/FORMAT.md, made anew: what a stranger checks his program with must be what ours writes.
class FormatTest : public QObject
{
    Q_OBJECT

    QString m_document;

    void expect(const char *name, const std::string &text)
    {
        QVERIFY2(m_document.contains(QString::fromStdString(text)), qPrintable(QStringLiteral("%1: %2").arg(QLatin1String(name), QString::fromStdString(text))));
    }

private Q_SLOTS:
    void initTestCase()
    {
        QFile file(QFINDTESTDATA("../../../models/ledger/FORMAT.md"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        m_document = QString::fromUtf8(file.readAll());
    }

    void examplesAreWhatTheProgramWrites()
    {
        const auto made = crypto::SigningKey::fromSeed(Bytes(32, '*'));
        const crypto::SigningKey &key = *made;
        Event event;
        event.id = "00000000-0000-4000-8000-000000000001";
        event.kind = "ledger.genesis";
        event.actor = {"none", key.id(), "Ada Admin", PersonId::of("ada"), "administrator"};
        event.time = *parseUtc("2026-11-23T06:01:02.123Z");
        event.utcOffsetMinutes = 60;
        event.seen = {0, crypto::sha256("")};
        event.body = genesisBody({"Example", true, "p:ada", "Ada Admin", "ada", {"administrator"}, key.publicKey(), provePossession(key, "p:ada", {}), {}});
        event.appVersion = "0.1.0";
        event.appBuild = "unknown";
        const Bytes entry = *seal(event, key);
        Verifier verifier;
        verifier.add(0, {&entry, 1});
        QCOMPARE(verifier.worst(), EntryState::Valid);

        expect("public key", toHex(key.publicKey().view()));
        expect("key id", key.id().text());
        expect("possession message", toHex(preAuthenticationEncoding(kKeyPossessionType, "p:ada " + key.id().text() + " l:genesis")));
        expect("possession", toHex(provePossession(key, "p:ada", {}).view()));
        expect("payload", decodeEntry(entry)->payload);
        expect("head of the entry", toHex(entry.substr(0, 8)));
        expect("signature", toHex(decodeEntry(entry)->signatures[0].signature.view()));
        expect("ledger id", verifier.ledger().text());
        for (const std::string &line : {checkpointOrigin(verifier.ledger()), toBase64(verifier.head().root.view()), noteKeyText(checkpointOrigin(verifier.ledger()), key.publicKey())})
            expect("checkpoint", line);
        const std::string note = signCheckpoint({checkpointOrigin(verifier.ledger()), verifier.head()}, key);
        expect("checkpoint", note);
    }

    void everyKnownKindIsDescribed()
    {
        for (const char *kind : {"ledger.genesis", "person.add", "person.roles", "key.enroll", "key.revoke", "model.register", "model.update", "version.register",
                                 "version.update", "run.record", "metrics.import", "import.commit", "import.undo", "policy.set", "bundle.freeze", "review.signoff",
                                 "review.reject", "review.withdraw", "report.issue", "checkpoint.publish", "metrics.computed", "metrics.recomputed", "change.propose",
                                 "change.withdraw", "key.propose", "key.confirm", "key.rotate", "policy.signing", "security.unlock_failed",
                                 "security.verification_failed", "security.signature_discarded", "security.clock_anomaly", "schema.migrate"}) {
            QVERIFY(isKnownKind(kind));
            QVERIFY2(m_document.contains(QLatin1Char('`') + QLatin1String(kind) + QLatin1Char('`')), kind);
        }
        QVERIFY(!isKnownKind("model.retire") && !isKnownKind("") && !isKnownKind("model"));
    }

    void everyVerdictWordIsDescribed()
    {
        for (int state = 0; state <= static_cast<int>(EntryState::Valid); ++state)
            expect("verdict", "`" + std::string(entryStateWord(static_cast<EntryState>(state))));
    }
};

QTEST_APPLESS_MAIN(FormatTest)
#include "tst_format.moc"
