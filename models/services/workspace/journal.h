#pragma once

#include "models/services/workspace/session.h"
#include "models/store/projection/projector.h"

#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace countersign::services {

/// An event before it has a place in the ledger.
struct Draft {
    std::string kind;
    json::Object body;
    std::optional<Digest> evidence;
    std::optional<ledger::Expectation> expects;
    std::string id; ///< uuid; made when empty
};

/// One write: events, evidence and projections in one transaction, or none of them. The ledger is locked from begin() to the end;
/// a Journal that dies uncommitted leaves everything as it was.
class Journal
{
public:
    enum class Mode {
        Write,
        Rehearse, ///< the same work, never committed and without the ledger's lock: previews
    };
    /// Tampered: the ledger is not what this session verified. Conflict: it stays locked by others. Denied: read-only.
    static Result<std::unique_ptr<Journal>> begin(Session &session, Mode mode = Mode::Write);
    /// The very first write of a new workspace.
    static Result<std::unique_ptr<Journal>> beginLedger(Session &session);

    /// Signs the event, gives it the next number and projects it. Denied: the signer's key ended meanwhile, or may not sign this kind.
    Result<std::uint64_t> record(Draft draft, const Signer &signer);
    /// The same for an entry that was signed before, as it is: nothing is signed anew.
    Result<std::uint64_t> recordSealed(Bytes entry);
    Result<Digest> putEvidence(const std::string &media, BytesView bytes);
    /// Brings verdicts and stale marks up to date with what was recorded so far.
    Status settle();
    Status commit();

    const LedgerId &ledgerId() const { return m_ledgerId; } ///< known from the first event on
    Session &session() { return m_session; }
    store::Projector &projector() { return m_projector; }
    std::uint64_t nextEntry() const { return m_tree.size() + m_pending.size(); }
    /// The id of the event of the last record().
    const std::string &lastEventId() const { return m_lastId; }
    /// The bytes of its entry. Precondition: something was recorded.
    const Bytes &lastEntry() const { return m_lastEntry; }

private:
    Journal(Session &session, Mode mode, database::Transaction transaction, ledger::CompactTree tree);
    Status flush();
    Status checkSignerOnce(const std::string &kind, const Signer &signer);
    Result<std::uint64_t> take(const ledger::Event &event, Bytes entry);

    Session &m_session;
    Mode m_mode;
    database::Transaction m_transaction;
    ledger::CompactTree m_tree;
    ledger::TreeHead m_seen;
    store::Projector m_projector;
    std::vector<store::SealedEntry> m_pending;
    std::string m_lastId;
    std::set<std::tuple<std::string, std::string, bool>> m_signers; ///< key, role, person's kind: may sign in this transaction
    Bytes m_lastEntry;
    LedgerId m_ledgerId;
};

/// A write of the person who works here, signed by this computer.
struct SignedJournal {
    Signer signer;
    std::unique_ptr<Journal> journal;

    /// Denied: nobody works here, or this computer is not enrolled. Else as Journal::begin().
    static Result<SignedJournal> begin(Session &session);
    Result<std::uint64_t> record(Draft draft) { return journal->record(std::move(draft), signer); }
};

/// Version of the program as events name it.
std::string applicationVersion();
/// Digest of the running program's file; "unknown" where it cannot be read.
std::string applicationBuild();

} // namespace countersign::services
