#include "models/services/ledger/proofs.h"

#include "models/ledger/entry.h"
#include "models/store/statements.h"

#include <algorithm>
#include <charconv>

namespace countersign::services {

namespace {

constexpr std::size_t kBatch = 512;

Result<ledger::Entry> entryAt(Session &session, std::uint64_t seq)
{
    const auto bytes = session.ledger().read(seq, 1);
    if (!bytes)
        return bytes.error();
    if (bytes->empty())
        return Error{ErrorKind::NotFound, "The ledger has no entry " + std::to_string(seq) + ".", {}};
    return ledger::decodeEntry(bytes->front());
}

/// Entries about keys: by the key that each is about, and those that ended a key by putting another in its place.
class KeyEntries
{
public:
    static Result<KeyEntries> read(Session &session, std::uint64_t size)
    {
        KeyEntries found;
        store::Statements sql(session.connection());
        std::vector<std::uint64_t> rotations;
        sql.each(
            "SELECT entry, kind, subject FROM trail WHERE kind LIKE 'key.%' AND entry < ? ORDER BY entry",
            [&](const database::Query &row) {
                const auto entry = static_cast<std::uint64_t>(row.integer(0));
                found.m_byKey[row.text(2)].insert(entry);
                if (row.text(1) == "key.rotate")
                    rotations.push_back(entry);
            },
            static_cast<std::int64_t>(size));
        if (!sql.ok())
            return sql.status().error();
        for (const std::uint64_t seq : rotations) {
            const auto entry = entryAt(session, seq);
            const auto event = entry ? ledger::decodeEvent(entry->payload) : Result<ledger::Event>(entry.error());
            const auto rotation = event ? ledger::readRotation(event->body) : Result<ledger::Rotation>(event.error());
            if (rotation)
                found.m_byKey[rotation->replaces.text()].insert(seq);
        }
        return found;
    }

