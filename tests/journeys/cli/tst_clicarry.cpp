#include "tests/journeys/cli/desk.h"
#include "tests/models/settings/keyringsession.h"

#include <QDirIterator>
#include <QtTest>

#include <csignal>

using namespace countersign;
using namespace countersign::test;

namespace {

/// A person at one of their computers: a home and a keychain of its own, the same workspace.
struct Computer {
    KeyringSession session;
    TemporaryFolder files;
    Desk desk;

    explicit Computer(const QString &workspace)
        : desk(files, workspace)
    {
    }
    bool start() { return session.isRunning() && session.startKeyring(); }
    ProgramResult run(const QString &words) const
    {
        return desk
            .program(Desk::split(words) +
                     QStringList{QStringLiteral("--passphrase-file"), desk.path(QStringLiteral("pass"))})
            .environment(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), session.address())
            .run();
    }
};

} // namespace

/// A signing key whose owner works on two computers, each with a real keychain.
class CliCarryTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aKeyIsCarriedToASecondComputer()
    {
        const TemporaryFolder folder;
        const QString workspace = folder.filePath(QStringLiteral("bank.countersign"));
        Computer desk(workspace);
        Computer laptop(workspace);
        QVERIFY(desk.start() && laptop.start());
        COMPARE_EXIT(desk.run(QStringLiteral("init|--admin|Ana Ruiz")), 0);
        const auto opens = desk.run(QStringLiteral("key|unlock-test"));
        COMPARE_EXIT(opens, 0);
        QVERIFY2(opens.out.contains("with the passphrase and the keychain of a computer"), opens.out.constData());
        const QByteArray kept =
            desk.session
                .run(QStringLiteral("sh"),
                     {QStringLiteral("-c"), QStringLiteral("secret-tool search --all server countersign 2>&1")})
                .toUtf8();
        QVERIFY2(kept.contains("signing:d:"), kept.constData());

        const auto refused = laptop.run(QStringLiteral("key|unlock-test"));
        COMPARE_EXIT(refused, 4);
        QVERIFY2(refused.err.contains("opens on another computer"), refused.err.constData());
        const auto carried = desk.run(QStringLiteral("key|carry"));
        COMPARE_EXIT(carried, 0);
        QCOMPARE(carried.out.trimmed().split(' ').size(), 8);
        const QString words = laptop.desk.write(QStringLiteral("words"), carried.out);
        COMPARE_EXIT(
            laptop.run(QStringLiteral("key|fetch|--words-file|") +
                       laptop.desk.write(QStringLiteral("other"), "babab babab babab babab babab babab babab babab\n")),
            4);
        const auto fetched = laptop.run(QStringLiteral("key|fetch|--words-file|") + words);
        COMPARE_EXIT(fetched, 0);
        QVERIFY2(fetched.err.contains("The key opens on this computer, with the passphrase and the keychain"),
                 fetched.err.constData());
        COMPARE_EXIT(laptop.run(QStringLiteral("key|unlock-test")), 0);
        COMPARE_EXIT(desk.run(QStringLiteral("key|unlock-test")), 0);
        COMPARE_EXIT(laptop.run(QStringLiteral("key|fetch|--words-file|") + words), 1); // once
        COMPARE_EXIT(laptop.run(QStringLiteral("verify")), 0);

        // The keychain is gone, then locked: the state is said, and no attempt is counted.
        QVERIFY(laptop.session.stopKeyring());
        const auto gone = laptop.run(QStringLiteral("key|unlock-test"));
        COMPARE_EXIT(gone, 4);
        QVERIFY2(gone.err.contains("This session has no keychain"), gone.err.constData());
        QVERIFY(laptop.session.startKeyring(QStringLiteral("not the password")));
        const auto locked = laptop.run(QStringLiteral("key|unlock-test"));
        COMPARE_EXIT(locked, 4);
        QVERIFY2(locked.err.contains("The keychain is locked"), locked.err.constData());
        QVERIFY(laptop.session.stopKeyring());
        QVERIFY(laptop.session.startKeyring());
        COMPARE_EXIT(laptop.run(QStringLiteral("key|unlock-test")), 0);
    }

    void withoutAKeychainItIsSaid()
    {
        const TemporaryFolder folder;
        const Desk desk(folder, folder.filePath(QStringLiteral("bank.countersign")));
        COMPARE_EXIT(desk.init(), 0);
        const auto added = desk.runSigning(
            QStringLiteral(
                "person|add|Cid Sample|--role|validator|--login|cid|--identity|passport seen|--new-passphrase-file|") +
            desk.path(QStringLiteral("pass")));
        COMPARE_EXIT(added, 0);
        const auto told = desk.run(QStringLiteral("key|list|cid"));
        COMPARE_EXIT(told, 0);
        QVERIFY2(told.out.contains("passport seen; the key is kept under its passphrase alone") &&
                     told.out.contains("with the passphrase alone"),
                 told.out.constData());
        const auto next =
            desk.runSigning(QStringLiteral("key|rotate|--new-passphrase-file|") + desk.path(QStringLiteral("pass")));
        COMPARE_EXIT(next, 0);
        QVERIFY2(next.err.contains("This session has no keychain, so the key opens with the passphrase alone"),
                 next.err.constData());
    }

    /// Five wrong passphrases in five starts of the program.
    void wrongPassphrasesCloseSigning()
    {
        const TemporaryFolder folder;
        const Desk desk(folder, folder.filePath(QStringLiteral("bank.countersign")));
        COMPARE_EXIT(desk.init(), 0);
        const QString wrong = QStringLiteral("key|unlock-test|--passphrase-file|") +
                              desk.write(QStringLiteral("wrong"), "not this one at all\n");
        for (int i = 0; i < 5; ++i) {
            const auto refused = desk.run(wrong);
            COMPARE_EXIT(refused, 4);
            QVERIFY2(refused.err.contains("That is not the signing passphrase of Ana Ruiz."), refused.err.constData());
        }
        const auto closed = desk.runSigning(QStringLiteral("key|unlock-test"));
        COMPARE_EXIT(closed, 4);
        QVERIFY2(closed.err.contains("closed for 15 minutes"), closed.err.constData());
        const auto trail = desk.run(QStringLiteral("list|events"));
        QVERIFY2(trail.out.contains("closed signing as Ana Ruiz for 15 minutes after 5 wrong passphrases"),
                 trail.out.constData());
        COMPARE_EXIT(desk.run(QStringLiteral("verify")), 0);
    }
};

QTEST_GUILESS_MAIN(CliCarryTest)
#include "tst_clicarry.moc"
