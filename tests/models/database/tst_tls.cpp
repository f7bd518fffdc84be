#include "models/database/connection.h"

#include "tests/support/postgresserver.h"
#include "tests/support/verify.h"

#include <QProcess>
#include <QTest>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

using namespace countersign;
using namespace countersign::database;

namespace {

/// Somebody in the middle: takes one connection, answers the request for TLS with `answer`, and keeps what the client says then.
class Impostor
{
public:
    explicit Impostor(std::string answer) : m_answer(std::move(answer)), m_listener(::socket(AF_INET, SOCK_STREAM, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        ::bind(m_listener, reinterpret_cast<sockaddr *>(&address), size);
        ::listen(m_listener, 8);
        ::getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &size);
        m_port = ntohs(address.sin_port);
        m_thread = std::thread([this] { serve(); });
    }
    ~Impostor() { stop(); }
    int port() const { return m_port; }
    /// All that clients said after the answer. Ends the service.
    std::string heard()
    {
        stop();
        return m_heard;
    }

private:
    void stop()
    {
        if (!m_thread.joinable())
            return;
        ::shutdown(m_listener, SHUT_RDWR);
        m_thread.join();
        ::close(m_listener);
    }
    void serve()
    {
        for (int client = ::accept(m_listener, nullptr, nullptr); client >= 0; client = ::accept(m_listener, nullptr, nullptr)) {
            char buffer[4096];
            const bool isAnswered = ::recv(client, buffer, 8, MSG_WAITALL) == 8 && ::send(client, m_answer.data(), m_answer.size(), MSG_NOSIGNAL) > 0;
            ::shutdown(client, SHUT_WR); // nothing more will come; the client shall not wait for it
            if (isAnswered)
                for (auto size = ::recv(client, buffer, sizeof buffer, 0); size > 0; size = ::recv(client, buffer, sizeof buffer, 0))
                    m_heard.append(buffer, static_cast<std::size_t>(size));
            ::close(client);
        }
    }

    std::string m_answer;
    int m_listener;
    int m_port = 0;
    std::string m_heard;
    std::thread m_thread;
};

} // namespace

/// Who a server on the network must prove to be before it gets to see a name or a password.
class TlsTest : public QObject
{
    Q_OBJECT

    test::TemporaryFolder m_folder;
    std::unique_ptr<test::PostgresServer> m_server;
    std::string m_database;

    bool openssl(const QStringList &arguments)
    {
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(QStringLiteral("openssl"), arguments);
        const bool isGood = process.waitForFinished() && process.exitCode() == 0;
        if (!isGood)
            qWarning("openssl: %s", process.readAll().constData());
        return isGood;
    }
    QString file(const QString &name) { return m_folder.filePath(name); }
    bool makeAuthority(const QString &name)
    {
        return openssl({QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"), QStringLiteral("ec"), QStringLiteral("-pkeyopt"), QStringLiteral("ec_paramgen_curve:prime256v1"),
                        QStringLiteral("-nodes"), QStringLiteral("-keyout"), file(name + QStringLiteral(".key")), QStringLiteral("-out"), file(name + QStringLiteral(".crt")), QStringLiteral("-subj"),
                        QStringLiteral("/CN=") + name, QStringLiteral("-days"), QStringLiteral("30")});
    }
    bool makeServer(const QString &name, const QString &host, const QString &authority, int days)
    {
        return openssl({QStringLiteral("req"), QStringLiteral("-newkey"), QStringLiteral("ec"), QStringLiteral("-pkeyopt"), QStringLiteral("ec_paramgen_curve:prime256v1"), QStringLiteral("-nodes"),
                        QStringLiteral("-keyout"), file(name + QStringLiteral(".key")), QStringLiteral("-out"), file(name + QStringLiteral(".csr")), QStringLiteral("-subj"), QStringLiteral("/CN=") + host,
                        QStringLiteral("-addext"), QStringLiteral("subjectAltName=DNS:") + host})
            && openssl({QStringLiteral("x509"), QStringLiteral("-req"), QStringLiteral("-in"), file(name + QStringLiteral(".csr")), QStringLiteral("-CA"), file(authority + QStringLiteral(".crt")),
                        QStringLiteral("-CAkey"), file(authority + QStringLiteral(".key")), QStringLiteral("-CAcreateserial"), QStringLiteral("-copy_extensions"), QStringLiteral("copy"),
                        QStringLiteral("-days"), QString::number(days), QStringLiteral("-out"), file(name + QStringLiteral(".crt"))});
    }
    bool use(const QString &name) { return m_server->useTls(file(name + QStringLiteral(".crt")), file(name + QStringLiteral(".key"))); }

