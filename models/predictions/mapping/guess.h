#pragma once

#include "models/predictions/mapping/mapping.h"

#include <map>
#include <optional>
#include <set>
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

/// By name first ("y_true", "score", "sex"), then by content. Looks at the sample only. `task`: what somebody knows it is; else by the values of
/// label and prediction: two outcomes; classes where they are texts, or the same few whole numbers in both; amounts.
Guess guessMapping(const Sample &sample, const ColumnChoices &chosen = {}, std::optional<Task> task = {});
/// Which values of a column of two outcomes mean yes and no, where its values are such a pair ("1" and "0", "yes" and "no"); else empty lists.
BinaryValues guessValues(const Sample &sample, const std::string &column);
/// The values of a column in the sample, missing ones left out.
std::set<std::string> valuesOf(const Sample &sample, const std::string &column);

} // namespace countersign::predictions
