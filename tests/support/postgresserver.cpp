#include "tests/support/postgresserver.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QFile>

#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <csignal>
#include <sys/syscall.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace countersign::test {

namespace {

constexpr int kStartMs = 60'000;

/// Any port that is free now. Somebody may take it before the server does; then starting fails and is tried with another.
int freePort()
{
    const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const bool isBound = ::bind(descriptor, reinterpret_cast<sockaddr *>(&address), size) == 0
        && ::getsockname(descriptor, reinterpret_cast<sockaddr *>(&address), &size) == 0;
    ::close(descriptor);
    return isBound ? ntohs(address.sin_port) : 0;
}

QString newestBinFolder()
{
    const QDir root(QStringLiteral("/usr/lib/postgresql"));
    QString best;
    int bestVersion = 0;
    for (const QString &name : root.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        const QString bin = root.filePath(name + QStringLiteral("/bin"));
        if (name.toInt() > bestVersion && QFile::exists(bin + QStringLiteral("/initdb"))) {
            best = bin;
            bestVersion = name.toInt();
        }
    }
    return best;
}

bool isRoot() { return ::geteuid() == 0; }

QProcessEnvironment plainEnvironment()
{
    // PG… variables of whoever runs the tests must not steer them.
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("PATH"), QStringLiteral("/usr/bin:/bin:/usr/sbin:/sbin"));
    environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
    environment.insert(QStringLiteral("TZ"), QStringLiteral("UTC"));
    return environment;
}

std::unique_ptr<PostgresServer> &sharedSlot()
{
    static std::unique_ptr<PostgresServer> server;
    return server;
}

} // namespace

PostgresServer::PostgresServer(const Options &options) : m_options(options), m_bin(newestBinFolder())
{
    if (m_bin.isEmpty()) {
        m_log = QStringLiteral("No PostgreSQL server is installed. Install the package postgresql-15.");
        return;
    }
    if (makeCluster())
        start();
}

PostgresServer::~PostgresServer()
{
    stop();
}

PostgresServer *PostgresServer::shared()
{
    auto &server = sharedSlot();
    if (!server) {
        server = std::make_unique<PostgresServer>();
        // QProcess wants the application still there when it stops the server.
        qAddPostRoutine([] { sharedSlot().reset(); });
    }
    if (!server->isRunning())
        qWarning("%s", qPrintable(server->log()));
    return server->isRunning() ? server.get() : nullptr;
}

QString PostgresServer::tool(const QString &name) const
{
    return m_bin + QLatin1Char('/') + name;
}

QStringList PostgresServer::asUnprivileged(const QStringList &command) const
{
    QStringList all{QStringLiteral("setpriv")};
    if (isRoot())
        all << QStringLiteral("--reuid=postgres") << QStringLiteral("--regid=postgres") << QStringLiteral("--clear-groups");
    // The server goes when this process goes, also when it crashes.
    all << QStringLiteral("--pdeathsig") << QStringLiteral("INT") << QStringLiteral("--");
    return all + command;
}

bool PostgresServer::run(const QString &program, const QStringList &arguments, QString *out)
{
    QProcess process;
    process.setProcessEnvironment(plainEnvironment());
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setWorkingDirectory(QStringLiteral("/"));
    process.start(program, arguments);
    const bool good = process.waitForFinished(kStartMs) && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
    const QString said = QString::fromUtf8(process.readAll());
    if (out)
        *out = said;
    if (!good)
        m_log = program + QStringLiteral(" failed: ") + said + process.errorString();
    return good;
}