    /// As the program reaches a server on another machine: db.example, which for the test is this one.
    Result<std::unique_ptr<Connection>> open(const std::string &authority, const std::string &more = {}, int port = 0, const std::string &host = "db.example")
    {
        std::string address = "postgresql://tester@" + host + ":" + std::to_string(port ? port : m_server->port()) + "/" + m_database + "?hostaddr=127.0.0.1&unsafe_durability=1";
        if (!authority.empty())
            address += "&sslrootcert=" + authority;
        const auto location = Location::parse(address + more);
        if (!location)
            return location.error();
        return Connection::open(*location, {.create = true, .password = test::PostgresServer::kPassword});
    }
    std::string authority(const char *name) { return file(QString::fromLatin1(name)).toStdString(); }

    static std::string one(Connection &connection, const std::string &sql)
    {
        auto query = connection.prepare(sql);
        return query && query->exec() && query->next() ? query->text(0) : "nothing";
    }

private Q_SLOTS:
    void initTestCase()
    {
        test::PostgresServer::Options options;
        options.onLoopback = true;
        options.withPassword = true;
        m_server = std::make_unique<test::PostgresServer>(options);
        QVERIFY2(m_server->isRunning(), qPrintable(m_server->log()));
        m_database = m_server->createDatabase().toStdString();
        QVERIFY(makeAuthority(QStringLiteral("ours")) && makeAuthority(QStringLiteral("theirs")));
        QVERIFY(makeServer(QStringLiteral("good"), QStringLiteral("db.example"), QStringLiteral("ours"), 30));
        QVERIFY(makeServer(QStringLiteral("other"), QStringLiteral("other.example"), QStringLiteral("ours"), 30));
        QVERIFY(makeServer(QStringLiteral("expired"), QStringLiteral("db.example"), QStringLiteral("ours"), -1));
        QVERIFY(makeServer(QStringLiteral("false"), QStringLiteral("db.example"), QStringLiteral("theirs"), 30));
        QVERIFY(makeAuthority(QStringLiteral("db.example"))); // signed by itself, with the right name
    }

    void aServerThatProvesItselfIsUsed()
    {
        QVERIFY(use(QStringLiteral("good")));
        const auto connection = open(authority("ours.crt"));
        QVERIFY_RESULT(connection);
        QCOMPARE(one(**connection, "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()"), std::string("true"));
        QVERIFY(one(**connection, "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()").starts_with("TLSv1."));
    }

    void othersAreNot_data()
    {
        QTest::addColumn<QString>("certificate");
        QTest::addColumn<QString>("authority");
        QTest::addColumn<QString>("says");
        QTest::newRow("another authority") << "false" << "ours.crt" << "certificate";
        QTest::newRow("our authority is not theirs") << "good" << "theirs.crt" << "certificate";
        QTest::newRow("another name") << "other" << "ours.crt" << "other.example";
        QTest::newRow("expired") << "expired" << "ours.crt" << "certificate verify failed";
        QTest::newRow("signed by itself") << "db.example" << "ours.crt" << "certificate";
        QTest::newRow("no authority") << "good" << "nowhere.crt" << "nowhere.crt";
        QTest::newRow("no TLS") << "" << "ours.crt" << "SSL";
    }
    void othersAreNot()
    {
        QFETCH(QString, certificate);
        QFETCH(QString, authority);
        QFETCH(QString, says);
        QVERIFY(certificate.isEmpty() ? m_server->useTls({}, {}) : use(certificate));
        const auto refused = open(file(authority).toStdString());
        QVERIFY_ERROR(refused, ErrorKind::Io);
        QVERIFY2(QString::fromStdString(refused.error().message).contains(says), refused.error().message.c_str());
        QVERIFY2(refused.error().message.find("TLS settings") != std::string::npos, refused.error().message.c_str());
        QVERIFY(refused.error().text().find(test::PostgresServer::kPassword) == std::string::npos);
    }

