#pragma once

#include "models/ledger/ledgerfile.h"
#include "models/ledger/proof.h"
#include "models/services/workspace/session.h"

#include <optional>
#include <set>

/// What leaves the workspace so that somebody else can check it alone: proofs of single entries, of a continued
/// history, and the whole ledger. All read only; the record does not change.
namespace countersign::services {

/// A signed state of the ledger.
struct SignedHead {
    std::uint64_t size = 0;
    std::string note; ///< checkpoint over so many entries
};

/// The entries, with everything that is needed to check them: the genesis, and what brought, confirmed, replaced or
/// revoked every key that signed one of them or the checkpoint, in turn. NotFound: the ledger has no such entry.
/// With the note of an earlier checkpoint also that the ledger continues it; Tampered and Invalid as proveContinuation.
Result<ledger::ProofBundle> prove(Session &session, const std::set<std::uint64_t> &entries, const SignedHead &head,
                                  const std::optional<std::string> &earlierNote = {});

/// The proof that the ledger of `head` begins with the one that an earlier checkpoint shows. Tampered: it does not.
/// Invalid: no checkpoint, or of another ledger.
Result<ledger::ProofBundle> proveContinuation(Session &session, const std::string &earlierNote, const SignedHead &head);

/// The number of the entry with that event id, or with that number. NotFound: there is none.
Result<std::uint64_t> findEntry(Session &session, const std::string &idOrNumber);

/// Writes the whole ledger: evidence, entries, every checkpoint that is kept. Cancelled between parts; what was written
/// by then is the caller's to remove.
Status exportLedger(Session &session, const ledger::LedgerFileWriter::Sink &sink, const Progress &progress);

} // namespace countersign::services
