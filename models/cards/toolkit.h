#pragma once

#include "models/base/json.h"
#include "models/cards/modelcard.h"

namespace countersign::cards {

/// A card of the Model Card Toolkit, schema 0.0.1 or 0.0.2. Invalid: it has none of its parts.
Result<ModelCard> readToolkit(const json::Value &document);
/// Schema 0.0.2.
json::Object toolkitDocument(const ModelCard &card);

} // namespace countersign::cards
