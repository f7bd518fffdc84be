#pragma once

#include "models/base/json.h"

#include <QTcpServer>

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace countersign::importers {

struct ReplayRequest {
    std::string method;
    std::string path;
    std::vector<std::pair<std::string, std::string>> query; ///< decoded
    std::map<std::string, std::string> headers;             ///< names in lower case
    std::string body;

    std::string parameter(const std::string &name) const; ///< of the query; empty when absent
};

struct ReplayAnswer {
    enum class Manner { Whole, Never, Dripping, Dropped };
    int status = 200;
    std::string type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    Manner manner = Manner::Whole; ///< Never: silence. Dripping: a byte now and then, without end. Dropped: closed without a word

    static ReplayAnswer json(const json::Value &value);
    static ReplayAnswer text(int status, std::string type, std::string body);
};

/// An HTTP server on a free port of the loopback that answers what a function says. Lives in the thread of its maker and needs
/// an event loop there, such as the one the reader waits in.
class ReplayServer : public QObject
{
    Q_OBJECT

public:
    using Handler = std::function<ReplayAnswer(const ReplayRequest &)>;
    explicit ReplayServer(Handler handler);
    ~ReplayServer() override;
    std::string address() const; ///< "http://127.0.0.1:4711"
    const std::vector<ReplayRequest> &requests() const { return m_requests; }

private:
    void takeConnection();
    void readFrom(QTcpSocket *socket);
    void answer(QTcpSocket *socket, const ReplayRequest &request);

    Handler m_handler;
    QTcpServer m_server;
    std::map<QTcpSocket *, QByteArray> m_pending;
    std::vector<ReplayRequest> m_requests;
};

/// One page of a listing as MLflow gives it: `entries` under `key`, a token with the offset. Empty lists are absent.
json::Value pageOf(const std::string &key, const json::Array &entries, std::size_t most, const std::string &token);
/// Of a GET or a POST: the parameters that decide about the page.
std::pair<std::size_t, std::string> pageWanted(const ReplayRequest &request);

/// A recorded server (index.jsonl and the answers beside it). What was recorded is given as it was; pages of other sizes are cut from the
/// recorded ones.
class Recordings
{
public:
    static Result<Recordings> load(const std::filesystem::path &folder);
    ReplayAnswer answer(const ReplayRequest &request) const;
    /// Run and metric of every history that was recorded whole.
    std::vector<std::pair<std::string, std::string>> histories() const;

private:
    struct Entry {
        std::string method;
        std::string path;
        json::Value query;
        json::Value body;
        int status = 200;
        std::string type;
        std::string content;
    };
    const Entry *find(const ReplayRequest &request) const;
    /// All entries of a listing, from the recordings that `wanted` picks.
    json::Array collect(const std::string &path, const std::string &key, const std::function<bool(const Entry &)> &wanted) const;
    json::Array history(const std::string &run, const std::string &metric) const;

    std::vector<Entry> m_entries;
};

} // namespace countersign::importers
