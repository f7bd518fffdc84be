#include "models/importers/mlflow/storefolder.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace countersign::importers {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = 1U << 20;
constexpr int kMostDepth = 16;

} // namespace

bool StoreFolder::isPlainFolder(const fs::path &path)
{
    std::error_code ignored; // a failure comes as a type that is no folder
    return fs::symlink_status(path, ignored).type() == fs::file_type::directory;
}

std::vector<fs::path> StoreFolder::folders(const fs::path &folder)
{
    std::vector<fs::path> found;
    if (!isPlainFolder(folder))
        return found;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        std::error_code ignored;
        const fs::file_type type = at->symlink_status(ignored).type();
        if (type == fs::file_type::symlink)
            ++m_links;
        else if (type == fs::file_type::directory)
            found.push_back(at->path());
    }
    if (error)
        ++m_refused;
    std::ranges::sort(found);
    return found;
}

void StoreFolder::walk(const fs::path &folder, const std::string &prefix, int depth, std::vector<Named> &found)
{
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        std::error_code ignored;
        const fs::file_type type = at->symlink_status(ignored).type();
        const std::string name = prefix + at->path().filename().string();
        if (type == fs::file_type::symlink)
            ++m_links;
        else if (type == fs::file_type::regular)
            found.emplace_back(name, at->path());
        else if (type == fs::file_type::directory && depth < kMostDepth)
            walk(at->path(), name + "/", depth + 1, found);
        else
            ++m_refused;
    }
    if (error)
        ++m_refused;
}

std::vector<StoreFolder::Named> StoreFolder::files(const fs::path &folder)
{
    std::vector<Named> found;
    if (isPlainFolder(folder))
        walk(folder, {}, 0, found);
    std::ranges::sort(found);
    return found;
}

std::optional<std::string> StoreFolder::read(const fs::path &file)
{
    // Opened without following a link and looked at once open: what was checked is what is read. Non-blocking, for pipes.
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0) {
        m_links += errno == ELOOP ? 1 : 0;
        m_refused += errno != ELOOP && errno != ENOENT && errno != ENOTDIR ? 1 : 0;
        return {};
    }
    struct stat info {};
    std::string bytes;
    bool isGood = ::fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode);
    while (isGood) {
        const std::size_t old = bytes.size();
        bytes.resize(old + (64U << 10));
        const ssize_t got = ::read(descriptor, bytes.data() + old, bytes.size() - old);
        bytes.resize(old + (got > 0 ? static_cast<std::size_t>(got) : 0));
        if (got == 0)
            break;
        isGood = got > 0 && bytes.size() <= kMostBytes;
    }
    ::close(descriptor);
    if (!isGood) {
        ++m_refused;
        return {};
    }
    return bytes;
}

} // namespace countersign::importers
