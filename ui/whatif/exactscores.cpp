#include "ui/whatif/exactscores.h"

#include "models/predictions/reader.h"

namespace countersign::pages {

Result<TablePointer> keptTable(const std::filesystem::path &folder, const services::ScoredSet &set, const Progress &progress)
{
    auto table = scoretables::TableCache(folder).load(set.tableKey(), 0, progress);
    if (!table)
        return table.error();
    return std::make_shared<const scoretables::Table>(*std::move(table));
}

Result<TablePointer> tableOfLog(const std::filesystem::path &log, const std::filesystem::path &folder, const services::ScoredSet &set,
                                const Progress &progress)
{
    auto reader = predictions::LogReader::open(log, set.mapping.dialect, progress);
    if (!reader)
        return reader.error();
    predictions::ReadOptions options;
    options.progress = progress;
    auto read = reader->read(set.mapping, options);
    if (!read)
        return read.error();
    if (read->facts.digest != set.logDigest)
        return Error{ErrorKind::Invalid, "This is another log: its digest is " + read->facts.digest.shortHex() + "…, and " + set.number + " was computed from "
                         + set.logDigest.shortHex() + "….", log.filename().string()};
    auto table = scoretables::buildTable(*std::move(read), {set.window.unit, 0, progress});
    if (!table)
        return table.error();
    // A convenience for the next session: that it could not be kept is no trouble now.
    static_cast<void>(scoretables::TableCache(folder).save(set.tableKey(), *table, progress));
    return std::make_shared<const scoretables::Table>(*std::move(table));
}

} // namespace countersign::pages
