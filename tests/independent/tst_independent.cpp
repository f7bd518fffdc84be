#include "tests/independent/mutations.h"
#include "tests/independent/randomlog.h"

#include <QtTest/QtTest>

#include <numeric>
#include <set>

using namespace countersign;
using namespace countersign::ledger;

namespace {

/// What one verifier says of one file.
struct Opinion {
    std::string worst;
    std::string verdicts; // "0 valid 0; 3 invalid 7; …"
    std::string fields;   // what both print of it besides
    bool operator==(const Opinion &) const = default;
};

/// One verifier at work on many files; start both, then ask.
class Verifying
{
public:
    Verifying(const QString &program, const QStringList &arguments) { m_process.start(program, arguments); }

    /// Empty when there was no answer.
    std::vector<Opinion> opinions(std::map<std::string, int> *counts = nullptr)
    {
        m_process.waitForFinished(-1);
        const auto document = json::parse(m_process.readAllStandardOutput().toStdString(),
                                          {.depth = 64, .bytes = std::size_t(1) << 30, .members = 100'000'000});
        const json::Value *files = document ? document->find("files") : nullptr;
        std::vector<Opinion> opinions;
        for (const json::Value &file : files && files->array() ? *files->array() : json::Array()) {
            Opinion opinion{file.textOr("worst", {}), {}, {}};
            const json::Value *verdicts = file.find("verdicts");
            for (const json::Value &verdict : verdicts && verdicts->array() ? *verdicts->array() : json::Array()) {
                const std::string word =
                    verdict.textOr("state", {}) + ' ' + std::to_string(verdict.integerOr("step", -1));
                opinion.verdicts += std::to_string(verdict.integerOr("seq", -1)) + ' ' + word + "; ";
                if (counts)
                    ++(*counts)[word];
            }
            if (opinion.worst.starts_with("valid"))
                opinion.fields = file.textOr("ledger", {}) + ' ' + std::to_string(file.integerOr("size", -1)) + ' ' +
                                 file.textOr("root", {});
            opinion.fields += ' ' + file.textOr("kind", {});
            opinions.push_back(std::move(opinion));
        }
        return opinions;
    }
    int exitCode() const { return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1; }

private:
    QProcess m_process;
};

/// The first entry alone, edited and signed again: it names the ledger, so that nothing else could stand beside it.
Bytes someFoundation(RandomLog &log)
{
    Entry entry = *decodeEntry(log.entries()[0]);
    entry.payload = editedJson(entry.payload, log.lot());
    entry.signatures[0].signature = log.admin().sign(preAuthenticationEncoding(kEventType, entry.payload));
    const Bytes bytes = encodeEntry(entry);
    const Digest leaf = leafHash(bytes);
    const LedgerId ledger = LedgerId::of(leaf.hex());
    ProofBundle bundle;
    bundle.ledger = ledger;
    bundle.checkpoint = signCheckpoint({checkpointOrigin(ledger), {1, leaf}}, log.admin());
    bundle.items.push_back({0, bytes, {}});
    if (log.below(2) == 0)
        return *encodeProof(bundle);
    Bytes file;
    LedgerFileWriter writer([&file](BytesView more) -> Status {
        file += more;
        return {};
    });
    if (!writer.addEntry(bytes) || !writer.addCheckpoint(1, bundle.checkpoint) || !writer.finish())
        qFatal("the parts of a ledger file are out of order");
    return file;
}

Bytes editedNote(RandomLog &log)
{
    const std::string note = log.noteOf(1 + log.below(log.entries().size()));
    std::string size = "\n" + std::to_string(log.below(40)) + "\n";
    switch (log.below(4)) {
    case 0:
        return note;
    case 1:
        return note.substr(0, note.find('\n')) + size + note.substr(note.find('\n', note.find('\n') + 1) + 1);
    case 2:
        return *mergeSignatures(note, note) + note.substr(note.rfind("\u2014 "));
    default:
        return damaged(note, log.lot());
    }
}

/// A file by lot: of this log, which is mostly honest, or of one of its own whose entries are signed over odd payloads.
Bytes someFile(RandomLog &log)
{
    const auto fresh = [&log] {
        return RandomLog(log.below(1'000'000'000), 1 + static_cast<int>(log.below(20)), 4 + 8 * log.below(3),
                         log.below(2) == 0);
    };
    switch (log.below(12)) {
    case 0:
    case 1:
        return editedJson(log.someBundle(), log.lot());
    case 2:
    case 3:
        return editedLedgerFile(log.file(), log.lot());
    case 4:
    case 5:
        return fresh().someBundle();
    case 6:
    case 7:
        return fresh().file();
    case 8:
        return damaged(log.below(2) == 0 ? log.someBundle() : log.file(), log.lot());
    case 9: {
        const Bytes facts = log.below(2) == 0 ? Bytes() : "piece " + std::to_string(log.below(6));
        return pdfWith(log.below(3) == 0 ? editedJson(log.someBundle(), log.lot()) : log.someBundle(), facts,
                       log.lot());
    }
    case 10:
        return someFoundation(log);
    default:
        return editedNote(log);
    }
}

constexpr int kShortForm = 2000;

int numberFrom(const char *variable, int otherwise)
{
    bool isNumber = false;
    const int number = qEnvironmentVariableIntValue(variable, &isNumber);
    return isNumber ? number : otherwise;
}

} // namespace

class IndependentTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::map<std::string, int> m_counts; // of verdicts, "invalid 7"
    std::map<std::string, int> m_worst;  // of files

