#include "models/ledger/proof.h"

#include "models/crypto/sha256.h"
#include "models/ledger/judge.h"

#include <algorithm>

namespace countersign::ledger {

namespace {

constexpr std::string_view kFormat = "countersign.proof/1";
constexpr std::string_view kContinuingFormat = "countersign.proof/2"; // with the member "earlier"
constexpr std::size_t kLargestBundle = 256U << 20;

Error malformed(const std::string &what) { return {ErrorKind::Invalid, "This is not a proof bundle: " + what + ".", {}}; }

json::Array linesOf(std::string_view note)
{
    json::Array lines;
    while (!note.empty()) {
        const auto end = std::min(note.find('\n'), note.size());
        lines.emplace_back(note.substr(0, end));
        note.remove_prefix(std::min(end + 1, note.size()));
    }
    return lines;
}

json::Array hashesOf(const std::vector<Digest> &hashes)
{
    json::Array array;
    for (const Digest &hash : hashes)
        array.emplace_back(toBase64(hash.view()));
    return array;
}

std::optional<std::vector<Digest>> readHashes(const json::Value *value)
{
    if (!value || !value->array())
        return {};
    std::vector<Digest> hashes;
    for (const json::Value &hash : *value->array()) {
        const auto raw = fromBase64(hash.string() ? *hash.string() : std::string("?"));
        const auto digest = raw ? Digest::fromBytes(*raw) : Result<Digest>(Error{});
        if (!digest)
            return {};
        hashes.push_back(*digest);
    }
    return hashes;
}

std::optional<std::string> readNote(const json::Value *lines)
{
    if (!lines || !lines->array())
        return {};
    std::string note;
    for (const json::Value &line : *lines->array()) {
        if (!line.string())
            return {};
        note += *line.string() + '\n';
    }
    return note;
}

Result<Bytes> bytesOf(const json::Value &object, std::string_view key)
{
    const auto text = object.text(key);
    if (!text)
        return text.error();
    return fromBase64(*text);
}

Result<ProofBundle::Item> readItem(const json::Value &value)
{
    ProofBundle::Item item;
    const std::int64_t seq = value.integerOr("seq", -1);
    auto entry = bytesOf(value, "entry");
    auto path = readHashes(value.find("path"));
    if (!value.object() || value.object()->size() != 3 || seq < 0 || !entry || !path)
        return malformed("an item has not exactly an entry, a path and a number");
    item.seq = static_cast<std::uint64_t>(seq);
    item.entry = std::move(*entry);
    item.path = std::move(*path);
    return item;
}

Result<ProofBundle::Earlier> readEarlier(const json::Value &value)
{
    auto note = readNote(value.find("checkpoint"));
    auto proof = readHashes(value.find("proof"));
    if (!value.object() || value.object()->size() != 2 || !note || !proof)
        return malformed("\"earlier\" has not exactly a checkpoint and a proof");
    return ProofBundle::Earlier{std::move(*note), std::move(*proof)};
}

Result<ProofBundle::Evidence> readEvidence(const json::Value &value)
{
    auto bytes = bytesOf(value, "bytes");
    const auto digest = Digest::parse(value.textOr("digest", {}));
    const auto media = value.text("media");
    if (!value.object() || value.object()->size() != 3 || !bytes || !digest || !media)
        return malformed("evidence has not exactly bytes, a digest and a media type");
    return ProofBundle::Evidence{*digest, *media, std::move(*bytes)};
}

/// Checks the items of one bundle in their order, as the log's replay would, as far as they alone allow.
class BundleJudge
{
public:
    explicit BundleJudge(const ProofBundle &bundle) : m_bundle(bundle) {}

    ProofReport judge()
    {
        m_report.ledger = m_bundle.ledger;
        const auto claimed = readCheckpointUnverified(m_bundle.checkpoint);
        if (!claimed) { // every entry rests on it
            blame(claimed.error().message);
            return std::move(m_report);
        }
        m_report.head = claimed->head;
        judgeOrder();
        checkEvidence();
        for (const ProofBundle::Item &item : m_bundle.items)
            judgeItem(item);
        judgeCheckpoint(*claimed);
        tell();
        return std::move(m_report);
    }

private:
    /// A problem of the bundle as a whole.
    void blame(std::string sentence, EntryState state = EntryState::Invalid)
    {
        m_report.problems.push_back(std::move(sentence));
        m_report.worst = std::min(m_report.worst, state);
    }

