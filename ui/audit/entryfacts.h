#pragma once

#include "models/ledger/event.h"
#include "models/services/workspace/session.h"
#include "models/store/queries/queries.h"

#include <optional>
#include <string>
#include <vector>

namespace countersign::pages {

/// Whether one signature of an entry holds, and whose it is.
struct SignatureFacts {
    enum class State { Valid, Wrong, UnknownKey, Revoked };
    State state = State::UnknownKey;
    std::string fingerprint;
    std::string owner; ///< printed name; id of a device
    bool isDevice = false;
};

/// One entry with everything that can be proved about it here and now, from its bytes.
struct EntryFacts {
    std::int64_t entry = 0;
    store::TrailRow row;               ///< as the table has it
    std::optional<ledger::Event> event; ///< none: a newer program's, or damaged
    std::string undecoded;             ///< why there is no event
    std::string plain;                 ///< payload over several lines
    std::string raw;                   ///< payload as signed
    Digest leaf;                       ///< computed from the bytes
    std::vector<SignatureFacts> signatures;
    std::size_t proofSteps = 0;
    std::string proofTrouble;          ///< empty: the path leads to the root
    ledger::TreeHead head;
};

/// On the lane. Reads the leaf hashes of the whole ledger, 32 bytes an entry.
Result<EntryFacts> readEntryFacts(services::Session &session, std::int64_t entry);

} // namespace countersign::pages
