#include "replayserver.h"

#include <QTcpSocket>
#include <QTimer>
#include <QUrlQuery>

#include <algorithm>
#include <fstream>

namespace countersign::importers {

namespace {

std::string contentOf(const std::filesystem::path &file)
{
    std::ifstream stream(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

std::string textOf(const json::Value &value)
{
    return value.string() ? *value.string() : value.number() ? value.number()->lexeme : std::string();
}

/// Objects compare without regard to order; a null is an empty object.
bool isSame(const json::Value &first, const json::Value &second)
{
    const auto canonical = [](const json::Value &value) {
        const auto bytes = json::canonical(value.isNull() ? json::Value(json::Object()) : value);
        return bytes ? *bytes : std::string("not canonical");
    };
    return canonical(first) == canonical(second);
}

bool isQuery(const json::Value &recorded, const ReplayRequest &request)
{
    if (!recorded.object())
        return recorded.isNull() && request.query.empty();
    if (recorded.object()->size() != request.query.size())
        return false;
    return std::ranges::all_of(request.query, [&recorded](const auto &parameter) {
        const json::Value *const value = recorded.find(parameter.first);
        return value && textOf(*value) == parameter.second;
    });
}

} // namespace

std::string ReplayRequest::parameter(const std::string &name) const
{
    const auto found = std::ranges::find(query, name, [](const auto &entry) { return entry.first; });
    return found == query.end() ? std::string() : found->second;
}

ReplayAnswer ReplayAnswer::json(const json::Value &value)
{
    ReplayAnswer answer;
    answer.body = json::canonical(value).value();
    return answer;
}

ReplayAnswer ReplayAnswer::text(int status, std::string type, std::string body)
{
    ReplayAnswer answer;
    answer.status = status;
    answer.type = std::move(type);
    answer.body = std::move(body);
    return answer;
}

ReplayServer::ReplayServer(Handler handler) : m_handler(std::move(handler))
{
    connect(&m_server, &QTcpServer::newConnection, this, &ReplayServer::takeConnection);
    if (!m_server.listen(QHostAddress::LocalHost, 0))
        qFatal("no port on the loopback");
}

ReplayServer::~ReplayServer()
{
    // Sockets still open would report their end to members that are gone by then.
    for (QTcpSocket *const socket : m_server.findChildren<QTcpSocket *>())
        socket->disconnect(this);
}

std::string ReplayServer::address() const { return "http://127.0.0.1:" + std::to_string(m_server.serverPort()); }

void ReplayServer::takeConnection()
{
    while (QTcpSocket *const socket = m_server.nextPendingConnection()) {
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { readFrom(socket); });
        connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
            m_pending.erase(socket);
            socket->deleteLater();
        });
    }
}

void ReplayServer::readFrom(QTcpSocket *socket)
{
    QByteArray &pending = m_pending[socket];
    pending += socket->readAll();
    const qsizetype head = pending.indexOf("\r\n\r\n");
    if (head < 0)
        return;
    ReplayRequest request;
    const QList<QByteArray> lines = pending.left(head).split('\n');
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const qsizetype colon = lines[i].indexOf(':');
        request.headers[lines[i].left(colon).toLower().toStdString()] = lines[i].mid(colon + 1).trimmed().toStdString();
    }
    const auto length = request.headers.contains("content-length") ? std::stoll(request.headers["content-length"]) : 0;
    if (pending.size() < head + 4 + length)
        return;
    request.body = pending.mid(head + 4, length).toStdString();
    const QList<QByteArray> words = lines[0].trimmed().split(' ');
    const QUrl url = QUrl::fromEncoded(words.value(1));
    request.method = words.value(0).toStdString();
    request.path = url.path(QUrl::FullyDecoded).toStdString();
    for (const auto &[name, value] : QUrlQuery(url).queryItems(QUrl::FullyDecoded))
        request.query.emplace_back(name.toStdString(), value.toStdString());
    pending.remove(0, head + 4 + length);
    m_requests.push_back(request);
    answer(socket, request);
}

void ReplayServer::answer(QTcpSocket *socket, const ReplayRequest &request)
{
    const ReplayAnswer answer = m_handler(request);
    if (answer.manner == ReplayAnswer::Manner::Never)
        return;
    if (answer.manner == ReplayAnswer::Manner::Dropped)
        return socket->abort();
    const bool isDripping = answer.manner == ReplayAnswer::Manner::Dripping;
    std::string head = "HTTP/1.1 " + std::to_string(answer.status) + " X\r\nContent-Type: " + answer.type
                       + "\r\nContent-Length: " + std::to_string(isDripping ? 1'000'000 : answer.body.size()) + "\r\n";
    for (const auto &[name, value] : answer.headers)
        head += name + ": " + value + "\r\n";
    socket->write(QByteArray::fromStdString(head + "\r\n" + answer.body));
    if (!isDripping)
        return;
    auto *const timer = new QTimer(socket);
    connect(timer, &QTimer::timeout, socket, [socket] { socket->write(" "); });
    timer->start(std::chrono::milliseconds(10));
}

json::Value pageOf(const std::string &key, const json::Array &entries, std::size_t most, const std::string &token)
{
    std::size_t from = 0;
    if (!token.empty())
        from = static_cast<std::size_t>(json::parse(fromBase64(token).value()).value().integer("offset").value());
    const std::size_t to = std::min(entries.size(), from + most);
    json::Object page;
    json::Array part;
    for (std::size_t i = from; i < to; ++i)
        part.push_back(entries[i]);
    if (!part.empty())
        page.set(key, part);
    if (part.size() == most) // also when nothing follows, as MLflow 2 does
        page.set("next_page_token", toBase64("{\"offset\": " + std::to_string(to) + "}"));
    return page;
}

