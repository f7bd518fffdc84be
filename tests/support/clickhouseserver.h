#pragma once

#include "tests/support/temporaryfolder.h"

#include <QProcess>

#include <string>

namespace countersign::test {

/// A ClickHouse server of its own for a test, on a free port of the loopback, in a temporary folder; with a user "default" without a password and a
/// user kUser with kPassword. It ends with the object, and with the test process, however that ends.
class ClickHouseServer
{
public:
    static constexpr const char *kUser = "tester";
    static constexpr const char *kPassword = "correct;horse 'battery<staple>";

    /// Debian's package clickhouse-server.
    static bool isInstalled();

    ClickHouseServer();
    ~ClickHouseServer();
    Q_DISABLE_COPY_MOVE(ClickHouseServer)

    bool isRunning() const { return m_isRunning; }
    QString log() const { return m_log; } ///< what went wrong when it is not running
    int port() const { return m_port; }
    std::string uri(const std::string &user = {}) const;

    /// Runs a statement as "default"; the answer, or an empty one and a warning.
    QByteArray sql(const QByteArray &statement, bool *good = nullptr);
    /// Rows for INSERT … FORMAT, after the statement.
    bool insert(const QByteArray &statement, const QByteArray &rows);
    void stop();

private:
    bool start();
    bool writeConfiguration();

    TemporaryFolder m_folder;
    QProcess m_server;
    QString m_log;
    int m_port = 0;
    bool m_isRunning = false;
};

} // namespace countersign::test
