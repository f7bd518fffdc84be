#pragma once

#include "models/scoretables/table.h"

namespace countersign::scoretables {

/// Fills in LeafSums::massBins: bins whose edges are quantiles of the scores of all rows of the table (metrics::massEdges), so that each holds about as
/// many of them. The same for any number of threads. Left empty without scores or labels; with weights, which would have to move the edges; and where
/// scores were rounded, as nobody knows then on which side of an edge a row is.
void addMassBins(const TableParts &parts, unsigned threads, std::vector<LeafSums> &sums);

} // namespace countersign::scoretables
