#pragma once

#include "models/base/bytes.h"
#include "models/base/result.h"
#include "models/cards/modelcard.h"

namespace countersign::cards {

/// Whatever of the three it is, told from its bytes: a README with front matter, a card of the Model Card Toolkit, or a CycloneDX document with one model.
/// Invalid: none of them, damaged, or larger than 4 MiB. `format` is then what it was: "Hugging Face", "Model Card Toolkit", "CycloneDX".
struct ReadCard {
    std::string format;
    ModelCard card;
};
Result<ReadCard> readCard(BytesView bytes);

} // namespace countersign::cards
