#pragma once

#include "models/computed/comparisons/passingdrifts.h"
#include "models/pushdown/groups/columngroups.h"
#include "models/pushdown/groups/groupedrows.h"
#include "models/pushdown/pushdown.h"

namespace countersign::pushdown {

/// Drift of a table's rows, told in groups, and of its further columns: as of a file, rows one by one, while there are few enough of them; else from
/// counts of values, which differ from it in the last digits of Wasserstein-1 and by rounding where values are too many.
class TableDrift
{
public:
    /// `schema`: how chunks are laid out, with the table's own names of columns. Borrows parameters and options.
    TableDrift(const predictions::Schema &schema, const computed::Parameters &parameters, const PushOptions &options);

    /// `counts` (empty: all 1): how many equal rows a row of the chunk stands for.
    void add(const predictions::Chunk &chunk, std::span<const std::uint64_t> counts);
    /// After all rows: reads the other log that drift is against. Without it, drift is against the parameters' windows.
    Status readReference(predictions::LogReader reader, const predictions::Mapping &mapping);
    /// Once; `texts`: of the chunks.
    Result<computed::Drifts> ofTable(predictions::MergedDictionaries texts, std::vector<std::string> &notes);
    /// Nothing: the column was left out, and a note says why.
    Result<std::optional<computed::Drifts>> ofFeature(const ColumnGroups &column, std::vector<std::string> &notes);
    /// Of the other log, where there is one.
    std::optional<predictions::LogFacts> referenceFacts() const;

private:
    bool isCounted() const { return !m_again.areAll(); }

    const computed::Parameters &m_parameters;
    const PushOptions &m_options;
    predictions::Schema m_schema;
    RowsAgain m_again;
    std::vector<computed::DriftTally> m_tallies; ///< one
    std::optional<predictions::PredictionLog> m_reference;
    std::optional<computed::PassedLog> m_passedReference;
};

} // namespace countersign::pushdown
