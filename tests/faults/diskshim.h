#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// What SQLite asks of the disk, seen and spoiled: a VFS before the real one. It is the process's default from the
/// first use on, and passes everything on unless it is told to record or to fail. One connection's thread at a time.
namespace countersign::faults {

/// One thing that was asked, in order.
struct DiskStep {
    enum class Kind {
        Create,   ///< a file that was not there
        Write,    ///< `bytes` at `offset`
        Truncate, ///< to `offset` bytes
        Sync,     ///< what was written before is on the disk when this returns
        Remove,   ///< `isSynced`: with its folder
        Mark      ///< not of the disk: the program was told something, `bytes`
    };
    Kind kind = Kind::Mark;
    std::string file;
    std::int64_t offset = 0;
    std::string bytes;
    bool isSynced = false;
};

class DiskShim
{
public:
    /// How a call fails.
    enum class Failure {
        Once, ///< that one
        Stuck ///< that one and all after it: the disk is gone
    };

    static DiskShim &instance();
    DiskShim(const DiskShim &) = delete;
    DiskShim &operator=(const DiskShim &) = delete;

    /// Records from now on; what was recorded before is forgotten.
    void record();
    void mark(const std::string &text);
    std::vector<DiskStep> stopRecording();

    /// The k-th call from now on fails, from 0: reading, writing, syncing, truncating, opening, removing.
    void failAt(std::int64_t call, Failure failure);
    /// Passes everything on again. Whether a call was made to fail.
    bool stopFailing();

    struct Private;

private:
    DiskShim();
};

} // namespace countersign::faults
