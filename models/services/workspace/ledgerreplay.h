#pragma once

#include "models/base/progress.h"
#include "models/ledger/verifier.h"
#include "models/store/ledgerstore.h"
#include "models/store/projection/projector.h"

#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>

namespace countersign::services {

/// Replays entries into a scratch database that store::prepareReplay made, and judges each on the way: all cores check signatures while the
/// calling thread reads on and projects. What is not validly signed, or has lost its evidence, is no part of the record and leaves no row.
class LedgerReplay
{
public:
    struct Hooks {
        std::function<void(std::string sentence, std::uint64_t entry)> note; ///< what is wrong with the evidence, the body or the place of an entry
        std::function<void(std::span<const Bytes> entries)> read{};          ///< as they were read, in order
        std::function<Status(const ledger::VerifiedEntry &, const ledger::EntryVerdict &)> accept{}; ///< each entry that decodes, in order
        std::string cancelled;                                               ///< the sentence for a replay that is stopped
    };

    /// Borrows both; the transaction of the scratch database is the caller's.
    LedgerReplay(store::LedgerStore &from, database::Connection &scratch, Hooks hooks);

    /// Replays on, up to entry `end`; without one as far as there are entries now. Returns before all that was read is accepted.
    Status replay(std::optional<std::uint64_t> end, const Progress &progress);
    /// Waits for what is in work, and settles. Then what follows is complete.
    Status finish();

    const ledger::Verifier &verifier() const { return m_verifier; }
    std::uint64_t size() const { return m_fed; }
    /// The first number that no entry has although others come after it; these are not replayed.
    const std::optional<std::uint64_t> &gap() const { return m_gap; }
    const std::set<std::uint64_t> &skipped() const { return m_skipped; }
    std::uint64_t evidenceRead() const { return m_evidence; }

private:
    Status project(const ledger::VerifiedEntry &entry, const ledger::EntryVerdict &verdict);
    Result<Bytes> evidence(const Digest &digest);
    void noteAt(std::uint64_t entry, const std::string &sentence);
    void checkBeside(const ledger::VerifiedEntry &entry);

    store::LedgerStore &m_from;
    Hooks m_hooks;
    ledger::Verifier m_verifier;
    store::Projector m_projector;
    ledger::Verifier::Accept m_accept;
    Status m_failure;
    std::uint64_t m_fed = 0; ///< entries read and given to the verifier
    std::optional<std::uint64_t> m_gap;
    std::deque<store::StoredEntry> m_beside; ///< ids and leaves of the entries that are in work; without their bytes
    std::uint64_t m_evidence = 0;
    std::set<std::uint64_t> m_skipped;
};

} // namespace countersign::services
