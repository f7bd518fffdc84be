#include "ui/model/metrics/valuefacts.h"

#include "models/services/computed/computedsets.h"

#include <algorithm>
#include <filesystem>

namespace countersign::pages {

namespace {

/// "log.csv, SHA-256 9f2c6e41ab03…, engine 1, I-41".
std::string sourceOf(const services::ComputedRow &row)
{
    const std::string name = std::filesystem::path(row.log).filename().string();
    return name + ", SHA-256 " + row.logDigest.hex().substr(0, 12) + "…, engine " + std::to_string(row.engine) + ", " + row.number();
}

using Shares = std::map<std::pair<std::int64_t, std::int64_t>, double>; ///< by start and end of the window

} // namespace

Result<ValueFacts> ValueFacts::read(services::Session &session, const VersionId &version, const std::vector<store::SeriesRow> &series)
{
    ValueFacts facts;
    const auto sets = services::listComputed(session, version);
    if (!sets)
        return sets.error();
    for (const auto &set : *sets)
        facts.m_sources.emplace(set.no, sourceOf(set));
    std::ranges::copy_if(series, std::back_inserter(facts.m_shares), [](const store::SeriesRow &row) { return row.key.metric == report::kLabelledShare; });
    return facts;
}

Status ValueFacts::addTo(report::MetricLine &line, const SeriesKey &key, const std::vector<store::ObservationRow> &rows, database::Connection &connection) const
{
    Shares shares;
    const auto own = std::ranges::find_if(m_shares, [&](const store::SeriesRow &row) { return row.key.slice == key.slice && row.key.run == key.run; });
    if (own != m_shares.end() && report::waitsForLabels(key.metric)) {
        const auto values = store::readObservations(connection, own->id);
        if (!values)
            return values.error();
        for (const auto &row : *values)
            if (row.value)
                shares[{row.windowStart, row.windowEnd}] = *row.value;
    }
    if (shares.empty() && m_sources.empty())
        return {};
    line.facts.reserve(rows.size());
    for (const auto &row : rows) {
        report::ValueFacts &facts = line.facts.emplace_back();
        if (const auto share = shares.find({row.windowStart, row.windowEnd}); share != shares.end())
            facts.labelledShare = share->second;
        if (const auto source = m_sources.find(row.import); source != m_sources.end())
            facts.source = source->second;
    }
    return {};
}

} // namespace countersign::pages
