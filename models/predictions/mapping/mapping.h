#pragma once

#include "models/base/bytes.h"
#include "models/base/result.h"
#include "models/predictions/formats/dialect.h"
#include "models/predictions/formats/numbers.h"
#include "models/predictions/mapping/bands.h"

#include <optional>
#include <string>
#include <vector>

/// What the columns of a log mean. Guessed (guess.h), confirmed by a person, saved as JSON, used again.
namespace countersign::predictions {

enum class Task : std::uint8_t { Binary, Multiclass, Regression };

/// Values that mean "nothing": the empty cell, and how programs write it.
std::vector<std::string> defaultMissing();

/// Which values of a binary column are positive and which negative, compared as text, and as numbers where both are numbers
/// ("1" is "1.0"). With `negative` empty every other value is negative; else a value in neither list is a bad row.
struct BinaryValues {
    std::vector<std::string> positive;
    std::vector<std::string> negative;
    bool operator==(const BinaryValues &) const = default;
};

struct AttributeMapping {
    std::string name;   ///< as results call it
    std::string column;
    Bands bands;        ///< empty: the values themselves are the groups
    bool operator==(const AttributeMapping &) const = default;
};

struct ClassScore {
    std::string className;
    std::string column;
    bool operator==(const ClassScore &) const = default;
};

struct FeatureMapping {
    std::string column;
    bool isNumber = true; ///< false: a category
    bool operator==(const FeatureMapping &) const = default;
};

struct Mapping {
    Task task = Task::Binary;
    std::string label;      ///< the truth; empty: none yet (label delay)
    std::string score;      ///< binary only
    std::string prediction; ///< the decision as logged, the class, or the predicted number
    std::string time;
    std::string labelTime;  ///< when the label became known; empty: not told. Written in the format of `time`
    std::string weight;
    TimeFormat timeFormat = TimeFormat::Auto;
    BinaryValues labelValues;      ///< binary only
    BinaryValues predictionValues; ///< empty lists: as labelValues
    std::vector<ClassScore> classScores;
    std::vector<AttributeMapping> attributes;
    std::vector<FeatureMapping> features;
    std::vector<std::string> missing = defaultMissing();
    DialectChoice dialect;

    /// Invalid: no column to measure, a name used twice, values both positive and negative.
    Status check() const;
    bool operator==(const Mapping &) const = default;
};

std::string_view taskName(Task task); ///< "binary", "multiclass", "regression"
std::optional<Task> taskNamed(std::string_view name);

/// Canonical JSON, {"schema":"countersign-mapping-1",…}. Members at their default are left out.
Bytes writeMapping(const Mapping &mapping);
/// Strict: Invalid for a member that is not known, one of a wrong type, and what check() refuses; names the path.
Result<Mapping> readMapping(BytesView text);

} // namespace countersign::predictions
