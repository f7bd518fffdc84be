#include "models/importers/mlflow/httpclient.h"

#include "models/base/text.h"
#include "models/importers/cleantext.h"

#include <QEventLoop>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSslError>
#include <QTimer>
#include <QUrl>

namespace countersign::importers {

namespace {

constexpr int kMostRedirects = 5;
constexpr std::size_t kMostMessage = 300;
constexpr std::chrono::milliseconds kLookAtCancel{100};

QString toQt(std::string_view text) { return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())); }

QByteArray bytesOf(std::string_view text) { return QByteArray(text.data(), static_cast<qsizetype>(text.size())); }

/// Words of the server in a sentence of ours: one line, no invisible characters, not endless.
std::string shown(std::string_view bytes)
{
    std::uint64_t replaced = 0;
    return shortened(text::visible(wellFormed(bytes, replaced)), kMostMessage);
}

std::string seconds(std::chrono::milliseconds time)
{
    return std::to_string(std::max<std::int64_t>(1, std::chrono::duration_cast<std::chrono::seconds>(time).count()));
}

/// MLflow's own words about a failure, where the answer has some.
std::string serverMessage(const std::string &type, const std::string &body)
{
    if (type.starts_with("application/json")) {
        const auto value = json::parse(body);
        const json::Value *const message = value ? value->find("message") : nullptr;
        return message && message->string() ? shown(*message->string()) : std::string();
    }
    return type.starts_with("text/plain") ? shown(body) : std::string();
}

std::string encodedQuery(const HttpClient::Query &query)
{
    std::string out;
    for (const auto &[name, value] : query) {
        out += out.empty() ? '?' : '&';
        out += QUrl::toPercentEncoding(toQt(name)).toStdString() + "=" + QUrl::toPercentEncoding(toQt(value)).toStdString();
    }
    return out;
}

bool isSameServer(const QUrl &from, const QUrl &to)
{
    if (from.host().compare(to.host(), Qt::CaseInsensitive) != 0)
        return false;
    if (from.scheme() == QStringLiteral("http") && to.scheme() == QStringLiteral("https"))
        return true; // the usual step from a plain address to the safe one
    const auto portOf = [](const QUrl &url) { return url.port(url.scheme() == QStringLiteral("https") ? 443 : 80); };
    return from.scheme() == to.scheme() && portOf(from) == portOf(to);
}

} // namespace

struct HttpClient::Manager {
    QNetworkAccessManager network;
};

HttpClient::HttpClient(std::string root, HttpCredentials credentials, HttpLimits limits, const Progress &progress)
    : m_root(std::move(root)), m_credentials(std::move(credentials)), m_limits(limits), m_progress(progress), m_manager(std::make_unique<Manager>())
{
    m_manager->network.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
}

HttpClient::~HttpClient() = default;

void HttpClient::setHeader(std::string name, std::string value)
{
    std::erase_if(m_headers, [&name](const auto &header) { return header.first == name; });
    if (!value.empty())
        m_headers.emplace_back(std::move(name), std::move(value));
}

Error HttpClient::networkError(const QNetworkReply &reply, const std::string &certificateTrouble) const
{
    const QUrl url = reply.url();
    const std::string host = shown(url.host().toStdString());
    const std::string port = std::to_string(url.port(url.scheme() == QStringLiteral("https") ? 443 : 80));
    switch (reply.error()) {
    case QNetworkReply::ConnectionRefusedError:
        return {ErrorKind::Io, "Nothing answers on port " + port + " of " + host + ". Check that the server runs and that the port is right.", m_root};
    case QNetworkReply::HostNotFoundError:
        return {ErrorKind::Io, "There is no host named " + host + ". Check the address.", m_root};
    case QNetworkReply::TimeoutError:
    case QNetworkReply::OperationCanceledError:
        return {ErrorKind::Io, "The server has been silent for " + seconds(m_limits.silence) + " seconds. Try again, or read its database instead.", m_root};
    case QNetworkReply::SslHandshakeFailedError:
        return {ErrorKind::Denied,
                "No safe connection: " + (certificateTrouble.empty() ? shown(reply.errorString().toStdString()) : certificateTrouble)
                    + " Check the address, or have the server's certificate authority installed on this machine.",
                m_root};
    case QNetworkReply::RemoteHostClosedError:
        return {ErrorKind::Io, "The server closed the connection before it had answered. Try again; with https, check that the port speaks it.", m_root};
    default:
        return {ErrorKind::Io, "The server can't be reached: " + shown(reply.errorString().toStdString()) + ".", m_root};
    }
}

