#pragma once

#include "models/database/connection.h"
#include "models/ledger/merkle.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace countersign::store {

/// Bytes kept by their digest: documents, observation blocks, frozen bundles, report facts.
struct Evidence {
    Digest digest;
    std::string media;
    Bytes bytes;
};

/// An entry ready to be appended.
struct SealedEntry {
    std::string id; ///< the event's uuid
    Bytes bytes;
};

/// A row of the ledger: the bytes, and what stands beside them so that they are found. Verification compares the two.
struct StoredEntry {
    std::uint64_t seq = 0;
    Bytes id;
    Bytes leaf;
    Bytes bytes;
};

/// An append-only record of who decided what, and on which evidence. Entries are numbered from 0 without gaps; an entry's bytes never
/// change once appended. Call on the connection's thread; writing needs a Transaction, the caller commits.
class LedgerStore
{
public:
    explicit LedgerStore(database::Connection &connection); // borrows; must outlive this. From now on it alone writes its tables there

    /// Gives a new workspace its empty ledger. Denied: it has one.
    Status begin();

    /// The tree's frontier. With `forUpdate`, inside a transaction, it is also the lock that orders writers, taken until the transaction ends;
    /// on PostgreSQL such a transaction appends something or is refused at its commit.
    Result<ledger::CompactTree> head(bool forUpdate);
    /// Lets a transaction that will be rolled back write projections without the lock.
    Status rehearse();
    /// Appends after `tree`, which head(true) gave in this transaction, and advances it. Conflict: an id is already in the ledger, or the event
    /// expects another past of its subject. Denied: the login is somebody else's than the actor's. NotFound: evidence is not kept.
    Status append(std::span<const SealedEntry> entries, std::int64_t receivedAtMs, ledger::CompactTree &tree);
    /// Entries in [from, from + limit), oldest first. Fewer means that the end was reached.
    Result<std::vector<Bytes>> read(std::uint64_t from, std::size_t limit);
    /// At most `limit` rows from number `from` on, whatever their numbers are.
    Result<std::vector<StoredEntry>> readStored(std::uint64_t from, std::size_t limit);
    /// Leaf hashes of [0, size) as stored beside the bytes, for proofs. Verification recomputes them.
    Result<std::vector<Digest>> leaves(std::uint64_t size);
    Result<std::uint64_t> size();

    /// Keeps the bytes; known ones are left as they are. Returns their digest.
    Result<Digest> putEvidence(const std::string &media, BytesView bytes);
    /// NotFound, or Tampered when the stored bytes no longer have that digest.
    Result<Evidence> evidence(const Digest &digest);

    /// Where evidence() looks for what is not here: a view of the past has documents by reference.
    using EvidenceSource = std::function<Result<Evidence>(const Digest &)>;
    void readEvidenceFrom(EvidenceSource source) { m_source = std::move(source); }

    /// Of everything that is kept, ascending.
    Result<std::vector<Digest>> evidenceDigests();

    /// Keeps the note over so many entries, and where one is kept already, its signature lines after those: none is lost, whoever came in between.
    /// Returns the note as it is kept now. Tampered: one is kept that says something else. Invalid: it has as many signatures as it can hold.
    Result<std::string> putCheckpoint(std::uint64_t size, const std::string &note);
    Result<std::optional<std::string>> latestCheckpoint();
    /// Size and note of every checkpoint that is kept, ascending.
    Result<std::vector<std::pair<std::uint64_t, std::string>>> checkpoints();

private:
    /// PostgreSQL: the ledger's tables are written through functions of their owner's.
    bool hasDoor() const;
    Status appendThroughDoor(std::span<const SealedEntry> entries, std::int64_t receivedAtMs, ledger::CompactTree &tree);

    database::Connection &m_connection;
    EvidenceSource m_source;
};

} // namespace countersign::store