bool PostgresServer::makeCluster()
{
    if (isRoot()) {
        const passwd *user = ::getpwnam("postgres");
        if (!user || ::chown(m_folder.path().toLocal8Bit().constData(), user->pw_uid, user->pw_gid) != 0) {
            m_log = QStringLiteral("There is no user \"postgres\" to run the server as.");
            return false;
        }
    }
    const QString passwordFile = m_folder.filePath(QStringLiteral("password"));
    QFile file(passwordFile);
    if (!file.open(QIODevice::WriteOnly) || file.write(kPassword) < 0)
        return false;
    file.close();
    file.setPermissions(QFile::ReadOwner | QFile::ReadGroup | QFile::ReadOther);
    const QStringList command = asUnprivileged({tool(QStringLiteral("initdb")), QStringLiteral("-D"), m_folder.filePath(QStringLiteral("data")),
                                                QStringLiteral("-U"), QString::fromLatin1(kUser), QStringLiteral("--pwfile"), passwordFile,
                                                QStringLiteral("-E"), QStringLiteral("UTF8"), QStringLiteral("--locale=C.UTF-8"), QStringLiteral("--no-sync"),
                                                QStringLiteral("--auth-local=trust"),
                                                QStringLiteral("--auth-host=%1").arg(m_options.withPassword ? QStringLiteral("scram-sha-256") : QStringLiteral("trust"))});
    return run(command.first(), command.mid(1));
}

bool PostgresServer::start()
{
    const QString durability = m_options.isDurable ? QStringLiteral("on") : QStringLiteral("off");
    for (int attempt = 0; attempt < 3 && !m_isRunning; ++attempt) {
        if (m_port == 0 || attempt > 0)
            m_port = freePort();
        const QString logFile = m_folder.filePath(QStringLiteral("log"));
        const QStringList command = asUnprivileged(
            {tool(QStringLiteral("postgres")), QStringLiteral("-D"), m_folder.filePath(QStringLiteral("data")), QStringLiteral("-k"), m_folder.path(),
             QStringLiteral("-p"), QString::number(m_port), QStringLiteral("-c"),
             QStringLiteral("listen_addresses=%1").arg(m_options.onLoopback ? QStringLiteral("127.0.0.1") : QString()), QStringLiteral("-c"),
             QStringLiteral("fsync=%1").arg(durability), QStringLiteral("-c"), QStringLiteral("max_connections=80"), QStringLiteral("-c"),
             QStringLiteral("shared_buffers=64MB")});
        m_server.setProcessEnvironment(plainEnvironment());
        m_server.setWorkingDirectory(QStringLiteral("/"));
        m_server.setStandardOutputFile(logFile);
        m_server.setStandardErrorFile(logFile, QIODevice::Append);
        m_server.start(command.first(), command.mid(1));
        QDeadlineTimer deadline(kStartMs);
        const QStringList isReady{QStringLiteral("-q"), QStringLiteral("-h"), m_folder.path(), QStringLiteral("-p"), QString::number(m_port)};
        while (m_server.state() != QProcess::NotRunning && !deadline.hasExpired() && !m_isRunning) {
            m_isRunning = run(tool(QStringLiteral("pg_isready")), isReady);
            if (!m_isRunning)
                m_server.waitForFinished(30); // until the next look, or until it gives up
        }
        if (!m_isRunning) {
            QFile log(logFile);
            if (log.open(QIODevice::ReadOnly))
                m_log = QString::fromUtf8(log.readAll());
        }
    }
    return m_isRunning;
}