    void judgeOrder()
    {
        const auto &items = m_bundle.items;
        if (items.empty() || items.front().seq != 0)
            blame("The bundle lacks the first entry of the ledger, on which every key rests.");
        const auto isNotAfter = [](const auto &a, const auto &b) { return a.seq >= b.seq; };
        if (std::ranges::adjacent_find(items, isNotAfter) != items.end())
            blame("The entries of the bundle are not in ascending order.");
    }

    void checkEvidence()
    {
        for (const ProofBundle::Evidence &evidence : m_bundle.evidence) {
            const bool isRight = crypto::sha256(evidence.bytes) == evidence.digest;
            m_evidence.try_emplace(evidence.digest, true).first->second &= isRight;
            if (!isRight)
                blame("Evidence " + evidence.digest.shortHex() + " is not what was signed: its bytes have another digest.", EntryState::EvidenceMissing);
        }
    }

    void judgeItem(const ProofBundle::Item &item)
    {
        Candidate &candidate = m_candidates.emplace_back(readCandidate(item.seq, item.entry));
        if (candidate.event)
            judgeEvent(candidate, *candidate.event);
        if (const Status included = verifyInclusion(candidate.leaf, item.seq, m_report.head.size, item.path, m_report.head.root); !included)
            candidate.fail(Included, included.error().message);
    }

    void judgeEvent(Candidate &candidate, const Event &event)
    {
        const bool isGenesis = event.kind == "ledger.genesis";
        const LedgerId named = isGenesis ? LedgerId::of(candidate.leaf.hex()) : event.ledger;
        if (isGenesis != (candidate.verdict.seq == 0) || named != m_bundle.ledger)
            candidate.fail(SameLedger, "It belongs to another ledger than the bundle.");
        if (!m_ids.insert(event.id).second)
            candidate.fail(UniqueId, "An earlier entry has the same id.");
        if (candidate.isUndecided())
            judgeKeys(candidate, event);
        judgeSeen(candidate, event.seen);
        for (const Digest &digest : evidenceOf(event))
            if (const auto evidence = m_evidence.find(digest); evidence != m_evidence.end() && !evidence->second)
                candidate.fail(EvidenceStored, "Its evidence is not what was signed.", EntryState::EvidenceMissing);
    }

    void judgeKeys(Candidate &candidate, const Event &event)
    {
        if (candidate.verdict.seq == 0) {
            m_ring.found(candidate);
            return;
        }
        const auto signers = m_ring.signersOf(candidate);
        const bool isAboutKeys = event.kind.starts_with("key.");
        if (isAboutKeys)
            m_ring.judge(candidate, m_bundle.ledger);
        if (candidate.isUndecided() && !areSignaturesGood(candidate, signers))
            candidate.fail(Signatures, "A signature does not fit the event.");
        if (!candidate.isUndecided())
            return;
        if (isAboutKeys)
            dispute(m_ring.apply(candidate), candidate.verdict.seq);
    }

    void dispute(const EnrolledKey *key, std::uint64_t revokedBy)
    {
        for (Candidate &earlier : m_candidates) {
            const auto isByKey = [key](const EntrySignature &signature) { return signature.key == crypto::keyDigest(key->key); };
            const bool isSignedWell = earlier.isUndecided() || earlier.verdict.state == EntryState::EvidenceMissing;
            if (key && earlier.verdict.seq >= *key->revokedFrom && earlier.verdict.seq < revokedBy && isSignedWell && std::ranges::any_of(earlier.signatures, isByKey))
                earlier.fail(KeyState, "Its key was revoked later, by entry " + std::to_string(revokedBy) + ".", EntryState::Disputed);
        }
    }

    /// Only three roots can be known here: of nothing, of the first entry, and of everything.
    void judgeSeen(Candidate &candidate, const TreeHead &seen)
    {
        const Candidate &first = m_candidates.front();
        const bool isWrong = (seen.size == 0 && seen.root != crypto::sha256({})) || (seen.size == 1 && first.verdict.seq == 0 && seen.root != first.leaf)
            || (seen.size == m_report.head.size && seen.root != m_report.head.root);
        if (seen.size > candidate.verdict.seq)
            candidate.fail(SeenRoot, "It claims to have seen entries that come after it.");
        else if (isWrong)
            candidate.fail(SeenRoot, "It was signed over another history.");
    }

