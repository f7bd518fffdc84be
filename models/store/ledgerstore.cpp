#include "models/store/ledgerstore.h"

#include "models/crypto/sha256.h"
#include "models/ledger/checkpoint.h"
#include "models/store/statements.h"

namespace countersign::store {

namespace {

/// The sixteen bytes of a uuid's text.
Result<Bytes> uuidBytes(std::string text)
{
    std::erase(text, '-');
    auto raw = fromHex(text);
    if (!raw || raw->size() != 16)
        return Error{ErrorKind::Invalid, "An event id is not a uuid.", {}};
    return raw;
}

} // namespace

LedgerStore::LedgerStore(database::Connection &connection) : m_connection(connection)
{
    connection.guardTables({"entry", "evidence", "ledger_head", "checkpoint", "schema_migration"});
}

Status LedgerStore::begin()
{
    const database::TableDoor open(m_connection);
    auto insert = m_connection.prepare("INSERT INTO ledger_head (id, size, tree) VALUES (1, 0, ?)");
    return insert ? insert->bindBytes(ledger::CompactTree().serialized()).exec() : Status(insert.error());
}

bool LedgerStore::hasDoor() const { return m_connection.backend() == database::Backend::Postgres; }

Result<ledger::CompactTree> LedgerStore::head(bool forUpdate)
{
    const bool isLocked = forUpdate && hasDoor();
    auto query = m_connection.prepare(isLocked ? "SELECT door()" : "SELECT tree, size FROM ledger_head WHERE id = 1");
    if (!query)
        return query.error();
    if (const auto status = query->exec(); !status)
        return status.error();
    const auto row = query->next();
    if (!row)
        return row.error();
    if (!*row)
        return Error{ErrorKind::Tampered, "The workspace has lost the head of its ledger.", {}};
    auto tree = ledger::CompactTree::parse(query->bytes(0));
    if (!tree)
        return Error{ErrorKind::Tampered, "The recorded head of the ledger is damaged. " + tree.error().message, {}};
    if (!isLocked && query->integer(1) != static_cast<std::int64_t>(tree->size()))
        return Error{ErrorKind::Tampered, "The recorded head of the ledger counts " + std::to_string(query->integer(1)) + " entries, and its tree " + std::to_string(tree->size()) + ".", {}};
    return tree;
}

Status LedgerStore::rehearse()
{
    if (!hasDoor())
        return {};
    auto query = m_connection.prepare("SELECT rehearse()");
    return query ? query->exec() : Status(query.error());
}

/// The server numbers the entries and computes the tree itself; here is looked whether it came to the same.
Status LedgerStore::appendThroughDoor(std::span<const SealedEntry> entries, std::int64_t receivedAtMs, ledger::CompactTree &tree)
{
    Bytes all;
    for (const auto &entry : entries)
        all += entry.bytes;
    auto query = m_connection.prepare("SELECT seq, leaf FROM append(?, ?)");
    if (!query)
        return query.error();
    if (const auto status = query->bindBytes(all).bind(receivedAtMs).exec(); !status)
        return status;
    for (const auto &entry : entries) {
        const auto row = query->next();
        if (!row)
            return row.error();
        const Digest leaf = ledger::leafHash(entry.bytes);
        if (!*row || query->view(1) != leaf.view())
            return Error{ErrorKind::Tampered, "The database did not append the entries that it was given. Nothing was recorded; run Verify.", {}};
        if (query->integer(0) != static_cast<std::int64_t>(tree.size()))
            return Error{ErrorKind::Conflict, "The event " + entry.id + " is in the ledger already. Nothing was recorded.", {}};
        tree.append(leaf);
    }
    return {};
}

Status LedgerStore::append(std::span<const SealedEntry> entries, std::int64_t receivedAtMs, ledger::CompactTree &tree)
{
    if (hasDoor())
        return appendThroughDoor(entries, receivedAtMs, tree);
    const database::TableDoor open(m_connection);
    using Type = database::BulkWriter::Type;
    auto writer = database::BulkWriter::open(m_connection, "entry",
                                             {{"seq", Type::Integer}, {"id", Type::Blob}, {"bytes", Type::Blob}, {"leaf", Type::Blob}, {"received_at", Type::Integer}});
    if (!writer)
        return writer.error();
    for (const auto &entry : entries) {
        const auto id = uuidBytes(entry.id);
        if (!id)
            return id.error();
        const Digest leaf = ledger::leafHash(entry.bytes);
        writer->add(static_cast<std::int64_t>(tree.size())).addBytes(*id).addBytes(entry.bytes).addBytes(leaf.view()).add(receivedAtMs);
        if (const auto status = writer->endRow(); !status)
            return status.error();
        tree.append(leaf);
    }
    if (const auto status = writer->finish(); !status)
        return status.error();
    auto update = m_connection.prepare("UPDATE ledger_head SET size = ?, tree = ? WHERE id = 1");
    if (!update)
        return update.error();
    return update->bind(static_cast<std::int64_t>(tree.size())).bindBytes(tree.serialized()).exec();
}

Result<std::vector<Bytes>> LedgerStore::read(std::uint64_t from, std::size_t limit)
{
    auto query = m_connection.prepare("SELECT bytes FROM entry WHERE seq >= ? AND seq < ? ORDER BY seq");
    if (!query)
        return query.error();
    if (const auto status = query->bind(static_cast<std::int64_t>(from)).bind(static_cast<std::int64_t>(from + limit)).exec(); !status)
        return status.error();
    std::vector<Bytes> entries;
    for (;;) {
        const auto row = query->next();
        if (!row)
            return row.error();
        if (!*row)
            return entries;
        entries.push_back(query->bytes(0));
    }
}

Result<std::vector<StoredEntry>> LedgerStore::readStored(std::uint64_t from, std::size_t limit)
{
    auto query = m_connection.prepare("SELECT seq, id, leaf, bytes FROM entry WHERE seq >= ? ORDER BY seq LIMIT ?");
    if (!query)
        return query.error();
    if (const auto status = query->bind(static_cast<std::int64_t>(from)).bind(static_cast<std::int64_t>(limit)).exec(); !status)
        return status.error();
    std::vector<StoredEntry> rows;
    for (;;) {
        const auto row = query->next();
        if (!row)
            return row.error();
        if (!*row)
            return rows;
        rows.push_back({static_cast<std::uint64_t>(query->integer(0)), query->bytes(1), query->bytes(2), query->bytes(3)});
    }
}

Result<std::vector<Digest>> LedgerStore::leaves(std::uint64_t size)
{
    auto query = m_connection.prepare(hasDoor() ? "SELECT leaf FROM leaves(0, ?)" : "SELECT leaf FROM entry WHERE seq < ? ORDER BY seq");
    if (!query)
        return query.error();
    if (const auto status = query->bind(static_cast<std::int64_t>(size)).exec(); !status)
        return status.error();
    std::vector<Digest> leaves;
    leaves.reserve(size);
    for (;;) {
        const auto row = query->next();
        if (!row)
            return row.error();
        if (!*row)
            break;
        const auto leaf = Digest::fromBytes(query->bytes(0));
        if (!leaf)
            return leaf.error();
        leaves.push_back(*leaf);
    }
    if (leaves.size() != size)
        return Error{ErrorKind::Tampered, "The ledger has " + std::to_string(leaves.size()) + " entries where " + std::to_string(size) + " were expected.", {}};
    return leaves;
}

Result<std::uint64_t> LedgerStore::size()
{
    const auto tree = head(false);
    if (!tree)
        return tree.error();
    return tree->size();
}

Result<Digest> LedgerStore::putEvidence(const std::string &media, BytesView bytes)
{
    const Digest digest = crypto::sha256(bytes);
    auto known = m_connection.prepare("SELECT 1 FROM evidence WHERE digest = ?");
    if (!known)
        return known.error();
    if (const auto status = known->bindBytes(digest.view()).exec(); !status)
        return status.error();
    const auto row = known->next();
    if (!row)
        return row.error();
    if (*row)
        return digest;
    const database::TableDoor open(m_connection);
    auto insert = m_connection.prepare(hasDoor() ? "SELECT put_evidence(?, ?, ?)" : "INSERT INTO evidence (digest, media, bytes) VALUES (?, ?, ?)");
    if (!insert)
        return insert.error();
    if (const auto status = insert->bindBytes(digest.view()).bind(media).bindBytes(bytes).exec(); !status)
        return status.error();
    return digest;
}

Result<Evidence> LedgerStore::evidence(const Digest &digest)
{
    auto query = m_connection.prepare("SELECT media, bytes FROM evidence WHERE digest = ?");
    if (!query)
        return query.error();
    if (const auto status = query->bindBytes(digest.view()).exec(); !status)
        return status.error();
    const auto row = query->next();
    if (!row)
        return row.error();
    if (!*row && m_source)
        return m_source(digest);
    if (!*row)
        return Error{ErrorKind::NotFound, "The evidence " + digest.text() + " is not in this workspace.", {}};
    Evidence evidence{digest, query->text(0), query->bytes(1)};
    if (crypto::sha256(evidence.bytes) != digest)
        return Error{ErrorKind::Tampered, "The stored evidence no longer has its digest " + digest.text() + ".", {}};
    return evidence;
}

Result<std::vector<Digest>> LedgerStore::evidenceDigests()
{
    auto query = m_connection.prepare("SELECT digest FROM evidence ORDER BY digest");
    if (!query)
        return query.error();
    if (const auto status = query->exec(); !status)
        return status.error();
    std::vector<Digest> digests;
    for (;;) {
        const auto row = query->next();
        if (!row)
            return row.error();
        if (!*row)
            return digests;
        const auto digest = Digest::fromBytes(query->bytes(0));
        if (!digest)
            return Error{ErrorKind::Tampered, "A piece of evidence is not kept under a digest. Run Verify.", {}};
        digests.push_back(*digest);
    }
}

Result<std::string> LedgerStore::putCheckpoint(std::uint64_t size, const std::string &note)
{
    Statements sql(m_connection);
    const auto place = static_cast<std::int64_t>(size);
    // The server does the same itself, under the lock of the row (resources/sql/018_signers.postgres.sql).
    if (hasDoor()) {
        auto kept = sql.text("SELECT put_checkpoint(?, ?)", place, note);
        return sql.ok() ? Result<std::string>(kept.value_or(note)) : Result<std::string>(sql.status().error());
    }
    const database::TableDoor open(m_connection);
    const auto kept = sql.text("SELECT note FROM checkpoint WHERE size = ?", place);
    const auto both = kept ? ledger::mergeSignatures(*kept, note) : Result<std::string>(note);
    if (!both && (both.error().kind == ErrorKind::Conflict || !ledger::readCheckpointUnverified(*kept)))
        return Error{ErrorKind::Tampered, "Another checkpoint of " + std::to_string(size) + " entries is kept. Run Verify.", {}};
    if (!both)
        return both.error();
    if (kept != *both)
        sql.run("INSERT INTO checkpoint (size, note) VALUES (?, ?) ON CONFLICT (size) DO UPDATE SET note = excluded.note", place, *both);
    return sql.ok() ? both : Result<std::string>(sql.status().error());
}

Result<std::optional<std::string>> LedgerStore::latestCheckpoint()
{
    auto query = m_connection.prepare("SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1");
    if (!query)
        return query.error();
    if (const auto status = query->exec(); !status)
        return status.error();
    const auto row = query->next();
    if (!row)
        return row.error();
    return *row ? std::optional(query->text(0)) : std::nullopt;
}

Result<std::vector<std::pair<std::uint64_t, std::string>>> LedgerStore::checkpoints()
{
    auto query = m_connection.prepare("SELECT size, note FROM checkpoint ORDER BY size");
    if (!query)
        return query.error();
    if (const auto status = query->exec(); !status)
        return status.error();
    std::vector<std::pair<std::uint64_t, std::string>> notes;
    for (;;) {
        const auto row = query->next();
        if (!row)
            return row.error();
        if (!*row)
            return notes;
        notes.emplace_back(static_cast<std::uint64_t>(query->integer(0)), query->text(1));
    }
}

} // namespace countersign::store
