#pragma once

#include "models/base/result.h"
#include "models/database/connection.h"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace countersign::importers {

/// Which tables and columns a backend store has: what to read is decided by that, never by the name of a version.
class MlflowSchema
{
public:
    /// Invalid: the tables of a tracking store with a model registry are not there.
    static Result<MlflowSchema> read(database::Connection &connection);

    bool has(std::string_view table) const { return m_tables.contains(table); }
    bool has(std::string_view table, std::string_view column) const;
    /// "column", quoted, where the table has it, otherwise the given SQL.
    std::string column(std::string_view table, std::string_view column, std::string_view otherwise = "NULL") const;
    const std::string &revision() const { return m_revision; } ///< alembic's; "unknown" where the store doesn't say

private:
    std::map<std::string, std::set<std::string, std::less<>>, std::less<>> m_tables;
    std::string m_revision = "unknown";
};

} // namespace countersign::importers