    void judgeCheckpoint(const Checkpoint &checkpoint)
    {
        if (checkpoint.origin != checkpointOrigin(m_bundle.ledger))
            blame("The checkpoint belongs to another ledger.");
        const EnrolledKey *signer = checkpointSigner(m_ring.keys(), m_bundle.checkpoint, checkpoint.head.size);
        if (!signer) {
            blame("The checkpoint is not signed by a key that the ledger enrolled.");
            return;
        }
        m_report.facts.push_back("The checkpoint over " + std::to_string(checkpoint.head.size) + " entries, root " + checkpoint.head.root.hex() + ", is signed by the key "
                                 + crypto::fingerprint(signer->id) + " of " + signer->owner + ".");
        judgeCosigners(checkpoint);
        if (m_bundle.earlier)
            judgeEarlier(*m_bundle.earlier, checkpoint);
    }

    void judgeCosigners(const Checkpoint &checkpoint)
    {
        const auto cosigners = cosignersOf(m_ring.keys(), m_bundle.ledger, m_bundle.checkpoint, checkpoint.head.size);
        if (!cosigners)
            blame(cosigners.error().message);
        for (const Cosigner &cosigner : cosigners ? *cosigners : std::vector<Cosigner>()) {
            m_report.cosigners.push_back(cosigner.device);
            m_report.facts.push_back("The checkpoint is co-signed at " + formatUtc(cosigner.time) + " by the key " + crypto::fingerprint(cosigner.key) + " of " + cosigner.device + ".");
        }
    }

    void judgeEarlier(const ProofBundle::Earlier &earlier, const Checkpoint &checkpoint)
    {
        const auto before = readCheckpointUnverified(earlier.checkpoint);
        if (!before)
            blame("The earlier checkpoint: " + before.error().message);
        else if (before->origin != checkpoint.origin)
            blame("The earlier checkpoint belongs to another ledger.");
        else if (!checkpointSigner(m_ring.keys(), earlier.checkpoint, before->head.size))
            blame("The earlier checkpoint is not signed by a key that the ledger enrolled.");
        else if (const auto cosigners = cosignersOf(m_ring.keys(), m_bundle.ledger, earlier.checkpoint, before->head.size); !cosigners)
            blame("The earlier checkpoint: " + cosigners.error().message);
        else if (const Status consistent = verifyConsistency(before->head.size, before->head.root, checkpoint.head.size, checkpoint.head.root, earlier.proof); !consistent)
            blame("The ledger does not continue the earlier checkpoint of " + std::to_string(before->head.size) + " entries: one of the two shows another history.");
        else {
            m_report.continues = before->head;
            m_report.facts.push_back("The ledger continues the one of " + std::to_string(before->head.size) + " entries, root " + before->head.root.hex() + ", that an earlier checkpoint shows.");
            for (const auto &[id, key] : m_ring.keys())
                if (const auto time = cosignedBy(earlier.checkpoint, before->head, key))
                    m_report.facts.push_back("The earlier checkpoint is co-signed at " + formatUtc(*time) + " by the key " + crypto::fingerprint(id) + " of " + key.owner + ".");
        }
    }

    /// A device's cosignature, where its key was good for so many entries.
    std::optional<Instant> cosignedBy(const std::string &note, const TreeHead &head, const EnrolledKey &key) const
    {
        if (key.keyClass != KeyClass::Device || (key.revokedFrom && head.size > *key.revokedFrom))
            return {};
        const auto time = verifyCosignature(note, cosignerName(m_bundle.ledger, DeviceId::of(key.owner)), key.key);
        return time ? std::optional(*time) : std::nullopt;
    }

