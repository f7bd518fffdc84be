#pragma once

#include "models/base/digest.h"
#include "models/predictions/mapping/mapping.h"
#include "models/scoretables/table.h"

#include <filesystem>

/// Exact tables kept on this computer, so that a later session moves thresholds without reading the log again.
///
/// What is in a file: for each row its score, its group values and window, its label, its decision and weight. No identifiers, no
/// features, no other column of the log and no order of rows: nothing about a person beyond group and score. Files can be read by
/// their owner only (0600 in a folder of 0700), are a convenience, never evidence, and may be deleted at any time.
namespace countersign::scoretables {

/// A table depends on the log's bytes, on what its columns mean and on the unit of time.
struct TableKey {
    Digest log;     ///< SHA-256 of the log as stored
    Digest mapping; ///< SHA-256 of writeMapping()
    WindowUnit unit = WindowUnit::None;

    static TableKey of(const Digest &log, const predictions::Mapping &mapping, WindowUnit unit);
    /// "<log>-<mapping>-week", digests in 64 hexadecimal digits.
    std::string fileName() const;
    bool operator==(const TableKey &) const = default;
};

/// Any thread, several programs at once: files appear whole and are never changed.
class TableCache
{
public:
    static constexpr std::uint64_t kDefaultLimit = 2'000'000'000;

    /// `folder`: $XDG_CACHE_HOME/countersign/tables. It is made when the first table is saved.
    explicit TableCache(std::filesystem::path folder, std::uint64_t limit = kDefaultLimit);

    bool contains(const TableKey &key) const;
    /// Takes the least recently used tables away until all fit the limit. Invalid: scores that were rounded, a table larger than the
    /// limit. Io: the folder cannot be written; Cancelled.
    Status save(const TableKey &key, const Table &table, const Progress &progress = {}) const;
    /// Gives a saved table another key: one that was saved while its log's digest was not known yet. Another table under the new key is
    /// replaced. NotFound, Io.
    Status rename(const TableKey &saved, const TableKey &key) const;
    /// NotFound: not here. Tampered: not every byte is what was saved; the file is taken away. Unsupported: saved by another version of
    /// the program; the file stays until the limit takes it. Io, Cancelled.
    Result<Table> load(const TableKey &key, unsigned threads = 0, const Progress &progress = {}) const;

private:
    std::filesystem::path pathOf(const TableKey &key) const { return m_folder / key.fileName(); }
    Status makeFolder() const;
    void trim(const std::filesystem::path &newest) const;

    std::filesystem::path m_folder;
    std::uint64_t m_limit;
};

} // namespace countersign::scoretables
