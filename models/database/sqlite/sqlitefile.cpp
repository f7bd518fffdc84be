#include "models/database/sqlite/sqlitefile.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <random>
#include <system_error>
#include <thread>

namespace countersign::database {

namespace {

std::string quoted(const std::filesystem::path &file)
{
    return "“" + file.native() + "”";
}

std::filesystem::path folderOf(const std::filesystem::path &file)
{
    return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

/// File systems that other computers write as well, or on which locks or syncs cannot be trusted. Numbers as statfs(2) gives them.
constexpr std::pair<std::uint32_t, const char *> kSharedFileSystems[] = {
    {0x6969, "NFS"},         {0x517B, "SMB"},         {0xFF534D42, "CIFS"},    {0xFE534D42, "SMB2"},   {0x01021997, "9p"},       {0x65735546, "FUSE"},    {0x00C36400, "Ceph"},
    {0x5346414F, "AFS"},     {0x6B414653, "AFS"},     {0x73757245, "Coda"},    {0x564C, "NCP"},        {0x7461636F, "OCFS2"},    {0x01161970, "GFS2"},    {0x0BD00BD0, "Lustre"},
    {0x47504653, "GPFS"},    {0x19830326, "BeeGFS"},  {0x20030528, "OrangeFS"}, {0xAAD7AAEA, "PanFS"}, {0xBEEFDEAD, "StorNext"}, {0x61636673, "ACFS"},    {0x786F4256, "VirtualBox"},
    {0xBACBACBC, "VMware"},  {0x7C7C6673, "Parallels"},
};

std::optional<std::uint32_t> fileSystemType(const std::filesystem::path &path)
{
    struct statfs info {};
    int code = 0;
    do
        code = ::statfs(path.c_str(), &info);
    while (code != 0 && errno == EINTR);
    return code == 0 ? std::optional(static_cast<std::uint32_t>(info.f_type)) : std::nullopt;
}

} // namespace

std::string sqliteUri(const std::filesystem::path &file, const char *mode)
{
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::error_code ignored;
    const std::string path = std::filesystem::absolute(file, ignored).native();
    std::string uri = "file:";
    for (const char c : path) {
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '.' || c == '-' || c == '_') {
            uri += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        uri += '%';
        uri += kDigits[byte >> 4];
        uri += kDigits[byte & 15];
    }
    return uri + "?mode=" + mode;
}

/// SQLite takes in a write-ahead log that lies beside a file, also where the file says that it has none: then the log is another database's.
static Status checkNoForeignLog(const std::filesystem::path &file)
{
    std::filesystem::path log = file;
    log += "-wal";
    std::error_code error;
    if (const auto size = std::filesystem::file_size(log, error); error || size == 0)
        return {};
    std::array<char, 20> header{};
    std::ifstream in(file, std::ios::binary);
    in.read(header.data(), header.size());
    constexpr char kWal = 2; // file format, section 1.3: write and read version
    if (in && header[18] != kWal && header[19] != kWal)
        return Error{ErrorKind::Invalid,
                     quoted(log) + " lies beside the file and does not belong to it: SQLite would take in the changes of another database. Nothing was opened. Move it away, or find out which file it belongs to.",
                     {}};
    return {};
}

Status checkSqliteFile(const std::filesystem::path &file, bool mayCreate)
{
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (status.type() == std::filesystem::file_type::not_found) {
        if (!std::filesystem::is_directory(folderOf(file), error))
            return Error{ErrorKind::NotFound, "There is no folder " + quoted(folderOf(file)) + ". Check the path, or make the folder first.", {}};
        if (!mayCreate)
            return Error{ErrorKind::NotFound, "There is no file " + quoted(file) + ". Check the path, or make a new workspace there.", {}};
        return {};
    }
    if (status.type() == std::filesystem::file_type::none || status.type() == std::filesystem::file_type::unknown)
        return Error{ErrorKind::Io, quoted(file) + " cannot be looked at: " + error.message() + ".", {}};
    if (status.type() == std::filesystem::file_type::directory)
        return Error{ErrorKind::Invalid, quoted(file) + " is a folder. Choose a workspace file.", {}};
    if (status.type() != std::filesystem::file_type::regular)
        return Error{ErrorKind::Invalid, quoted(file) + " is not a file on disk but a device or a pipe. Choose a workspace file.", {}};
    if (::access(file.c_str(), R_OK) != 0)
        return Error{ErrorKind::Denied, "You have no right to read " + quoted(file) + ". Ask its owner.", {}};
    return checkNoForeignLog(withoutLinks(file));
}

std::filesystem::path withoutLinks(const std::filesystem::path &file)
{
    std::error_code error;
    auto path = std::filesystem::weakly_canonical(file, error);
    return error ? file : path;
}

bool isLink(const std::filesystem::path &file)
{
    std::error_code ignored;
    return std::filesystem::is_symlink(file, ignored);
}

std::string whyNotLocal(const std::filesystem::path &file, std::optional<std::uint32_t> type)
{
    const std::string advice = ", where two programs could destroy it, so it can only be read. Copy it to a local disk, or share the workspace through PostgreSQL.";
    if (!type)
        return "It cannot be told on what file system " + quoted(file) + " lies; it may be one of a network" + advice;
    const auto *const found = std::ranges::find(kSharedFileSystems, *type, &std::pair<std::uint32_t, const char *>::first);
    return found == std::ranges::end(kSharedFileSystems) ? std::string() : quoted(file) + " lies on a network file system (" + found->second + ")" + advice;
}

std::string whyReadOnly(const std::filesystem::path &file)
{
    const auto folder = folderOf(file);
    std::error_code ignored;
    const bool exists = std::filesystem::exists(file, ignored);
    if (auto why = whyNotLocal(file, fileSystemType(exists ? file : folder)); !why.empty())
        return why;
    if (exists && ::access(file.c_str(), W_OK) != 0)
        return quoted(file) + " is write-protected, so it can only be read. Change its permissions, or work on a copy.";
    // SQLite keeps unfinished work beside the name that it was opened by, where whoever comes by another name does not find it.
    if (exists && std::filesystem::hard_link_count(file, ignored) > 1 && !ignored)
        return quoted(file) + " has several names (hard links), under which two programs could damage it, so it can only be read. Remove the other names, or work on a copy.";
    if (::access(folder.c_str(), W_OK) != 0)
        return "The folder of " + quoted(file) + " is write-protected, so the workspace can only be read. Change the folder's permissions, or work on a copy.";
    return {};
}

Turnstile::Turnstile(const std::filesystem::path &databaseFile)
    : m_folder(::open(folderOf(databaseFile).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC))
{
}

Turnstile::~Turnstile()
{
    if (m_folder >= 0)
        ::close(m_folder);
}

void Turnstile::enter(std::chrono::milliseconds patience)
{
    const auto start = std::chrono::steady_clock::now();
    while (m_folder >= 0 && !m_isInside) {
        m_isInside = ::flock(m_folder, LOCK_EX | LOCK_NB) == 0;
        const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
        if (m_isInside || (errno != EWOULDBLOCK && errno != EINTR) || waited >= patience)
            return;
        sleepWithJitter(waited);
    }
}

void Turnstile::leave()
{
    if (m_isInside)
        ::flock(m_folder, LOCK_UN);
    m_isInside = false;
}

void sleepWithJitter(std::chrono::milliseconds waited)
{
    thread_local std::minstd_rand random{std::random_device{}()};
    // Half a millisecond to two at first; beyond a second the other program is busy for long, and looking less often costs nothing.
    const unsigned longest = waited < std::chrono::seconds(1) ? 1500 : 9500;
    std::this_thread::sleep_for(std::chrono::microseconds(500 + random() % longest));
}

} // namespace countersign::database
