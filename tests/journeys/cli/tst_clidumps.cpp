#include "tests/support/program.h"

#include <QElapsedTimer>
#include <QFile>
#include <QtTest>

#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace countersign::test;

namespace {

/// A program started in `folder` with core dumps allowed, so that only the program itself can forbid them.
class Dumping
{
public:
    Dumping(const QString &path, const QStringList &arguments, const QString &folder)
    {
        std::vector<QByteArray> words{path.toUtf8()};
        for (const QString &argument : arguments)
            words.push_back(argument.toUtf8());
        std::vector<char *> pointers;
        for (QByteArray &word : words)
            pointers.push_back(word.data());
        pointers.push_back(nullptr);
        const QByteArray where = folder.toUtf8();
        m_process = ::fork();
        if (m_process != 0)
            return;
        const rlimit all{RLIM_INFINITY, RLIM_INFINITY};
        ::setrlimit(RLIMIT_CORE, &all);
        if (::chdir(where.constData()) != 0)
            ::_exit(1);
        ::setenv("QT_QPA_PLATFORM", "offscreen", 1);
        ::setenv("HOME", where.constData(), 1);
        ::execv(pointers.front(), pointers.data());
        ::_exit(127);
    }
    ~Dumping()
    {
        if (!m_hasEnded) {
            ::kill(m_process, SIGKILL);
            ::waitpid(m_process, nullptr, 0);
        }
    }
    Q_DISABLE_COPY_MOVE(Dumping)

    /// The line of /proc/PID/limits.
    QByteArray coreLimit() const
    {
        QFile limits(QStringLiteral("/proc/%1/limits").arg(m_process));
        if (!limits.open(QIODevice::ReadOnly))
            return {};
        for (const QByteArray &line : limits.readAll().split('\n'))
            if (line.startsWith("Max core file size"))
                return line.simplified();
        return {};
    }
    QByteArray command() const
    {
        QFile file(QStringLiteral("/proc/%1/comm").arg(m_process));
        return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed() : QByteArray();
    }
    /// Whether it left a core dump when it was told to abort.
    bool dumps()
    {
        ::kill(m_process, SIGABRT);
        int status = 0;
        m_hasEnded = ::waitpid(m_process, &status, 0) == m_process;
        return m_hasEnded && WIFSIGNALED(status) && WCOREDUMP(status);
    }

private:
    pid_t m_process = 0;
    bool m_hasEnded = false;
};

} // namespace

/// A crash leaves no picture of the memory that passphrases and keys pass through.
class CliDumpsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void noProgramLeavesACoreDump_data()
    {
        QTest::addColumn<QString>("program");
        QTest::addColumn<QStringList>("arguments");
        // Each waits for what never comes.
        QTest::newRow("command line") << QStringLiteral("countersign-cli")
                                      << QStringList{QStringLiteral("json-check"), QStringLiteral("pipe")};
        QTest::newRow("verifier") << QStringLiteral("countersign-verify") << QStringList{QStringLiteral("pipe")};
        QTest::newRow("window") << QStringLiteral("countersign")
                                << QStringList{QStringLiteral("--profile"), QStringLiteral("profile")};
    }
    void noProgramLeavesACoreDump()
    {
        QFETCH(QString, program);
        QFETCH(QStringList, arguments);
        const TemporaryFolder folder;
        QCOMPARE(::mkfifo(folder.filePath(QStringLiteral("pipe")).toUtf8().constData(), 0600), 0);
        Dumping running(Program(program).path(), arguments, folder.path());
        QTRY_COMPARE_WITH_TIMEOUT(running.coreLimit(), QByteArray("Max core file size 0 0 bytes"), 20000);
        QVERIFY(!running.dumps());
        QCOMPARE(QDir(folder.path()).entryList({QStringLiteral("core*")}), QStringList());
    }

    void anotherProgramWould()
    {
        const TemporaryFolder folder;
        Dumping running(QStringLiteral("/bin/sleep"), {QStringLiteral("60")}, folder.path());
        QTRY_COMPARE_WITH_TIMEOUT(running.command(), QByteArray("sleep"), 20000);
        QCOMPARE(running.coreLimit(), QByteArray("Max core file size unlimited unlimited bytes"));
        if (!running.dumps())
            QSKIP("nothing leaves a core dump on this system");
    }
};

QTEST_GUILESS_MAIN(CliDumpsTest)
#include "tst_clidumps.moc"
