#include "tests/journeys/cli/office.h"
#include "tests/support/testdatabases.h"

#include <QtTest>

using namespace countersign;
using namespace countersign::test;

/// `key …`: keys are enrolled, confirmed by reading eight words, replaced and revoked; whoever may not is told so.
class CliKeysTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aKeysLife_data() { forEachBackend(); }
    void aKeysLife()
    {
        QFETCH(QString, backend);
        const TemporaryFolder folder;
        const Office office(folder, QString::fromStdString(freshDatabase(backend, folder)));
        COMPARE_EXIT(office.init(), 0);
        const auto alone = office.run(QStringLiteral("key|policy"));
        COMPARE_EXIT(alone, 0);
        QVERIFY2(alone.out.contains("once there are two") && alone.err.contains("one administrator"),
                 alone.out + alone.err);
        const auto verified = office.run(QStringLiteral("verify"));
        COMPARE_EXIT(verified, 0);
        QVERIFY2((verified.out + verified.err).contains("This workspace has one administrator"),
                 verified.out + verified.err);

        COMPARE_EXIT(office.as(QStringLiteral("aruiz"),
                               QStringLiteral("person|add|Bea Sample|--role|administrator|--login|bea|--no-input")),
                     0);
        COMPARE_EXIT(office.as(QStringLiteral("aruiz"),
                               QStringLiteral("person|add|Cid Sample|--role|validator|--login|cid|--no-input")),
                     0);
        const auto first = office.enrol(QStringLiteral("aruiz"), QStringLiteral("bea"));
        COMPARE_EXIT(first, 0);
        QCOMPARE(Office::text(Office::keyIn(first), "state"),
                 QStringLiteral("inUse")); // Ana is the only administrator with a key

        const auto proposed = office.enrol(QStringLiteral("aruiz"), QStringLiteral("cid"));
        COMPARE_EXIT(proposed, 0);
        const auto key = Office::keyIn(proposed);
        QCOMPARE(Office::text(key, "state"), QStringLiteral("awaiting"));
        const QString words = Office::text(key, "words");
        QCOMPARE(words.split(QLatin1Char(' ')).size(), 8);
        COMPARE_EXIT(office.as(QStringLiteral("cid"), QStringLiteral("key|unlock-test")), 4);
        const QString confirm = QStringLiteral("key|confirm|cid|--identity|on the telephone|--words|");
        COMPARE_EXIT(office.as(QStringLiteral("aruiz"), confirm + words), 4); // her own proposal
        COMPARE_EXIT(office.as(QStringLiteral("bea"), confirm + QStringLiteral("baguz ") + words.mid(6)),
                     2); // other words
        COMPARE_EXIT(office.as(QStringLiteral("bea"), QStringLiteral("key|confirm|cid|--words|") + words),
                     2); // nothing said of how
        COMPARE_EXIT(office.as(QStringLiteral("bea"), confirm + words.toUpper()), 0);
        const auto opens = office.as(QStringLiteral("cid"), QStringLiteral("key|unlock-test"));
        COMPARE_EXIT(opens, 0);
        QVERIFY2(opens.out.contains(words.toUtf8()), opens.out.constData());

        // Replaced by its owner, then found to have been copied: what it signed since is disputed, and verify says so.
        office.write(QStringLiteral("next.pass"), "cid's next passphrase\n");
        const auto next = office.as(QStringLiteral("cid"), QStringLiteral("key|rotate|--json|--new-passphrase-file|") +
                                                               office.path(QStringLiteral("next.pass")));
        COMPARE_EXIT(next, 0);
        QCOMPARE(Office::text(Office::keyIn(next), "replaces"), Office::text(key, "key"));
        COMPARE_EXIT(office.as(QStringLiteral("cid"), QStringLiteral("key|unlock-test")), 4); // the old passphrase
        COMPARE_EXIT(office.run(QStringLiteral("verify")), 0);
        const QString fingerprint = Office::text(key, "fingerprint");
        COMPARE_EXIT(
            office.as(QStringLiteral("bea"), QStringLiteral("key|revoke|%1|--since|2020-01-01").arg(fingerprint)),
            2); // no reason
        COMPARE_EXIT(
            office.as(QStringLiteral("bea"), QStringLiteral("key|revoke|%1|--person|cid|--reason|x").arg(fingerprint)),
            2);
        COMPARE_EXIT(office.as(QStringLiteral("bea"),
                               QStringLiteral("key|revoke|%1|--reason|copied|--from-entry|99999").arg(fingerprint)),
                     2);
        const auto revoked = office.as(
            QStringLiteral("bea"),
            QStringLiteral("key|revoke|%1|--reason|copied from a backup|--since|2020-01-01|--json").arg(fingerprint));
        COMPARE_EXIT(revoked, 0);
        QCOMPARE(Office::text(Office::keyIn(revoked), "state"), QStringLiteral("revoked"));
        QCOMPARE(*Office::keyIn(revoked).integer("revokedFrom"), std::int64_t(0));
        QVERIFY(*Office::keyIn(revoked).integer("disputedTo") > 0);
        const auto disputed = office.run(QStringLiteral("verify"));
        COMPARE_EXIT(disputed, 3);
        QVERIFY2(disputed.out.contains("disputed"), disputed.out.constData());

        const auto list = office.run(QStringLiteral("key|list"));
        COMPARE_EXIT(list, 0);
        for (const char *told : {"revoked from entry 0 on: copied from a backup", "signs since entry", "a computer",
                                 "Bea Sample", "entries 0 to"})
            QVERIFY2(list.out.contains(told), list.out.constData());
        const auto ofOne = office.run(QStringLiteral("key|list|cid"));
        COMPARE_EXIT(ofOne, 0);
        for (const char *told : {"Identity", "passport seen", "Confirmed", "by Bea Sample", "Disputed", "Replaces"})
            QVERIFY2(ofOne.out.contains(told), ofOne.out.constData());
        COMPARE_EXIT(office.run(QStringLiteral("key|list|nobody-at-all")), 1);
        // All keys of a person; and the last administrator cannot lock everybody out.
        COMPARE_EXIT(office.as(QStringLiteral("aruiz"), QStringLiteral("key|revoke|--person|cid|--reason|left")), 0);
        COMPARE_EXIT(office.as(QStringLiteral("aruiz"), QStringLiteral("key|revoke|--person|bea|--reason|left")), 0);
        COMPARE_EXIT(office.as(QStringLiteral("aruiz"), QStringLiteral("key|revoke|--person|aruiz|--reason|left")), 4);
        const auto trail = office.run(QStringLiteral("list|events"));
        QVERIFY2(trail.out.contains("confirmed the key of Cid Sample: on the telephone") &&
                     trail.out.contains("replaced the key of Cid Sample by a new one"),
                 trail.out.constData());
    }

    void thePolicyIsSetByAdministrators_data() { forEachBackend(); }
    void thePolicyIsSetByAdministrators()
    {
        QFETCH(QString, backend);
        const TemporaryFolder folder;
        const Office office(folder, QString::fromStdString(freshDatabase(backend, folder)));
        COMPARE_EXIT(office.init(), 0);
        for (const char *odd : {"--confirm|maybe", "--series|11", "--cosigners|61", "--cosigners|x", "--series|-1"})
            COMPARE_EXIT(office.runSigning(QStringLiteral("key|policy|") + QLatin1String(odd)), 2);
        COMPARE_EXIT(office.runSigning(QStringLiteral("key|policy|--confirm|no|--series|10|--cosigners|0")), 0);
        const auto policy = Desk::document(office.run(QStringLiteral("key|policy|--json")));
        QCOMPARE(*policy.integer("seriesMinutes"), std::int64_t(10));
        QCOMPARE(*policy.integer("cosigners"), std::int64_t(0));
        QCOMPARE(*policy.find("confirmKeys")->boolean(), false);
        COMPARE_EXIT(office.runSigning(QStringLiteral("key|policy|--series|0")), 0);
        QCOMPARE(*Desk::document(office.run(QStringLiteral("key|policy|--json"))).text("reauthentication"),
                 std::string("each-signature"));
        COMPARE_EXIT(office.run(QStringLiteral("verify")), 0);
    }
};

QTEST_GUILESS_MAIN(CliKeysTest)
#include "tst_clikeys.moc"
