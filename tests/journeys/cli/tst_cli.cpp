#include "tests/journeys/cli/desk.h"

#include <QRegularExpression>
#include <QtTest>

using namespace countersign;
using namespace countersign::test;

class CliTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;
    Desk m_desk{m_folder, m_folder.filePath(QStringLiteral("w.countersign"))};

private Q_SLOTS:
    void theSampleIsAFile()
    {
        const auto result = Program(QStringLiteral("countersign-cli")).arguments({QStringLiteral("sample"), QStringLiteral("postgresql://ada@db.example/bank")}).run();
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(result.err.contains("The sample portfolio is a file of its own"), result.err.constData());
    }

    void initTestCase()
    {
        COMPARE_EXIT(m_desk.init(), 0);
        const auto imported = m_desk.run(QStringLiteral("import|metrics|") + m_desk.write(QStringLiteral("m.csv"), kMetrics));
        COMPARE_EXIT(imported, 0);
    }

    void helpAndVersionNeedNothing()
    {
        for (const char *option : {"--help", "--version"}) {
            QProcess process;
            process.setProcessEnvironment({}); // no home, no display, no path
            process.start(QStringLiteral(COUNTERSIGN_BIN_DIR "/countersign-cli"), {QString::fromLatin1(option)});
            QVERIFY(process.waitForFinished());
            QCOMPARE(process.exitCode(), 0);
            QVERIFY(process.readAllStandardOutput().contains("countersign-cli") && process.readAllStandardError().isEmpty());
        }
    }

    void everyCommandExplainsItself()
    {
        const auto help = m_desk.run(QStringLiteral("--help"));
        const QRegularExpression line(QStringLiteral("^  ([a-z]+(?: [a-z]+)?)  "), QRegularExpression::MultilineOption);
        int commands = 0;
        for (auto match = line.globalMatch(QString::fromUtf8(help.out)); match.hasNext(); ++commands) {
            const QString path = match.next().captured(1);
            const auto own = m_desk.run(path.split(QLatin1Char(' ')).join(QLatin1Char('|')) + QStringLiteral("|--help"));
            COMPARE_EXIT(own, 0);
            QVERIFY2(own.out.startsWith("Usage: countersign-cli " + path.toUtf8()), own.out.constData());
            QVERIFY(own.out.contains("Exit status:") && own.err.isEmpty());
            for (const auto &row : own.out.split('\n'))
                QVERIFY2(row.size() <= 82, row.constData());
        }
        QVERIFY2(commands >= 26, QByteArray::number(commands).constData());
    }

    void wrongUsageIsTwo_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("said");
        QTest::newRow("nothing") << QString() << QStringLiteral("Name a command");
        QTest::newRow("unknown command") << QStringLiteral("lst") << QStringLiteral("Did you mean list?");
        QTest::newRow("half a command") << QStringLiteral("import") << QStringLiteral("import --help");
        QTest::newRow("unknown option") << QStringLiteral("verify|--fast") << QStringLiteral("no option --fast");
        QTest::newRow("misspelt option") << QStringLiteral("sign|b:1|--decison|approve") << QStringLiteral("Did you mean --decision?");
        QTest::newRow("value missing") << QStringLiteral("list|events|--limit") << QStringLiteral("--limit needs N");
        QTest::newRow("not a number") << QStringLiteral("list|events|--limit|many") << QStringLiteral("not a whole number");
        QTest::newRow("flag with value") << QStringLiteral("verify|--json=yes") << QStringLiteral("takes no value");
        QTest::newRow("argument missing") << QStringLiteral("show") << QStringLiteral("MODEL[/VERSION] is missing");
        QTest::newRow("too many") << QStringLiteral("show|a|b") << QStringLiteral("one word too many");
        QTest::newRow("required") << QStringLiteral("sign|b:1") << QStringLiteral("--decision DECISION is missing");
        QTest::newRow("decision") << QStringLiteral("sign|b:1|--decision|maybe") << QStringLiteral("--decision");
        QTest::newRow("two limits") << QStringLiteral("rule|add|--metric|auc|--at-least|1|--at-most|2") << QStringLiteral("one of --at-least");
        QTest::newRow("limit nobody reaches") << QStringLiteral("rule|add|--metric|auc|--at-least|1.2") << QStringLiteral("1.2");
        QTest::newRow("role") << QStringLiteral("person|add|Bo|--role|king") << QStringLiteral("--role");
        QTest::newRow("password in address") << QStringLiteral("verify|-w|postgresql://u:secret@h/d") << QStringLiteral("password");
    }
    void wrongUsageIsTwo()
    {
        QFETCH(QString, words);
        QFETCH(QString, said);
        const auto result = m_desk.run(words);
        COMPARE_EXIT(result, 2);
        QVERIFY(result.out.isEmpty());
        QVERIFY2(result.err.startsWith("countersign-cli: ") && result.err.contains(said.toUtf8()), result.err.constData());
        QVERIFY(!result.err.contains("secret"));
    }

    void optionsStandAnywhere()
    {
        const auto plain = m_desk.run(QStringLiteral("show|credit-pd/3.2|--json"));
        COMPARE_EXIT(plain, 0);
        for (const char *words : {"--json|show|credit-pd/3.2", "show|--json|credit-pd/3.2", "show|--json|--|credit-pd/3.2"})
            QCOMPARE(m_desk.run(QString::fromLatin1(words)).out, plain.out);
    }

    void everyListIsJsonWithASchema()
    {
        for (const char *what : {"list|models", "list|versions", "list|metrics|credit-pd/3.2", "list|metrics|credit-pd/3.2|--history", "list|signoffs", "list|events", "list|imports",
                                 "list|reports", "list|rules", "person|list", "rule|list", "show|credit-pd", "verify", "paths"}) {
            const auto result = m_desk.run(QString::fromLatin1(what) + QStringLiteral("|--json"));
            COMPARE_EXIT(result, 0);
            const auto value = Desk::document(result);
            QVERIFY2(value.textOr("schema", {}).starts_with("countersign.") && value.textOr("schema", {}).ends_with("/1"), result.out.constData());
            QCOMPARE(result.out.count('\n'), 1);
        }
    }

    void aValueThatIsNotANumberIsNullWithAReason()
    {
        const auto value = Desk::document(m_desk.run(QStringLiteral("list|metrics|credit-pd/3.2|--json|--filter|sex")));
        const json::Value *items = value.find("items");
        QVERIFY(items && items->array() && items->array()->size() == 1);
        const json::Value *latest = items->array()->front().find("latest");
        QVERIFY(latest && latest->find("value")->isNull());
        QVERIFY(!latest->textOr("reason", {}).empty());
    }

    void filtersAndLimits()
    {
        const auto one = m_desk.run(QStringLiteral("list|events|--limit|1"));
        COMPARE_EXIT(one, 0);
        QCOMPARE(one.out.count('\n'), 2);
        QVERIFY(one.err.contains("Showing 1 of "));
        QCOMPARE(m_desk.run(QStringLiteral("list|models|--filter|CRÉDIT tier:none")).out.count('\n'), 2);
        const auto none = m_desk.run(QStringLiteral("list|models|--filter|tier:1"));
        COMPARE_EXIT(none, 0);
        QVERIFY(none.out.isEmpty() && none.err.contains("Leave out --filter"));
        COMPARE_EXIT(m_desk.run(QStringLiteral("list|models|--filter|tier:9")), 2);
    }

    void whatIsNotThereIsOneAndNoWorkspaceIsFour()
    {
        COMPARE_EXIT(m_desk.run(QStringLiteral("show|nobody")), 1);
        COMPARE_EXIT(m_desk.run(QStringLiteral("show|credit-pd|-w|") + m_desk.path(QStringLiteral("absent"))), 4);
        COMPARE_EXIT(m_desk.run(QStringLiteral("import|metrics|") + m_desk.path(QStringLiteral("absent"))), 4);
        COMPARE_EXIT(m_desk.init(), 4);
    }

    void nobodyIsAskedWithoutATerminal()
    {
        const auto result = m_desk.program(Desk::split(QStringLiteral("rule|add|--metric|auc|--at-least|0.7"))).input("correct horse battery\n").run();
        COMPARE_EXIT(result, 4);
        QVERIFY(result.err.contains("--passphrase-file"));
    }

    void aWrongPassphraseIsFourAndNeverRepeated()
    {
        const QString wrong = m_desk.write(QStringLiteral("wrong"), "not the right one\n");
        const auto result = m_desk.run(QStringLiteral("rule|add|--metric|auc|--at-least|0.7|-v|--passphrase-file|") + wrong);
        COMPARE_EXIT(result, 4);
        QVERIFY(result.err.contains("not the signing passphrase of Ana Ruiz"));
        QVERIFY(!(result.err + result.out).contains("not the right one"));
    }

    void rejectedRowsAreFiveAndWrittenDown()
    {
        const QString file = m_desk.write(QStringLiteral("bad.csv"), "model,version,metric,value,window_end\nother,1,auc,0.5,2026-01-01\nother,1,auc,=cmd(),2026-02-01\nother,1,auc,0.6,2026-02-30\n");
        const QString rejected = m_desk.path(QStringLiteral("rejected.csv"));
        const auto result = m_desk.run(QStringLiteral("import|metrics|%1|--rejected|%2").arg(file, rejected));
        COMPARE_EXIT(result, 5);
        QFile written(rejected);
        QVERIFY(written.open(QIODevice::ReadOnly));
        const auto lines = written.readAll().split('\n');
        QCOMPARE(lines.size(), 4); // heading, two rows, the end
        QVERIFY2(lines[1].startsWith("2,3,\"value\",") && lines[1].contains("\"'=cmd()\""), lines[1].constData());
        QVERIFY(lines[2].startsWith("3,4,\"window_end\","));
        COMPARE_EXIT(m_desk.run(QStringLiteral("import|undo|I-2|--reason|trial")), 0);
        COMPARE_EXIT(m_desk.run(QStringLiteral("import|undo|I-2")), 4);
        COMPARE_EXIT(m_desk.run(QStringLiteral("show|other")), 1);
    }

    void theSameFileAgainAddsNothing()
    {
        const auto before = m_desk.run(QStringLiteral("list|events")).out;
        const auto result = m_desk.run(QStringLiteral("import|metrics|") + m_desk.path(QStringLiteral("m.csv")));
        COMPARE_EXIT(result, 0);
        QVERIFY(result.out.contains("Already imported as I-1"));
        QCOMPARE(m_desk.run(QStringLiteral("list|events")).out, before);
    }

    void aReaderThatLeavesIsNoTrouble()
    {
        QProcess shell;
        shell.start(QStringLiteral("/bin/bash"), {QStringLiteral("-c"), QStringLiteral("set -o pipefail; \"$0\" -w \"$1\" list events --profile \"$2\" | true; echo $?"),
                                                  QStringLiteral(COUNTERSIGN_BIN_DIR "/countersign-cli"), m_desk.workspace(), m_desk.path(QStringLiteral("home"))});
        QVERIFY(shell.waitForFinished());
        QCOMPARE(shell.readAllStandardOutput(), QByteArray("0\n"));
        QCOMPARE(shell.readAllStandardError(), QByteArray());
    }

    void aFullDiskIsNotSuccess()
    {
        QProcess shell;
        shell.start(QStringLiteral("/bin/bash"), {QStringLiteral("-c"), QStringLiteral("\"$0\" --help > /dev/full"), QStringLiteral(COUNTERSIGN_BIN_DIR "/countersign-cli")});
        QVERIFY(shell.waitForFinished());
        QCOMPARE(shell.exitCode(), 4);
    }

    void noNameSteersTheTerminal()
    {
        m_desk.write(QStringLiteral("evil.csv"), QByteArray("model,version,metric,value,window_end\n\"a\x1b[31m\xE2\x80\xAE\xC2\x9B") + "b\",1,auc,0.5,2026-01-01\n");
        COMPARE_EXIT(m_desk.run(QStringLiteral("import|metrics|") + m_desk.path(QStringLiteral("evil.csv"))), 0);
        for (const char *words : {"list|models", "list|models|--json", "list|events"}) {
            const auto out = m_desk.run(QString::fromLatin1(words)).out;
            QVERIFY(!out.contains('\x1b') && !out.contains("\xE2\x80\xAE") && !out.contains("\xC2\x9B"));
        }
        const auto value = Desk::document(m_desk.run(QStringLiteral("list|models|--json|--filter|[31m")));
        QCOMPARE(value.find("items")->array()->front().textOr("name", {}), std::string("a\x1b[31m\u202E\u009B") + "b"); // exact all the same
    }

    void readingLeavesTheFileAlone()
    {
        const QFileInfo before(m_desk.workspace());
        const auto time = before.lastModified();
        COMPARE_EXIT(m_desk.run(QStringLiteral("list|models")), 0);
        COMPARE_EXIT(m_desk.run(QStringLiteral("verify")), 0);
        QCOMPARE(QFileInfo(m_desk.workspace()).lastModified(), time);
    }
};

QTEST_GUILESS_MAIN(CliTest)
#include "tst_cli.moc"
