#pragma once

#include "models/base/result.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

/// What a SQLite database is as a file: whether it can be opened and written where it lies, and whose turn it is to write.
/// Never opens the database file itself: closing any descriptor of it would drop SQLite's locks of this process (POSIX).
namespace countersign::database {

/// "file:" and the path percent-encoded byte by byte, so that any file name reaches SQLite as it is.
std::string sqliteUri(const std::filesystem::path &file, const char *mode);

/// NotFound: no file (unless it may be created), no folder. Invalid: a folder, a device. Io: cannot be looked at.
Status checkSqliteFile(const std::filesystem::path &file, bool mayCreate);

/// Where the file really is, through symbolic links in any part of its path; the path as it is where that cannot be told.
std::filesystem::path withoutLinks(const std::filesystem::path &file);
/// Whether the file itself is a symbolic link.
bool isLink(const std::filesystem::path &file);

/// Why a file on a file system of this type, a number of statfs(2), can only be read; empty on a local disk. Without a type it could not be told, which counts
/// as a network's.
std::string whyNotLocal(const std::filesystem::path &file, std::optional<std::uint32_t> type);

/// A sentence when the file cannot be written safely (write-protected file or folder, network file system, several names); else empty.
std::string whyReadOnly(const std::filesystem::path &file);

/// Whose turn it is to write. SQLite's lock has no queue: who commits and goes on at once takes it again before a sleeping
/// program looks. So every writer first takes this turnstile, an advisory lock on the folder, waits in it for SQLite's lock, and
/// leaves it once it has that; who just wrote finds somebody in the turnstile and cannot overtake. It is fairness only: where it cannot
/// be had (no access to the folder, or somebody sits in it), writing goes on without.
class Turnstile
{
public:
    explicit Turnstile(const std::filesystem::path &databaseFile);
    ~Turnstile();
    Turnstile(const Turnstile &) = delete;
    Turnstile &operator=(const Turnstile &) = delete;

    void enter(std::chrono::milliseconds patience);
    void leave();

private:
    int m_folder = -1;
    bool m_isInside = false;
};

/// Sleeps about a millisecond, a random time, so that programs that wait do not wait in step. After `waited` is long, a little longer.
void sleepWithJitter(std::chrono::milliseconds waited);

} // namespace countersign::database