void PostgresServer::stop()
{
    if (m_server.state() != QProcess::NotRunning) {
        ::kill(static_cast<pid_t>(m_server.processId()), SIGINT); // fast shutdown
        if (!m_server.waitForFinished(20'000))
            stopImmediately();
    }
    m_isRunning = false;
}

void PostgresServer::stopImmediately()
{
    if (m_server.state() != QProcess::NotRunning) {
        ::kill(static_cast<pid_t>(m_server.processId()), SIGQUIT);
        m_server.waitForFinished(20'000);
    }
    m_isRunning = false;
}

void PostgresServer::killAll()
{
    if (m_server.state() != QProcess::NotRunning) {
        const auto server = static_cast<pid_t>(m_server.processId());
        QFile children(QStringLiteral("/proc/%1/task/%1/children").arg(server));
        std::vector<std::pair<pid_t, int>> all; // with a descriptor that becomes readable when the process ends
        if (children.open(QIODevice::ReadOnly))
            for (const QByteArray &child : children.readAll().split(' '))
                if (const pid_t id = child.toInt(); id > 0)
                    all.emplace_back(id, static_cast<int>(::syscall(SYS_pidfd_open, id, 0)));
        ::kill(server, SIGKILL); // first, so that it starts no others
        for (const auto &[id, descriptor] : all)
            ::kill(id, SIGKILL);
        for (const auto &[id, descriptor] : all) {
            pollfd ended{descriptor, POLLIN, 0};
            ::poll(&ended, 1, 20'000);
            ::close(descriptor);
        }
        m_server.waitForFinished(20'000);
    }
    m_isRunning = false;
}

QString PostgresServer::createDatabase()
{
    const QString name = QStringLiteral("test_%1").arg(++m_databases);
    const bool made = sql(QStringLiteral("postgres"), QStringLiteral("CREATE DATABASE %1 TEMPLATE template0").arg(name));
    if (!made)
        qWarning("%s", qPrintable(m_log));
    return name;
}

bool PostgresServer::sql(const QString &database, const QString &statements, QString *out)
{
    return run(tool(QStringLiteral("psql")),
               {QStringLiteral("-X"), QStringLiteral("-q"), QStringLiteral("-A"), QStringLiteral("-t"), QStringLiteral("-v"), QStringLiteral("ON_ERROR_STOP=1"),
                QStringLiteral("-h"), m_folder.path(), QStringLiteral("-p"), QString::number(m_port), QStringLiteral("-U"), QString::fromLatin1(kUser),
                QStringLiteral("-d"), database, QStringLiteral("-c"), statements},
               out);
}

bool PostgresServer::useTls(const QString &certificate, const QString &key)
{
    const auto adopt = [this](const QString &from, const QString &name) {
        const QString to = m_folder.filePath(QStringLiteral("data/") + name);
        QFile::remove(to);
        const passwd *user = isRoot() ? ::getpwnam("postgres") : nullptr;
        return QFile::copy(from, to) && QFile::setPermissions(to, QFile::ReadOwner | QFile::WriteOwner)
            && (!user || ::chown(to.toLocal8Bit().constData(), user->pw_uid, user->pw_gid) == 0);
    };
    if (!certificate.isEmpty() && (!adopt(certificate, QStringLiteral("server.crt")) || !adopt(key, QStringLiteral("server.key"))))
        return false;
    const QString loaded = QStringLiteral("SELECT pg_conf_load_time()");
    QString before;
    if (!sql(QStringLiteral("postgres"), loaded, &before)
        || !sql(QStringLiteral("postgres"), QStringLiteral("ALTER SYSTEM SET ssl = %1").arg(certificate.isEmpty() ? QStringLiteral("off") : QStringLiteral("on")))
        || !sql(QStringLiteral("postgres"), QStringLiteral("SELECT pg_reload_conf()")))
        return false;
    // New connections come from a process that has read the files again by then.
    QString after = before;
    for (QDeadlineTimer deadline(kStartMs); after == before && !deadline.hasExpired();)
        if (!sql(QStringLiteral("postgres"), loaded, &after))
            return false;
    return after != before;
}

std::string PostgresServer::uri()
{
    const QString folder = m_folder.path().replace(QLatin1Char('/'), QStringLiteral("%2F"));
    const QString options = m_options.isDurable ? QString() : QStringLiteral("?unsafe_durability=1");
    return QStringLiteral("postgresql://%1@%2:%3/%4%5").arg(QString::fromLatin1(kUser), folder, QString::number(m_port), createDatabase(), options).toStdString();
}

std::string PostgresServer::loopbackUri()
{
    const QString options = m_options.isDurable ? QString() : QStringLiteral("?unsafe_durability=1");
    return QStringLiteral("postgresql://%1@127.0.0.1:%2/%3%4").arg(QString::fromLatin1(kUser), QString::number(m_port), createDatabase(), options).toStdString();
}

} // namespace countersign::test
