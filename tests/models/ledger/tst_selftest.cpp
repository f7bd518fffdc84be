#include "models/crypto/signing.h"
#include "models/ledger/checkpoint.h"
#include "models/ledger/merkle.h"
#include "models/ledger/selftest.h"
#include "tests/models/ledger/logmaker.h"

#include <QtTest/QtTest>

using namespace countersign;
using namespace countersign::ledger;

/// The vectors of others where they are at hand, and vectors of our own in the same formats.
class SelfTestTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    std::filesystem::path write(const QString &name, const std::string &text)
    {
        const QString path = m_folder.filePath(name);
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(text.data(), qint64(text.size())) != qint64(text.size()))
            qFatal("cannot write");
        return std::filesystem::path(QFileInfo(path).path().toStdString());
    }
    static std::string text(const json::Value &value) { return *json::canonical(value); }

private Q_SLOTS:
    void sharedVectorsPass_data()
    {
        QTest::addColumn<int>("test");
        QTest::addColumn<QString>("folder");
        QTest::addColumn<quint64>("count");
        QTest::newRow("sig") << int(SelfTest::Signatures) << QStringLiteral("ed25519") << quint64(914 + 151);
        QTest::newRow("merkle") << int(SelfTest::Merkle) << QStringLiteral("merkle") << quint64(141);
        QTest::newRow("jcs") << int(SelfTest::Jcs) << QStringLiteral("jcs") << quint64(6);
        QTest::newRow("note") << int(SelfTest::Notes) << QStringLiteral("checkpoints") << quint64(17);
    }
    void sharedVectorsPass()
    {
        QFETCH(int, test);
        QFETCH(QString, folder);
        QFETCH(quint64, count);
        const QString path = QStringLiteral(COUNTERSIGN_SHARED_DATA "/vectors/") + folder;
        if (!QFileInfo::exists(path))
            QSKIP("The shared vectors are not at hand; those of this file are tested all the same.");
        const auto report =
            runSelfTest(SelfTest(test), path.toStdString(),
                        {"example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"});
        QVERIFY2(report.ok(), report.ok() ? "" : report.error().text().c_str());
        QVERIFY2(report->failures.empty(), report->failures.empty() ? "" : report->failures.front().c_str());
        QCOMPARE(report->passed, std::uint64_t(count));
    }

    void aWrongVerdictIsNamed()
    {
        const auto key = *crypto::SigningKey::fromSeed(Bytes(32, 'k'));
        const auto vector = [&](int number, const std::string &message, json::Array flags) {
            return json::Object{{"flags", std::move(flags)},
                                {"key", toHex(key.publicKey().view())},
                                {"msg", message},
                                {"number", number},
                                {"sig", toHex(key.sign("m").view())}};
        };
        const auto folder = write(QStringLiteral("sig/vectors.json"),
                                  text(json::Array{vector(0, "m", {}), vector(1, "n", {"low_order_residue"}),
                                                   vector(2, "n", {}), vector(3, "m", {"low_order_A"})}));
        write(QStringLiteral("sig/names.json"), "[\"a\",{\"b\":1},7]"); // a list of something else is no vector
        const auto report = runSelfTest(SelfTest::Signatures, folder);
        QVERIFY(report.ok() && report->passed == 2 && report->failures.size() == 2 && !report->isPassed());
        QVERIFY(report->failures.front().starts_with("vectors.json, number 2 "));
    }

    void proofsAreChecked()
    {
        const std::vector<Digest> leaves{leafHash("a"), leafHash("b"), leafHash("c")};
        json::Array path;
        for (const Digest &hash : inclusionProof(leaves, 1))
            path.emplace_back(toBase64(hash.view()));
        const auto vector = [&](int index, bool mustFail) {
            return text(json::Object{{"desc", "x"},
                                     {"leafHash", toBase64(leaves[1].view())},
                                     {"leafIdx", index},
                                     {"proof", path},
                                     {"root", toBase64(rootOf(leaves).view())},
                                     {"treeSize", 3},
                                     {"wantErr", mustFail}});
        };
        const auto folder = write(QStringLiteral("merkle/right.json"), vector(1, false));
        write(QStringLiteral("merkle/wrong.json"), vector(0, true));
        QVERIFY(runSelfTest(SelfTest::Merkle, folder)->isPassed());
        write(QStringLiteral("merkle/mistaken.json"), vector(1, true));
        QCOMPARE(runSelfTest(SelfTest::Merkle, folder)->failures.size(), std::size_t(1));
    }

    void canonicalFormsAreCompared()
    {
        const auto folder = write(QStringLiteral("jcs/input/one.json"), "{ \"b\": 1.0, \"a\": [ ] }").parent_path();
        write(QStringLiteral("jcs/output/one.json"), "{\"a\":[],\"b\":1}");
        QVERIFY(runSelfTest(SelfTest::Jcs, folder)->isPassed());
        write(QStringLiteral("jcs/output/one.json"), "{\"a\":[],\"b\":1.0}");
        QVERIFY(!runSelfTest(SelfTest::Jcs, folder)->isPassed());
    }

    void notesNeedTheirMakersKey()
    {
        LogMaker log;
        const Checkpoint checkpoint{checkpointOrigin(log.ledger()), log.head()};
        const auto folder = write(QStringLiteral("note/one"), signCheckpoint(checkpoint, log.admin()));
        write(QStringLiteral("note/LICENSE"), "Take it.");
        QVERIFY(runSelfTest(SelfTest::Notes, folder, {noteKeyText(checkpoint.origin, log.admin().publicKey())})
                    ->isPassed());
        QVERIFY(!runSelfTest(SelfTest::Notes, folder, {noteKeyText(checkpoint.origin, log.newKey().publicKey())})
                     ->isPassed());
        QCOMPARE(runSelfTest(SelfTest::Notes, folder).error().kind, ErrorKind::Invalid);
    }

    void whatHoldsNoVectorsHasNotPassed()
    {
        QVERIFY(QDir(m_folder.path()).mkpath(QStringLiteral("empty")));
        QCOMPARE(runSelfTest(SelfTest::Merkle, m_folder.filePath(QStringLiteral("empty")).toStdString()).error().kind,
                 ErrorKind::NotFound);
        QCOMPARE(runSelfTest(SelfTest::Merkle, "/nowhere").error().kind, ErrorKind::NotFound);
        QVERIFY(!parseSelfTest("speed").ok());
        for (const SelfTest test : {SelfTest::Signatures, SelfTest::Merkle, SelfTest::Jcs, SelfTest::Notes})
            QCOMPARE(*parseSelfTest(selfTestKey(test)), test);
    }
};

QTEST_APPLESS_MAIN(SelfTestTest)
#include "tst_selftest.moc"
