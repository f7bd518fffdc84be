#pragma once

#include "models/base/result.h"

#include <string>

namespace countersign::duckdb {

struct CApi;

/// DuckDB's library (libduckdb.so), loaded when it is first needed and kept until the program ends. Nothing of DuckDB is compiled in or
/// required; where it is not installed, what needs it says so in one sentence. Any thread.
class Library
{
public:
    /// Looks at the path in the environment variable COUNTERSIGN_DUCKDB, and only there when it is set; otherwise where the system looks for
    /// libraries, then in ~/.local/lib/countersign and /usr/local/lib/countersign (packaging/duckdb puts it there).
    /// Unsupported: not found, not usable, or older than 1.2, which cannot be kept to one file; the hint is kMissingHint.
    static Result<const Library *> load();

    const CApi &api() const { return *m_api; }
    const std::string &version() const { return m_version; } ///< "v1.5.6"
    const std::string &path() const { return m_path; }       ///< as it was asked for

private:
    Library() = default;
    static Result<const Library *> open(const std::string &path);

    const CApi *m_api = nullptr;
    std::string m_version;
    std::string m_path;
};

inline constexpr const char *kMissingHint = "duckdb.missing";

} // namespace countersign::duckdb
