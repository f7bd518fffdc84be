#include "tests/models/settings/keyringsession.h"

#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QTest>

#include <csignal>
#include <sys/prctl.h>

namespace countersign::test {

namespace {

constexpr int kStartMs = 30'000;

void endWithTheTest(QProcess &process)
{
    process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
}

void end(QProcess &process)
{
    if (process.state() == QProcess::NotRunning)
        return;
    process.terminate();
    if (!process.waitForFinished(5000)) {
        process.kill();
        process.waitForFinished();
    }
}

QByteArray busConfiguration(const QString &folder)
{
    return "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\"\n"
           " \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n"
           "<busconfig><type>session</type><listen>unix:dir=" + folder.toUtf8() + "</listen><auth>EXTERNAL</auth>"
           "<policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/></policy>"
           "</busconfig>\n";
}

} // namespace

QProcessEnvironment outsideEnvironment(const QString &home)
{
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("PATH"), QStringLiteral("/usr/local/bin:/usr/bin:/bin"));
    environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
    environment.insert(QStringLiteral("TZ"), QStringLiteral("UTC"));
    environment.insert(QStringLiteral("HOME"), home);
    environment.insert(QStringLiteral("XDG_DATA_HOME"), home + QStringLiteral("/data"));
    environment.insert(QStringLiteral("XDG_CONFIG_HOME"), home + QStringLiteral("/config"));
    environment.insert(QStringLiteral("XDG_CACHE_HOME"), home + QStringLiteral("/cache"));
    environment.insert(QStringLiteral("XDG_RUNTIME_DIR"), home + QStringLiteral("/runtime"));
    return environment;
}

QString runProgram(const QString &program, const QStringList &arguments, const QProcessEnvironment &environment)
{
    QProcess process;
    process.setProcessEnvironment(environment);
    endWithTheTest(process);
    process.start(program, arguments);
    process.closeWriteChannel();
    if (!process.waitForFinished(60'000)) {
        process.kill();
        process.waitForFinished();
        return QStringLiteral("did not end");
    }
    const QString out = QString::fromUtf8(process.readAllStandardOutput()).trimmed();
    if (process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
        return QStringLiteral("exit %1: %2").arg(process.exitCode()).arg(QString::fromUtf8(process.readAllStandardError()).trimmed());
    return out;
}

KeyringSession::KeyringSession(Services services)
{
    const QString runtime = m_home.filePath(QStringLiteral("runtime"));
    QDir().mkpath(runtime);
    QFile::setPermissions(runtime, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    QStringList arguments{QStringLiteral("--nofork"), QStringLiteral("--nopidfile"), QStringLiteral("--print-address=1")};
    if (services == Services::Installed) {
        arguments << QStringLiteral("--session") << QStringLiteral("--address=unix:dir=") + runtime;
    } else {
        QFile file(m_home.filePath(QStringLiteral("bus.conf")));
        if (!file.open(QFile::WriteOnly) || file.write(busConfiguration(runtime)) < 0)
            return;
        arguments << QStringLiteral("--config-file=") + file.fileName();
    }
    endWithTheTest(m_bus);
    m_bus.setProcessEnvironment(outsideEnvironment(m_home.path()));
    m_bus.setStandardErrorFile(QProcess::nullDevice()); // as a user it warns that it may not raise its limits
    m_bus.start(QStringLiteral("dbus-daemon"), arguments);
    while (!m_bus.canReadLine() && m_bus.waitForReadyRead(kStartMs)) { }
    m_address = QString::fromUtf8(m_bus.readLine()).trimmed();
}

KeyringSession::~KeyringSession()
{
    stopKeyring();
    stopBus();
}

bool KeyringSession::startKeyring(const QString &password)
{
    endWithTheTest(m_keyring);
    m_keyring.setProcessEnvironment(environment());
    m_keyring.setStandardOutputFile(QProcess::nullDevice());
    m_keyring.setStandardErrorFile(QProcess::nullDevice()); // warns about memory it may not lock
    m_keyring.start(QStringLiteral("gnome-keyring-daemon"),
                    {QStringLiteral("--foreground"), QStringLiteral("--unlock"), QStringLiteral("--components=secrets")});
    if (!m_keyring.waitForStarted())
        return false;
    m_keyring.write(password.toUtf8() + '\n');
    m_keyring.closeWriteChannel();
    return QTest::qWaitFor([this] { return hasOwner(QStringLiteral("org.freedesktop.secrets")); }, kStartMs);
}

bool KeyringSession::stopKeyring()
{
    end(m_keyring);
    return m_keyring.state() == QProcess::NotRunning;
}

void KeyringSession::stopBus() { end(m_bus); }

QProcessEnvironment KeyringSession::environment() const
{
    QProcessEnvironment environment = outsideEnvironment(m_home.path());
    environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), m_address);
    return environment;
}

QString KeyringSession::run(const QString &program, const QStringList &arguments) const
{
    return runProgram(program, arguments, environment());
}

bool KeyringSession::hasOwner(const QString &name) const
{
    const QString connectionName = QStringLiteral("keyring session");
    QDBusConnection connection = QDBusConnection::connectToBus(m_address, connectionName);
    const bool isOwned = connection.isConnected() && connection.interface()->isServiceRegistered(name);
    QDBusConnection::disconnectFromBus(connectionName);
    return isOwned;
}

} // namespace countersign::test
