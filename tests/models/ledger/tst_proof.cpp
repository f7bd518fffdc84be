#include "tests/models/ledger/logmaker.h"

#include <QtTest/QtTest>

using namespace countersign;
using namespace countersign::ledger;

namespace {

json::Object about(const std::string &version) { return {{"decision", "approve"}, {"version", version}}; }

/// Genesis 0, Ana's key 1, noise, her sign-off 5 on evidence, more noise; 12 entries.
struct ReviewedLog : LogMaker {
    crypto::SigningKey ana = newKey();
    Bytes evidence = "what Ana saw";

    ReviewedLog()
    {
        enrol(ana, "p:ana");
        while (entries().size() < 5)
            append("model.update", {{"model", "m:1"}});
        Event event = byAna("review.signoff", about("v:1"));
        event.evidence = crypto::sha256(evidence);
        append(event, ana);
        while (entries().size() < 12)
            append("model.update", {{"model", "m:1"}});
    }
    Event byAna(const std::string &kind, json::Object body) { return eventBy(ana, kind, std::move(body), "p:ana", "validator"); }
    ProofBundle proof(const std::vector<std::uint64_t> &numbers = {0, 1, 5})
    {
        ProofBundle made = bundle(numbers, admin());
        made.evidence.push_back({crypto::sha256(evidence), "application/json", evidence});
        return made;
    }
};

QString verdictsOf(const ProofReport &report)
{
    QStringList words;
    for (const EntryVerdict &verdict : report.verdicts)
        words << QStringLiteral("%1 %2 %3").arg(verdict.seq).arg(QString::fromStdString(std::string(entryStateWord(verdict.state)))).arg(verdict.step);
    return words.join(QStringLiteral("; "));
}

} // namespace

class ProofTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anHonestBundleProvesItsEntries()
    {
        ReviewedLog log;
        const auto bundle = decodeProof(*encodeProof(log.proof()));
        QVERIFY2(bundle.ok(), bundle.ok() ? "" : bundle.error().text().c_str());
        const ProofReport report = verifyProof(*bundle);
        QCOMPARE(verdictsOf(report), QStringLiteral("0 valid 0; 1 valid 0; 5 valid 0"));
        QVERIFY2(report.problems.empty(), report.problems.empty() ? "" : report.problems[0].c_str());
        QCOMPARE(report.worst, EntryState::Valid);
        QVERIFY(report.head == log.head() && report.ledger == log.ledger());
        QVERIFY(std::ranges::any_of(report.facts, [](const std::string &fact) { return fact.starts_with("Entry 5: review.signoff by Somebody (validator) at 20"); }));
        QVERIFY(std::ranges::any_of(report.facts, [](const std::string &fact) { return fact.starts_with("The checkpoint over 12 entries"); }));
    }

    void itIsWrittenInOneWayOnly()
    {
        ReviewedLog log;
        const Bytes bytes = *encodeProof(log.proof());
        QVERIFY(*encodeProof(*decodeProof(bytes)) == bytes);
        QVERIFY(!decodeProof(bytes + "\n").ok());
        QVERIFY(!decodeProof("").ok());
        QVERIFY(!decodeProof("{}").ok());
        Bytes newer = bytes;
        newer.replace(newer.find("countersign.proof/1"), 19, "countersign.proof/3");
        QCOMPARE(decodeProof(newer).error().kind, ErrorKind::Unsupported);
    }

    void missingFoundationsAreNamed()
    {
        ReviewedLog log;
        QCOMPARE(verdictsOf(verifyProof(log.proof({1, 5}))), QStringLiteral("1 invalid 6; 5 invalid 6"));
        QCOMPARE(verdictsOf(verifyProof(log.proof({0, 5}))), QStringLiteral("0 valid 0; 5 invalid 6"));
        const ProofReport reversed = verifyProof(log.proof({0, 5, 1}));
        QCOMPARE(reversed.worst, EntryState::Invalid);
        QCOMPARE(verifyProof(log.proof({0, 1, 1})).worst, EntryState::Invalid);
        QCOMPARE(verifyProof(ProofBundle()).worst, EntryState::Invalid);
    }

    void anEntryMustStandInTheTree()
    {
        ReviewedLog log;
        ProofBundle bundle = log.proof();
        bundle.items[2].path[1].bytes[0] ^= 1;
        QCOMPARE(verdictsOf(verifyProof(bundle)), QStringLiteral("0 valid 0; 1 valid 0; 5 invalid 13"));
        bundle = log.proof();
        bundle.items[2].seq = 6; // rightly signed, elsewhere
        QCOMPARE(verdictsOf(verifyProof(bundle)), QStringLiteral("0 valid 0; 1 valid 0; 6 invalid 13"));
        bundle = log.proof();
        bundle.items[2].entry = *seal(log.byAna("review.signoff", about("v:9")), log.ana); // signed, never logged
        QVERIFY(verdictsOf(verifyProof(bundle)).endsWith(QStringLiteral("5 invalid 8"))); // it claims to have seen twelve entries
    }

    void theCheckpointMustBeOfTheLedgersOwnKeys()
    {
        ReviewedLog log;
        ProofBundle bundle = log.proof();
        bundle.checkpoint = signCheckpoint({checkpointOrigin(log.ledger()), log.head()}, log.newKey());
        QCOMPARE(verifyProof(bundle).worst, EntryState::Invalid);
        bundle.checkpoint = signCheckpoint({"countersign/other", log.head()}, log.admin());
        QCOMPARE(verifyProof(bundle).worst, EntryState::Invalid);
        bundle.checkpoint = "nothing";
        const ProofReport report = verifyProof(bundle);
        QCOMPARE(report.worst, EntryState::Invalid);
        QVERIFY(!report.problems.empty() && report.verdicts.empty()); // every entry's place rests on it
    }

    void aForgedCosignatureSpoilsEitherCheckpoint()
    {
        ReviewedLog log;
        const auto laptop = log.newKey();
        const auto enrolment = log.enrol(laptop, "d:laptop", KeyClass::Device);
        ProofBundle bundle = log.proof({0, 1, 5, enrolment});
        const auto cosigned = [&](const std::string &note, const std::string &text) {
            return *mergeSignatures(note, *cosign(text, cosignerName(log.ledger(), DeviceId::of("d:laptop")), laptop, fromMillis(1'795'500'000'000)));
        };
        const std::string note = bundle.checkpoint;
        bundle.earlier = ProofBundle::Earlier{cosigned(note, note), {}};
        bundle.checkpoint = cosigned(note, note);
        QCOMPARE(verifyProof(bundle).worst, EntryState::Valid);
        // The line of another note, put under this one.
        const std::string other = signCheckpoint({checkpointOrigin(log.ledger()), {3, crypto::sha256("x")}}, log.admin());
        std::string line = cosigned(other, other);
        line = line.substr(line.rfind("\u2014 "));
        bundle.checkpoint = note + line;
        QCOMPARE(verifyProof(bundle).worst, EntryState::Invalid);
        bundle.checkpoint = note;
        bundle.earlier->checkpoint = note + line;
        QCOMPARE(verifyProof(bundle).worst, EntryState::Invalid);
    }

    void aBundleOfAnotherLedgerIsNotThisOne()
    {
        ReviewedLog log;
        LogMaker other(7);
        ProofBundle bundle = log.proof();
        bundle.ledger = other.ledger();
        QCOMPARE(verdictsOf(verifyProof(bundle)), QStringLiteral("0 invalid 4; 1 invalid 4; 5 invalid 4"));
    }

    void evidenceMustBeWhatWasSigned()
    {
        ReviewedLog log;
        ProofBundle bundle = log.proof();
        bundle.evidence[0].bytes += "!";
        const ProofReport altered = verifyProof(bundle);
        QCOMPARE(altered.worst, EntryState::EvidenceMissing);
        QCOMPARE(verdictsOf(altered), QStringLiteral("0 valid 0; 1 valid 0; 5 evidence-missing 11"));
        bundle.evidence.push_back({crypto::sha256(log.evidence), "application/json", log.evidence}); // the right one beside it does not help
        QCOMPARE(verdictsOf(verifyProof(bundle)), verdictsOf(altered));
        bundle.evidence.clear();
        const ProofReport without = verifyProof(bundle);
        QCOMPARE(without.worst, EntryState::Valid);
        QVERIFY(std::ranges::any_of(without.facts, [](const std::string &fact) { return fact.find("does not include") != std::string::npos; }));
    }

    void aRevocationInTheBundleCounts()
    {
        ReviewedLog log;
        const auto revocation = log.append("key.revoke", revocationBody({log.ana.id(), 5, "lost"}));
        const auto late = log.append(log.byAna("review.signoff", about("v:2")), log.ana);
        const QString verdicts = QStringLiteral("0 valid 0; 1 valid 0; 5 disputed 6; 12 valid 0; 13 invalid 6");
        ProofBundle bundle = log.proof({0, 1, 5, revocation, late});
        QCOMPARE(verdictsOf(verifyProof(bundle)), verdicts);
        bundle.evidence[0].bytes += "!"; // the key comes before the evidence
        QCOMPARE(verdictsOf(verifyProof(bundle)), verdicts);
    }

    void noByteOfABundleCanBeChangedUnnoticed()
    {
        ReviewedLog log;
        const Bytes bytes = *encodeProof(log.proof());
        for (std::size_t at = 0; at < bytes.size(); at += 2) {
            Bytes altered = bytes;
            altered[at] = static_cast<char>(altered[at] ^ (at % 4 ? 1 : 2));
            const auto bundle = decodeProof(altered);
            if (!bundle)
                continue;
            const ProofReport report = verifyProof(*bundle);
            const bool isMediaType = bundle->evidence[0].media != "application/json"; // says how to show it; not signed
            QVERIFY2(report.worst < EntryState::Flagged || isMediaType, qPrintable(QString::number(at)));
        }
    }

    void mutatedBundlesNeverPassNorCrash()
    {
        ReviewedLog log;
        SeededRandomness randomness(42);
        const Bytes bytes = *encodeProof(log.proof({0, 1, 5, 6}));
        int decoded = 0;
        for (int round = 0; round < 6000; ++round) {
            Bytes altered = bytes;
            for (std::uint64_t i = 0; i <= randomness.next() % 3; ++i) {
                const std::size_t at = randomness.next() % altered.size();
                constexpr std::string_view alphabet = "ABCabc0123+/=\"[]{},:\\";
                if (randomness.next() % 3)
                    altered[at] = alphabet[randomness.next() % alphabet.size()];
                else
                    altered.replace(at, randomness.next() % 100, altered.substr(randomness.next() % altered.size(), randomness.next() % 100));
            }
            const auto bundle = decodeProof(altered);
            if (!bundle || altered == bytes)
                continue;
            ++decoded;
            const bool isMediaOnly = bundle->evidence.size() == 1 && bundle->evidence[0].media != "application/json";
            QVERIFY(verifyProof(*bundle).worst < EntryState::Flagged || isMediaOnly);
        }
        QVERIFY(decoded > 100);
    }

    void aBundleShowsThatALedgerContinues()
    {
        ReviewedLog log;
        ProofBundle bundle = log.proof();
        for (const std::uint64_t size : {std::uint64_t(1), std::uint64_t(4), std::uint64_t(6), log.head().size}) {
            const auto leaves = std::span(log.leaves()).first(size);
            const Checkpoint before{checkpointOrigin(log.ledger()), {size, rootOf(leaves)}};
            bundle.earlier = ProofBundle::Earlier{signCheckpoint(before, log.admin()), consistencyProof(log.leaves(), size)};
            const ProofReport report = verifyProof(*decodeProof(*encodeProof(bundle)));
            QVERIFY2(report.worst == EntryState::Valid && report.continues == before.head, report.problems.empty() ? "" : report.problems.front().c_str());
            // Another past.
            bundle.earlier->checkpoint = signCheckpoint({before.origin, {size, crypto::sha256("x")}}, log.admin());
            QCOMPARE(verifyProof(bundle).worst, EntryState::Invalid);
            QVERIFY(!verifyProof(bundle).continues);
            // Another signer, another ledger, no checkpoint at all.
            bundle.earlier->checkpoint = signCheckpoint(before, log.newKey());
            QCOMPARE(verifyProof(bundle).worst, EntryState::Invalid);
            bundle.earlier->checkpoint = signCheckpoint({"countersign/other", before.head}, log.admin());
            QCOMPARE(verifyProof(bundle).worst, EntryState::Invalid);
            bundle.earlier->checkpoint = "nothing";
            QCOMPARE(verifyProof(bundle).worst, EntryState::Invalid);
        }
    }

    void aBundleNamesWhoCosigned()
    {
        ReviewedLog log;
        const auto laptop = log.newKey();
        const std::uint64_t enrolled = log.enrol(laptop, "d:laptop-2", KeyClass::Device);
        ProofBundle bundle = log.bundle({0, enrolled}, log.admin());
        const std::string name = cosignerName(log.ledger(), DeviceId::of("laptop-2"));
        bundle.checkpoint = *cosign(bundle.checkpoint, name, laptop, fromMillis(1'795'500'000'000));
        const ProofReport report = verifyProof(bundle);
        QCOMPARE(report.worst, EntryState::Valid);
        QCOMPARE(report.cosigners, std::vector<std::string>{"d:laptop-2"});
        const auto note = signCheckpoint({checkpointOrigin(log.ledger()), {1, log.leaves()[0]}}, log.admin()); // its lines under another text
        const std::string other = *cosign(note, name, laptop, fromMillis(1'795'500'000'000));
        bundle.checkpoint = log.bundle({}, log.admin()).checkpoint + other.substr(other.rfind("\u2014"));
        QCOMPARE(verifyProof(bundle).worst, EntryState::Invalid);
    }
};

QTEST_APPLESS_MAIN(ProofTest)
#include "tst_proof.moc"
