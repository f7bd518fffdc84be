#pragma once

#include "models/services/review/review.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// A signature between being made and being recorded. Its entry stands in a file of this computer (Environment::kept,
/// pending/<ledger>-<id>.entry, 0600, flushed) before it is appended, and until it was read back: whatever breaks in
/// between, what became of it is found out by its id, and nobody signs twice. The file holds signed bytes, no secret.
namespace countersign::services {

struct PendingSignature {
    std::string id; ///< of the event
    VersionId version;
    PersonId person;
    std::string name;     ///< printed name of the signer
    std::string sentence; ///< what was signed
    Instant signedAt{};
    int utcOffsetMinutes = 0;
    Bytes entry;
    ledger::Event event;
};

enum class PendingState {
    Recorded,   ///< the ledger has it, byte for byte
    OtherBytes, ///< the ledger has another entry of that id: an alarm
    Undecided,  ///< it is not there, and nothing has happened to its version since: to be submitted or discarded by a
                ///< person
    Overtaken,  ///< it is not there, and its version has changed since: it can only be discarded
};

struct PendingFinding {
    PendingSignature signature;
    PendingState state = PendingState::Undecided;
    std::optional<std::int64_t> entry; ///< its place where it was recorded
    std::string sentence;              ///< what was found, for a person
};

/// Writes the file. Conflict: one of that id is there.
Status keepPending(const Session &session, const std::string &id, BytesView entry);
void dropPending(const Session &session, const std::string &id);
bool isPending(const Session &session, const std::string &id);

/// Looks up every pending signature of this ledger. Files of those that were recorded are removed; those that were
/// overtaken are discarded, where this computer may record so. What cannot be read as an entry is told as an error.
Result<std::vector<PendingFinding>> resolvePending(Session &session);

/// Appends the same bytes under the same id. NotFound: none of that id. Conflict: overtaken, or its inputs moved.
/// Denied: its key may no longer sign, or reading only.
Result<SignReceipt> submitPending(Session &session, const std::string &id);
/// Drops it, and records that (security.signature_discarded, by this computer). Invalid: no reason. Conflict: it was
/// recorded.
Status discardPending(Session &session, const std::string &id, const std::string &reason);

} // namespace countersign::services