    QString write(const QString &name, const Bytes &bytes)
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes.data(), qint64(bytes.size())) != qint64(bytes.size()))
            qFatal("cannot write");
        return file.fileName();
    }

    void compare(const std::vector<Bytes> &files, const QStringList &wishes = {})
    {
        QStringList names;
        for (const Bytes &bytes : files)
            names << write(QStringLiteral("file%1").arg(names.size()), bytes);
        Verifying first(QStringLiteral(COUNTERSIGN_BIN_DIR "/countersign-verify"),
                        QStringList{QStringLiteral("--json")} + wishes + names);
        Verifying second(QStringLiteral("/usr/bin/python3"),
                         QStringList{QStringLiteral(COUNTERSIGN_SECOND_VERIFIER)} + wishes + names);
        const auto ours = first.opinions(&m_counts);
        const auto theirs = second.opinions();
        QCOMPARE(qsizetype(ours.size()), names.size());
        QCOMPARE(qsizetype(theirs.size()), names.size());
        for (std::size_t i = 0; i < ours.size(); ++i) {
            ++m_worst[ours[i].worst];
            if (ours[i] != theirs[i])
                QFAIL(qPrintable(QStringLiteral("They differ about %1 (%2):\n%3\n%4")
                                     .arg(keep(names[qsizetype(i)]), wishes.join(QLatin1Char(' ')), sentence(ours[i]),
                                          sentence(theirs[i]))));
        }
        QCOMPARE(second.exitCode(), first.exitCode());
    }

    static QString sentence(const Opinion &opinion)
    {
        return QString::fromStdString(opinion.worst + ": " + opinion.verdicts + opinion.fields);
    }

    /// Where the file stays for whoever looks into it.
    static QString keep(const QString &file)
    {
        const QString kept = QDir::temp().filePath(QStringLiteral("countersign-disagreement"));
        QFile::remove(kept);
        QFile::copy(file, kept);
        return kept;
    }

    /// What somebody may ask for besides: a key, a ledger, kept checkpoints; often nothing.
    QStringList someWishes(RandomLog &log)
    {
        QStringList wishes;
        if (log.below(4) == 0)
            wishes << QStringLiteral("--key")
                   << QString::fromStdString(noteKeyText(checkpointOrigin(log.ledger()), log.admin().publicKey()));
        if (log.below(4) == 0)
            wishes << QStringLiteral("--ledger")
                   << QString::fromStdString(log.below(5) == 0 ? "l:other" : log.ledger().text());
        for (std::size_t kept = log.below(4) == 0 ? 1 + log.below(2) : 0; kept > 0; --kept) {
            const std::size_t size = log.below(2) == 0 ? log.entries().size() : 1 + log.below(log.entries().size());
            wishes << QStringLiteral("--checkpoint")
                   << write(QStringLiteral("kept%1").arg(kept), log.below(9) == 0 ? editedNote(log) : log.noteOf(size));
        }
        return wishes;
    }

