#pragma once

#include "models/services/ledger/continuity.h"

#include <optional>
#include <string>

/// Signed states of the ledger, kept with it: this computer publishes them, and is a witness of those that colleagues'
/// computers publish.
namespace countersign::services {

/// Signs the present head of the ledger with this computer's key and keeps the note, beside the signatures that are
/// under it already. Returns it. Tampered: one is kept over as many entries that shows another root.
Result<std::string> publishCheckpoint(Session &session);

/// The newest checkpoint that is kept, and who stands behind it.
struct NewestCheckpoint {
    ledger::TreeHead head;
    std::string note;
    Witnesses witnesses;
};
/// Nothing where none is kept. Whether it holds is told by verification.
Result<std::optional<NewestCheckpoint>> newestCheckpoint(Session &session);

struct Cosigning {
    NewestCheckpoint checkpoint; ///< with this computer's cosignature
    bool isNew = false;          ///< false: it was there before
};
/// Adds this computer's timed cosignature to the newest checkpoint, having recomputed from the entries' bytes that it
/// is a state of this ledger, which continues what this computer remembers (Session::catchUp). NotFound: none is kept.
/// Tampered: it is no state of this ledger, or no computer of this workspace signed it. Otherwise as
/// Session::deviceSigner.
Result<Cosigning> cosignNewest(Session &session);

/// What a computer does unasked, once for a session of a person whose computer is enrolled: it co-signs the newest
/// checkpoint when that is a colleague's, and at the first opening of a day publishes one when there are entries that
/// none covers. Does nothing where it may not.
Status bearWitness(Session &session);
/// At the end of a session that appended entries: a checkpoint over them. Does nothing where it may not.
Status publishAtClose(Session &session);

} // namespace countersign::services
