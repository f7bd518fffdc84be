#include "models/importers/registry.h"

#include "models/importers/mlflow/mlflowdatabase.h"
#include "models/importers/mlflow/mlflowfolder.h"
#include "models/importers/mlflow/mlflowserver.h"

#include <system_error>

namespace countersign::importers {

namespace {

constexpr std::string_view kSqlite = "sqlite:///"; // as SQLAlchemy and MLflow write it: three slashes, then the path
constexpr std::string_view kFile = "file://";

/// Where MLflow's tables are unless somebody says otherwise; our own default schema is another.
Result<database::Location> mlflowLocation(std::string_view text)
{
    // SQLAlchemy names the Python driver in the scheme: "postgresql+psycopg2://".
    std::string uri(text);
    if (uri.starts_with("postgresql+"))
        uri = "postgresql" + uri.substr(uri.find(':'));
    auto location = database::Location::parse(uri);
    if (location && uri.find("schema=") == std::string::npos)
        location->schema = "public";
    return location;
}

} // namespace

Result<std::unique_ptr<Registry>> openRegistry(std::string_view text, const HttpCredentials &credentials)
{
    if (text.starts_with("http://") || text.starts_with("https://"))
        return openMlflowServer(text, {credentials, {}});
    if (text.starts_with("postgresql://") || text.starts_with("postgres://") || text.starts_with("postgresql+")) {
        const auto location = mlflowLocation(text);
        if (!location)
            return location.error();
        return openMlflowDatabase(*location, credentials.password);
    }
    if (text.starts_with(kSqlite))
        text.remove_prefix(kSqlite.size());
    else if (text.starts_with(kFile))
        text.remove_prefix(kFile.size());
    const std::filesystem::path path{std::string(text)};
    if (text.empty() || text.find('\0') != std::string_view::npos)
        return Error{ErrorKind::Invalid, "Name a source: an address (http, https, postgresql), a database file or an mlruns folder.", {}};
    std::error_code error;
    const auto type = std::filesystem::status(path, error).type();
    if (type == std::filesystem::file_type::directory)
        return openMlflowFolder(path);
    if (type == std::filesystem::file_type::not_found)
        return Error{ErrorKind::NotFound, "There is nothing at \"" + path.string() + "\". Check the path, or write an address with http:// or postgresql://.", {}};
    return openMlflowDatabase(database::Location::sqlite(path));
}

} // namespace countersign::importers
