#pragma once

#include "models/report/metricchart.h"
#include "models/services/workspace/session.h"
#include "models/store/queries/queries.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

/// What is known of a value besides its figures: the log that it was computed from, and whether the labels of its window have arrived.
namespace countersign::pages {

/// Of the values of one version. Reads on the workspace's lane.
class ValueFacts
{
public:
    /// `series` are those of the version, without values.
    static Result<ValueFacts> read(services::Session &session, const VersionId &version, const std::vector<store::SeriesRow> &series);

    /// The facts of a line with these values, beside them; nothing where nothing is known of any. `run` and `slice` of `key` say whose labels.
    Status addTo(report::MetricLine &line, const SeriesKey &key, const std::vector<store::ObservationRow> &rows, database::Connection &connection) const;

private:
    std::map<std::int64_t, std::string> m_sources; ///< by the number of the import
    std::vector<store::SeriesRow> m_shares;        ///< the shares of labelled cases, by group
};

} // namespace countersign::pages
