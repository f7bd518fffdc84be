#pragma once

#include "models/ledger/checkpoint.h"
#include "models/services/workspace/session.h"

#include <optional>
#include <string>
#include <vector>

/// Whether the ledger continues a state that somebody kept outside its database: a colleague, a report, this computer.
/// Reads only, and needs no session, so that what is damaged can be asked too.
namespace countersign::services {

/// A device of the workspace whose key stands under a checkpoint.
struct NoteSigner {
    DeviceId device;
    std::string person;     ///< id of who enrolled it
    std::string personName; ///< printed name; empty when it is not known
    Instant at{};           ///< of a cosignature
    bool isRevoked = false;
};

/// Who stands behind a checkpoint, and how many persons beside the publisher the signing policy asks for.
struct Witnesses {
    std::vector<NoteSigner> publishers; ///< devices that signed it
    std::vector<NoteSigner> cosigners;  ///< devices that found it to continue what they knew
    std::int64_t wanted = 0;            ///< other persons, by the policy in force
    std::size_t persons() const;        ///< that co-signed, other than the publishers; revoked devices do not count
    bool isWitnessed() const { return static_cast<std::int64_t>(persons()) >= wanted; }
    /// "co-signed by 1 of 2 persons", "co-signed by 1 person", "not co-signed". English.
    std::string sentence() const;
};
Result<Witnesses> witnessesOf(database::Connection &connection, const LedgerId &ledger, const std::string &note);

/// The ledger compared with a checkpoint.
struct Continuity {
    ledger::Checkpoint kept;
    std::string problem; ///< a sentence; empty: the first entries are those of the checkpoint
    Witnesses witnesses;
};
/// Recomputes the root of as many entries from their bytes. Equal roots prove equal entries, whoever signed the note;
/// who did is told.
Result<Continuity> compareWithKept(database::Connection &connection, const std::string &note);

/// The checkpoint in a file: a note, a proof bundle, or a report with one attached. NotFound: a PDF without; Invalid:
/// none of these.
Result<std::string> checkpointIn(BytesView file);

/// What this computer remembers of the ledger at that place, and why the ledger is no continuation of it; nothing is
/// changed.
struct RememberedState {
    std::optional<KnownHead> known;
    std::optional<Error> problem;
};
Result<RememberedState> compareWithMemory(database::Connection &connection, const Environment &environment);

} // namespace countersign::services
