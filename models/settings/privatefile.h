#pragma once

#include "models/base/bytes.h"
#include "models/settings/descriptor.h"

#include <filesystem>
#include <optional>

/// Files that belong to one person on one computer: readable by nobody else, and after a crash either as before or as after.
/// Any thread.
namespace countersign::settings {

/// The failure of the last system call as a sentence: "The file /x/y could not be read: Permission denied."
Error systemError(const std::string &what, const std::filesystem::path &path, const char *verb);

/// Makes the folder and its missing parents, mode 0700 each. A folder that exists stays as it is. Io.
Status makePrivateFolder(const std::filesystem::path &folder);

/// The whole file; nothing when there is none. Io: unreadable, not a regular file, or longer than maxBytes.
Result<std::optional<Bytes>> readFile(const std::filesystem::path &file, std::size_t maxBytes);

/// Puts the bytes where the file is, mode 0600: into a new file beside it, flushed to the disk, and renamed over it. Io.
Status replaceFile(const std::filesystem::path &file, BytesView bytes);

/// Makes a file that must not exist yet, complete or not at all, mode 0600. Conflict: it exists (a symbolic link counts). Io.
Status createFile(const std::filesystem::path &file, BytesView bytes);

/// Keeps other programs and threads of this person out while it lives. The lock file stays behind, empty; the system drops the lock
/// of a program that dies.
class FileLock
{
public:
    /// Waits for its turn.
    explicit FileLock(const std::filesystem::path &file);
    bool isHeld() const { return m_isHeld; }

private:
    Descriptor m_file;
    bool m_isHeld = false;
};

} // namespace countersign::settings
