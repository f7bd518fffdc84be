#include "models/ledger/bigendian.h"
#include "models/ledger/ledgerfile.h"
#include "tests/models/ledger/logmaker.h"

#include <QtTest/QtTest>

using namespace countersign;
using namespace countersign::ledger;

namespace {

/// A log with evidence and a checkpoint in its middle, and its file.
struct FiledLog : LogMaker {
    std::string middle;
    Bytes picture = "a picture";
    Bytes table = "a table";

    FiledLog()
    {
        const auto ana = newKey();
        addPerson("p:ana", "validator"); // 1
        enrol(ana, "p:ana");             // 2
        middle = note();
        for (const Bytes &evidence : {picture, table}) { // 3, 4
            Event signOff = eventBy(ana, "review.signoff", {{"version", "v:1"}}, "p:ana", "validator");
            signOff.evidence = crypto::sha256(evidence);
            append(signOff, ana);
        }
    }
    std::string note() const { return signCheckpoint({checkpointOrigin(ledger()), head()}, admin()); }
    Bytes file(bool hasPicture = true) const { return fileWith({{3, middle}, {5, note()}}, hasPicture); }
    /// The writer is told these sizes, whatever the notes say.
    Bytes fileWith(const std::vector<std::pair<std::uint64_t, std::string>> &notes, bool hasPicture = true) const
    {
        Bytes bytes;
        LedgerFileWriter writer([&bytes](BytesView more) -> Status {
            bytes += more;
            return {};
        });
        std::map<Digest, Bytes> evidence{{crypto::sha256(table), table}};
        if (hasPicture)
            evidence[crypto::sha256(picture)] = picture;
        for (const auto &[digest, piece] : evidence)
            if (!writer.addEvidence(digest, "text/plain", piece))
                qFatal("evidence");
        for (const Bytes &entry : entries())
            if (!writer.addEntry(entry))
                qFatal("entry");
        for (const auto &[size, text] : notes)
            if (!writer.addCheckpoint(size, text))
                qFatal("checkpoint");
        if (!writer.finish())
            qFatal("end");
        return bytes;
    }
};

LedgerFileReader::Source from(const Bytes &bytes, std::size_t atOnce = 1000)
{
    return [&bytes, at = std::size_t(0), atOnce](std::size_t most) mutable -> Result<Bytes> {
        Bytes some = bytes.substr(at, std::min(most, atOnce));
        at += some.size();
        return some;
    };
}

ProofReport judged(const Bytes &file, const std::vector<std::string> &kept = {})
{
    LedgerFileReader reader(from(file));
    return verifyLedgerFile(reader, kept);
}

QString problems(const ProofReport &report)
{
    QStringList lines;
    for (const std::string &problem : report.problems)
        lines << QString::fromStdString(problem);
    return lines.join(QLatin1Char('\n'));
}

} // namespace

class LedgerFileTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsWrittenIsRead()
    {
        FiledLog log;
        const Bytes file = log.file();
        for (const std::size_t atOnce : {1, 7, 100'000}) {
            LedgerFileReader reader(from(file, atOnce));
            QString kinds;
            std::vector<Bytes> entries;
            for (;;) {
                const auto part = reader.next();
                QVERIFY2(part.ok(), part.ok() ? "" : part.error().text().c_str());
                kinds += QLatin1Char("VECZ"[static_cast<int>(part->kind)]);
                if (part->kind == LedgerFilePart::Kind::End)
                    break;
                if (part->kind == LedgerFilePart::Kind::Entry)
                    entries.push_back(part->bytes);
                if (part->kind == LedgerFilePart::Kind::Evidence)
                    QVERIFY(part->media == "text/plain" && part->digest == crypto::sha256(part->bytes));
            }
            QCOMPARE(kinds, QStringLiteral("VVEEEEECCZ"));
            QCOMPARE(entries, log.entries());
            QVERIFY(reader.next()->kind == LedgerFilePart::Kind::End);
        }
    }

    void anHonestFileIsValid()
    {
        FiledLog log;
        const ProofReport report = judged(log.file());
        QCOMPARE(problems(report), QString());
        QCOMPARE(report.worst, EntryState::Valid);
        QVERIFY(report.head == log.head() && report.ledger == log.ledger() && report.verdicts.size() == 5 &&
                !report.continues);
    }

    void everyFlippedBitIsFound()
    {
        FiledLog log;
        const Bytes file = log.file();
        for (std::size_t at = 0; at < file.size(); ++at) {
            Bytes changed = file;
            changed[at] = static_cast<char>(changed[at] ^ 1 << at % 8);
            const ProofReport report = judged(changed);
            // The media type says how to show evidence and is not signed.
            const bool isMedia = file.compare(at - std::min<std::size_t>(at, 9), 19, Bytes()) != 0 &&
                                 file.substr(at - std::min<std::size_t>(at, 9), 19).find("text/plain") != Bytes::npos;
            QVERIFY2(report.worst < EntryState::Flagged || isMedia, qPrintable(QString::number(at)));
        }
    }

    void everyCutIsFound()
    {
        FiledLog log;
        const Bytes file = log.file();
        for (std::size_t size = 0; size < file.size(); ++size)
            QVERIFY(judged(file.substr(0, size)).worst == EntryState::Invalid);
        QVERIFY(judged(file + "x").worst == EntryState::Invalid);
    }

    void missingEvidenceIsNamed()
    {
        FiledLog log;
        const ProofReport report = judged(log.file(false));
        QCOMPARE(report.worst, EntryState::EvidenceMissing);
        QVERIFY2(problems(report).startsWith(QStringLiteral("Entry 3: The evidence ")), qPrintable(problems(report)));
    }

    void aDisputedEntryIsOneVerdict()
    {
        FiledLog log;
        log.append("key.revoke",
                   revocationBody({KeyId::of(decodeEvent(decodeEntry(log.entries()[4])->payload)->actor.key.text()), 4,
                                   "stolen"}));
        Bytes file;
        LedgerFileWriter writer([&file](BytesView more) -> Status {
            file += more;
            return {};
        });
        for (const auto &piece : std::map<Digest, Bytes>{{crypto::sha256(log.table), log.table},
                                                         {crypto::sha256(log.picture), log.picture}})
            QVERIFY(writer.addEvidence(piece.first, "", piece.second).ok());
        for (const Bytes &entry : log.entries())
            QVERIFY(writer.addEntry(entry).ok());
        QVERIFY(writer.finish().ok());
        const ProofReport report = judged(file);
        QCOMPARE(report.worst, EntryState::Disputed);
        QCOMPARE(report.verdicts.size(), std::size_t(6));
        QCOMPARE(report.verdicts[4].state, EntryState::Disputed);
        QCOMPARE(report.verdicts[3].state, EntryState::Valid);
    }

    void aKeptCheckpointShowsWhatIsMissing()
    {
        FiledLog log;
        const Bytes file = log.file();
        const ProofReport fits = judged(file, {log.middle});
        QVERIFY2(fits.worst == EntryState::Valid && fits.continues && fits.continues->size == 3,
                 qPrintable(problems(fits)));
        LogMaker &longer = log;
        longer.append("model.register", {{"model", "m:1"}});
        QVERIFY(problems(judged(file, {log.note()})).contains(QStringLiteral("Its end is missing.")));
        const std::string other =
            signCheckpoint({checkpointOrigin(log.ledger()), {3, crypto::sha256("x")}}, log.admin());
        QVERIFY(problems(judged(file, {other})).contains(QStringLiteral("another history")));
        QVERIFY(problems(judged(file, {LogMaker(9).bundle({}, log.admin()).checkpoint}))
                    .contains(QStringLiteral("another ledger")));
        QVERIFY(problems(judged(file, {signCheckpoint({checkpointOrigin(log.ledger()), log.head()}, log.newKey())}))
                    .contains(QStringLiteral("not signed")));
        QVERIFY(problems(judged(file, {"nonsense"})).contains(QStringLiteral("not a checkpoint")));
    }

    void claimsAreNotBelieved()
    {
        const auto claim = [](char part, std::uint64_t size) {
            Bytes file(kLedgerFileBeginning);
            file += part;
            for (int shift = 56; shift >= 0; shift -= 8)
                file += static_cast<char>(size >> shift);
            return file;
        };
        QVERIFY(problems(judged(claim('V', std::uint64_t(1) << 32))).contains(QStringLiteral("cut off")));
        QVERIFY(problems(judged(claim('V', ~std::uint64_t(0)))).contains(QStringLiteral("longer than it may be")));
        QVERIFY(problems(judged(claim('E', 262'801))).contains(QStringLiteral("longer than it may be")));
        QVERIFY(problems(judged(claim('Q', 1))).contains(QStringLiteral("unknown")));
        QVERIFY(problems(judged(claim('V', 1) + "x")).contains(QStringLiteral("media type")));
    }

    void checkpointsInTheFileAreJudgedWhole()
    {
        FiledLog log;
        const auto laptop = log.newKey();
        log.enrol(laptop, "d:laptop", KeyClass::Device); // 5
        const auto fileWith = [&log](const std::string &first, const std::string &second = {}) {
            return second.empty() ? log.fileWith({{1, first}}) : log.fileWith({{1, first}, {2, second}});
        };
        const std::string note = log.note();
        QVERIFY2(judged(fileWith(log.middle, note)).problems.empty(),
                 qPrintable(problems(judged(fileWith(log.middle, note)))));
        QVERIFY(problems(judged(fileWith(note, log.middle))).contains(QStringLiteral("out of order")));
        QVERIFY(problems(judged(fileWith(note, note))).contains(QStringLiteral("out of order")));
        const std::string name = cosignerName(log.ledger(), DeviceId::of("d:laptop"));
        const auto time = fromMillis(1'795'500'000'000);
        QVERIFY(judged(fileWith(*cosign(note, name, laptop, time))).problems.empty());
        const std::string other = *cosign(log.middle, name, laptop, time);
        const std::string forged = note + other.substr(other.rfind("\u2014 "));
        QVERIFY(problems(judged(fileWith(forged))).contains(QStringLiteral("cosignature does not fit")));
        QVERIFY(problems(judged(fileWith(note), {forged})).contains(QStringLiteral("cosignature does not fit")));
    }

    void theKeyAskedForMustHaveSignedTheCheckpoints()
    {
        FiledLog log;
        const Bytes file = log.file();
        const auto judgedFor = [](const Bytes &bytes, const NoteKey &key) {
            LedgerFileReader reader(from(bytes));
            return verifyLedgerFile(reader, {}, key);
        };
        const std::string origin = checkpointOrigin(log.ledger());
        QCOMPARE(judgedFor(file, {origin, log.admin().publicKey()}).worst, EntryState::Valid);
        QCOMPARE(judgedFor(file, {origin, log.newKey().publicKey()}).worst, EntryState::Invalid);
        QCOMPARE(judgedFor(file, {"countersign/other", log.admin().publicKey()}).worst, EntryState::Invalid);
        Bytes bare(kLedgerFileBeginning);
        for (const Bytes &entry : log.entries())
            bare += "E" + bigEndian(entry.size(), 8) + entry;
        bare += "Z" + bigEndian(24, 8) + bigEndian(0, 8) + bigEndian(log.entries().size(), 8) + bigEndian(0, 8);
        QVERIFY(problems(judgedFor(bare, {origin, log.admin().publicKey()})).contains(QStringLiteral("no checkpoint")));
    }

    void partsKeepTheirOrder()
    {
        LedgerFileWriter writer([](BytesView) -> Status { return {}; });
        QVERIFY(writer.addEntry("entry").ok());
        QCOMPARE(writer.addEvidence(crypto::sha256("x"), "", "x").error().kind, ErrorKind::Conflict);
        QVERIFY(writer.addCheckpoint(5, "note").ok());
        QCOMPARE(writer.addCheckpoint(5, "note").error().kind, ErrorKind::Conflict);
        QVERIFY(writer.finish().ok());
        QCOMPARE(writer.finish().error().kind, ErrorKind::Conflict);
    }
};

QTEST_APPLESS_MAIN(LedgerFileTest)
#include "tst_ledgerfile.moc"