std::pair<std::size_t, std::string> pageWanted(const ReplayRequest &request)
{
    if (request.method == "POST") {
        const auto body = json::parse(request.body);
        return {static_cast<std::size_t>(body.value().integerOr("max_results", 1000)), body.value().textOr("page_token", "")};
    }
    const std::string most = request.parameter("max_results");
    return {most.empty() ? 100 : std::stoul(most), request.parameter("page_token")};
}

Result<Recordings> Recordings::load(const std::filesystem::path &folder)
{
    Recordings recordings;
    std::ifstream index(folder / "index.jsonl");
    for (std::string line; std::getline(index, line);) {
        const auto value = json::parse(line);
        if (!value)
            return value.error();
        const json::Value null;
        Entry entry;
        entry.method = value->textOr("method", "");
        entry.path = value->textOr("path", "");
        entry.query = value->find("query") ? *value->find("query") : null;
        entry.body = value->find("body") ? *value->find("body") : null;
        entry.status = static_cast<int>(value->integerOr("status", 200));
        entry.type = value->textOr("content_type", "");
        entry.content = contentOf(folder / value->textOr("file", ""));
        recordings.m_entries.push_back(std::move(entry));
    }
    return recordings;
}

const Recordings::Entry *Recordings::find(const ReplayRequest &request) const
{
    const auto found = std::ranges::find_if(m_entries, [&request](const Entry &entry) {
        if (entry.method != request.method || entry.path != request.path || !isQuery(entry.query, request))
            return false;
        const auto body = request.body.empty() ? Result<json::Value>(json::Value()) : json::parse(request.body);
        return body && isSame(entry.body, *body);
    });
    return found == m_entries.end() ? nullptr : &*found;
}

json::Array Recordings::collect(const std::string &path, const std::string &key, const std::function<bool(const Entry &)> &wanted) const
{
    json::Array all;
    for (const Entry &entry : m_entries) {
        if (entry.path != path || entry.status != 200 || !wanted(entry))
            continue;
        const auto content = json::parse(entry.content);
        const json::Value *const list = content ? content->find(key) : nullptr;
        if (!list || !list->array())
            continue;
        for (const json::Value &value : *list->array())
            all.push_back(value);
    }
    return all;
}

json::Array Recordings::history(const std::string &run, const std::string &metric) const
{
    // The longest one: MLflow 3's answers without max_results are empty.
    json::Array longest;
    for (const Entry &entry : m_entries) {
        const auto isOf = [&](const Entry &other) {
            return &other == &entry && other.query.textOr("run_id", "") == run && other.query.textOr("metric_key", "") == metric
                   && !other.query.find("page_token");
        };
        json::Array points = collect("/api/2.0/mlflow/metrics/get-history", "metrics", isOf);
        if (points.size() > longest.size())
            longest = std::move(points);
    }
    return longest;
}

std::vector<std::pair<std::string, std::string>> Recordings::histories() const
{
    std::vector<std::pair<std::string, std::string>> found;
    for (const Entry &entry : m_entries) {
        if (entry.path != "/api/2.0/mlflow/metrics/get-history")
            continue;
        const json::Value *const most = entry.query.find("max_results");
        const std::pair<std::string, std::string> key(entry.query.textOr("run_id", ""), entry.query.textOr("metric_key", ""));
        const bool isWhole = most && most->number() && most->number()->lexeme == "25000" && !history(key.first, key.second).empty();
        if (isWhole && std::ranges::find(found, key) == found.end())
            found.push_back(key);
    }
    return found;
}

ReplayAnswer Recordings::answer(const ReplayRequest &request) const
{
    if (const Entry *const entry = find(request))
        return ReplayAnswer::text(entry->status, entry->type, entry->content);
    const std::string prefix = "/api/2.0/mlflow/";
    const auto [most, token] = pageWanted(request);
    const auto isPlain = [](const Entry &entry) { return entry.query.find("max_results") && !entry.query.find("filter"); };
    const auto isAll = [](const Entry &entry) {
        return entry.body.object() && !entry.body.find("filter") && (entry.body.textOr("run_view_type", "") == "ALL" || entry.body.textOr("view_type", "") == "ALL");
    };
    if (request.path == prefix + "registered-models/search")
        return ReplayAnswer::json(pageOf("registered_models", collect(request.path, "registered_models", isPlain), most, token));
    if (request.path == prefix + "model-versions/search")
        return ReplayAnswer::json(pageOf("model_versions", collect(request.path, "model_versions", isPlain), most, token));
    if (request.path == prefix + "experiments/search")
        return ReplayAnswer::json(pageOf("experiments", collect(request.path, "experiments", isAll), most, token));
    if (request.path == prefix + "runs/search")
        return ReplayAnswer::json(pageOf("runs", collect(request.path, "runs", isAll), most, token));
    if (request.path == prefix + "metrics/get-history")
        return ReplayAnswer::json(pageOf("metrics", history(request.parameter("run_id"), request.parameter("metric_key")), most, token));
    return ReplayAnswer::text(404, "text/html; charset=utf-8", "<!doctype html><title>404 Not Found</title>");
}

} // namespace countersign::importers
