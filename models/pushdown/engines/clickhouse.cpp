#include "models/pushdown/engines/engine.h"
#include "models/pushdown/engines/tabseparated.h"

#include <QEventLoop>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSslError>
#include <QTimer>
#include <QUrl>
#include <QUrlQuery>
#include <QUuid>

#include <charconv>

namespace countersign::pushdown {

namespace {

constexpr std::chrono::milliseconds kLookAtCancel{100};
constexpr std::chrono::milliseconds kPatience = std::chrono::seconds(5); ///< for the request that ends a statement
constexpr qint64 kReadAhead = 4 << 20; ///< the server waits meanwhile
constexpr qsizetype kMostWords = 64 << 10;

QString toQt(std::string_view text) { return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())); }
QByteArray bytesOf(std::string_view text) { return QByteArray(text.data(), static_cast<qsizetype>(text.size())); }

/// "Nullable(X)" and "LowCardinality(X)" as X.
std::string_view innerType(std::string_view type)
{
    for (const std::string_view wrapper : {"Nullable(", "LowCardinality("})
        if (type.starts_with(wrapper) && type.ends_with(')'))
            return innerType(type.substr(wrapper.size(), type.size() - wrapper.size() - 1));
    return type;
}

ColumnKind kindOf(std::string_view wrapped)
{
    const std::string_view type = innerType(wrapped);
    const auto isOneOf = [type](std::initializer_list<std::string_view> names) { return std::ranges::find(names, type) != names.end(); };
    if (isOneOf({"UInt8", "UInt16", "UInt32", "UInt64", "Int8", "Int16", "Int32", "Int64"}))
        return ColumnKind::Integer;
    if (type == "Float64")
        return ColumnKind::Real;
    if (type == "Float32")
        return ColumnKind::ShortReal;
    if (type.starts_with("Decimal"))
        return ColumnKind::Decimal;
    if (type == "Bool")
        return ColumnKind::Boolean;
    if (type == "String")
        return ColumnKind::Text;
    if (type == "Date")
        return ColumnKind::Date;
    if (type == "DateTime" || type.starts_with("DateTime("))
        return ColumnKind::Timestamp;
    if (type.starts_with("DateTime64"))
        return ColumnKind::FineTimestamp;
    for (const std::string_view nested : {"Array(", "Tuple(", "Map(", "Nested(", "AggregateFunction(", "Variant(", "JSON", "Object("})
        if (type.starts_with(nested))
            return ColumnKind::Nested;
    return ColumnKind::Other;
}

/// A server's failure: its number and its words.
struct Failure {
    int code = 0;
    std::string words;
};

/// "Code: 60, e.displayText() = DB::Exception: …, e.what() = DB::Exception" of old servers, "Code: 60. DB::Exception: … (UNKNOWN_TABLE)" of new ones.
Failure failureOf(std::string_view text)
{
    Failure failure;
    if (const auto at = text.rfind("Code: "); at != std::string_view::npos) {
        text.remove_prefix(at + 6);
        std::from_chars(text.data(), text.data() + text.size(), failure.code);
    }
    constexpr std::string_view mark = "DB::Exception: ";
    if (const auto at = text.find(mark); at != std::string_view::npos)
        text.remove_prefix(at + mark.size());
    text = text.substr(0, std::min({text.find(", e.what() = "), text.find("\n"), text.find(" (version ")}));
    failure.words = shownWords(text);
    return failure;
}

class ClickHouseEngine final : public Engine
{
public:
    ClickHouseEngine(const Location &place, const ConnectOptions &options) : Engine(place), m_options(options) {}

    Result<std::vector<TableColumn>> columnsOf(const std::string &from, const Progress &progress) override
    {
        std::vector<TableColumn> columns;
        const auto described = run("DESCRIBE TABLE " + from, false,
                                   [&](std::span<const Cell> cells) {
                                       if (cells.size() < 2 || !cells[0] || !cells[1])
                                           return Status(Error{ErrorKind::Io, "The server describes the table in an unknown way.", location().place()});
                                       columns.push_back({std::string(*cells[0]), kindOf(*cells[1]), std::string(*cells[1])});
                                       return Status();
                                   },
                                   progress);
        if (!described)
            return described.error();
        return columns;
    }

