#include "tests/faults/diskmodel.h"

#include <algorithm>

namespace countersign::faults {

namespace {

constexpr std::size_t kSector = 512;

void put(std::string &file, std::size_t offset, std::string_view bytes)
{
    if (file.size() < offset + bytes.size())
        file.resize(offset + bytes.size(), '\0');
    file.replace(offset, bytes.size(), bytes);
}

} // namespace

DiskModel::DiskModel(Files files, bool keepsPromises)
    : m_keepsPromises(keepsPromises)
{
    for (auto &[name, bytes] : files)
        m_files[name] = {true, std::move(bytes), {}};
}

void DiskModel::perform(const DiskStep &step, File &file)
{
    switch (step.kind) {
    case DiskStep::Kind::Create:
        file.exists = true;
        break;
    case DiskStep::Kind::Write:
        put(file.bytes, static_cast<std::size_t>(step.offset), step.bytes);
        break;
    case DiskStep::Kind::Truncate:
        file.bytes.resize(static_cast<std::size_t>(step.offset), '\0');
        break;
    case DiskStep::Kind::Remove:
        file = {};
        break;
    case DiskStep::Kind::Sync:
    case DiskStep::Kind::Mark:
        break;
    }
}

/// Each sector by itself: there, or not.
void DiskModel::performTorn(const DiskStep &step, File &file, SeededRandomness &chance)
{
    if (step.kind != DiskStep::Kind::Write) {
        if (chance.next() % 2)
            perform(step, file);
        return;
    }
    const auto begin = static_cast<std::size_t>(step.offset);
    for (std::size_t done = 0; done < step.bytes.size();) {
        const std::size_t inSector = std::min(kSector - (begin + done) % kSector, step.bytes.size() - done);
        if (chance.next() % 2)
            put(file.bytes, begin + done, std::string_view(step.bytes).substr(done, inSector));
        done += inSector;
    }
}

void DiskModel::apply(const DiskStep &step)
{
    if (step.kind == DiskStep::Kind::Mark)
        return;
    auto &file = m_files[step.file];
    const bool isPromise = step.kind == DiskStep::Kind::Sync || (step.kind == DiskStep::Kind::Remove && step.isSynced);
    if (step.kind != DiskStep::Kind::Sync)
        file.pending.push_back(step);
    if (!isPromise || !m_keepsPromises)
        return;
    for (const auto &pending : std::exchange(file.pending, {}))
        perform(pending, file);
    file.exists = file.exists || step.kind == DiskStep::Kind::Sync;
}

DiskModel::Files DiskModel::afterPowerCut(Survives survives, SeededRandomness &chance) const
{
    Files found;
    for (const auto &[name, file] : m_files) {
        File left{file.exists, file.bytes, {}};
        const std::size_t steps = file.pending.size();
        const std::size_t whole = survives == Survives::Everything  ? steps
                                  : survives == Survives::Beginning ? chance.next() % (steps + 1)
                                                                    : 0;
        for (std::size_t i = 0; i < steps; ++i) {
            if (survives == Survives::Sectors)
                performTorn(file.pending[i], left, chance);
            else if (i < whole)
                perform(file.pending[i], left);
        }
        // A new file that got bytes is there in some way; one whose making was lost is not.
        if (left.exists)
            found.emplace(name, std::move(left.bytes));
    }
    return found;
}

} // namespace countersign::faults