Result<HttpClient::Answer> HttpClient::exchangeOnce(const std::string &url, const std::string *body)
{
    QNetworkRequest request{QUrl(toQt(url), QUrl::StrictMode)};
    request.setTransferTimeout(static_cast<int>(m_limits.silence.count()));
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    request.setRawHeader("Accept", "application/json");
    request.setRawHeader("Accept-Encoding", "identity"); // and so no answer that grows when unpacked
    request.setRawHeader("User-Agent", "Countersign");
    if (!m_credentials.token.empty())
        request.setRawHeader("Authorization", bytesOf("Bearer " + m_credentials.token));
    else if (!m_credentials.user.empty())
        request.setRawHeader("Authorization", bytesOf("Basic " + toBase64(m_credentials.user + ":" + m_credentials.password)));
    for (const auto &[name, value] : m_headers)
        request.setRawHeader(bytesOf(name), bytesOf(value));
    if (body)
        request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));

    const std::unique_ptr<QNetworkReply> reply(body ? m_manager->network.post(request, bytesOf(*body)) : m_manager->network.get(request));
    Answer answer;
    std::string certificateTrouble;
    std::optional<Error> stopped;
    const auto stop = [&](ErrorKind kind, std::string message) {
        if (!stopped)
            stopped = Error{kind, std::move(message), m_root};
        reply->abort();
    };
    QEventLoop loop;
    QTimer look;
    QTimer whole;
    QObject::connect(&look, &QTimer::timeout, &loop, [&] {
        if (m_progress.isCancelled())
            stop(ErrorKind::Cancelled, "Reading the server was stopped.");
    });
    QObject::connect(&whole, &QTimer::timeout, &loop, [&] {
        stop(ErrorKind::Io, "The server needs longer than " + seconds(m_limits.whole) + " seconds for one answer. Read its database instead.");
    });
    const auto take = [&] {
        answer.body += reply->readAll().toStdString();
        if (answer.body.size() > m_limits.bytes)
            stop(ErrorKind::Io, "One answer of the server is larger than " + std::to_string(m_limits.bytes >> 20) + " MiB. Read its database instead.");
    };
    QObject::connect(reply.get(), &QNetworkReply::readyRead, &loop, take);
    QObject::connect(reply.get(), &QNetworkReply::sslErrors, &loop, [&](const QList<QSslError> &errors) {
        if (!errors.isEmpty())
            certificateTrouble = shown(errors.first().errorString().toStdString()) + ".";
    });
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    look.start(kLookAtCancel);
    whole.start(m_limits.whole);
    if (!reply->isFinished())
        loop.exec();
    look.stop();
    whole.stop();
    if (!stopped && reply->isOpen())
        take();
    if (stopped)
        return *stopped;
    answer.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (answer.status == 0 || reply->error() == QNetworkReply::RemoteHostClosedError || reply->error() == QNetworkReply::TimeoutError
        || reply->error() == QNetworkReply::OperationCanceledError)
        return networkError(*reply, certificateTrouble);
    answer.type = reply->header(QNetworkRequest::ContentTypeHeader).toString().toLower().toStdString();
    answer.location = reply->rawHeader("Location").toStdString();
    return answer;
}

Result<std::string> HttpClient::redirected(const std::string &from, const Answer &answer) const
{
    const QUrl source(toQt(from), QUrl::StrictMode);
    const QUrl target = source.resolved(QUrl(toQt(answer.location), QUrl::StrictMode));
    if (!target.isValid() || !isSameServer(source, target))
        return Error{ErrorKind::Denied,
                     "The server sends us on to " + shown(target.isValid() ? target.toDisplayString(QUrl::RemoveQuery | QUrl::RemoveUserInfo).toStdString() : "an invalid address")
                         + ". Credentials don't follow to another server: if you trust it, give its address.",
                     m_root};
    return target.toString(QUrl::FullyEncoded | QUrl::RemoveUserInfo).toStdString();
}

