#include "models/pushdown/engines/location.h"

#include <QHostAddress>
#include <QUrl>

namespace countersign::pushdown {

namespace {

constexpr int kHttpPort = 8123;
constexpr int kHttpsPort = 8443;

QString toQt(std::string_view text) { return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())); }

Error invalid(std::string message) { return {ErrorKind::Invalid, std::move(message), {}}; }

Result<Location> parseClickHouse(std::string_view text, bool isEncrypted)
{
    // The host alone decides what is valid here, so the scheme that Qt knows is put in front.
    const QUrl url(toQt("http" + std::string(text.substr(text.find("://")))), QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty())
        return invalid("This is no address of a ClickHouse server. Write clickhouse://user@host:8123/database.");
    if (!url.password().isEmpty() || url.userInfo().contains(QLatin1Char(':')))
        return invalid("Passwords do not belong into addresses, which end up in arguments and histories. Leave the password out: you are asked for it, "
                       "or the keychain is.");
    if (url.hasQuery() || url.hasFragment())
        return invalid("The address of a ClickHouse server takes no options. Leave out what follows the database.");
    const QString path = url.path(QUrl::FullyDecoded).mid(1);
    if (path.contains(QLatin1Char('/')))
        return invalid("The address names more than a database. Write clickhouse://user@host:8123/database; the table is named apart.");
    Location location;
    location.engine = EngineKind::ClickHouse;
    location.host = url.host(QUrl::FullyEncoded).toStdString();
    location.port = url.port(isEncrypted ? kHttpsPort : kHttpPort);
    location.databaseName = path.isEmpty() ? "default" : path.toStdString();
    location.user = url.userName(QUrl::FullyDecoded).toStdString();
    location.isEncrypted = isEncrypted;
    return location;
}

std::string encoded(const std::string &text) { return QUrl::toPercentEncoding(toQt(text)).toStdString(); }

} // namespace

Result<Location> Location::parse(std::string_view text)
{
    if (text.find('\0') != std::string_view::npos)
        return invalid("The address holds a NUL character.");
    if (text.starts_with("postgresql://") || text.starts_with("postgres://")) {
        auto postgres = database::Location::parse(text);
        if (!postgres)
            return postgres.error();
        Location location;
        location.postgres = *std::move(postgres);
        return location;
    }
    if (text.starts_with("clickhouse://") || text.starts_with("clickhouses://"))
        return parseClickHouse(text, text.starts_with("clickhouses"));
    for (const auto &[scheme, engine] : {std::pair{std::string_view("duckdb:"), EngineKind::DuckDb}, {"parquet:", EngineKind::ParquetFile}, {"csv:", EngineKind::CsvFile}}) {
        if (!text.starts_with(scheme))
            continue;
        Location location;
        location.engine = engine;
        location.file = text.substr(scheme.size());
        if (location.file.empty())
            return invalid("The address names no file. Write " + std::string(scheme) + "/path/of/the/file.");
        return location;
    }
    return invalid("This is no address of rows. Write postgresql://user@host/database, clickhouse://user@host:8123/database, duckdb:/path, parquet:/path or csv:/path.");
}

std::string Location::text() const
{
    switch (engine) {
    case EngineKind::Postgres: return postgres.text();
    case EngineKind::ClickHouse:
        return std::string(isEncrypted ? "clickhouses://" : "clickhouse://") + (user.empty() ? "" : encoded(user) + "@")
               + (host.find(':') != std::string::npos ? "[" + host + "]" : host) + ":" + std::to_string(port) + "/"
               + encoded(databaseName);
    case EngineKind::DuckDb: return "duckdb:" + file;
    case EngineKind::ParquetFile: return "parquet:" + file;
    case EngineKind::CsvFile: return "csv:" + file;
    }
    return {};
}

std::string Location::place() const
{
    Location copy = *this;
    copy.user.clear();
    copy.postgres.user.clear();
    copy.postgres.options.clear(); // how to connect, not where the rows are
    return copy.text();
}

bool Location::sendsInClear() const
{
    if (engine != EngineKind::ClickHouse || isEncrypted)
        return false;
    const QString name = toQt(host);
    return name.compare(QLatin1String("localhost"), Qt::CaseInsensitive) != 0 && !QHostAddress(name).isLoopback();
}

} // namespace countersign::pushdown