private Q_SLOTS:
    void theyAgreeAboutLogsFullOfMistakes()
    {
        std::vector<Bytes> files;
        for (std::uint64_t seed = 1; seed <= 60; ++seed) {
            RandomLog log(seed);
            files.push_back(log.file());
            files.push_back(log.someBundle());
        }
        compare(files);
    }

    void theyKnowTheSameKinds()
    {
        QFile page(QStringLiteral(COUNTERSIGN_FORMAT));
        QVERIFY(page.open(QIODevice::ReadOnly));
        static const QRegularExpression word(QStringLiteral("`([a-z]+\\.[a-z_]+)`"));
        LogMaker log;
        std::set<std::string> kinds;
        for (auto match = word.globalMatch(QString::fromUtf8(page.readAll())); match.hasNext();)
            kinds.insert(match.next().captured(1).toStdString());
        kinds.erase("ledger.genesis"); // the log has it
        for (const std::string &kind : kinds)
            log.append(kind); // other words of the page are kinds that neither knows
        QVERIFY(log.entries().size() > 40);
        std::vector<std::uint64_t> all(log.entries().size());
        std::iota(all.begin(), all.end(), 0);
        compare({*encodeProof(log.bundle(all, log.admin()))});
    }

    /// COUNTERSIGN_MUTATIONS: how many. COUNTERSIGN_MUTATIONS_FROM: the number of the first, to go on where another run
    /// ended.
    void theyAgreeAboutDamageAndForgery()
    {
        const int total = numberFrom("COUNTERSIGN_MUTATIONS", kShortForm);
        const int from = numberFrom("COUNTERSIGN_MUTATIONS_FROM", 0);
        constexpr int atOnce = 250;
        for (int done = 0; done < total; done += atOnce) {
            RandomLog log(std::uint64_t(1000 + from + done), 20, 0, done / atOnce % 2 == 0);
            std::vector<Bytes> files;
            for (int i = 0; i < std::min(atOnce, total - done); ++i)
                files.push_back(someFile(log));
            compare(files, someWishes(log));
            if (QTest::currentTestFailed())
                return;
        }
    }

    void theyEndWithTheSameCode()
    {
        RandomLog log(7, 6);
        for (int i = 0; i < 12; ++i) {
            compare({someFile(log)});
            if (QTest::currentTestFailed())
                return;
        }
        compare({*encodeProof(LogMaker(3).bundle({0}, LogMaker(3).admin()))});
    }

    /// The comparison means something only where every check is reached.
    void everyCheckAndEveryWordWasSeen()
    {
        QString table;
        for (const auto &[word, count] : m_counts)
            table += QStringLiteral("%1 %2, ").arg(QString::fromStdString(word)).arg(count);
        for (const auto &[word, count] : m_worst)
            table += QStringLiteral("%1 files %2, ").arg(count).arg(QString::fromStdString(word));
        qInfo().noquote() << table.chopped(2);
        if (numberFrom("COUNTERSIGN_MUTATIONS", kShortForm) < kShortForm)
            QSKIP("Too few mutations were asked for to reach everything.");
        for (const char *word : {"valid 0", "invalid 1", "invalid 2", "unknown-newer 3", "invalid 4", "invalid 5",
                                 "invalid 6", "disputed 6", "invalid 7", "invalid 8", "invalid 9", "invalid 10",
                                 "evidence-missing 11", "valid-flagged 12", "invalid 13"})
            QVERIFY2(m_counts[word] >= 10, word);
        for (const char *word :
             {"invalid", "disputed", "evidence-missing", "unknown-newer", "valid-flagged", "valid", "unreadable"})
            QVERIFY2(m_worst[word] > 0, word);
    }
};

QTEST_APPLESS_MAIN(IndependentTest)
#include "tst_independent.moc"
