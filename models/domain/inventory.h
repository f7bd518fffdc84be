#pragma once

#include "models/base/digest.h"
#include "models/base/id.h"
#include "models/base/time.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace countersign {

/// Where a version stands in its life.
enum class Stage { Proposed, Development, Validation, Approved, InUse, Restricted, Retired };

inline constexpr Stage kAllStages[] = {Stage::Proposed, Stage::Development, Stage::Validation, Stage::Approved,
                                       Stage::InUse, Stage::Restricted, Stage::Retired};
std::string_view stageKey(Stage stage);   ///< "inUse"
std::string_view stageTitle(Stage stage); ///< "In use"
Result<Stage> parseStage(std::string_view text);

/// Key and value, both as the source wrote them.
using Tag = std::pair<std::string, std::string>;

/// A machine-learning model in the inventory: the thing that versions are versions of.
struct MlModel {
    ModelId id;
    std::string name;        ///< as in the source; may hold any character
    std::string description; ///< Markdown, never rendered as HTML
    std::string purpose;
    std::string useCase;
    std::string owner;       ///< a person's or team's name; empty is "not provided"
    std::optional<int> tier; ///< 1 (highest risk) to 3
    std::vector<std::string> packs; ///< ids of the packs that govern it, the first one's stages are its life; the default packs where none is chosen
    std::vector<Tag> tags;
    std::string source;      ///< where it came from: "mlflow:<uri>", "metrics:<file>", "manual"
    Instant createdAt{};
    Instant updatedAt{};
    bool operator==(const MlModel &) const = default;
};

/// One version of a model.
struct ModelVersion {
    VersionId id;
    ModelId model;
    std::string label;       ///< "3", "2.1"
    std::string description;
    Stage stage = Stage::Development;
    std::string stageId;     ///< the pack's own stage where a gate led to it; empty: the stage alone is known
    std::string sourceStage; ///< the source's own word, "Production"
    std::string sourceStatus;
    std::string artifactUri;
    std::string createdBy;
    std::vector<std::string> aliases; ///< "champion"
    std::vector<Tag> tags;
    std::optional<RunId> run;
    Instant createdAt{};
    Instant updatedAt{};
    bool operator==(const ModelVersion &) const = default;
};

/// Order of version labels as people count: digit runs by value, so "2" < "10" < "10.1" < "v3"; ties by bytes.
bool labelLess(std::string_view a, std::string_view b);
/// A version as people call it: "v3", or the label alone where it does not begin with a digit.
std::string versionName(const std::string &label);

/// A training or monitoring run that the source recorded.
struct Run {
    RunId id;
    std::string sourceId;
    std::string name;
    std::string experiment;
    std::string status; ///< FINISHED, FAILED, KILLED, RUNNING, SCHEDULED
    bool isDeleted = false;
    std::string user;
    std::string artifactUri;
    std::optional<VersionId> version;
    std::vector<Tag> parameters;
    std::vector<Tag> tags;
    std::optional<Instant> startedAt;
    std::optional<Instant> endedAt;
    bool operator==(const Run &) const = default;
};

} // namespace countersign
