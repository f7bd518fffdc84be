#pragma once

#include "models/base/random.h"
#include "tests/faults/diskshim.h"

#include <map>
#include <string>
#include <vector>

namespace countersign::faults {

/// A disk that keeps what was synced, and of everything else what chance has it: in any order, torn at 512 bytes.
class DiskModel
{
public:
    /// How much of what was not synced is there after the power cut.
    enum class Survives { Nothing, Everything, Beginning, Sectors };
    using Files = std::map<std::string, std::string>;

    /// `keepsPromises` false: a disk that says it has synced and has not.
    DiskModel(Files files, bool keepsPromises);

    void apply(const DiskStep &step);
    /// The files as they are found when the power comes back; those that are not there are left out.
    Files afterPowerCut(Survives survives, SeededRandomness &chance) const;

private:
    struct File {
        bool exists = false;
        std::string bytes;
        std::vector<DiskStep> pending;
    };
    static void perform(const DiskStep &step, File &file);
    static void performTorn(const DiskStep &step, File &file, SeededRandomness &chance);

    std::map<std::string, File> m_files;
    bool m_keepsPromises;
};

} // namespace countersign::faults
