#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

/// What the scripts of resources/sql make of an empty PostgreSQL database, read from the scripts themselves: so a new step needs no list kept beside it.
namespace countersign::store {

struct PostgresFunction {
    std::string body;
    std::string form; ///< "(p_size bigint, p_note text) RETURNS text plpgsql volatile definer searching here"
};

struct PostgresScripts {
    using OfTable = std::pair<std::string, std::string>; ///< table, and the thing's own name

    std::map<std::string, std::map<std::string, std::string>> tables; ///< name → column → "bigint not null"
    std::map<std::string, std::set<std::string>> constraints;         ///< table → "PRIMARY KEY (a, b)", "CHECK id=1"
    std::map<std::string, std::string> indexes;                       ///< name → its statement; without those of constraints
    std::map<std::string, PostgresFunction> functions;                ///< by name: there are no overloads
    std::map<OfTable, std::string> triggers;                          ///< "BEFORE UPDATE OR DELETE, each row: deny_change"
    std::map<OfTable, std::string> policies;                          ///< "SELECT using … check …"
    std::set<std::string> secured;                                    ///< tables with row-level security, forced
};

/// Tables that guard_tables() leaves to the functions: members read them, and write none but wrapped_key.
bool isLeftToFunctions(const std::string &table);

const PostgresScripts &postgresScripts();

/// An expression without what PostgreSQL adds when it tells one: spaces, parentheses, casts. For conditions and indexes, which are simple.
std::string bareExpression(const std::string &text);

} // namespace countersign::store
