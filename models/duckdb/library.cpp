#include "models/duckdb/library.h"

#include "models/duckdb/capi.h"

#include <charconv>
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace countersign::duckdb {

namespace {

constexpr const char *kVariable = "COUNTERSIGN_DUCKDB";
constexpr const char *kName = "libduckdb.so";

Error missing(std::string what)
{
    return {ErrorKind::Unsupported,
            what + " Get it with \"packaging/duckdb\", or set COUNTERSIGN_DUCKDB to the path of a libduckdb.so of version 1.2 or newer.", {},
            kMissingHint};
}

/// Every function by its name; the first one that is not there, or nothing.
const char *resolve(void *library, CApi &api)
{
    const char *absent = nullptr;
    const auto find = [&]<class F>(F &function, const char *name) {
        function = reinterpret_cast<F>(::dlsym(library, name));
        if (!function && !absent)
            absent = name;
    };
    find(api.libraryVersion, "duckdb_library_version");
    find(api.createConfig, "duckdb_create_config");
    find(api.setConfig, "duckdb_set_config");
    find(api.destroyConfig, "duckdb_destroy_config");
    find(api.openExt, "duckdb_open_ext");
    find(api.close, "duckdb_close");
    find(api.connect, "duckdb_connect");
    find(api.disconnect, "duckdb_disconnect");
    find(api.interrupt, "duckdb_interrupt");
    find(api.free, "duckdb_free");
    find(api.query, "duckdb_query");
    find(api.prepare, "duckdb_prepare");
    find(api.prepareError, "duckdb_prepare_error");
    find(api.destroyPrepare, "duckdb_destroy_prepare");
    find(api.pendingStreaming, "duckdb_pending_prepared_streaming");
    find(api.executeTask, "duckdb_pending_execute_task");
    find(api.pendingError, "duckdb_pending_error");
    find(api.executePending, "duckdb_execute_pending");
    find(api.destroyPending, "duckdb_destroy_pending");
    find(api.resultError, "duckdb_result_error");
    find(api.destroyResult, "duckdb_destroy_result");
    find(api.columnCount, "duckdb_column_count");
    find(api.columnName, "duckdb_column_name");
    find(api.columnType, "duckdb_column_type");
    find(api.fetchChunk, "duckdb_fetch_chunk");
    find(api.destroyChunk, "duckdb_destroy_data_chunk");
    find(api.chunkSize, "duckdb_data_chunk_get_size");
    find(api.chunkVector, "duckdb_data_chunk_get_vector");
    find(api.vectorData, "duckdb_vector_get_data");
    find(api.vectorValidity, "duckdb_vector_get_validity");
    return absent;
}

/// Of "v1.5.6". A development version has another form and passes as new.
bool isTooOld(std::string_view version)
{
    int major = 0;
    int minor = 0;
    const char *end = version.data() + version.size();
    const auto [dot, code] = std::from_chars(version.data() + (version.starts_with('v') ? 1 : 0), end, major);
    if (code != std::errc() || dot == end || *dot != '.' || std::from_chars(dot + 1, end, minor).ec != std::errc())
        return false;
    return major == 0 || (major == 1 && minor < 2);
}

std::vector<std::string> places()
{
    std::vector<std::string> paths{kName};
    const char *home = std::getenv("HOME");
    if (home && *home == '/')
        paths.push_back(std::string(home) + "/.local/lib/countersign/" + kName);
    paths.push_back(std::string("/usr/local/lib/countersign/") + kName);
    return paths;
}

} // namespace

Result<const Library *> Library::open(const std::string &path)
{
    // Never closed: DuckDB's threads and its exit handlers outlive any moment that would be right for it.
    void *handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        const char *reason = ::dlerror();
        return missing("DuckDB's library can't be loaded: " + std::string(reason ? reason : path) + ".");
    }
    auto api = std::make_unique<CApi>();
    if (const char *absent = resolve(handle, *api))
        return missing("\"" + path + "\" is not a DuckDB library that can be used: it has no " + absent + ".");
    const char *version = api->libraryVersion();
    if (isTooOld(version ? version : ""))
        return missing("DuckDB " + std::string(version) + " (\"" + path + "\") is too old.");
    auto *library = new Library; // kept, as the handle is
    library->m_api = api.release();
    library->m_version = version ? version : "";
    library->m_path = path;
    return static_cast<const Library *>(library);
}

Result<const Library *> Library::load()
{
    static std::mutex mutex;
    static const Library *loaded = nullptr;
    const std::scoped_lock lock(mutex);
    const char *wanted = std::getenv(kVariable);
    if (loaded && (!wanted || !*wanted || loaded->path() == wanted))
        return loaded;
    if (wanted && *wanted) {
        auto library = open(wanted);
        if (library)
            loaded = *library;
        return library;
    }
    for (const std::string &path : places()) {
        std::error_code code;
        if (path.starts_with('/') && !std::filesystem::exists(path, code))
            continue;
        auto library = open(path);
        if (!library && path.starts_with('/'))
            return library; // somebody put it there; why it can't be used is worth telling
        if (library) {
            loaded = *library;
            return library;
        }
    }
    return missing("This needs DuckDB's library, which is not installed here.");
}

} // namespace countersign::duckdb
