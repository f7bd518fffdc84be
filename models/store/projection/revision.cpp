#include "models/store/projection/revision.h"

#include "models/store/schema.h"
#include "models/store/statements.h"

#include <ranges>

namespace countersign::store {

Result<int> projectionRevision(database::Connection &connection)
{
    Statements sql(connection);
    const auto revision = sql.integer("SELECT revision FROM projection_state WHERE id = 1");
    return sql.ok() ? Result<int>(static_cast<int>(revision.value_or(0))) : Result<int>(sql.status().error());
}

Status setProjectionRevision(database::Connection &connection)
{
    Statements sql(connection);
    sql.run("UPDATE projection_state SET revision = ? WHERE id = 1", kProjectionRevision);
    return sql.status();
}

Status clearProjections(database::Connection &connection)
{
    const bool isPostgres = connection.backend() == database::Backend::Postgres;
    if (isPostgres) {
        // Everybody who writes takes the head first. Without an entry that they follow from, tables are written by nobody: not even here, while guarded.
        if (const auto status = connection.exec("LOCK TABLE ledger_head IN EXCLUSIVE MODE"); !status)
            return status;
        if (const auto status = connection.exec("ALTER TABLE projection_state DISABLE TRIGGER USER"); !status)
            return status;
    }
    for (const auto &table : projectionTables() | std::views::reverse) {
        if (isPostgres)
            if (const auto status = connection.exec("ALTER TABLE " + table.name + " DISABLE TRIGGER USER"); !status)
                return status;
        if (const auto status = connection.exec("DELETE FROM " + table.name); !status)
            return status;
    }
    return {};
}

Status finishProjections(database::Connection &connection)
{
    if (const auto status = setProjectionRevision(connection); !status || connection.backend() != database::Backend::Postgres)
        return status;
    return connection.exec("SELECT guard_tables()");
}

} // namespace countersign::store
