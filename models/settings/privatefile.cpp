#include "models/settings/privatefile.h"

#include "models/base/random.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>

namespace countersign::settings {

namespace {

/// A name beside the file that nobody else uses.
std::filesystem::path temporaryBeside(const std::filesystem::path &file)
{
    SystemRandomness randomness;
    return file.parent_path() / ("." + file.filename().native() + "." + toHex(randomness.bytes(8)));
}

bool writeAll(int descriptor, BytesView bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

Status writeNewFile(const std::filesystem::path &file, BytesView bytes)
{
    const Descriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!out.isOpen())
        return systemError("file", file, "made");
    if (!writeAll(out.number(), bytes) || ::fsync(out.number()) != 0) {
        const Error error = systemError("file", file, "written");
        ::unlink(file.c_str());
        return error;
    }
    return {};
}

/// A new name lasts through a power cut only when its folder is flushed too.
void flushFolderOf(const std::filesystem::path &file)
{
    const Descriptor folder(::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.isOpen())
        ::fsync(folder.number());
}

} // namespace

Error systemError(const std::string &what, const std::filesystem::path &path, const char *verb)
{
    const std::string reason = std::generic_category().message(errno);
    return {ErrorKind::Io, "The " + what + " " + path.native() + " could not be " + verb + ": " + reason + ".", {}};
}

Status makePrivateFolder(const std::filesystem::path &folder)
{
    std::filesystem::path soFar;
    for (const auto &part : folder.lexically_normal()) {
        soFar /= part;
        if (part.empty() || ::mkdir(soFar.c_str(), S_IRWXU) == 0 || errno == EEXIST)
            continue;
        // A parent on a read-only or foreign file system answers differently than "exists", and may be there all the same.
        const int reason = errno;
        std::error_code ignored;
        if (!std::filesystem::is_directory(soFar, ignored)) {
            errno = reason;
            return systemError("folder", folder, "made");
        }
    }
    std::error_code ignored;
    if (!std::filesystem::is_directory(folder, ignored)) {
        errno = ENOTDIR;
        return systemError("folder", folder, "made");
    }
    return {};
}

Result<std::optional<Bytes>> readFile(const std::filesystem::path &file, std::size_t maxBytes)
{
    // O_NONBLOCK: opening a pipe that somebody put here must not wait for its writer.
    const Descriptor in(::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (!in.isOpen()) {
        if (errno == ENOENT || errno == ENOTDIR)
            return std::optional<Bytes>();
        return systemError("file", file, "read");
    }
    struct stat status = {};
    if (::fstat(in.number(), &status) != 0)
        return systemError("file", file, "read");
    if (!S_ISREG(status.st_mode))
        return Error{ErrorKind::Io, "The file " + file.native() + " could not be read: it is not a regular file.", {}};

    Bytes bytes;
    char buffer[16384];
    while (true) {
        const ssize_t count = ::read(in.number(), buffer, sizeof buffer);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return systemError("file", file, "read");
        if (count == 0)
            return std::optional<Bytes>(std::move(bytes));
        bytes.append(buffer, static_cast<std::size_t>(count));
        if (bytes.size() > maxBytes)
            return Error{ErrorKind::Io, "The file " + file.native() + " is longer than the " + std::to_string(maxBytes) + " bytes it can have.", {}};
    }
}

Status replaceFile(const std::filesystem::path &file, BytesView bytes)
{
    const std::filesystem::path temporary = temporaryBeside(file);
    if (const Status written = writeNewFile(temporary, bytes); !written)
        return written;
    if (::rename(temporary.c_str(), file.c_str()) != 0) {
        const Error error = systemError("file", file, "written");
        ::unlink(temporary.c_str());
        return error;
    }
    flushFolderOf(file);
    return {};
}

Status createFile(const std::filesystem::path &file, BytesView bytes)
{
    const std::filesystem::path temporary = temporaryBeside(file);
    if (const Status written = writeNewFile(temporary, bytes); !written)
        return written;
    // link() is the rename that refuses to replace.
    const bool isLinked = ::link(temporary.c_str(), file.c_str()) == 0;
    const int reason = errno;
    ::unlink(temporary.c_str());
    if (isLinked) {
        flushFolderOf(file);
        return {};
    }
    if (reason == EEXIST)
        return Error{ErrorKind::Conflict, "The file " + file.native() + " exists already.", {}};
    errno = reason;
    return systemError("file", file, "made");
}

FileLock::FileLock(const std::filesystem::path &file)
    : m_file(::open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR))
{
    int outcome = -1;
    if (m_file.isOpen()) {
        do
            outcome = ::flock(m_file.number(), LOCK_EX);
        while (outcome != 0 && errno == EINTR);
    }
    m_isHeld = outcome == 0;
}

} // namespace countersign::settings
