#include "models/services/workspace/journal.h"

#include "models/crypto/sha256.h"
#include "models/ledger/entry.h"
#include "models/ledger/verifier.h"
#include "models/services/keys/keyparts.h"
#include "models/store/projection/revision.h"

#include <fstream>

namespace countersign::services {

namespace {
constexpr std::size_t kFlushAt = 20'000;
}

std::string applicationVersion() { return COUNTERSIGN_VERSION; }

std::string applicationBuild()
{
    static const std::string build = [] {
        std::ifstream file("/proc/self/exe", std::ios::binary);
        crypto::Sha256 hash;
        std::vector<char> buffer(1U << 16);
        bool any = false;
        while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || file.gcount() > 0) {
            hash.add({buffer.data(), static_cast<std::size_t>(file.gcount())});
            any = true;
        }
        return any ? hash.finish().text() : std::string("unknown");
    }();
    return build;
}

Journal::Journal(Session &session, Mode mode, database::Transaction transaction, ledger::CompactTree tree)
    : m_session(session), m_mode(mode), m_transaction(std::move(transaction)), m_tree(std::move(tree)), m_seen(session.verifiedHead()),
      m_projector(session.connection(),
                  [&session](const Digest &digest) -> Result<Bytes> {
                      auto evidence = session.ledger().evidence(digest);
                      if (!evidence)
                          return evidence.error();
                      return std::move(evidence->bytes);
                  }),
      m_ledgerId(session.ledgerId())
{
}

Result<std::unique_ptr<Journal>> Journal::begin(Session &session, Mode mode)
{
    if (const auto status = session.mayWrite(); !status)
        return status.error();
    // What others wrote is read before they are kept waiting; with the lock held, only what came since.
    if (const auto status = session.readOn(); !status)
        return status.error();
    auto transaction = database::Transaction::begin(session.connection());
    if (!transaction)
        return transaction.error();
    auto tree = session.ledger().head(mode == Mode::Write);
    if (!tree)
        return tree.error();
    if (mode == Mode::Rehearse)
        if (const auto status = session.ledger().rehearse(); !status)
            return status.error();
    // Remembered once it is written on: that is a file, and a disk that is waited for.
    if (const auto status = session.readOn(); !status)
        return status.error();
    if (const auto status = session.mayWrite(); !status) // a newer program has written meanwhile
        return status.error();
    return std::unique_ptr<Journal>(new Journal(session, mode, std::move(*transaction), std::move(*tree)));
}

Result<SignedJournal> SignedJournal::begin(Session &session)
{
    auto signer = session.deviceSigner();
    if (!signer)
        return signer.error();
    auto journal = Journal::begin(session);
    if (!journal)
        return journal.error();
    return SignedJournal{*std::move(signer), *std::move(journal)};
}

Result<std::unique_ptr<Journal>> Journal::beginLedger(Session &session)
{
    auto transaction = database::Transaction::begin(session.connection());
    if (!transaction)
        return transaction.error();
    const ledger::CompactTree empty;
    store::Statements sql(session.connection());
    if (sql.integer("SELECT 1 FROM ledger_head"))
        return Error{ErrorKind::Conflict, "There is a workspace already in " + session.connection().location().text() + ".", {}};
    if (!sql.ok())
        return sql.status().error();
    if (const auto status = session.ledger().begin(); !status)
        return status.error();
    if (const auto tree = session.ledger().head(true); !tree)
        return tree.error();
    if (const auto status = store::setProjectionRevision(session.connection()); !status)
        return status.error();
    LedgerMemory::beginAnew(session.environment(), session.connection().location());
    return std::unique_ptr<Journal>(new Journal(session, Mode::Write, std::move(*transaction), empty));
}

Result<std::uint64_t> Journal::record(Draft draft, const Signer &signer)
{
    if (const auto status = checkSignerOnce(draft.kind, signer); !status)
        return status.error();
    ledger::Event event;
    event.id = draft.id.empty() ? m_session.environment().randomness->uuid() : draft.id;
    event.kind = std::move(draft.kind);
    event.ledger = m_ledgerId;
    event.actor = signer.actor;
    event.time = m_session.now();
    event.utcOffsetMinutes = m_session.environment().clock->utcOffsetMinutes(event.time);
    event.seen = m_seen;
    event.evidence = draft.evidence;
    event.expects = std::move(draft.expects);
    event.body = std::move(draft.body);
    event.appVersion = applicationVersion();
    event.appBuild = m_session.isSample() ? "unknown" : applicationBuild(); // the sample's bytes are the same for every build
    if (event.kind.starts_with("key.") || event.kind.starts_with("person."))
        m_signers.clear(); // who may sign is asked again after it
    auto bytes = ledger::seal(event, *signer.key);
    if (!bytes)
        return bytes.error();
    return take(event, *std::move(bytes));
}

Result<std::uint64_t> Journal::recordSealed(Bytes bytes)
{
    const auto entry = ledger::decodeEntry(bytes);
    const auto event = entry ? ledger::decodeEvent(entry->payload) : Result<ledger::Event>(entry.error());
    return event ? take(*event, std::move(bytes)) : Result<std::uint64_t>(event.error());
}

Result<std::uint64_t> Journal::take(const ledger::Event &event, Bytes bytes)
{
    const std::uint64_t seq = nextEntry();
    if (event.kind == "ledger.genesis")
        m_ledgerId = LedgerId::of(ledger::leafHash(bytes).hex());
    m_lastId = event.id;
    m_lastEntry = bytes;
    m_pending.push_back({event.id, std::move(bytes)});
    if (const auto status = m_projector.apply(event, seq); !status)
        return status.error();
    if (m_pending.size() >= kFlushAt)
        if (const auto status = flush(); !status)
            return status.error();
    return seq;
}

/// What is recorded here is valid for a verification. Events of one import have one signer: the tables are asked once.
Status Journal::checkSignerOnce(const std::string &kind, const Signer &signer)
{
    if (m_mode == Mode::Rehearse || kind == "ledger.genesis")
        return {};
    const auto asked = std::tuple(signer.key->id().text(), signer.actor.role, ledger::needsPersonKey(kind));
    if (m_signers.contains(asked))
        return {};
    if (const auto status = checkSigner(m_session.connection(), signer, kind, nextEntry()); !status)
        return status;
    m_signers.insert(asked);
    return {};
}

Result<Digest> Journal::putEvidence(const std::string &media, BytesView bytes) { return m_session.ledger().putEvidence(media, bytes); }

Status Journal::settle() { return m_projector.settle(); }

Status Journal::flush()
{
    if (m_pending.empty() || m_mode == Mode::Rehearse)
        return {};
    const auto status = m_session.ledger().append(m_pending, toMillis(m_session.now()), m_tree);
    m_pending.clear();
    return status;
}

Status Journal::commit()
{
    if (m_mode == Mode::Rehearse)
        return Error{ErrorKind::Denied, "A rehearsal is never committed.", {}};
    if (const auto status = m_projector.settle(); !status)
        return status;
    if (const auto status = flush(); !status)
        return status;
    if (const auto status = m_transaction.commit(); !status)
        return status;
    m_session.m_tree = m_tree;
    if (m_session.m_ledgerId.isEmpty())
        m_session.m_ledgerId = m_ledgerId;
    m_session.m_hasAppended = true;
    m_session.remember();
    return {};
}

} // namespace countersign::services
