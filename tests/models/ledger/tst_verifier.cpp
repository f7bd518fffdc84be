#include "models/ledger/verifier.h"
#include "tests/models/ledger/logmaker.h"

#include <QtTest/QtTest>

using namespace countersign;
using namespace countersign::ledger;

namespace {

struct Outcome {
    EntryState worst = EntryState::Valid;
    TreeHead head;
    std::vector<EntryVerdict> problems;

    /// "3 invalid 7" for every problem.
    QString text() const
    {
        QStringList lines;
        for (const EntryVerdict &verdict : problems)
            lines << QStringLiteral("%1 %2 %3").arg(verdict.seq).arg(QString::fromStdString(std::string(entryStateWord(verdict.state)))).arg(verdict.step);
        return lines.join(QStringLiteral("; "));
    }
};

Outcome verified(const std::vector<Bytes> &entries)
{
    Verifier verifier;
    verifier.add(0, entries);
    return {verifier.worst(), verifier.head(), verifier.problems()};
}

Outcome verified(const LogMaker &log) { return verified(log.entries()); }

json::Object about(const std::string &version) { return {{"decision", "approve"}, {"version", version}}; }

/// Genesis, a person's and a device's key, and a few events of each.
struct SmallLog : LogMaker {
    crypto::SigningKey ana = newKey();
    crypto::SigningKey laptop = newKey();

    SmallLog()
    {
        enrol(ana, "p:ana");
        enrol(laptop, "d:laptop", KeyClass::Device);
        addPerson("p:ana", "validator");
        append(byLaptop("import.commit", {{"import", "i:1"}}), laptop);
        append(byAna("review.signoff", about("v:1")), ana);
    }
    Event byAna(const std::string &kind, json::Object body) { return eventBy(ana, kind, std::move(body), "p:ana", "validator"); }
    Event byLaptop(const std::string &kind, json::Object body)
    {
        Event event = eventBy(laptop, kind, std::move(body), "p:ana", "device");
        event.actor.device = "d:laptop";
        return event;
    }
};

} // namespace

class VerifierTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anHonestLogIsValid()
    {
        SmallLog log;
        Verifier verifier;
        QStringList kinds;
        verifier.add(0, std::span(log.entries()).first(2), [&](const VerifiedEntry &entry, const EntryVerdict &verdict) {
            QCOMPARE(verdict.state, EntryState::Valid);
            kinds << QString::fromStdString(entry.event.kind);
        });
        verifier.add(2, std::span(log.entries()).subspan(2), [&](const VerifiedEntry &entry, const EntryVerdict &verdict) {
            QCOMPARE(verdict.state, EntryState::Valid);
            QCOMPARE(entry.seq, std::uint64_t(kinds.size()));
            QVERIFY(entry.leaf == log.leaves()[entry.seq] && entry.signers.size() == 1);
            kinds << QString::fromStdString(entry.event.kind);
        });
        QCOMPARE(kinds.join(QLatin1Char(' ')), QStringLiteral("ledger.genesis key.enroll key.enroll person.add import.commit review.signoff"));
        QVERIFY(verifier.problems().empty() && verifier.worst() == EntryState::Valid);
        QVERIFY(verifier.head() == log.head() && verifier.ledger() == log.ledger());
        QCOMPARE(verifier.keys().size(), std::size_t(3));
        QCOMPARE(verifier.keys().at(log.laptop.id()).owner, std::string("d:laptop"));
        QCOMPARE(verifier.keys().at(log.ana.id()).enrolledAt, std::uint64_t(1));
        QCOMPARE(verifier.signaturesChecked(), std::uint64_t(6));
    }

    void anEmptyLogIsValid()
    {
        QCOMPARE(verified(std::vector<Bytes>()).worst, EntryState::Valid);
        QVERIFY(verified(std::vector<Bytes>()).head == TreeHead({0, crypto::sha256("")}));
    }

    void everyFlippedByteIsFound()
    {
        SmallLog log;
        log.append(log.byAna("review.signoff", about("v:2"))  , log.ana); // the last entry's `seen` covers all before it
        const TreeHead honest = log.head();
        for (std::size_t i = 0; i < log.entries().size(); ++i)
            for (std::size_t at = 0; at < log.entries()[i].size(); at += i == 0 ? 7 : 3) {
                auto entries = log.entries();
                entries[i][at] = static_cast<char>(entries[i][at] ^ (1 << at % 8));
                const Outcome outcome = verified(entries);
                QVERIFY(outcome.head.root != honest.root);
                QVERIFY2(!outcome.problems.empty() && outcome.problems.front().seq == i && outcome.worst <= EntryState::UnknownNewer, qPrintable(outcome.text()));
            }
    }

    void rearrangedLogsAreFound_data()
    {
        QTest::addColumn<QString>("change");
        for (const char *change : {"swap", "drop", "repeat", "insert", "drop first"})
            QTest::newRow(change) << QString::fromLatin1(change);
    }
    void rearrangedLogsAreFound()
    {
        QFETCH(QString, change);
        SmallLog log;
        SmallLog other; // same bytes: another seed makes another ledger
        LogMaker foreign(99);
        auto &entries = log.entries();
        if (change == QStringLiteral("swap"))
            std::swap(entries[3], entries[4]);
        else if (change == QStringLiteral("drop"))
            entries.erase(entries.begin() + 3);
        else if (change == QStringLiteral("repeat"))
            entries.push_back(entries[5]);
        else if (change == QStringLiteral("insert"))
            entries.insert(entries.begin() + 4, foreign.entries()[0]);
        else
            entries.erase(entries.begin());
        const Outcome outcome = verified(entries);
        QCOMPARE(outcome.worst, EntryState::Invalid);
        if (change == QStringLiteral("repeat"))
            QCOMPARE(outcome.text(), QStringLiteral("6 invalid 5"));
        if (change == QStringLiteral("insert"))
            QCOMPARE(outcome.text(), QStringLiteral("4 invalid 4; 6 invalid 8"));
    }

    void entriesOfAnotherLedgerAreInvalid()
    {
        SmallLog log;
        Event event = log.byAna("review.signoff", about("v:1"));
        event.ledger = LedgerId::of("0000");
        log.append(event, log.ana);
        QCOMPARE(verified(log).text(), QStringLiteral("6 invalid 4"));
    }

    void anUnknownKeyIsInvalid()
    {
        SmallLog log;
        const auto stranger = log.newKey();
        log.append(log.eventBy(stranger, "review.signoff", about("v:1"), "p:ana", "validator"), stranger);
        QCOMPARE(verified(log).text(), QStringLiteral("6 invalid 6"));
    }

    void aKeySpeaksForItsOwnerOnly()
    {
        SmallLog log;
        log.append(log.eventBy(log.ana, "model.update", {{"model", "m:1"}}, "p:admin", "administrator"), log.ana);
        Event event = log.byAna("model.update", {{"model", "m:1"}});
        event.actor.key = log.admin().id();
        log.append(event, log.ana);
        event = log.byLaptop("import.undo", {{"import", "i:1"}});
        event.actor.device = "d:other";
        log.append(event, log.laptop);
        QCOMPARE(verified(log).text(), QStringLiteral("6 invalid 6; 7 invalid 6; 8 invalid 6"));
    }

    void aDeviceCannotSignForAPerson()
    {
        SmallLog log;
        for (const char *kind : {"review.signoff", "policy.set"})
            log.append(log.byLaptop(kind, about("v:1")), log.laptop);
        log.append(log.byLaptop("person.add", {{"person", "p:new"}, {"roles", json::Array{}}}), log.laptop);
        log.append(log.byLaptop("key.revoke", revocationBody({log.ana.id(), 3, "taken"})), log.laptop);
        log.append(log.byLaptop("import.undo", {{"import", "i:1"}}), log.laptop);
        QCOMPARE(verified(log).text(), QStringLiteral("6 invalid 6; 7 invalid 6; 8 invalid 6; 9 invalid 6"));
    }

    void aSignatureOfAnotherEventIsInvalid()
    {
        SmallLog log;
        Entry entry = *decodeEntry(*seal(log.byAna("review.signoff", about("v:3")), log.ana));
        entry.signatures[0].signature = decodeEntry(log.entries()[5])->signatures[0].signature;
        log.appendBytes(encodeEntry(entry));
        QCOMPARE(verified(log).text(), QStringLiteral("6 invalid 7"));
    }

    void everySignatureOfAnEntryCounts()
    {
        SmallLog log;
        const Bytes payload = *encodeEvent(log.byAna("review.signoff", about("v:1")));
        const Bytes message = preAuthenticationEncoding(kEventType, payload);
        const EntrySignature byAna{crypto::keyDigest(log.ana.publicKey()), log.ana.sign(message)};
        EntrySignature byAdmin{crypto::keyDigest(log.admin().publicKey()), log.admin().sign(message)};
        log.appendBytes(encodeEntry({payload, {byAna, byAdmin}}));
        QCOMPARE(verified(log).text(), QString());
        log.entries().back() = encodeEntry({payload, {byAdmin, byAna}}); // the actor signs first
        QCOMPARE(verified(log).text(), QStringLiteral("6 invalid 6"));
        log.entries().back() = encodeEntry({payload, {byAna, byAna}});
        QCOMPARE(verified(log).text(), QStringLiteral("6 invalid 6"));
        byAdmin.signature.bytes[3] ^= 1;
        log.entries().back() = encodeEntry({payload, {byAna, byAdmin}});
        QCOMPARE(verified(log).text(), QStringLiteral("6 invalid 7"));
    }

    void anEnrolmentMustBeProvenByTheNewKey()
    {
        SmallLog log;
        const auto key = log.newKey();
        Enrolment enrolment = enrolmentOf(key, KeyClass::Person, "p:bo", "seen", log.ledger());
        enrolment.owner = "p:eve"; // proof made for somebody else
        log.append("key.enroll", enrolmentBody(enrolment));
        log.append(log.eventBy(key, "review.signoff", about("v:1"), "p:eve", "validator"), key);
        log.append("key.enroll", enrolmentBody(enrolmentOf(key, KeyClass::Person, "p:bo", "seen", LedgerId::of("other"))));
        log.append("key.enroll", {{"key", "k:1"}});
        log.enrol(log.ana, "p:ana");
        QCOMPARE(verified(log).text(), QStringLiteral("6 invalid 6; 7 invalid 6; 8 invalid 6; 9 invalid 2; 10 invalid 6"));
    }

    void aForgedEnrolmentEnrolsNobody()
    {
        SmallLog log;
        const auto eve = log.newKey();
        Entry entry = *decodeEntry(*seal(log.event("key.enroll", enrolmentBody(enrolmentOf(eve, KeyClass::Person, "p:eve", "", log.ledger()))), log.admin()));
        entry.signatures[0].signature.bytes[0] ^= 1;
        log.appendBytes(encodeEntry(entry));
        log.append(log.eventBy(eve, "review.signoff", about("v:1"), "p:eve", "validator"), eve);
        QCOMPARE(verified(log).text(), QStringLiteral("6 invalid 7; 7 invalid 6"));
    }

    void aRevokedKeySignsNoMore()
    {
        SmallLog log;
        log.append(log.byAna("review.signoff", about("v:1")), log.ana);                     // 6, before
        log.append(log.byAna("review.signoff", about("v:2")), log.ana);                     // 7, in the window
        log.append("key.revoke", revocationBody({log.ana.id(), 7, "laptop stolen"}));       // 8
        log.append(log.byAna("review.signoff", about("v:3")), log.ana);                     // 9, after
        log.append("key.revoke", revocationBody({log.laptop.id(), 11, "sold"}));            // 10, from the next but one on
        log.append(log.byLaptop("import.undo", {{"import", "i:1"}}), log.laptop);           // 11
        log.append("key.revoke", revocationBody({KeyId::of("abc"), 0, "nobody's"}));        // 12
        QCOMPARE(verified(log).text(), QStringLiteral("7 disputed 6; 9 invalid 6; 11 invalid 6; 12 invalid 6"));

        // The same when the entry was judged in an earlier batch.
        Verifier verifier;
        for (std::size_t i = 0; i < log.entries().size(); ++i)
            verifier.add(i, std::span(log.entries()).subspan(i, 1));
        QCOMPARE((Outcome{verifier.worst(), verifier.head(), verifier.problems()}.text()), verified(log).text());
        QCOMPARE(*verifier.keys().at(log.ana.id()).revokedFrom, std::uint64_t(7));
    }

    void aForgedEntryIsNotMerelyDisputed()
    {
        SmallLog log;
        Entry entry = *decodeEntry(*seal(log.byAna("review.signoff", about("v:2")), log.ana));
        entry.signatures[0].signature.bytes[1] ^= 1;
        log.appendBytes(encodeEntry(entry));
        log.append("key.revoke", revocationBody({log.ana.id(), 5, "lost"}));
        QCOMPARE(verified(log).text(), QStringLiteral("5 disputed 6; 6 invalid 7"));
    }

    void whatTheSignerSawMustBeThePast()
    {
        SmallLog log;
        Event event = log.byAna("review.signoff", about("v:1"));
        event.seen.size = 5; // with the root of six
        log.append(event, log.ana);
        event = log.byAna("review.signoff", about("v:1"));
        event.seen = {8, log.head().root};
        log.append(event, log.ana);
        event = log.byAna("review.signoff", about("v:1"));
        event.seen = {0, crypto::sha256("")}; // seen nothing: allowed, it testifies to nothing
        log.append(event, log.ana);
        event = log.byAna("review.signoff", about("v:1"));
        event.seen = {3, rootOf(std::span(log.leaves()).first(3))}; // lags behind: allowed
        log.append(event, log.ana);
        QCOMPARE(verified(log).text(), QStringLiteral("6 invalid 8; 7 invalid 8"));
    }

    void anExpectedHeadMustBeTheSubjectsLatest()
    {
        SmallLog log;
        const Event first = log.byAna("version.register", {{"version", "v:9"}});
        Event event = first;
        event.expects = Expectation{"v:9", ""};
        log.append(event, log.ana); // 6
        event = log.byAna("review.signoff", about("v:9"));
        event.expects = Expectation{"v:9", "e:" + first.id};
        const Event stale = event;
        log.append(event, log.ana); // 7
        event = log.byAna("review.signoff", about("v:9"));
        event.expects = stale.expects;
        log.append(event, log.ana); // 8: 7 came in between
        event = log.byAna("version.update", {{"version", "v:10"}});
        event.expects = Expectation{"v:10", "e:" + first.id};
        log.append(event, log.ana); // 9: there was none
        QCOMPARE(verified(log).text(), QStringLiteral("8 invalid 9; 9 invalid 9"));
    }

    void newerEventsAreNeitherValidNorInvalid()
    {
        SmallLog log;
        log.append("model.retire", {{"model", "m:1"}});
        Entry entry = *decodeEntry(*seal(log.event("model.update", {{"model", "m:1"}}), log.admin()));
        entry.payload.replace(entry.payload.size() - 2, 1, "2");
        log.appendBytes(encodeEntry(entry));
        log.append("model.update", {{"model", "m:1"}});
        const Outcome outcome = verified(log);
        QCOMPARE(outcome.text(), QStringLiteral("6 unknown-newer 3; 7 unknown-newer 3"));
        QCOMPARE(outcome.worst, EntryState::UnknownNewer);
    }

    void evidenceIsAskedFor()
    {
        SmallLog log;
        for (const char *name : {"stored", "gone", "stored"}) {
            Event event = log.byAna("review.signoff", about("v:1"));
            event.evidence = crypto::sha256(name);
            log.append(event, log.ana);
        }
        Verifier verifier;
        verifier.checkEvidence([](const Digest &digest) { return digest == crypto::sha256("stored"); });
        verifier.add(0, log.entries());
        QCOMPARE((Outcome{verifier.worst(), verifier.head(), verifier.problems()}.text()), QStringLiteral("7 evidence-missing 11"));
        QCOMPARE(verified(log).text(), QString()); // nobody to ask
    }

    void aClockThatRunsBackwardsIsFlagged()
    {
        SmallLog log;
        const auto at = [&log](Event event, std::chrono::seconds shift) {
            event.time += shift;
            return event;
        };
        log.append(at(log.byAna("review.signoff", about("v:1")), std::chrono::hours(1)), log.ana);
        log.append(at(log.byAna("review.signoff", about("v:1")), std::chrono::minutes(59)), log.ana); // 61 s back: tolerated
        log.append(at(log.byAna("review.signoff", about("v:1")), std::chrono::minutes(50)), log.ana);
        log.append(log.byLaptop("import.undo", {{"import", "i:1"}}), log.laptop); // another device
        const Outcome outcome = verified(log);
        QCOMPARE(outcome.text(), QStringLiteral("8 valid-flagged 12"));
        QCOMPARE(outcome.worst, EntryState::Flagged);
    }

    void aTimeCountsOnlyWhenItsEntryPassedAtItsPlace()
    {
        SmallLog log;
        Event early = log.byAna("review.signoff", about("v:1")); // 6, on the laptop; lacks its evidence, and is disputed later
        early.actor.device = "d:laptop";
        early.time += std::chrono::hours(1);
        early.evidence = crypto::sha256("lost");
        log.append(early, log.ana);
        log.append(log.byLaptop("import.commit", {{"import", "i:2"}}), log.laptop); // 7, before the time that 6 claims
        log.append("key.revoke", revocationBody({log.ana.id(), 6, "lost"}));
        for (const std::size_t atOnce : {std::size_t(1), log.entries().size()}) {
            Verifier verifier;
            verifier.checkEvidence([](const Digest &) { return false; });
            for (std::size_t i = 0; i < log.entries().size(); i += atOnce)
                verifier.add(i, std::span(log.entries()).subspan(i, atOnce));
            QCOMPARE((Outcome{verifier.worst(), verifier.head(), verifier.problems()}.text()), QStringLiteral("6 disputed 6"));
        }
    }

    void aLogBeginsWithAnHonestGenesis()
    {
        LogMaker log;
        Entry entry = *decodeEntry(log.entries()[0]);
        const auto with = [](const Entry &altered) { return verified(std::vector<Bytes>{encodeEntry(altered)}).text(); };
        QCOMPARE(with(entry), QString());
        Entry forged = entry;
        forged.signatures[0].signature.bytes[0] ^= 1;
        QCOMPARE(with(forged), QStringLiteral("0 invalid 7"));
        forged = entry;
        forged.signatures[0].key.bytes[0] ^= 1;
        QCOMPARE(with(forged), QStringLiteral("0 invalid 6"));
        Event event = *decodeEvent(entry.payload);
        event.body.set("sample", 1);
        QCOMPARE(verified(std::vector<Bytes>{*seal(event, log.admin())}).text(), QStringLiteral("0 invalid 2"));
        event = *decodeEvent(entry.payload);
        event.actor.person = PersonId::of("eve");
        QCOMPARE(verified(std::vector<Bytes>{*seal(event, log.admin())}).text(), QStringLiteral("0 invalid 6"));
        QCOMPARE(verified(std::vector<Bytes>{"CSG1"}).text(), QStringLiteral("0 invalid 1"));
        log.append(*decodeEvent(entry.payload));
        QCOMPARE(verified(log).text(), QStringLiteral("1 invalid 4"));
    }

    void entriesMustBeFedInOrder()
    {
        SmallLog log;
        Verifier verifier;
        verifier.add(0, std::span(log.entries()).first(2));
        verifier.add(3, std::span(log.entries()).subspan(3));
        QCOMPARE(verifier.worst(), EntryState::Invalid);
        QCOMPARE(verifier.head().size, std::uint64_t(2));
    }

    void hostileEntriesNeverCrash()
    {
        SmallLog log;
        SeededRandomness randomness(431);
        std::size_t found = 0;
        for (int round = 0; round < 300; ++round) {
            auto entries = log.entries();
            for (Bytes &entry : entries)
                for (std::uint64_t i = randomness.next() % 3; i > 0; --i) {
                    const std::size_t at = randomness.next() % entry.size();
                    if (randomness.next() % 2)
                        entry[at] = static_cast<char>(randomness.next());
                    else
                        entry.erase(at, randomness.next() % 50);
                    if (entry.empty())
                        entry = "C";
                }
            // A thousand copies of one log are one hostile log.
            std::vector<Bytes> all;
            for (int copy = 0; copy < 6; ++copy)
                all.insert(all.end(), entries.begin(), entries.end());
            found += verified(all).problems.size();
        }
        QVERIFY(found > 300);
    }

    void oneBatchOrManyGiveTheSameVerdicts()
    {
        SmallLog log;
        for (int i = 0; i < 5000; ++i) {
            if (i % 1000 == 999) {
                Entry entry = *decodeEntry(*seal(log.byAna("review.signoff", about("v:1")), log.ana));
                entry.signatures[0].signature.bytes[5] ^= 1;
                log.appendBytes(encodeEntry(entry));
            } else {
                log.append(i % 3 ? log.byAna("review.signoff", about("v:" + std::to_string(i % 50))) : log.byLaptop("run.record", about("v:2")), i % 3 ? log.ana : log.laptop);
            }
        }
        Verifier whole;
        QElapsedTimer timer;
        timer.start();
        whole.add(0, log.entries());
        const double seconds = static_cast<double>(timer.nsecsElapsed()) / 1e9;
        qInfo("%.0f entries/s of %zu bytes with signatures", static_cast<double>(log.entries().size()) / seconds, log.entries().back().size());
        Verifier pieces;
        std::uint64_t fed = 0;
        for (std::size_t size = 1; fed < log.entries().size(); size = size * 2 + 1) {
            const auto piece = std::span(log.entries()).subspan(fed, std::min<std::size_t>(size, log.entries().size() - fed));
            pieces.add(fed, piece);
            fed += piece.size();
        }
        QVERIFY(whole.head() == pieces.head() && whole.head() == log.head());
        QCOMPARE(whole.problems().size(), std::size_t(5));
        QCOMPARE(pieces.problems().size(), std::size_t(5));
        for (std::size_t i = 0; i < 5; ++i)
            QVERIFY(whole.problems()[i].seq == pieces.problems()[i].seq && whole.problems()[i].step == 7 && pieces.problems()[i].step == 7);
    }

    void feedingGivesTheSameVerdictsAndAcceptsInOrder()
    {
        // Long enough that several batches are in work at a time; a revocation reaches back over all of them.
        SmallLog log;
        while (log.entries().size() < 9000) {
            if (log.entries().size() % 1500 == 1499) {
                Entry entry = *decodeEntry(*seal(log.byAna("review.signoff", about("v:1")), log.ana));
                entry.signatures[0].signature.bytes[9] ^= 4;
                log.appendBytes(encodeEntry(entry));
            } else {
                log.append(log.byAna("review.signoff", about("v:" + std::to_string(log.entries().size() % 50))), log.ana);
            }
        }
        log.append("key.revoke", revocationBody({log.ana.id(), 4000, "lost"}));
        log.append(log.byAna("review.signoff", about("v:1")), log.ana);

        std::uint64_t next = 0;
        bool isOrdered = true;
        const auto accept = [&](const VerifiedEntry &entry, const EntryVerdict &verdict) {
            isOrdered = isOrdered && entry.seq == next && verdict.seq == next;
            ++next;
        };
        Verifier fed;
        for (std::uint64_t at = 0; at < log.entries().size();) {
            const auto piece = std::span(log.entries()).subspan(at, std::min<std::size_t>(700, log.entries().size() - at));
            fed.feed(at, std::vector<Bytes>(piece.begin(), piece.end()), accept);
            at += piece.size();
        }
        fed.finish(accept);
        QVERIFY(isOrdered);
        QCOMPARE(next, std::uint64_t(log.entries().size()));
        const Outcome all = verified(log);
        QVERIFY(all.text().contains(QStringLiteral("1499 invalid 7")) && all.text().contains(QStringLiteral("4000 disputed 6")) && all.text().contains(QStringLiteral("4499 invalid 7")));
        QCOMPARE((Outcome{fed.worst(), fed.head(), fed.problems()}.text()), all.text());
        QVERIFY(fed.head() == log.head());
        QVERIFY(fed.rootAt(4321) == rootOf(std::span(log.leaves()).first(4321)));
    }

    void aGapInWhatIsFedIsNoted()
    {
        SmallLog log;
        Verifier verifier;
        verifier.feed(0, {log.entries().begin(), log.entries().begin() + 2});
        verifier.feed(3, {log.entries().begin() + 3, log.entries().end()});
        verifier.finish();
        QCOMPARE((Outcome{verifier.worst(), verifier.head(), verifier.problems()}.text()), QStringLiteral("3 invalid 1"));
        QCOMPARE(verifier.head().size, std::uint64_t(2));
    }

    void aVerifierMayGoWhileItsSignaturesAreBeingChecked()
    {
        SmallLog log;
        while (log.entries().size() < 3000)
            log.append(log.byAna("review.signoff", about("v:1")), log.ana);
        int accepted = 0;
        {
            Verifier verifier;
            verifier.feed(0, log.entries(), [&](const VerifiedEntry &, const EntryVerdict &) { ++accepted; });
        }
        QVERIFY(accepted <= 3000);
    }
};

QTEST_APPLESS_MAIN(VerifierTest)
#include "tst_verifier.moc"