    std::set<std::uint64_t> of(const std::string &key) const
    {
        const auto found = m_byKey.find(key);
        return found == m_byKey.end() ? std::set<std::uint64_t>() : found->second;
    }

private:
    std::map<std::string, std::set<std::uint64_t>> m_byKey;
};

/// The enrolled keys whose signature or cosignature a note bears.
Result<std::vector<std::string>> signersOf(Session &session, const std::string &note)
{
    std::vector<std::string> keys;
    store::Statements sql(session.connection());
    sql.each("SELECT id, class, owner, public FROM enrolled_key", [&](const database::Query &row) {
        const auto key = crypto::PublicKey::fromBytes(row.bytes(3));
        const bool isCosigner =
            key && row.text(1) == "device" &&
            ledger::verifyCosignature(note, ledger::cosignerName(session.ledgerId(), DeviceId::of(row.text(2))), *key);
        if (key && (isCosigner || ledger::verifyCheckpoint(note, *key)))
            keys.push_back(row.text(0));
    });
    return sql.ok() ? Result<std::vector<std::string>>(std::move(keys))
                    : Result<std::vector<std::string>>(sql.status().error());
}

/// Adds what the entries and the notes rest on: entries about the keys that signed them, and what those rest on.
Status addFoundations(Session &session, std::set<std::uint64_t> &entries, std::vector<std::string> keys,
                      std::uint64_t size)
{
    const auto about = KeyEntries::read(session, size);
    if (!about)
        return about.error();
    std::vector<std::uint64_t> unread(entries.begin(), entries.end());
    std::set<std::string> known;
    while (!unread.empty() || !keys.empty()) {
        for (const std::string &key : std::exchange(keys, {}))
            if (known.insert(key).second)
                for (const std::uint64_t seq : about->of(key))
                    if (entries.insert(seq).second)
                        unread.push_back(seq);
        for (const std::uint64_t seq : std::exchange(unread, {})) {
            const auto entry = entryAt(session, seq);
            if (!entry)
                return entry.error();
            for (const auto &signature : entry->signatures)
                keys.push_back(KeyId::of(signature.key.hex()).text());
        }
    }
    return {};
}

Result<ledger::ProofBundle> bundleOf(Session &session, const std::set<std::uint64_t> &entries, const SignedHead &head,
                                     std::span<const Digest> leaves)
{
    ledger::ProofBundle bundle;
    bundle.ledger = session.ledgerId();
    bundle.checkpoint = head.note;
    for (const std::uint64_t seq : entries) {
        const auto bytes = session.ledger().read(seq, 1);
        if (!bytes)
            return bytes.error();
        if (bytes->empty() || seq >= leaves.size())
            return Error{ErrorKind::NotFound, "The checkpoint does not cover entry " + std::to_string(seq) + ".", {}};
        bundle.items.push_back({seq, bytes->front(), ledger::inclusionProof(leaves, seq)});
    }
    return bundle;
}

/// The checkpoint that is the beginning of the ledger with these leaves.
Result<ledger::Checkpoint> continuedBy(Session &session, const std::string &earlierNote, std::span<const Digest> leaves)
{
    auto earlier = ledger::readCheckpointUnverified(earlierNote);
    if (!earlier)
        return earlier;
    if (earlier->origin != ledger::checkpointOrigin(session.ledgerId()))
        return Error{ErrorKind::Invalid, "The checkpoint is of another ledger, " + earlier->origin + ".", {}};
    const std::string size = std::to_string(earlier->head.size);
    if (earlier->head.size == 0)
        return Error{ErrorKind::Invalid, "The checkpoint is of no entries, which every ledger continues.", {}};
    if (earlier->head.size > leaves.size())
        return Error{ErrorKind::Tampered,
                     "The checkpoint was made over " + size + " entries; the ledger has only " +
                         std::to_string(leaves.size()) + ". Entries were cut off.",
                     {}};
    if (ledger::rootOf(leaves.first(earlier->head.size)) != earlier->head.root)
        return Error{ErrorKind::Tampered,
                     "The first " + size +
                         " entries are not those of the checkpoint: one of the two shows another history.",
                     {}};
    return earlier;
}

} // namespace

Result<ledger::ProofBundle> prove(Session &session, const std::set<std::uint64_t> &wanted, const SignedHead &head,
                                  const std::optional<std::string> &earlierNote)
{
    std::set<std::uint64_t> entries = wanted;
    entries.insert(0);
    auto keys = signersOf(session, head.note);
    const auto earlierKeys = earlierNote ? signersOf(session, *earlierNote)
                                         : Result<std::vector<std::string>>(std::vector<std::string>());
    if (!keys || !earlierKeys)
        return keys ? earlierKeys.error() : keys.error();
    keys->insert(keys->end(), earlierKeys->begin(), earlierKeys->end());
    if (const auto status = addFoundations(session, entries, *std::move(keys), head.size); !status)
        return status.error();
    const auto leaves = session.ledger().leaves(head.size);
    if (!leaves)
        return leaves.error();
    auto bundle = bundleOf(session, entries, head, *leaves);
    if (!bundle || !earlierNote)
        return bundle;
    const auto earlier = continuedBy(session, *earlierNote, *leaves);
    if (!earlier)
        return earlier.error();
    bundle->earlier =
        ledger::ProofBundle::Earlier{*earlierNote, ledger::consistencyProof(*leaves, earlier->head.size)};
    return bundle;
}

Result<ledger::ProofBundle> proveContinuation(Session &session, const std::string &earlierNote, const SignedHead &head)
{
    return prove(session, {}, head, earlierNote);
}

Result<std::uint64_t> findEntry(Session &session, const std::string &idOrNumber)
{
    const Error notFound{ErrorKind::NotFound,
                         "The ledger has no entry \"" + idOrNumber + "\". Give its number, or the id of its event.",
                         {}};
    std::uint64_t number = 0;
    if (const auto [end, code] = std::from_chars(idOrNumber.data(), idOrNumber.data() + idOrNumber.size(), number);
        code == std::errc() && end == idOrNumber.data() + idOrNumber.size()) {
        const auto size = session.ledger().size();
        if (!size)
            return size.error();
        return number < *size ? Result<std::uint64_t>(number) : Result<std::uint64_t>(notFound);
    }
    std::string hex = idOrNumber.starts_with("e:") ? idOrNumber.substr(2) : idOrNumber;
    std::erase(hex, '-');
    const auto id = fromHex(hex);
    if (!id)
        return notFound;
    store::Statements sql(session.connection());
    const auto seq = sql.integer("SELECT seq FROM entry WHERE id = ?", store::Blob{*id});
    if (!sql.ok())
        return sql.status().error();
    return seq ? Result<std::uint64_t>(static_cast<std::uint64_t>(*seq)) : Result<std::uint64_t>(notFound);
}

Status exportLedger(Session &session, const ledger::LedgerFileWriter::Sink &sink, const Progress &progress)
{
    // One state of the record, whatever others append meanwhile.
    const auto reading = database::Transaction::read(session.connection());
    if (!reading)
        return reading.error();
    ledger::LedgerFileWriter writer(sink);
    store::LedgerStore &store = session.ledger();
    const auto size = store.size();
    const auto digests = store.evidenceDigests();
    const auto checkpoints = store.checkpoints();
    if (!size || !digests || !checkpoints)
        return !size ? size.error() : !digests ? digests.error() : checkpoints.error();
    const std::uint64_t total = *size + digests->size();
    std::uint64_t done = 0;
    for (const Digest &digest : *digests) {
        const auto evidence = store.evidence(digest);
        if (!evidence)
            return evidence.error();
        if (const auto status = writer.addEvidence(digest, evidence->media, evidence->bytes); !status)
            return status;
        progress(++done, total, "writing the evidence");
        if (progress.isCancelled())
            return Error{ErrorKind::Cancelled, "The export was cancelled.", {}};
    }
    for (std::uint64_t at = 0; at < *size;) {
        const auto entries = store.read(at, static_cast<std::size_t>(std::min<std::uint64_t>(kBatch, *size - at)));
        if (!entries)
            return entries.error();
        if (entries->empty())
            return Error{ErrorKind::Tampered, "The ledger has no entry " + std::to_string(at) + ". Run Verify.", {}};
        for (const Bytes &entry : *entries)
            if (const auto status = writer.addEntry(entry); !status)
                return status;
        at += entries->size();
        progress(digests->size() + at, total, "writing the entries");
        if (progress.isCancelled())
            return Error{ErrorKind::Cancelled, "The export was cancelled.", {}};
    }
    for (const auto &[count, note] : *checkpoints)
        if (const auto status = writer.addCheckpoint(count, note); !status)
            return status;
    return writer.finish();
}

} // namespace countersign::services
