#pragma once

#include "models/base/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace countersign::importers {

/// A file store's folders and files, looked at without ever leaving the folder: symbolic links are not followed but counted.
class StoreFolder
{
public:
    /// A file and its name relative to where the walk began, with '/' between parts: MLflow keeps "psi/income" in a folder "psi".
    using Named = std::pair<std::string, std::filesystem::path>;

    /// Folders right in `folder`, sorted by name. Empty when there is no such folder.
    std::vector<std::filesystem::path> folders(const std::filesystem::path &folder);
    /// Files in `folder` and below, sorted by name.
    std::vector<Named> files(const std::filesystem::path &folder);
    /// The whole of a small file; nothing when it is no regular file, larger than 1 MiB (counted) or unreadable (counted).
    std::optional<std::string> read(const std::filesystem::path &file);
    static bool isPlainFolder(const std::filesystem::path &path);

    std::uint64_t linksPassed() const { return m_links; }
    std::uint64_t filesRefused() const { return m_refused; }
    void refuse() { ++m_refused; }

private:
    void walk(const std::filesystem::path &folder, const std::string &prefix, int depth, std::vector<Named> &found);

    std::uint64_t m_links = 0;
    std::uint64_t m_refused = 0;
};

} // namespace countersign::importers
