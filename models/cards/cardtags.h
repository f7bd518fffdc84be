#pragma once

#include "models/cards/modelcard.h"
#include "models/domain/inventory.h"

#include <string_view>
#include <vector>

namespace countersign::cards {

/// What begins the key of a version's tag that holds documentation: "card.limitations".
inline constexpr std::string_view kTagPrefix = "card.";

/// What a card documents about its version, as tags: the overview as it is, and of each list one item a line. What is empty has none.
std::vector<Tag> cardTags(const ModelCard &card);
/// Puts back what cardTags() gave; other tags are left alone.
void takeTags(ModelCard &card, const std::vector<Tag> &tags);

} // namespace countersign::cards
