#pragma once

#include "models/crypto/signing.h"
#include "models/ledger/event.h"

#include <string>
#include <vector>

namespace countersign::ledger {

/// A signed state of the log in the C2SP formats tlog-checkpoint and signed-note: three lines of text, a blank line, signature lines.
struct Checkpoint {
    std::string origin; ///< "countersign/<ledger id without prefix>"
    TreeHead head;
};

std::string checkpointOrigin(const LedgerId &ledger);
/// The note text without signatures (ends with a line feed).
std::string checkpointText(const Checkpoint &checkpoint);
/// The whole note, signed as `name` (the origin) by an Ed25519 key.
std::string signCheckpoint(const Checkpoint &checkpoint, const crypto::SigningKey &key);
/// Strict parse of a note; signatures are checked against the key given. Tampered: no valid signature of that key.
Result<Checkpoint> verifyCheckpoint(std::string_view note, const crypto::PublicKey &key);
/// Strict parse alone: says what the note claims, for looking up which key it must be checked with.
Result<Checkpoint> readCheckpointUnverified(std::string_view note);
/// Verifier key text "name+hash+base64" (split at the first two '+') and back.
std::string noteKeyText(const std::string &name, const crypto::PublicKey &key);
Result<std::pair<std::string, crypto::PublicKey>> parseNoteKey(std::string_view text);

} // namespace countersign::ledger