Result<HttpClient::Answer> HttpClient::exchange(const std::string &path, const Query &query, const std::string *body)
{
    std::string url = m_root + path + encodedQuery(query);
    for (int step = 0; step <= kMostRedirects; ++step) {
        if (m_progress.isCancelled())
            return Error{ErrorKind::Cancelled, "Reading the server was stopped.", m_root};
        auto answer = exchangeOnce(url, body);
        if (!answer)
            return answer.error();
        const bool isMoved = answer->status == 301 || answer->status == 302 || answer->status == 307 || answer->status == 308;
        if (!isMoved)
            return answer;
        auto target = redirected(url, *answer);
        if (!target)
            return target.error();
        url = std::move(*target);
    }
    return Error{ErrorKind::Io, "The server sends us in circles. Check its address.", m_root};
}

Error HttpClient::statusError(const Answer &answer, const std::string &path) const
{
    const std::string message = serverMessage(answer.type, answer.body);
    const std::string words = message.empty() ? std::string() : " It says: " + message;
    const std::string where = m_root + path;
    switch (answer.status) {
    case 401:
        return {ErrorKind::Denied,
                m_credentials.isEmpty() ? "The server asks who you are. Give a user name and password, or a token."
                                        : "The server doesn't accept these credentials. Check the user name and password, or the token.",
                where};
    case 403:
        return {ErrorKind::Denied, "The server doesn't allow this user to read that. Ask its administrator for the right to read." + words, where};
    case 404:
        return {ErrorKind::NotFound,
                "The server has nothing there (404). Check the address, with its path prefix if it has one; MLflow before 2.0 is read from its database." + words,
                where};
    case 429:
        return {ErrorKind::Io, "The server is too busy (429). Try again later." + words, where};
    default:
        break;
    }
    const std::string code = std::to_string(answer.status);
    if (answer.status >= 500)
        return {ErrorKind::Io, "The server failed (" + code + "). Try again later, or look into its log." + words, where};
    return {ErrorKind::Invalid, "The server doesn't take the request (" + code + ")." + words, where};
}

Result<json::Value> HttpClient::jsonOf(Result<Answer> answer, const std::string &path) const
{
    if (!answer)
        return answer.error();
    if (answer->status < 200 || answer->status > 299)
        return statusError(*answer, path);
    const std::size_t first = answer->body.find_first_not_of(" \t\r\n");
    if (answer->type.starts_with("text/html") || (first != std::string::npos && answer->body[first] == '<'))
        return Error{ErrorKind::Invalid,
                     "The server answers with a web page instead of data. Check the address; where a login page stands before the server, a token is needed.",
                     m_root + path};
    auto value = json::parse(answer->body, {.depth = 64, .bytes = m_limits.bytes, .members = 16'000'000});
    if (!value)
        return Error{ErrorKind::Invalid, "The server's answer is not valid JSON: " + shown(value.error().text()), m_root + path};
    if (!value->object())
        return Error{ErrorKind::Invalid, "The server's answer is not a JSON object. Check that MLflow is what answers there.", m_root + path};
    return value;
}

Result<json::Value> HttpClient::get(const std::string &path, const Query &query) { return jsonOf(exchange(path, query, nullptr), path); }

Result<json::Value> HttpClient::post(const std::string &path, const json::Object &body)
{
    const auto text = json::canonical(body);
    if (!text)
        return text.error();
    return jsonOf(exchange(path, {}, &*text), path);
}

Result<std::string> HttpClient::getText(const std::string &path)
{
    const auto answer = exchange(path, {}, nullptr);
    if (!answer)
        return answer.error();
    if (answer->status != 200)
        return statusError(*answer, path);
    if (answer->body.size() > kMostMessage || answer->body.find('<') != std::string::npos)
        return Error{ErrorKind::Invalid, "The server answers with something else than a short text.", m_root + path};
    return shown(answer->body);
}

} // namespace countersign::importers
