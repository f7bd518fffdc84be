#pragma once

#include "models/domain/inventory.h"
#include "models/domain/judgement.h"
#include "models/items/review/verdictstable.h"
#include "models/report/chartspec.h"
#include "models/services/workspace/session.h"
#include "models/store/queries/queries.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the model page shows, as values, and the reads that make them. The reads run on the workspace's lane.
namespace countersign::pages {

/// A model and one of its versions: everything but the curves.
struct ModelView {
    MlModel model;
    std::vector<store::VersionRow> versions;  ///< newest first, with aliases
    std::optional<store::VersionRow> current; ///< the version shown; none when the model has none
    std::vector<Tag> versionTags;
    std::optional<Run> run;                   ///< the run that made the version
    std::vector<items::JudgedLimit> limits;   ///< worst first
    std::vector<store::SignOffRow> signOffs;  ///< of the version, newest first
    std::vector<store::ChangeRow> history;    ///< of the model, newest first
};

/// `version` empty or of another model: the model's current version, or its newest. NotFound: no such model.
Result<ModelView> readModel(services::Session &session, const ModelId &model, const std::optional<VersionId> &version);

/// A metric at a glance: its last value and the course of its last 2,000.
struct MetricTile {
    std::string metric;
    Slice slice;
    std::string title;                     ///< "AUC, higher is better"
    std::string name;  ///< the title without its direction, for where there is little room
    VerdictState state = VerdictState::NotJudged;
    std::optional<Observation> last;
    std::string sentence;                  ///< the verdict in words
    std::vector<report::ChartPoint> points; ///< thinned, with gaps
    std::optional<report::LimitStep> limit; ///< in force at the last value
};
inline constexpr std::size_t kMostTiles = 5;
/// Metrics with limits, worst first, then those with most values (up to 2,000 are counted).
Result<std::vector<MetricTile>> readTiles(services::Session &session, const VersionId &version);

/// What the chart on the Metrics tab shows.
struct MetricRequest {
    ModelId model;
    VersionId version;
    std::string metric;              ///< empty: the worst judged, or the first
    std::string split;               ///< attributes of the groups, "sex" or "sex; age band"; empty: everybody
    std::vector<VersionId> compared; ///< further versions
    std::string unit;                ///< of time, "week"; kEveryUnit: all; empty: the commonest
    bool operator==(const MetricRequest &) const = default;
};

struct MetricChoice {
    std::string metric;
    std::string title;
};

/// Shared, not copied: a series may have a million points.
struct MetricView {
    std::vector<MetricChoice> metrics; ///< all that the version has, by title
    std::vector<std::string> splits;   ///< by which the metric can be split
    std::vector<std::string> units;    ///< of time that values are of, shortest first ("day", "4 weeks"); empty where there is nothing to choose
    MetricRequest request;             ///< as answered: with the metric that was chosen, a split and a unit that exist
    std::shared_ptr<report::ChartSpec> spec;
    std::size_t groups = 0;            ///< lines there are; more than kMostLines are not all drawn
};
inline constexpr std::size_t kMostLines = 8;
inline constexpr std::string_view kEveryUnit = "all";
Result<MetricView> readMetric(services::Session &session, const MetricRequest &request);

} // namespace countersign::pages
