#pragma once

#include "tests/support/temporaryfolder.h"

#include <QProcess>

#include <memory>
#include <string>

namespace countersign::test {

/// A PostgreSQL cluster of its own for a test: made, started and thrown away. It listens on a socket in its temporary folder, and on a free
/// port of the loopback when asked to. As root it runs as the user "postgres", because PostgreSQL refuses root. It ends with the
/// object, and with the test process, however that ends.
class PostgresServer
{
public:
    struct Options {
        bool isDurable = false; ///< fsync on, as in production; off is several times faster
        bool onLoopback = false;
        /// Logins over the loopback give kPassword (SCRAM); over the socket everybody is trusted.
        bool withPassword = false;
    };
    static constexpr const char *kUser = "tester"; ///< a superuser
    static constexpr const char *kPassword = "correct;horse 'battery\\staple";

    PostgresServer() : PostgresServer(Options()) {}
    explicit PostgresServer(const Options &options);
    ~PostgresServer();
    Q_DISABLE_COPY_MOVE(PostgresServer)

    /// The process's own server, started at first use; nullptr when it does not start (the log says why).
    static PostgresServer *shared();

    bool isRunning() const { return m_isRunning; }
    /// What went wrong when it is not running.
    QString log() const { return m_log; }
    int port() const { return m_port; }

    /// The address of a fresh, empty database over the socket. Durable or not, it says unsafe_durability=1 where needed.
    std::string uri();
    /// The same over the loopback, with the password asked for when the server is withPassword.
    std::string loopbackUri();
    /// Makes a database and returns its name.
    QString createDatabase();
    /// Runs SQL in a database as the superuser, through psql. False when psql fails; its output is in `out`.
    bool sql(const QString &database, const QString &statements, QString *out = nullptr);

    /// From now on, with the next connection, it speaks TLS with this certificate and key (PEM files). Without a certificate: no TLS.
    bool useTls(const QString &certificate, const QString &key);

    /// As a crash would: no shutdown checkpoint, clients are cut off.
    void stopImmediately();
    /// kill -9 of the server and everything it started, as when the machine goes; returns when all of them are gone.
    void killAll();
    /// Starts again on the same data.
    bool start();
    /// Orderly: waits for clients to be cut off.
    void stop();

private:
    QString tool(const QString &name) const;
    bool run(const QString &program, const QStringList &arguments, QString *out = nullptr);
    QStringList asUnprivileged(const QStringList &command) const;
    bool makeCluster();

    Options m_options;
    TemporaryFolder m_folder;
    QProcess m_server;
    QString m_bin;
    QString m_log;
    int m_port = 0;
    int m_databases = 0;
    bool m_isRunning = false;
};

} // namespace countersign::test