    Status run(const std::string &sql, bool hasTotals, const RowSink &sink, const Progress &progress) override
    {
        auto status = runOnce(sql, hasTotals, sink, progress);
        // A user who may only read may not even say that he only reads. (A statement that writes has the same number, and stays refused.)
        if (!status && m_lastCode == kReadOnlyMode && !m_isBare && status.error().message.find(" setting") != std::string::npos) {
            m_isBare = true;
            status = runOnce(sql, hasTotals, sink, progress);
        }
        return status;
    }
    bool quotesTexts() const override { return true; }

private:
    static constexpr int kReadOnlyMode = 164;

    QNetworkRequest request(const QString &queryId, bool waitsForEnd) const
    {
        QUrl url;
        url.setScheme(location().isEncrypted ? QStringLiteral("https") : QStringLiteral("http"));
        url.setHost(toQt(location().host));
        url.setPort(location().port);
        url.setPath(QStringLiteral("/"));
        QUrlQuery query;
        const auto add = [&query](const QString &name, const QString &value) {
            query.addQueryItem(name, QString::fromLatin1(QUrl::toPercentEncoding(value)));
        };
        add(QStringLiteral("database"), toQt(location().databaseName));
        add(QStringLiteral("query_id"), queryId);
        if (waitsForEnd)
            add(QStringLiteral("wait_end_of_query"), QStringLiteral("1"));
        if (!m_isBare) {
            if (m_options.timeout.count() > 0)
                add(QStringLiteral("max_execution_time"), QString::number(m_options.timeout.count()));
            add(QStringLiteral("readonly"), QStringLiteral("1")); // the last one: nothing can be set after it
        }
        url.setQuery(query);
        QNetworkRequest request(url);
        request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
        request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
        request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
        request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy); // credentials follow nowhere
        request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("text/plain; charset=utf-8"));
        request.setRawHeader("Accept-Encoding", "identity");
        request.setRawHeader("User-Agent", "Countersign");
        if (!location().user.empty())
            request.setRawHeader("X-ClickHouse-User", bytesOf(location().user));
        if (!m_options.password.empty())
            request.setRawHeader("X-ClickHouse-Key", bytesOf(m_options.password));
        return request;
    }

    Status runOnce(const std::string &sql, bool hasTotals, const RowSink &sink, const Progress &progress);
    Error networkError(QNetworkReply::NetworkError code, const std::string &words) const;
    Error serverError(const Failure &failure, int status) const;
    void kill(const QString &queryId);

    const ConnectOptions m_options;
    QNetworkAccessManager m_network;
    bool m_isBare = false; ///< the user's own settings have to do
    int m_lastCode = 0;
};

/// Closing the connection does not stop an old server while it still groups.
void ClickHouseEngine::kill(const QString &queryId)
{
    ClickHouseEngine other(location(), m_options);
    other.m_isBare = true; // ending a statement is no reading; a user without the right to it waits for the server
    QNetworkRequest asking = other.request(QUuid::createUuid().toString(QUuid::WithoutBraces), false);
    asking.setTransferTimeout(static_cast<int>(kPatience.count()));
    const std::unique_ptr<QNetworkReply> reply(
        other.m_network.post(asking, QStringLiteral("KILL QUERY WHERE query_id = '%1' SYNC").arg(queryId).toLatin1()));
    QEventLoop loop;
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    if (!reply->isFinished())
        loop.exec();
}

