#pragma once

#include "tests/support/temporaryfolder.h"

#include <QProcess>
#include <QStringList>

#include <chrono>

namespace countersign::test {

/// How a program ended.
struct ProgramResult {
    bool started = false;
    bool timedOut = false;
    bool wasKilled = false; ///< by a signal, ours or its own crash
    int exitCode = -1;
    QByteArray out;
    QByteArray err;
};

/// One of our programs run as a person would, with a home folder of its own: nothing of the machine's user is read or written. Also kills it
/// at a chosen moment, to see what is left.
class Program
{
public:
    /// `name` is a program of the build ("countersign-cli"), or an absolute path.
    explicit Program(const QString &name);

    const QString &path() const { return m_path; }
    Program &arguments(const QStringList &arguments);
    /// Adds to the environment, which holds only PATH, HOME, XDG_…, TZ=UTC, LC_ALL=C.UTF-8, QT_QPA_PLATFORM=offscreen.
    Program &environment(const QString &name, const QString &value);
    Program &input(const QByteArray &text);
    Program &home(const QString &folder); ///< one home for several programs; by default each has its own

    ProgramResult run(std::chrono::milliseconds limit = std::chrono::minutes(2));
    /// kill -9 after a time; the program may have ended before.
    ProgramResult runAndKillAfter(std::chrono::microseconds time);
    /// kill -9 as soon as standard output or standard error holds this text.
    ProgramResult runAndKillAt(const QByteArray &marker, std::chrono::milliseconds limit = std::chrono::minutes(2));

private:
    void launch(QProcess &process);
    static ProgramResult finish(QProcess &process, std::chrono::milliseconds limit);

    TemporaryFolder m_ownHome;
    QString m_home;
    QString m_path;
    QStringList m_arguments;
    QByteArray m_input;
    QProcessEnvironment m_environment;
};

} // namespace countersign::test