    void tell()
    {
        for (const Candidate &candidate : m_candidates) {
            const EntryVerdict &verdict = candidate.verdict;
            const std::string number = "Entry " + std::to_string(verdict.seq);
            m_report.worst = std::min(m_report.worst, verdict.state);
            m_report.verdicts.push_back(verdict);
            if (verdict.state != EntryState::Valid) {
                m_report.problems.push_back(number + ": " + verdict.reason);
                continue;
            }
            const Event &event = *candidate.event;
            m_report.facts.push_back(number + ": " + event.kind + " by " + event.actor.name + " (" + event.actor.role + ") at " + formatUtc(event.time) + ", key "
                                     + crypto::fingerprint(event.actor.key) + ".");
            for (const Digest &digest : evidenceOf(event))
                if (!m_evidence.contains(digest))
                    m_report.facts.push_back(number + " names evidence " + digest.text() + ", which this bundle does not include.");
        }
    }

    const ProofBundle &m_bundle;
    ProofReport m_report;
    KeyRing m_ring;
    std::set<std::string> m_ids;
    std::map<Digest, bool> m_evidence; // whether its bytes are right
    std::vector<Candidate> m_candidates;
};

} // namespace

Result<Bytes> encodeProof(const ProofBundle &bundle)
{
    json::Array items;
    for (const ProofBundle::Item &item : bundle.items) {
        items.emplace_back(json::Object{{"entry", toBase64(item.entry)}, {"path", hashesOf(item.path)}, {"seq", item.seq}});
    }
    json::Array evidence;
    for (const ProofBundle::Evidence &piece : bundle.evidence)
        evidence.emplace_back(json::Object{{"bytes", toBase64(piece.bytes)}, {"digest", piece.digest.text()}, {"media", piece.media}});
    json::Object document{{"checkpoint", linesOf(bundle.checkpoint)}};
    if (bundle.earlier)
        document.set("earlier", json::Object{{"checkpoint", linesOf(bundle.earlier->checkpoint)}, {"proof", hashesOf(bundle.earlier->proof)}});
    document.set("evidence", std::move(evidence));
    document.set("format", bundle.earlier ? kContinuingFormat : kFormat);
    document.set("items", std::move(items));
    document.set("ledger", bundle.ledger.text());
    return json::writeRestricted(document);
}

Result<ProofBundle> decodeProof(BytesView bytes)
{
    const auto value = json::readRestricted(bytes, kLargestBundle);
    if (!value)
        return malformed(value.error().text());
    const std::string format = value->textOr("format", {});
    const bool isContinuing = format == kContinuingFormat;
    if (format != kFormat && !isContinuing && format.starts_with("countersign.proof/"))
        return Error{ErrorKind::Unsupported, "The proof bundle was written by a newer version of Countersign.", {}};
    const auto note = readNote(value->find("checkpoint"));
    const json::Value *items = value->find("items");
    const json::Value *evidence = value->find("evidence");
    const json::Value *earlier = value->find("earlier");
    const auto ledger = LedgerId::parse(value->textOr("ledger", {}));
    if ((format != kFormat && !isContinuing) || value->object()->size() != (isContinuing ? 6U : 5U) || !note || !items || !items->array() || !evidence || !evidence->array()
        || !ledger || isContinuing != (earlier != nullptr))
        return malformed("members are missing or unknown");
    ProofBundle bundle;
    bundle.ledger = *ledger;
    bundle.checkpoint = *note;
    if (earlier) {
        auto read = readEarlier(*earlier);
        if (!read)
            return read.error();
        bundle.earlier = std::move(*read);
    }
    for (const json::Value &item : *items->array()) {
        auto read = readItem(item);
        if (!read)
            return read.error();
        bundle.items.push_back(std::move(*read));
    }
    for (const json::Value &piece : *evidence->array()) {
        auto read = readEvidence(piece);
        if (!read)
            return read.error();
        bundle.evidence.push_back(std::move(*read));
    }
    return bundle;
}

ProofReport verifyProof(const ProofBundle &bundle) { return BundleJudge(bundle).judge(); }

Status verifyFacts(const ProofBundle &bundle, BytesView facts)
{
    const Digest digest = crypto::sha256(facts);
    for (const auto &item : bundle.items) {
        const auto entry = decodeEntry(item.entry);
        const auto event = entry ? decodeEvent(entry->payload) : Result<Event>(entry.error());
        if (event && event->kind == "report.issue" && event->evidence == digest)
            return {};
    }
    return Error{ErrorKind::Tampered, "The attached facts are not those that were recorded when the report was issued.", {}};
}

} // namespace countersign::ledger
