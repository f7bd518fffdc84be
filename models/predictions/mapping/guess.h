#pragma once

#include "models/predictions/mapping/mapping.h"

#include <map>
#include <string>
#include <vector>

namespace countersign::predictions {

/// What a column seems to be, and why: shown beside the choice that a person confirms.
struct ColumnGuess {
    enum class Role : std::uint8_t { Ignored, Label, Score, Prediction, ClassScore, Time, Weight, Attribute, Feature, LabelTime };
    enum class Content : std::uint8_t { Empty, Number, Time, Text };
    std::string column;
    Role role = Role::Ignored;
    Content content = Content::Empty;
    std::size_t distinct = 0; ///< different values in the sample
    std::string reason;       ///< "the name means a label", "few different texts"
};

struct Guess {
    Mapping mapping;                  ///< may fail check(): what nobody can guess is left out
    std::vector<ColumnGuess> columns; ///< in the log's order
};

/// What a person has chosen already, by column. A role that only one column can have is then guessed for no other.
using ColumnChoices = std::map<std::string, ColumnGuess::Role>;

/// By name first ("y_true", "score", "sex"), then by content. Looks at the sample only.
Guess guessMapping(const Sample &sample, const ColumnChoices &chosen = {});

} // namespace countersign::predictions
