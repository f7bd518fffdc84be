#include "models/computed/scores/tablekeeper.h"

#include "models/base/random.h"
#include "models/crypto/sha256.h"

namespace countersign::computed {

TableKeeper::TableKeeper(const std::filesystem::path &folder, const predictions::Mapping &mapping, scoretables::WindowUnit unit)
    : m_cache(folder), m_provisional(scoretables::TableKey::of(crypto::sha256(SystemRandomness().bytes(32)), mapping, unit))
{
}

void TableKeeper::write(const Table &table, const Progress &progress) { m_status = m_cache.save(m_provisional, table, progress); }

std::optional<Status> TableKeeper::finish(const ComputedSet &set)
{
    if (m_status && m_status->ok())
        m_status = m_cache.rename(m_provisional, scoretables::TableKey::of(set.log.digest, set.mapping, set.parameters.window.unit));
    return m_status;
}

} // namespace countersign::computed
