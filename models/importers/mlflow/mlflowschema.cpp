#include "models/importers/mlflow/mlflowschema.h"

namespace countersign::importers {

namespace {

constexpr std::string_view kSqliteColumns =
    "SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'";
constexpr std::string_view kPostgresColumns =
    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()";

constexpr std::string_view kNeeded[] = {"experiments", "runs", "metrics", "params", "tags", "registered_models", "model_versions"};

} // namespace

bool MlflowSchema::has(std::string_view table, std::string_view column) const
{
    const auto found = m_tables.find(table);
    return found != m_tables.end() && found->second.contains(column);
}

std::string MlflowSchema::column(std::string_view table, std::string_view column, std::string_view otherwise) const
{
    return has(table, column) ? "\"" + std::string(column) + "\"" : std::string(otherwise);
}

Result<MlflowSchema> MlflowSchema::read(database::Connection &connection)
{
    MlflowSchema schema;
    auto query = connection.prepare(connection.backend() == database::Backend::Sqlite ? kSqliteColumns : kPostgresColumns);
    if (!query)
        return query.error();
    if (const auto done = query->exec(); !done)
        return done.error();
    for (;;) {
        const auto more = query->next();
        if (!more)
            return more.error();
        if (!*more)
            break;
        schema.m_tables[query->text(0)].insert(query->text(1));
    }
    std::string missing;
    for (const std::string_view table : kNeeded) {
        if (!schema.has(table))
            missing += (missing.empty() ? "" : ", ") + std::string(table);
    }
    if (!missing.empty())
        return Error{ErrorKind::Invalid,
                     "This is not an MLflow database with a model registry (MLflow 1.4 or later); missing tables: " + missing
                         + ". Choose the database that the MLflow server was started with (--backend-store-uri).",
                     connection.location().text()};
    if (!schema.has("alembic_version", "version_num"))
        return schema;
    auto revision = connection.prepare("SELECT version_num FROM alembic_version");
    if (!revision)
        return revision.error();
    if (const auto done = revision->exec(); !done)
        return done.error();
    const auto row = revision->next();
    if (!row)
        return row.error();
    if (*row)
        schema.m_revision = revision->text(0).substr(0, 32);
    return schema;
}

} // namespace countersign::importers
