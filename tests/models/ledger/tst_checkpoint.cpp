#include "tests/models/ledger/logmaker.h"

#include <QtTest/QtTest>

using namespace countersign;
using namespace countersign::ledger;

class CheckpointTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void verifiesPublishedCheckpoints()
    {
        const auto key = parseNoteKey("example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx");
        QVERIFY(key.ok());
        QCOMPARE(key->first, std::string("example.com/log/testdata"));
        QCOMPARE(noteKeyText(key->first, key->second), std::string("example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"));
        // One of the published ones, so that the format is tested where the others are not at hand.
        const std::string note = "example.com/log/testdata\n3\nWqx3HImawpLnS/Gv4ubjAvi1WIOy0b8Ze0amvqbavKk=\n\n\u2014 example.com/log/testdata "
                                 "M9e0lvAQRtH832pk2RTbeSeZMkp4FZSdJYFBUjO5SKxuRbywPUF3cx+HUrb50kjd3rUWW/fj53Wj1dwcwh9bGQnqVAg=\n";
        const auto checkpoint = verifyCheckpoint(note, key->second);
        QVERIFY2(checkpoint.ok(), checkpoint.ok() ? "" : checkpoint.error().text().c_str());
        QCOMPARE(checkpoint->head.size, std::uint64_t(3));
        QCOMPARE(checkpointText(*checkpoint), note.substr(0, note.find("\n\n") + 1));
        const QDir folder(QStringLiteral(COUNTERSIGN_SHARED_DATA "/vectors/checkpoints"));
        for (const QString &name : folder.entryList({QStringLiteral("checkpoint*")}, QDir::Files)) {
            QFile file(folder.filePath(name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            const auto published = verifyCheckpoint(file.readAll().toStdString(), key->second);
            QVERIFY2(published.ok(), qPrintable(name));
            const QString suffix = name.section(QLatin1Char('.'), 1);
            QCOMPARE(published->head.size, suffix.isEmpty() ? std::uint64_t(15) : suffix.toULongLong());
        }
    }

    void signsWhatItVerifies()
    {
        LogMaker log;
        const Checkpoint checkpoint{checkpointOrigin(log.ledger()), log.head()};
        QCOMPARE(checkpoint.origin, "countersign/" + log.ledger().text().substr(2));
        const std::string note = signCheckpoint(checkpoint, log.admin());
        const auto read = verifyCheckpoint(note, log.admin().publicKey());
        QVERIFY(read.ok() && read->origin == checkpoint.origin && read->head == checkpoint.head);
        QCOMPARE(verifyCheckpoint(note, log.newKey().publicKey()).error().kind, ErrorKind::Tampered);
        const auto key = parseNoteKey(noteKeyText(checkpoint.origin, log.admin().publicKey()));
        QVERIFY(key.ok() && key->second == log.admin().publicKey());
    }

    void colleaguesCosign()
    {
        LogMaker log;
        const auto colleague = log.newKey();
        const std::string name = cosignerName(log.ledger(), DeviceId::of("laptop-7"));
        QCOMPARE(name, checkpointOrigin(log.ledger()) + "/laptop-7");
        const std::string note = signCheckpoint({checkpointOrigin(log.ledger()), log.head()}, log.admin());
        QCOMPARE(verifyCosignature(note, name, colleague.publicKey()).error().kind, ErrorKind::NotFound);
        const std::string cosigned = *cosign(note, name, colleague, fromMillis(1'795'500'000'999));
        QVERIFY(cosigned.starts_with(note));
        QVERIFY(verifyCheckpoint(cosigned, log.admin().publicKey()).ok());
        QCOMPARE(*verifyCosignature(cosigned, name, colleague.publicKey()), fromMillis(1'795'500'000'000));
        QCOMPARE(verifyCosignature(cosigned, name + "0", colleague.publicKey()).error().kind, ErrorKind::NotFound);
        QCOMPARE(verifyCosignature(cosigned, name, log.admin().publicKey()).error().kind, ErrorKind::NotFound);
        // Again, later: one line, the newer time.
        const std::string again = *cosign(cosigned, name, colleague, fromMillis(1'795'500'060'000));
        QCOMPARE(again.size(), cosigned.size());
        QCOMPARE(*verifyCosignature(again, name, colleague.publicKey()), fromMillis(1'795'500'060'000));
        // Another time, or another text, under the same signature.
        const Bytes line = *fromBase64(cosigned.substr(cosigned.rfind(' ') + 1, cosigned.size() - cosigned.rfind(' ') - 2));
        QCOMPARE(line.size(), std::size_t(76));
        Bytes changed = line;
        changed[11] = static_cast<char>(changed[11] ^ 1);
        const std::string forged = cosigned.substr(0, cosigned.rfind(' ') + 1) + toBase64(changed) + "\n";
        QCOMPARE(verifyCosignature(forged, name, colleague.publicKey()).error().kind, ErrorKind::Tampered);
        std::string moved = cosigned;
        moved.replace(moved.find("\n1\n"), 3, "\n2\n");
        QCOMPARE(verifyCosignature(moved, name, colleague.publicKey()).error().kind, ErrorKind::Tampered);
        QVERIFY(!cosign("no note", name, colleague, {}).ok());
    }

    void aCosignatureIsThatOfTheStandard()
    {
        // C2SP tlog-cosignature: the hint is over name, line feed, 0x04 and key; the message names the time.
        const auto key = *crypto::SigningKey::fromSeed(Bytes(32, '*'));
        LogMaker log;
        const Checkpoint checkpoint{checkpointOrigin(log.ledger()), log.head()};
        const std::string note = *cosign(signCheckpoint(checkpoint, log.admin()), "witness.example", key, fromMillis(1'700'000'000'000));
        const Bytes line = *fromBase64(note.substr(note.rfind(' ') + 1, note.size() - note.rfind(' ') - 2));
        const Bytes message = "witness.example\n\x04" + Bytes(key.publicKey().view());
        QCOMPARE(line.substr(0, 4), Bytes(crypto::sha256(message).view().substr(0, 4)));
        QCOMPARE(toHex(line.substr(4, 8)), std::string("000000006553f100"));
        QVERIFY(line.substr(12) == key.sign("cosignature/v1\ntime 1700000000\n" + checkpointText(checkpoint)).view());
        QVERIFY(cosignerKeyText("witness.example", key.publicKey()).ends_with(toBase64("\x04" + Bytes(key.publicKey().view()))));
    }

    void signaturesAreMerged()
    {
        LogMaker log;
        const auto one = log.newKey();
        const auto two = log.newKey();
        const std::string note = signCheckpoint({checkpointOrigin(log.ledger()), log.head()}, log.admin());
        const std::string first = *cosign(note, "one", one, fromMillis(1'000'000));
        const std::string second = *cosign(note, "two", two, fromMillis(2'000'000));
        const std::string both = *mergeSignatures(first, second);
        QVERIFY(verifyCosignature(both, "one", one.publicKey()).ok() && verifyCosignature(both, "two", two.publicKey()).ok());
        QCOMPARE(*mergeSignatures(both, first), both);
        LogMaker longer;
        longer.append("model.register", {{"model", "m:1"}});
        QCOMPARE(mergeSignatures(note, signCheckpoint({checkpointOrigin(log.ledger()), longer.head()}, log.admin())).error().kind, ErrorKind::Conflict);
        std::string full = note;
        for (int i = 0; i < 63; ++i)
            full = *cosign(full, "witness" + std::to_string(i), one, {});
        QVERIFY(!cosign(full, "one more", one, {}).ok());
        QVERIFY(!mergeSignatures(full, second).ok());
    }

    void signaturesOfOthersAreNeitherForNorAgainst()
    {
        LogMaker log;
        const auto other = log.newKey();
        const Checkpoint checkpoint{checkpointOrigin(log.ledger()), log.head()};
        const std::string note = signCheckpoint(checkpoint, log.admin());
        const std::string second = signCheckpoint(checkpoint, other);
        const std::string both = note + second.substr(second.find("\u2014"));
        QVERIFY(verifyCheckpoint(both, log.admin().publicKey()).ok());
        QVERIFY(verifyCheckpoint(both, other.publicKey()).ok());
        QVERIFY(verifyCheckpoint(note + "\u2014 witness.example BAAAAAAAAAA=\n", log.admin().publicKey()).ok());
    }

    void everyFlippedByteIsFound()
    {
        LogMaker log;
        const std::string note = signCheckpoint({checkpointOrigin(log.ledger()), log.head()}, log.admin());
        for (std::size_t at = 0; at < note.size(); ++at)
            for (const int bit : {0, 5}) {
                std::string altered = note;
                altered[at] = static_cast<char>(altered[at] ^ (1 << bit));
                QVERIFY(!verifyCheckpoint(altered, log.admin().publicKey()).ok());
            }
        for (std::size_t size = 0; size < note.size(); ++size)
            QVERIFY(!verifyCheckpoint(note.substr(0, size), log.admin().publicKey()).ok());
    }

    void refusesOtherSpellings_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::newRow("leading zero") << QByteArray("\n1\n") << QByteArray("\n01\n");
        QTest::newRow("sign") << QByteArray("\n1\n") << QByteArray("\n+1\n");
        QTest::newRow("too large") << QByteArray("\n1\n") << QByteArray("\n18446744073709551616\n");
        QTest::newRow("extra line") << QByteArray("=\n\n") << QByteArray("=\nmore\n\n");
        QTest::newRow("carriage return") << QByteArray("\n1\n") << QByteArray("\r\n1\n");
        QTest::newRow("no blank line") << QByteArray("=\n\n") << QByteArray("=\n");
        QTest::newRow("hyphen for dash") << QByteArray("\u2014 ") << QByteArray("- ");
        QTest::newRow("empty origin") << QByteArray("countersign/") << QByteArray("\n");
    }
    void refusesOtherSpellings()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        LogMaker log;
        const QByteArray note = QByteArray::fromStdString(signCheckpoint({checkpointOrigin(log.ledger()), log.head()}, log.admin()));
        const QByteArray altered = QByteArray(note).replace(from, to);
        QVERIFY(altered != note);
        QCOMPARE(verifyCheckpoint(altered.toStdString(), log.admin().publicKey()).error().kind, ErrorKind::Invalid);
    }

    void refusesMalformedKeys()
    {
        for (const char *bad : {"", "a", "a+b", "a+33d7b496+", "example.com/log/testdata+33d7b497+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx",
                                "other+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx", "example.com/log/testdata+33d7b496+AuHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"})
            QVERIFY2(!parseNoteKey(bad).ok(), bad);
    }
};

QTEST_APPLESS_MAIN(CheckpointTest)
#include "tst_checkpoint.moc"
