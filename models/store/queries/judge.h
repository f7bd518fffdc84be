#pragma once

#include "models/database/connection.h"
#include "models/domain/inventory.h"
#include "models/domain/judgement.h"
#include "models/domain/waivers.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace countersign::store {

/// A verdict, and the series that its value is from.
struct JudgedSeries {
    Verdict verdict;
    std::optional<std::int64_t> series;
};

/// The newest values of one version, with every limit that looks at them: read once, judged at any moment.
class VersionJudgement
{
public:
    /// Worst first; waivers that hold then count.
    std::vector<JudgedSeries> at(Instant today) const;
    /// The moments after `today` at which something may be otherwise although nobody does anything: a limit begins, a value is too old, a waiver ends.
    /// Ascending.
    std::vector<Instant> turnsAfter(Instant today) const;

private:
    friend class Judge;
    /// The newest value of a series; none where all were undone.
    struct Newest {
        std::string metric;
        Slice slice;
        std::int64_t series = 0;
        std::optional<Observation> observation;
    };
    /// What one limit looks at: a slice, with the newest value there is.
    struct Candidate {
        std::shared_ptr<const std::vector<Rule>> revisions;
        Slice slice;
        std::optional<std::int64_t> series;
        std::optional<Observation> observation;
    };
    VersionId m_version;
    MlModel m_model;
    const std::vector<Newest> *m_newest = nullptr; ///< while readAll() gives it
    std::vector<Candidate> m_candidates;
    std::vector<Waiver> m_waivers;
};

/// All limits and waivers, read once for many versions.
class Judge
{
public:
    static Result<Judge> make(database::Connection &connection);
    /// The same with other limits: what would be if they were in force. Every revision of every rule.
    static Result<Judge> make(database::Connection &connection, const std::vector<Rule> &revisions);

    Result<VersionJudgement> read(const VersionId &version, const MlModel &model) const;
    /// Every version of every model, by one statement, until `take` says no: the whole inventory judged, as a preview does it.
    Status readAll(const std::function<bool(const MlModel &, const ModelVersion &, const VersionJudgement &)> &take) const;
    /// The same values by these limits, and as if this were the model. `read` by readAll() of another judge.
    VersionJudgement again(const VersionJudgement &read, const MlModel &model) const { return judgement(read.m_version, model, *read.m_newest); }

private:
    using Newest = VersionJudgement::Newest;
    explicit Judge(database::Connection &connection) : m_connection(&connection) {}
    /// `newest`: by metric, slice, and the run that recorded it.
    VersionJudgement judgement(const VersionId &version, const MlModel &model, const std::vector<Newest> &newest) const;
    static Newest newestOf(const database::Query &row, int first);

    database::Connection *m_connection;
    std::vector<std::shared_ptr<const std::vector<Rule>>> m_rules; ///< each with its revisions, ascending
    std::map<VersionId, std::vector<Waiver>> m_waivers;            ///< granted ones
};

} // namespace countersign::store
