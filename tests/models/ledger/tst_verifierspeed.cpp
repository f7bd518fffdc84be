#include "models/ledger/verifier.h"
#include "tests/models/ledger/logmaker.h"

#include <QtTest/QtTest>

using namespace countersign;
using namespace countersign::ledger;

/// How long it takes to verify a long log from its first byte. Prints the figures; fails only when something is an order of magnitude off.
class VerifierSpeedTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void verifiesALongLog()
    {
#ifdef NDEBUG
        constexpr std::size_t count = 100'000;
#else
        constexpr std::size_t count = 10'000; // unoptimised: the same work, less of it
#endif
        LogMaker log;
        const auto ana = log.newKey();
        log.addPerson("p:ana", "validator");
        log.enrol(ana, "p:ana");
        while (log.entries().size() < count) {
            const json::Object body{{"bundle", "b:7f"}, {"comment", "All limits hold; the Größenklasse memo explains section 4."}, {"decision", "approve"},
                                    {"meaning", "I reviewed the evidence and approve use as stated"}, {"version", "v:" + std::to_string(log.entries().size() % 500)}};
            log.append(log.eventBy(ana, "review.signoff", body, "p:ana", "validator"), ana);
        }
        QElapsedTimer timer;
        timer.start();
        Verifier verifier;
        verifier.add(0, log.entries());
        const double seconds = static_cast<double>(timer.nsecsElapsed()) / 1e9;
        QCOMPARE(verifier.worst(), EntryState::Valid);
        QVERIFY(verifier.head() == log.head());
        QCOMPARE(verifier.signaturesChecked(), std::uint64_t(count));
        qInfo("%zu entries of %zu bytes: %.2f s, %.0f entries/s on %u cores", count, log.entries().back().size(), seconds, static_cast<double>(count) / seconds,
              std::thread::hardware_concurrency());
        QVERIFY(static_cast<double>(count) / seconds > 1000);
    }
};

QTEST_APPLESS_MAIN(VerifierSpeedTest)
#include "tst_verifierspeed.moc"
