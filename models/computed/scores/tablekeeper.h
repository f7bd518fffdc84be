#pragma once

#include "models/computed/computedset.h"
#include "models/scoretables/tablefile.h"

#include <optional>

namespace countersign::computed {

/// Keeps the table of a log on this computer (scoretables/tablefile.h) while it is at hand, without copying it: it is written when it comes by, and
/// named when the log's digest is known.
class TableKeeper
{
public:
    TableKeeper(const std::filesystem::path &folder, const predictions::Mapping &mapping, scoretables::WindowUnit unit);

    /// For TableUse. What goes wrong is told by finish().
    void write(const Table &table, const Progress &progress = {});
    /// How it went, or nothing where no table came by. Call once, when all of the log has been read.
    std::optional<Status> finish(const ComputedSet &set);

private:
    scoretables::TableCache m_cache;
    scoretables::TableKey m_provisional;
    std::optional<Status> m_status;
};

} // namespace countersign::computed
