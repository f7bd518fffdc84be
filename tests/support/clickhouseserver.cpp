#include "tests/support/clickhouseserver.h"

#include <QDeadlineTimer>
#include <QFile>
#include <QTcpSocket>

#include <csignal>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace countersign::test {

namespace {

constexpr int kStartMs = 60'000;
constexpr int kAnswerMs = 120'000;
constexpr const char *kProgram = "/usr/sbin/clickhouse-server";

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

bool write(const QString &path, const QString &text)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text.toUtf8()) > 0;
}

/// A whole HTTP/1.0 exchange, so that the answer ends with the connection.
QByteArray exchange(int port, const QByteArray &body)
{
    QTcpSocket socket;
    socket.connectToHost(QStringLiteral("127.0.0.1"), static_cast<quint16>(port));
    if (!socket.waitForConnected(kStartMs))
        return {};
    socket.write("POST / HTTP/1.0\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
    QByteArray answer;
    QDeadlineTimer deadline(kAnswerMs);
    while (socket.state() == QAbstractSocket::ConnectedState && !deadline.hasExpired()) {
        socket.waitForReadyRead(1000);
        answer += socket.readAll();
    }
    return answer + socket.readAll();
}

} // namespace

bool ClickHouseServer::isInstalled() { return QFile::exists(QString::fromLatin1(kProgram)); }

ClickHouseServer::ClickHouseServer()
{
    for (int attempt = 0; attempt < 3 && !m_isRunning; ++attempt)
        m_isRunning = start();
}

ClickHouseServer::~ClickHouseServer() { stop(); }

bool ClickHouseServer::writeConfiguration()
{
    const QString folder = m_folder.path();
    return write(m_folder.filePath(QStringLiteral("config.xml")),
                 QStringLiteral("<yandex><logger><level>error</level><log>%1/log</log><errorlog>%1/errors</errorlog></logger><http_port>%2</http_port>"
                                "<listen_host>127.0.0.1</listen_host><path>%1/data/</path><tmp_path>%1/tmp/</tmp_path><user_files_path>%1/files/</user_files_path>"
                                "<users_config>%1/users.xml</users_config><default_profile>default</default_profile><default_database>default</default_database>"
                                "<mark_cache_size>67108864</mark_cache_size><timezone>Europe/Berlin</timezone></yandex>")
                     .arg(folder)
                     .arg(m_port))
        && write(m_folder.filePath(QStringLiteral("users.xml")),
                 QStringLiteral("<yandex><profiles><default></default><reader><readonly>1</readonly></reader></profiles><users>"
                                "<default><password></password><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota></default>"
                                "<%1><password>%2</password><networks><ip>::/0</ip></networks><profile>reader</profile><quota>default</quota></%1>"
                                "</users><quotas><default></default></quotas></yandex>")
                     .arg(QString::fromLatin1(kUser), QString::fromLatin1(kPassword).toHtmlEscaped()));
}

bool ClickHouseServer::start()
{
    m_port = freePort();
    if (!writeConfiguration())
        return false;
    // The server goes when this process goes, also when it crashes.
    m_server.start(QStringLiteral("setpriv"), {QStringLiteral("--pdeathsig"), QStringLiteral("KILL"), QStringLiteral("--"), QString::fromLatin1(kProgram),
                                               QStringLiteral("--config-file=") + m_folder.filePath(QStringLiteral("config.xml"))});
    QDeadlineTimer deadline(kStartMs);
    while (m_server.state() != QProcess::NotRunning && !deadline.hasExpired()) {
        QTcpSocket socket;
        socket.connectToHost(QStringLiteral("127.0.0.1"), static_cast<quint16>(m_port));
        if (socket.waitForConnected(1000))
            return true;
        m_server.waitForFinished(50); // until the next look, or until it gives up
    }
    m_log = QString::fromUtf8(m_server.readAllStandardError() + m_server.readAllStandardOutput());
    return false;
}

void ClickHouseServer::stop()
{
    if (m_server.state() != QProcess::NotRunning) {
        ::kill(static_cast<pid_t>(m_server.processId()), SIGKILL); // nothing of it is kept
        m_server.waitForFinished(20'000);
    }
    m_isRunning = false;
}

std::string ClickHouseServer::uri(const std::string &user) const
{
    return "clickhouse://" + (user.empty() ? "" : user + "@") + "127.0.0.1:" + std::to_string(m_port) + "/default";
}

QByteArray ClickHouseServer::sql(const QByteArray &statement, bool *good)
{
    const QByteArray answer = exchange(m_port, statement);
    const bool isGood = answer.startsWith("HTTP/1.0 200");
    const QByteArray body = answer.mid(answer.indexOf("\r\n\r\n") + 4);
    if (!isGood)
        qWarning("%s", answer.constData());
    if (good)
        *good = isGood;
    return isGood ? body : QByteArray();
}

bool ClickHouseServer::insert(const QByteArray &statement, const QByteArray &rows)
{
    bool good = false;
    sql(statement + "\n" + rows, &good);
    return good;
}

} // namespace countersign::test
