#pragma once

#include "models/computed/compute.h"
#include "tests/models/scoretables/tables.h"

/// Logs made here, read and computed in one step.
namespace tables {

using namespace countersign::computed;

inline Result<ComputedSet> compute(const std::string &csv, const predictions::Mapping &mapping, const Parameters &parameters, unsigned threads = 2)
{
    QTemporaryDir dir;
    auto reader = predictions::LogReader::open(write(dir, csv), mapping.dialect);
    if (!reader)
        return reader.error();
    predictions::ReadOptions options;
    options.threads = threads;
    Parameters own = parameters;
    own.threads = threads;
    return computeLog(*std::move(reader), mapping, own, options);
}

} // namespace tables