    void theEnvironmentWeakensNothing()
    {
        QVERIFY(use(QStringLiteral("false")));
        const std::pair<const char *, std::string> variables[] = {{"PGSSLMODE", "disable"}, {"PGSSLROOTCERT", authority("theirs.crt")}, {"PGCHANNELBINDING", "disable"}, {"PGHOSTADDR", "192.0.2.1"},
                                                                  {"PGSSLMAXPROTOCOLVERSION", "TLSv1"}, {"PGREQUIREPEER", "nobody"}, {"PGTARGETSESSIONATTRS", "standby"}, {"PGTZ", "Asia/Tokyo"}, {"PGDATESTYLE", "German"}, {"PGOPTIONS", "-c search_path=public"},
                                                                  {"PGUSER", "nobody"}, {"PGPASSWORD", "theirs"}, {"PGPASSFILE", "/nowhere"}};
        for (const auto &[name, value] : variables)
            qputenv(name, QByteArray::fromStdString(value));
        const auto refused = open(authority("ours.crt"));
        const auto withoutNamed = open({}); // the one in the environment would do
        const bool isServing = use(QStringLiteral("good"));
        const auto good = open(authority("ours.crt"));
        for (const auto &[name, value] : variables)
            qunsetenv(name);
        QVERIFY_ERROR(refused, ErrorKind::Io);
        QVERIFY_ERROR(withoutNamed, ErrorKind::Io);
        QVERIFY(isServing);
        QVERIFY_RESULT(good);
    }

    void whoAnswersInTheServersPlaceHearsNothing_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::newRow("no TLS here") << QByteArray("N");
        QTest::newRow("an error of an old server") << QByteArray("E");
        QTest::newRow("yes, and more in the clear") << QByteArray("S\x52\x00\x00\x00\x08\x00\x00\x00\x00", 10);
        QTest::newRow("nonsense") << QByteArray("?");
    }
    void whoAnswersInTheServersPlaceHearsNothing()
    {
        QFETCH(QByteArray, answer);
        Impostor impostor(answer.toStdString());
        const auto refused = open(authority("ours.crt"), {}, impostor.port());
        QVERIFY_ERROR(refused, ErrorKind::Io);
        const std::string heard = impostor.heard();
        QVERIFY2(heard.find("tester") == std::string::npos && heard.find("SCRAM") == std::string::npos, heard.c_str());
    }

    void aPasswordIsBoundToTheConnection()
    {
        QVERIFY(use(QStringLiteral("good")));
        QVERIFY_RESULT(open(authority("ours.crt")));
        // A server that lets everybody in need not know the password: it may be anybody with a certificate.
        const auto accept = [&](const QString &method) {
            QString file;
            return m_server->sql(QStringLiteral("postgres"), QStringLiteral("SHOW hba_file"), &file)
                && m_server->sql(QStringLiteral("postgres"), QStringLiteral("COPY (VALUES ('local all all trust'), ('host all all all %1')) TO '%2'").arg(method, file.trimmed())) && use(QStringLiteral("good"));
        };
        QVERIFY(accept(QStringLiteral("trust")));
        const auto refused = open(authority("ours.crt"));
        const auto asked = open(authority("ours.crt"), "&channel_binding=prefer");
        QVERIFY(accept(QStringLiteral("scram-sha-256")));
        QVERIFY_ERROR(refused, ErrorKind::Io);
        QVERIFY2(refused.error().message.find("channel binding") != std::string::npos, refused.error().message.c_str());
        QVERIFY_RESULT(asked);
    }
};

QTEST_GUILESS_MAIN(TlsTest)
#include "tst_tls.moc"
