#pragma once

#include "models/cards/modelcard.h"
#include "models/services/governance/evidence.h"
#include "models/store/eventbody.h"

#include <string>
#include <vector>

/// Model cards of a version. What a card documents becomes facts of the record: owner and use case of the model, and tags "card.…" of the version, which
/// registries do not take away. The file itself is kept as evidence. Values of metrics are claims of the card's author and are not taken over.
namespace countersign::services {

/// What the record knows of a version, as a card: facts and documentation, the newest value of every metric and group with its interval, and how its limits stand.
Result<cards::ModelCard> cardOf(Session &session, const VersionId &version);

struct CardChanges {
    std::string format;                      ///< "Hugging Face"
    std::vector<store::FieldChange> model;
    std::vector<store::FieldChange> version;
    std::vector<std::string> notes;          ///< what is not taken over, and why: sentences
};

/// What taking over the card would change; records nothing. What is documented already stays, unless `replaces`. Invalid: cards::readCard; a text that is too
/// long.
Result<CardChanges> cardChanges(Session &session, const VersionId &version, BytesView card, bool replaces);

struct CardImport {
    CardChanges changes;
    Exhibit exhibit;
};
/// Takes it over, and keeps the file as evidence for `requirement` (may be empty), in one write. Denied, Invalid: as addExhibit().
Result<CardImport> importCard(Session &session, const VersionId &version, const EvidenceFile &file, bool replaces, const std::string &requirement);

} // namespace countersign::services
