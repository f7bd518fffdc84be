#include "models/ledger/ledgerfile.h"
#include "tests/models/ledger/logmaker.h"

#include <QtGui/QPainter>
#include <QtGui/QPdfWriter>
#include <QtTest/QtTest>

using namespace countersign;
using namespace countersign::ledger;

namespace {

struct Run {
    int exitCode = -1;
    QString output;
    QString errors;
};

Run run(const QStringList &arguments)
{
    QProcess process;
    process.start(QStringLiteral(COUNTERSIGN_BIN_DIR "/countersign-verify"), arguments);
    process.waitForFinished();
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

/// A PDF as Qt writes it, with the bundle attached.
QByteArray pdfWith(const QByteArray &bundle, const QString &name)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter writer(&buffer);
        writer.addFileAttachment(QStringLiteral("other.txt"), "bundle.countersign is not this", QStringLiteral("text/plain"));
        writer.addFileAttachment(name, bundle, QStringLiteral("application/json"));
        QPainter painter(&writer);
        painter.drawLine(0, 0, 100, 100);
    }
    return buffer.data();
}

} // namespace

class VerifyProgramTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    LogMaker m_log;
    QByteArray m_bundle;
    QByteArray m_note;
    QString m_key;

    QByteArray ledgerFile() const
    {
        QByteArray bytes;
        LedgerFileWriter writer([&bytes](BytesView more) -> Status {
            bytes += QByteArray::fromRawData(more.data(), qsizetype(more.size()));
            return {};
        });
        for (const Bytes &entry : m_log.entries())
            if (!writer.addEntry(entry))
                qFatal("entry");
        if (!writer.addCheckpoint(m_log.head().size, m_note.toStdString()) || !writer.finish())
            qFatal("end");
        return bytes;
    }

    QString write(const QString &name, const QByteArray &bytes)
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write");
        return file.fileName();
    }