Status ClickHouseEngine::runOnce(const std::string &sql, bool hasTotals, const RowSink &sink, const Progress &progress)
{
    m_lastCode = 0;
    const QString queryId = QUuid::createUuid().toString(QUuid::WithoutBraces);
    const std::unique_ptr<QNetworkReply> reply(m_network.post(request(queryId, !hasTotals), bytesOf(sql + "\nFORMAT TabSeparated")));
    reply->setReadBufferSize(kReadAhead);
    TabSeparatedReader reader(hasTotals);
    std::optional<Error> stopped;
    QByteArray refusal; // the body of an answer that is none
    std::string certificateTrouble;
    const auto stop = [&](Error error) {
        if (!stopped)
            stopped = std::move(error);
        reply->abort();
    };
    const auto take = [&] {
        const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        const QByteArray bytes = reply->readAll();
        if (status != 200) {
            if (refusal.size() < kMostWords)
                refusal += bytes;
            return;
        }
        if (stopped)
            return;
        if (const auto taken = reader.add({bytes.constData(), static_cast<std::size_t>(bytes.size())}, sink); !taken)
            stop(taken.error());
    };
    QEventLoop loop;
    QTimer look;
    QObject::connect(&look, &QTimer::timeout, &loop, [&] {
        if (progress.isCancelled())
            stop({ErrorKind::Cancelled, "Reading was stopped.", location().place()});
    });
    QObject::connect(reply.get(), &QNetworkReply::readyRead, &loop, take);
    QObject::connect(reply.get(), &QNetworkReply::sslErrors, &loop, [&](const QList<QSslError> &errors) {
        if (!errors.isEmpty())
            certificateTrouble = shownWords(errors.first().errorString().toStdString());
    });
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    look.start(kLookAtCancel);
    if (!reply->isFinished())
        loop.exec();
    look.stop();
    if (!stopped && reply->isOpen())
        take();
    if (stopped) {
        kill(queryId);
        return *stopped;
    }
    const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status == 0)
        return networkError(reply->error(), certificateTrouble.empty() ? reply->errorString().toStdString() : certificateTrouble);
    if (status != 200) {
        const Failure failure = failureOf(refusal.toStdString());
        m_lastCode = failure.code;
        return serverError(failure, status);
    }
    if (reader.isWhole() && reply->error() == QNetworkReply::NoError)
        return {};
    if (reader.failure().find("DB::Exception") != std::string::npos)
        return serverError(failureOf(reader.failure()), status);
    return Error{ErrorKind::Io, "The answer of the ClickHouse server ends in the middle. Nothing was taken; try again.", location().place()};
}

Error ClickHouseEngine::networkError(QNetworkReply::NetworkError code, const std::string &words) const
{
    const std::string where = location().place();
    const std::string host = shownWords(location().host);
    switch (code) {
    case QNetworkReply::ConnectionRefusedError:
        return {ErrorKind::Io, "Nothing answers on port " + std::to_string(location().port) + " of " + host + ". ClickHouse speaks HTTP on port 8123 where nobody changed it.", where};
    case QNetworkReply::HostNotFoundError:
        return {ErrorKind::Io, "There is no host named " + host + ". Check the address.", where};
    case QNetworkReply::SslHandshakeFailedError:
        return {ErrorKind::Denied, "No safe connection: " + shownWords(words) + ". Check the address, or have the server's certificate authority installed on this machine.", where};
    case QNetworkReply::RemoteHostClosedError:
        return {ErrorKind::Io, "The server closed the connection before it had answered. Check that the port is the one for HTTP.", where};
    default:
        return {ErrorKind::Io, "The server can't be reached: " + shownWords(words) + ".", where};
    }
}

Error ClickHouseEngine::serverError(const Failure &failure, int status) const
{
    const std::string where = location().place();
    const std::string words = failure.words.empty() ? "HTTP status " + std::to_string(status) : failure.words;
    switch (failure.code) {
    case 192: // unknown user
    case 193: // wrong password
    case 194: // a password is needed
    case 516: // any of these, of new servers
        return {ErrorKind::Denied, "The ClickHouse server does not let " + (location().user.empty() ? std::string("you") : "\"" + shownWords(location().user) + "\"") + " in. Check the user and the password. (" + words + ")", where};
    case 291: // database access
    case 497: // missing right
        return {ErrorKind::Denied, "The ClickHouse server does not allow this: " + words + ". Ask for the right to read the table.", where};
    case 60: // unknown table
    case 81: // unknown database
        return {ErrorKind::NotFound, "The ClickHouse server says: " + words + ". Check the name; case counts.", where};
    case 159:
        return {ErrorKind::Io, "The server stopped the statement: " + words + ". Give it more time with a larger limit.", where};
    case 241:
        return {ErrorKind::Io, "The ClickHouse server does not have the memory for this: " + words + ".", where};
    case 394:
        return {ErrorKind::Io, "Somebody ended the statement on the server.", where};
    default:
        break;
    }
    if (failure.code == 0 && (status == 401 || status == 403))
        return {ErrorKind::Denied, "The server does not let you in. Check the user and the password. (" + words + ")", where};
    if (failure.code == 0 && status >= 300)
        return {ErrorKind::Io, "Something else than a ClickHouse server seems to answer there: " + words + ".", where};
    return {ErrorKind::Invalid, "The ClickHouse server says: " + words + ".", where};
}

} // namespace

std::unique_ptr<Engine> makeClickHouseEngine(const Location &location, const ConnectOptions &options)
{
    return std::make_unique<ClickHouseEngine>(location, options);
}

} // namespace countersign::pushdown
