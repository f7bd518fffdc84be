#pragma once

#include "models/base/json.h"
#include "models/base/time.h"
#include "models/cards/modelcard.h"

#include <string>
#include <utility>
#include <vector>

namespace countersign::cards {

/// A part of what a bill of materials lists.
struct BomComponent {
    std::string type;    ///< "machine-learning-model", "library", "data"
    std::string group;
    std::string name;
    std::string version;
    std::string purl;
    std::vector<std::pair<std::string, std::string>> hashes; ///< algorithm, hexadecimal digits
    std::vector<std::string> licenses;
    bool operator==(const BomComponent &) const = default;
};

struct Bom {
    std::string specVersion;
    std::string serialNumber;
    std::vector<BomComponent> components; ///< what it is about first, then in its order; parts of parts behind what they are part of
    std::vector<ModelCard> cards;         ///< of its models
};

/// A CycloneDX bill of materials, JSON of specification 1.2 to 1.7. Invalid: something else, or a component without type or name, with its path.
Result<Bom> readCycloneDx(const json::Value &document);

/// A file that a bill of materials vouches for.
struct BomFile {
    std::string name;
    std::string sha256; ///< hexadecimal
};

/// What a bill of materials says beside the card.
struct BomFacts {
    std::string serial;                ///< uuid
    std::string reference;             ///< of the model inside the document: the version's id
    Instant at{};
    std::string programVersion;
    std::vector<BomFile> artifacts;    ///< the model's own files
    std::vector<BomFile> evidence;
    std::string location;              ///< of the model's files; empty: not told
    std::vector<std::pair<std::string, std::string>> properties;
};

/// Specification 1.6: one component of type machine-learning-model with its card.
json::Object cycloneDxDocument(const ModelCard &card, const BomFacts &facts);

} // namespace countersign::cards