private Q_SLOTS:
    void initTestCase()
    {
        for (int i = 0; i < 5; ++i)
            m_log.append("model.update", {{"model", "m:1"}});
        m_bundle = QByteArray::fromStdString(*encodeProof(m_log.bundle({0, 2, 4}, m_log.admin())));
        const Checkpoint checkpoint{checkpointOrigin(m_log.ledger()), m_log.head()};
        m_note = QByteArray::fromStdString(signCheckpoint(checkpoint, m_log.admin()));
        m_key = QString::fromStdString(noteKeyText(checkpoint.origin, m_log.admin().publicKey()));
    }

    void explainsItself()
    {
        const Run help = run({QStringLiteral("--help")});
        QCOMPARE(help.exitCode, 0);
        QVERIFY(help.output.startsWith(QStringLiteral("Usage: countersign-verify")) && help.errors.isEmpty());
        QVERIFY(run({QStringLiteral("--version")}).output.startsWith(QStringLiteral("countersign-verify ")));
    }

    void wrongUsageIsTwo_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("nothing") << QStringList();
        QTest::newRow("unknown option") << QStringList{QStringLiteral("--fast"), QStringLiteral("x")};
        QTest::newRow("key without value") << QStringList{QStringLiteral("x"), QStringLiteral("--key")};
        QTest::newRow("malformed key") << QStringList{QStringLiteral("--key=abc"), QStringLiteral("x")};
        QTest::newRow("malformed ledger") << QStringList{QStringLiteral("--ledger"), QStringLiteral("x"), QStringLiteral("x")};
    }
    void wrongUsageIsTwo()
    {
        QFETCH(QStringList, arguments);
        const Run result = run(arguments);
        QCOMPARE(result.exitCode, 2);
        QVERIFY(result.output.isEmpty() && result.errors.startsWith(QStringLiteral("countersign-verify: ")));
    }

    void anHonestBundleIsValid()
    {
        const Run result = run({write(QStringLiteral("good.countersign"), m_bundle)});
        QCOMPARE(result.exitCode, 0);
        QVERIFY(result.output.contains(QStringLiteral("ok Entry 4: model.update by Somebody")));
        QVERIFY(result.output.contains(QStringLiteral("VALID.")) && !result.output.contains(QStringLiteral("NOT")));
        QVERIFY(result.output.contains(QString::fromStdString(m_log.ledger().text())));
    }

    void whatAProofDoesNotShowStandsBesideIt()
    {
        const QStringList files{write(QStringLiteral("good.countersign"), m_bundle), write(QStringLiteral("whole.ledger"), ledgerFile()),
                                write(QStringLiteral("report.pdf"), pdfWith(m_bundle, QStringLiteral("bundle.countersign"))), write(QStringLiteral("checkpoint"), m_note)};
        for (const QString &file : files) {
            const Run result = run({QStringLiteral("--key"), m_key, file});
            QCOMPARE(result.exitCode, 0);
            QVERIFY2(result.output.count(QStringLiteral("not shown: ")) >= 3, qPrintable(result.output));
            QVERIFY(result.output.contains(QStringLiteral("true, or was understood")));
        }
        QVERIFY(run({files[0]}).output.contains(QStringLiteral("everything later, a revocation")));
        QVERIFY(run({files[1]}).output.contains(QStringLiteral("entries after the 6")));
        QVERIFY(run({files[2]}).output.contains(QStringLiteral("the pages say the same")));
    }

    void claimsOfAFileThatIsNotValidAreNotRepeated()
    {
        QByteArray altered = m_bundle;
        altered[altered.indexOf("\"path\":[\"") + 9] ^= 1;
        const QString file = write(QStringLiteral("altered.countersign"), altered);
        const QString ledger = QString::fromStdString(m_log.ledger().text());
        QVERIFY(run({write(QStringLiteral("good.countersign"), m_bundle)}).output.contains(ledger));
        QVERIFY(!run({file}).output.contains(QStringLiteral("Ledger ") + ledger));
        const auto value = json::parse(run({QStringLiteral("--json"), file}).output.toStdString());
        const json::Value &report = (*value->find("files")->array())[0];
        QVERIFY(report.text("ledger")->empty() && report.text("root")->empty() && report.integerOr("size", -1) == 0);
    }

    void linksNeitherQtNorDatabasesNorNetwork()
    {
        QProcess objdump;
        objdump.start(QStringLiteral("objdump"), {QStringLiteral("-p"), QStringLiteral(COUNTERSIGN_BIN_DIR "/countersign-verify")});
        QVERIFY(objdump.waitForFinished());
        QStringList libraries;
        for (const QString &line : QString::fromUtf8(objdump.readAllStandardOutput()).split(QLatin1Char('\n')))
            if (line.contains(QStringLiteral("NEEDED")))
                libraries << line.trimmed().section(QLatin1Char(' '), -1).section(QStringLiteral(".so"), 0, 0);
        libraries.sort();
        const QStringList allowed{QStringLiteral("ld-linux-x86-64"), QStringLiteral("libc"), QStringLiteral("libcrypto"), QStringLiteral("libgcc_s"), QStringLiteral("libm"),
                                  QStringLiteral("libsodium"), QStringLiteral("libstdc++"), QStringLiteral("libutf8proc"), QStringLiteral("libz")};
        QVERIFY(libraries.contains(QStringLiteral("libsodium")));
        for (const QString &library : libraries)
            QVERIFY2(allowed.contains(library) || library.startsWith(QStringLiteral("ld-linux")) || library.startsWith(QStringLiteral("lib") + QStringLiteral("asan"))
                         || library.startsWith(QStringLiteral("libubsan")) || library.startsWith(QStringLiteral("libtsan")), qPrintable(library));
        objdump.start(QStringLiteral("objdump"), {QStringLiteral("-T"), QStringLiteral(COUNTERSIGN_BIN_DIR "/countersign-verify")});
        QVERIFY(objdump.waitForFinished());
        const QString symbols = QString::fromUtf8(objdump.readAllStandardOutput());
        QVERIFY(symbols.contains(QStringLiteral(" fopen")));
        for (const char *call : {"socket", "connect", "getaddrinfo", "execve", "system", "dlopen"})
            QVERIFY2(!symbols.contains(QRegularExpression(QStringLiteral(" %1\\b").arg(QString::fromLatin1(call)))), call);
    }

    void everyFlippedByteIsNotValid()
    {
        QStringList files;
        for (qsizetype at = 0; at < m_bundle.size(); at += 29) {
            QByteArray altered = m_bundle;
            altered[at] = static_cast<char>(altered[at] ^ 1);
            const QString file = write(QStringLiteral("flipped-%1").arg(at), altered);
            files << file;
            if (at % 203 == 0)
                QCOMPARE(run({file}).exitCode, 3);
        }
        const Run all = run(files);
        QCOMPARE(all.exitCode, 3);
        QVERIFY(all.output.endsWith(QStringLiteral("\n0 of %1 files are valid.\n").arg(files.size())));
    }

    void aReportIsCheckedByItsAttachment()
    {
        const QString good = write(QStringLiteral("report.pdf"), pdfWith(m_bundle, QStringLiteral("bundle.countersign")));
        const Run result = run({good});
        QVERIFY2(result.exitCode == 0, qPrintable(result.output));
        QVERIFY(result.output.contains(QStringLiteral("(report)")) && result.output.contains(QStringLiteral("ok Entry 4")));
        QByteArray altered = m_bundle;
        altered[altered.indexOf("\"path\":[\"") + 9] ^= 1;
        QCOMPARE(run({write(QStringLiteral("altered.pdf"), pdfWith(altered, QStringLiteral("bundle.countersign")))}).exitCode, 3);
        QCOMPARE(run({write(QStringLiteral("bare.pdf"), pdfWith(m_bundle, QStringLiteral("something.else")))}).exitCode, 4);
    }

    void attachmentsAreFoundHoweverTheyAreStored()
    {
        const Bytes pdf = "%PDF-1.7\n1 0 obj\n<< /Type /Filespec /F (a.txt) /UF (a.txt) /EF << /F 2 0 R /UF 2 0 R >> >>\nendobj\n"
                          "2 0 obj\n<< /Type /EmbeddedFile /Length 5 >>\nstream\nhello\nendstream\nendobj\n";
        QCOMPARE(*extractAttachment(pdf, "a.txt"), Bytes("hello"));
        QCOMPARE(extractAttachment(pdf, "b.txt").error().kind, ErrorKind::NotFound);
        QCOMPARE(extractAttachment("hello", "a.txt").error().kind, ErrorKind::Invalid);
        // An update of the file comes later and counts.
        QCOMPARE(*extractAttachment(pdf + "2 0 obj\n<< /Length 3 0 R >>\nstream\r\nnewer\r\nendstream\nendobj\n3 0 obj\n5\nendobj\n", "a.txt"), Bytes("newer"));
        // Two of one name: nobody can know which one a reader shows.
        const Bytes second = "4 0 obj\n<< /Type /Filespec /F (a.txt) /EF << /F 5 0 R >> >>\nendobj\n5 0 obj\n<< /Length 5 >>\nstream\nother\nendstream\nendobj\n";
        QCOMPARE(extractAttachment(pdf + second, "a.txt").error().kind, ErrorKind::Invalid);
        // What only looks like an object, inside a stream, is none.
        const Bytes text = "text\n2 0 obj\n<< /Length 5 >>\nstream\nforge\nendstream\nendobj\n";
        const Bytes around = "4 0 obj\n<< /Length " + std::to_string(text.size()) + " >>\nstream\n" + text + "\nendstream\nendobj\n";
        QCOMPARE(*extractAttachment(pdf + around, "a.txt"), Bytes("hello"));
        QCOMPARE(extractAttachment(pdf.substr(0, pdf.find("2 0 obj")), "a.txt").error().kind, ErrorKind::Invalid);
        const QByteArray qt = pdfWith("hello", QStringLiteral("a.txt"));
        QCOMPARE(*extractAttachment(qt.toStdString(), "a.txt"), Bytes("hello"));
        const QByteArray large = pdfWith(QByteArray(200'000, 'x'), QStringLiteral("a.txt"));
        QCOMPARE(extractAttachment(large.toStdString(), "a.txt")->size(), std::size_t(200'000));
    }

    void hostilePdfsNeverCrashNorHang()
    {
        SeededRandomness randomness(32000);
        const QByteArray pdf = pdfWith("hello", QStringLiteral("a.txt"));
        int found = 0;
        for (int round = 0; round < 20'000; ++round) {
            Bytes altered = pdf.toStdString();
            for (int i = 0; i < 20; ++i)
                altered[randomness.next() % altered.size()] = static_cast<char>(randomness.next());
            found += extractAttachment(altered, "a.txt").ok() ? 1 : 0;
        }
        QVERIFY(found > 0 && found < 20'000);
        QElapsedTimer timer;
        timer.start();
        Bytes names = "%PDF-1.7\n1 0 obj\n";
        while (names.size() < 4'000'000)
            names += "(a.txt)/EF";
        QVERIFY(!extractAttachment(names + "endobj", "a.txt").ok());
        QVERIFY(timer.elapsed() < 5000);
    }

    void aCheckpointNeedsItsKey()
    {
        const QString file = write(QStringLiteral("checkpoint"), m_note);
        QCOMPARE(run({file}).exitCode, 4);
        const Run result = run({QStringLiteral("--key"), m_key, file});
        QVERIFY2(result.exitCode == 0, qPrintable(result.output));
        QVERIFY(result.output.contains(QStringLiteral("over 6 entries")));
        QByteArray altered = m_note;
        altered.replace("\n6\n", "\n7\n");
        QCOMPARE(run({QStringLiteral("--key=") + m_key, write(QStringLiteral("other"), altered)}).exitCode, 3);
        const QString otherKey = QString::fromStdString(noteKeyText(checkpointOrigin(m_log.ledger()), m_log.newKey().publicKey()));
        QCOMPARE(run({QStringLiteral("--key"), otherKey, file}).exitCode, 3);
    }

    void aBundleOfAnotherLedgerOrKeyIsRefusedWhenAsked()
    {
        const QString file = write(QStringLiteral("good.countersign"), m_bundle);
        QCOMPARE(run({QStringLiteral("--ledger"), QString::fromStdString(m_log.ledger().text()), QStringLiteral("--key"), m_key, file}).exitCode, 0);
        QCOMPARE(run({QStringLiteral("--ledger=l:0123"), file}).exitCode, 3);
        const QString otherKey = QString::fromStdString(noteKeyText(checkpointOrigin(m_log.ledger()), m_log.newKey().publicKey()));
        QCOMPARE(run({QStringLiteral("--key"), otherKey, file}).exitCode, 3);
    }

    void whatCannotBeReadIsFour()
    {
        QCOMPARE(run({m_folder.filePath(QStringLiteral("absent"))}).exitCode, 4);
        QCOMPARE(run({m_folder.path()}).exitCode, 4);
        QCOMPARE(run({write(QStringLiteral("text"), "just some text\n")}).exitCode, 4);
        QCOMPARE(run({write(QStringLiteral("empty"), "")}).exitCode, 4);
        QByteArray newer = m_bundle;
        QCOMPARE(run({write(QStringLiteral("newer"), newer.replace("countersign.proof/1", "countersign.proof/3"))}).exitCode, 4);
    }

    void aWholeLedgerIsReadAsAStream()
    {
        const QByteArray bytes = ledgerFile();
        const QString file = write(QStringLiteral("whole.ledger"), bytes);
        const Run whole = run({file});
        QCOMPARE(whole.exitCode, 0);
        QVERIFY2(whole.output.contains(QStringLiteral("6 of 6 entries are valid")) && whole.output.contains(QStringLiteral("(ledger)")), qPrintable(whole.output));
        const auto json = json::parse(run({QStringLiteral("--json"), file}).output.toStdString());
        QCOMPARE((*json->find("files")->array())[0].find("verdicts")->array()->size(), std::size_t(6));
        QCOMPARE(run({write(QStringLiteral("cut.ledger"), bytes.chopped(1))}).exitCode, 3);
        QByteArray changed = bytes;
        changed[bytes.indexOf("model.update") + 3] = 'E';
        QCOMPARE(run({write(QStringLiteral("changed.ledger"), changed)}).exitCode, 3);
        QCOMPARE(run({QStringLiteral("--ledger"), QStringLiteral("l:%1").arg(QString(64, QLatin1Char('0'))), file}).exitCode, 3);
    }

    void aKeptCheckpointIsCompared()
    {
        const QString checkpoint = QStringLiteral("--checkpoint");
        const QString same = write(QStringLiteral("same.note"), m_note);
        const QString forged = write(QStringLiteral("forged.note"), QByteArray::fromStdString(signCheckpoint({checkpointOrigin(m_log.ledger()), {6, crypto::sha256("x")}}, m_log.admin())));
        const QString later = write(QStringLiteral("later.note"), QByteArray::fromStdString(signCheckpoint({checkpointOrigin(m_log.ledger()), {9, crypto::sha256("x")}}, m_log.admin())));
        const QString absent = m_folder.filePath(QStringLiteral("absent"));
        for (const QString &file : {write(QStringLiteral("whole.ledger"), ledgerFile()), write(QStringLiteral("good.countersign"), m_bundle)}) {
            QCOMPARE(run({checkpoint, same, file}).exitCode, 0);
            QVERIFY(run({checkpoint, forged, file}).output.contains(QStringLiteral("another history")));
            for (const QString &kept : {forged, later, absent})
                QCOMPARE(run({checkpoint, kept, file}).exitCode, 3);
        }
    }

    void aCheckpointIsComparedWithKeptOnesToo()
    {
        const QString note = write(QStringLiteral("checkpoint"), m_note);
        const auto with = [&](const TreeHead &head) {
            const Checkpoint kept{checkpointOrigin(m_log.ledger()), head};
            const QString file = write(QStringLiteral("kept"), QByteArray::fromStdString(signCheckpoint(kept, m_log.admin())));
            return run({QStringLiteral("--key"), m_key, QStringLiteral("--checkpoint"), file, note});
        };
        QCOMPARE(with(m_log.head()).exitCode, 0);
        QVERIFY(with({6, crypto::sha256("x")}).output.contains(QStringLiteral("another history")));
        QCOMPARE(with({5, crypto::sha256("x")}).exitCode, 3);
    }

    void theKeyAskedForCountsForLedgersToo()
    {
        const QString file = write(QStringLiteral("whole.ledger"), ledgerFile());
        QCOMPARE(run({QStringLiteral("--key"), m_key, file}).exitCode, 0);
        const QString otherKey = QString::fromStdString(noteKeyText(checkpointOrigin(m_log.ledger()), m_log.newKey().publicKey()));
        QCOMPARE(run({QStringLiteral("--key"), otherKey, file}).exitCode, 3);
    }

    void printsJsonForPrograms()
    {
        const QString good = write(QStringLiteral("good.countersign"), m_bundle);
        const Run result = run({QStringLiteral("--json"), good, m_folder.filePath(QStringLiteral("absent"))});
        QCOMPARE(result.exitCode, 4);
        const auto value = json::parse(result.output.toStdString());
        QVERIFY(value.ok());
        QCOMPARE(*value->find("valid")->boolean(), false);
        const json::Array &files = *value->find("files")->array();
        QCOMPARE(*files[0].find("valid")->boolean(), true);
        QCOMPARE(*files[0].text("worst"), std::string("valid"));
        QCOMPARE(*files[0].integer("size"), std::int64_t(6));
        QCOMPARE(files[0].find("verdicts")->array()->size(), std::size_t(3));
        QCOMPARE(*files[1].text("worst"), std::string("unreadable"));
    }

    void namesCannotSteerTheTerminal()
    {
        const Run result = run({m_folder.filePath(QStringLiteral("a\u001b[31m\u202Eb"))});
        QCOMPARE(result.exitCode, 4);
        QVERIFY(result.output.contains(QStringLiteral("a\\u{1B}[31m\\u{202E}b")) && !result.output.contains(QChar(0x1b)));
    }
};

QTEST_MAIN(VerifyProgramTest)
#include "tst_verifyprogram.moc"
