#pragma once

#include "models/crypto/signing.h"
#include "models/ledger/event.h"

#include <string>

namespace countersign::ledger {

/// A signed state of the log in the C2SP formats tlog-checkpoint and signed-note: three lines of text, a blank line, signature lines.
struct Checkpoint {
    std::string origin; ///< "countersign/<ledger id without prefix>"
    TreeHead head;
};

/// A key under the name that it signs notes by.
using NoteKey = std::pair<std::string, crypto::PublicKey>;

std::string checkpointOrigin(const LedgerId &ledger);
/// The note text without signatures (ends with a line feed).
std::string checkpointText(const Checkpoint &checkpoint);
/// The whole note, signed as `name` (the origin) by an Ed25519 key.
std::string signCheckpoint(const Checkpoint &checkpoint, const crypto::SigningKey &key);
/// Strict parse of a note; signatures are checked against the key given. Tampered: no valid signature of that key.
Result<Checkpoint> verifyCheckpoint(std::string_view note, const crypto::PublicKey &key);
/// The name under which a colleague's program co-signs: the origin, "/", and the digits of its device id.
std::string cosignerName(const LedgerId &ledger, const DeviceId &device);
/// The note with the cosignature of a key that has found it to extend what it knew (C2SP tlog-cosignature, type 0x04, whole seconds); an
/// earlier one of the same name and key is replaced. Invalid: not a note, or it has 64 signatures already.
Result<std::string> cosign(std::string_view note, const std::string &name, const crypto::SigningKey &key, Instant time);
/// When that key co-signed. NotFound: it did not. Tampered: a line bears its name and hint, and is not its signature over this text.
Result<Instant> verifyCosignature(std::string_view note, const std::string &name, const crypto::PublicKey &key);
/// One note with the signature lines of both, those of `note` first. Conflict: they are not about the same text.
Result<std::string> mergeSignatures(std::string_view note, std::string_view other);
/// Strict parse alone: says what the note claims, for looking up which key it must be checked with.
Result<Checkpoint> readCheckpointUnverified(std::string_view note);
/// Verifier key text "name+hash+base64" (split at the first two '+') and back; for a cosigner's key the type byte is 0x04.
std::string noteKeyText(const std::string &name, const crypto::PublicKey &key);
std::string cosignerKeyText(const std::string &name, const crypto::PublicKey &key);
Result<NoteKey> parseNoteKey(std::string_view text);

} // namespace countersign::ledger
