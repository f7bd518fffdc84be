#pragma once

#include "models/duckdb/capi.h"
#include "models/duckdb/library.h"

#include <string>
#include <vector>

namespace countersign::test {

/// Runs SQL with nothing forbidden, so that tests can make Parquet files and databases of DuckDB. `database` empty: in memory.
/// What went wrong, or nothing. Precondition: the library is there.
inline std::string runDuckDb(const std::string &database, const std::vector<std::string> &statements)
{
    const auto library = duckdb::Library::load();
    if (!library)
        return library.error().text();
    const duckdb::CApi &api = (*library)->api();
    void *opened = nullptr;
    void *connection = nullptr;
    char *error = nullptr;
    if (api.openExt(database.empty() ? nullptr : database.c_str(), &opened, nullptr, &error) != duckdb::kSuccess)
        return error;
    std::string trouble;
    if (api.connect(opened, &connection) != duckdb::kSuccess)
        trouble = "no connection";
    for (const std::string &sql : statements) {
        if (!trouble.empty())
            break;
        duckdb::CResult result{};
        if (api.query(connection, sql.c_str(), &result) != duckdb::kSuccess)
            trouble = api.resultError(&result);
        api.destroyResult(&result);
    }
    api.disconnect(&connection);
    api.close(&opened);
    return trouble;
}

} // namespace countersign::test
