#pragma once

#include "models/base/progress.h"
#include "models/base/result.h"
#include "models/domain/inventory.h"
#include "models/domain/metrics.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a foreign registry holds, as values, before any of it is ours. Text is as the source has it. Where that is not well-formed UTF-8
/// or holds NUL, U+FFFD stands in its place, and a note of the inventory counts them. Numbers are as the source has them (MLflow
/// keeps ±infinity as ±1.797e308 without a mark).
namespace countersign::importers {

struct SourceVersion {
    std::string label;
    std::string description;
    std::string stage;       ///< the source's word: "Production", "None"
    std::string status;      ///< "READY"
    std::string artifactUri;
    std::string runId;       ///< empty when the version has no run
    std::string createdBy;
    std::vector<Tag> tags;   ///< sorted by key
    Instant createdAt{};
    Instant updatedAt{};
};

struct SourceModel {
    std::string workspace;   ///< MLflow 3.10 and later; empty for the default one and where the store has none
    std::string name;
    std::string description;
    std::vector<Tag> tags;   ///< sorted by key
    std::vector<std::pair<std::string, std::string>> aliases; ///< alias → version label, sorted
    std::vector<SourceVersion> versions;                      ///< oldest first
    Instant createdAt{};
    Instant updatedAt{};
};

struct SourceRun {
    std::string id;
    std::string experimentId;
    std::string experiment;
    std::string workspace;   ///< of its experiment, as above
    std::string name;
    std::string status;
    bool isDeleted = false;  ///< still there, and hidden by the source's own pages
    std::string user;
    std::string artifactUri;
    std::vector<Tag> parameters; ///< sorted by key
    std::vector<Tag> tags;       ///< sorted by key
    std::optional<Instant> startedAt;
    std::optional<Instant> endedAt;
    std::vector<std::string> metrics; ///< keys that have a history, sorted
};

/// Everything of a registry but its metric histories.
struct Inventory {
    std::string description;   ///< for people: "MLflow database, schema f5a4f2784254"
    std::vector<SourceModel> models; ///< sorted by workspace and name
    std::vector<SourceRun> runs;     ///< sorted by id
    std::vector<std::string> notes; ///< what was left out and why, a sentence each ("2 prompts are not models.")
};

/// One point of a metric history.
struct Point {
    std::int64_t step = 0;
    Instant time{};
    double value = 0; ///< NaN when the source says so
};

/// Takes the whole history of one metric of one run. Points are in order (time, step, value) without exact repetitions.
using HistorySink = std::function<Status(const SourceRun &run, const std::string &metric, const std::vector<Point> &points)>;

/// A registry that can be read. Never writes to it. Blocking; call off the GUI thread.
class Registry
{
public:
    virtual ~Registry() = default;
    /// Where it is, without secrets: the identity under which its models are remembered for the next import.
    virtual std::string uri() const = 0;
    virtual Result<Inventory> readInventory(const Progress &progress) = 0;
    /// Streams the histories of the given inventory, run by run in its order.
    virtual Status readHistories(const Inventory &inventory, const HistorySink &sink, const Progress &progress) = 0;
};

} // namespace countersign::importers
