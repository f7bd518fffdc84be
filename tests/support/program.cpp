#include "tests/support/program.h"

#include <QDeadlineTimer>

#include <thread>

namespace countersign::test {

Program::Program(const QString &name)
    : m_home(m_ownHome.path()), m_path(QDir::isAbsolutePath(name) ? name : QStringLiteral(COUNTERSIGN_BIN_DIR "/") + name)
{
    m_environment.insert(QStringLiteral("PATH"), QStringLiteral("/usr/local/bin:/usr/bin:/bin"));
    m_environment.insert(QStringLiteral("TZ"), QStringLiteral("UTC"));
    m_environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
    m_environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
}

Program &Program::arguments(const QStringList &arguments)
{
    m_arguments = arguments;
    return *this;
}

Program &Program::environment(const QString &name, const QString &value)
{
    m_environment.insert(name, value);
    return *this;
}

Program &Program::input(const QByteArray &text)
{
    m_input = text;
    return *this;
}

Program &Program::home(const QString &folder)
{
    m_home = folder;
    return *this;
}

void Program::launch(QProcess &process)
{
    QProcessEnvironment environment = m_environment;
    environment.insert(QStringLiteral("HOME"), m_home);
    for (const char *name : {"CONFIG", "DATA", "CACHE", "STATE"}) {
        const QString kind = QString::fromLatin1(name);
        environment.insert(QStringLiteral("XDG_%1_HOME").arg(kind), m_home + QLatin1Char('/') + kind.toLower());
    }
    const QString runtime = m_home + QStringLiteral("/runtime");
    QDir().mkpath(runtime);
    QFile::setPermissions(runtime, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    environment.insert(QStringLiteral("XDG_RUNTIME_DIR"), runtime);
    process.setProcessEnvironment(environment);
    process.start(m_path, m_arguments);
    if (process.waitForStarted() && !m_input.isEmpty())
        process.write(m_input);
    process.closeWriteChannel();
}

ProgramResult Program::finish(QProcess &process, std::chrono::milliseconds limit)
{
    ProgramResult result;
    result.started = process.error() != QProcess::FailedToStart;
    if (result.started && process.state() != QProcess::NotRunning && !process.waitForFinished(static_cast<int>(limit.count()))) {
        result.timedOut = true;
        process.kill();
        process.waitForFinished();
    }
    result.wasKilled = process.exitStatus() == QProcess::CrashExit;
    result.exitCode = process.exitCode();
    result.out = process.readAllStandardOutput();
    result.err = process.readAllStandardError();
    return result;
}

ProgramResult Program::run(std::chrono::milliseconds limit)
{
    QProcess process;
    launch(process);
    return finish(process, limit);
}

ProgramResult Program::runAndKillAfter(std::chrono::microseconds time)
{
    QProcess process;
    launch(process);
    std::this_thread::sleep_for(time); // the moment is the test, not a wait for something
    process.kill();
    return finish(process, std::chrono::seconds(30));
}

ProgramResult Program::runAndKillAt(const QByteArray &marker, std::chrono::milliseconds limit)
{
    QProcess process;
    launch(process);
    QByteArray out;
    QByteArray err;
    const QDeadlineTimer deadline(limit);
    bool isThere = false;
    while (!isThere && !deadline.hasExpired() && process.state() != QProcess::NotRunning) {
        process.waitForReadyRead(10);
        out += process.readAllStandardOutput();
        err += process.readAllStandardError();
        isThere = out.contains(marker) || err.contains(marker);
    }
    process.kill();
    ProgramResult result = finish(process, std::chrono::seconds(30));
    result.timedOut = deadline.hasExpired();
    result.out.prepend(out);
    result.err.prepend(err);
    return result;
}

} // namespace countersign::test
