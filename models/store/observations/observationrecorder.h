#pragma once

#include "models/store/ledgerstore.h"
#include "models/store/projection/projector.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace countersign::store {

/// Takes the observations of one import: finds what is new, packs it into evidence blocks and has the projector write it.
/// Memory stays at one block, whatever the size of the import. Inside a transaction.
///
/// For one series, window and step, values come in the order of the source. Those that the workspace has are passed over; further
/// ones are restatements, kept as higher revisions beside the earlier ones.
class ObservationRecorder
{
public:
    ObservationRecorder(LedgerStore &ledger, Projector &projector, database::Connection &connection, std::string import, std::int64_t importNo);

    /// The number of a series, made when it is new. Version and run of the key must be registered.
    Result<std::int64_t> series(const SeriesKey &key);
    Status add(std::int64_t series, const Observation &observation);
    Status finish();

    std::int64_t added() const { return m_added; }         ///< restatements included
    std::int64_t known() const { return m_known; }         ///< passed over
    std::int64_t restated() const { return m_restated; }
    /// Up to 100 sentences on restated values, for the preview.
    const std::vector<std::string> &restatements() const { return m_restatements; }
    std::int64_t newSeries() const { return m_newSeries; }
    /// The document that lists the blocks; the evidence of the metrics.import event.
    Result<Bytes> manifest() const;

private:
    struct State {
        SeriesKey key;
        std::int64_t newest = 0; ///< latest window end that is recorded
        bool hasRows = false;
    };
    Status flush();
    Status keepNew(std::vector<ObservationRow>::iterator first, std::vector<ObservationRow>::iterator last, std::vector<ObservationRow> &kept);
    void noteRestatement(const State &state, const ObservationRow &row, const ObservationRow &before);

    LedgerStore &m_ledger;
    Projector &m_projector;
    database::Connection &m_connection;
    std::string m_import;
    std::int64_t m_importNo;
    std::int64_t m_nextSeries = 0;
    std::unordered_map<std::string, std::int64_t> m_ids;
    std::unordered_map<std::int64_t, State> m_states;
    std::vector<ObservationRow> m_buffer;
    json::Array m_blocks;
    std::int64_t m_added = 0;
    std::int64_t m_known = 0;
    std::int64_t m_restated = 0;
    std::int64_t m_newSeries = 0;
    std::vector<std::string> m_restatements;
};

} // namespace countersign::store
