#pragma once

#include <cstdint>

/// The few functions of DuckDB's C interface that are used here, declared by ourselves: no header of DuckDB is needed to build, and its library
/// is found when the program runs. Layouts and numbers are those of its stable C interface. Internal to models/duckdb.
namespace countersign::duckdb {

extern "C" {

/// Handed to fetchChunk by value; what it holds is DuckDB's.
struct CResult {
    std::uint64_t columnCount;
    std::uint64_t rowCount;
    std::uint64_t rowsChanged;
    void *columns;
    char *errorMessage;
    void *internalData;
};

/// A text of up to 12 bytes stands in the value itself, a longer one behind a pointer. Both begin with the length.
struct CNearText {
    static constexpr std::uint32_t kMost = 12;
    std::uint32_t length;
    char bytes[kMost];
};
struct CFarText {
    std::uint32_t length;
    char prefix[4];
    const char *bytes;
};
union CText {
    CNearText near;
    CFarText far;
};
static_assert(sizeof(CText) == 16);

} // extern "C"

enum CState : int { kSuccess = 0 };
enum CPendingState : int { kResultReady = 0, kResultNotReady = 1, kPendingError = 2, kNoTasksAvailable = 3 };

struct CApi {
    const char *(*libraryVersion)();
    int (*createConfig)(void **config);
    int (*setConfig)(void *config, const char *name, const char *value);
    void (*destroyConfig)(void **config);
    int (*openExt)(const char *path, void **database, void *config, char **error);
    void (*close)(void **database);
    int (*connect)(void *database, void **connection);
    void (*disconnect)(void **connection);
    void (*interrupt)(void *connection);
    void (*free)(void *memory);
    int (*query)(void *connection, const char *sql, CResult *result);
    int (*prepare)(void *connection, const char *sql, void **statement);
    const char *(*prepareError)(void *statement);
    void (*destroyPrepare)(void **statement);
    int (*pendingStreaming)(void *statement, void **pending);
    int (*executeTask)(void *pending);
    const char *(*pendingError)(void *pending);
    int (*executePending)(void *pending, CResult *result);
    void (*destroyPending)(void **pending);
    const char *(*resultError)(CResult *result);
    void (*destroyResult)(CResult *result);
    std::uint64_t (*columnCount)(CResult *result);
    const char *(*columnName)(CResult *result, std::uint64_t column);
    int (*columnType)(CResult *result, std::uint64_t column);
    void *(*fetchChunk)(CResult result);
    void (*destroyChunk)(void **chunk);
    std::uint64_t (*chunkSize)(void *chunk);
    void *(*chunkVector)(void *chunk, std::uint64_t column);
    void *(*vectorData)(void *vector);
    std::uint64_t *(*vectorValidity)(void *vector); ///< nullptr: every value is there
};

} // namespace countersign::duckdb
