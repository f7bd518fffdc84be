#include "models/crypto/sha256.h"
#include "models/ledger/ledgerfile.h"
#include "models/ledger/merkle.h"

#include "tests/fuzz/promise.h"
#include "tests/fuzz/targets.h"

#include <algorithm>

namespace fuzz {

using namespace countersign;
using namespace countersign::ledger;

namespace {

BytesView bytesOf(const std::uint8_t *data, std::size_t size)
{
    return {reinterpret_cast<const char *>(data), size};
}

void samePaths(const ProofReport &one, const ProofReport &other)
{
    PROMISE(one.worst == other.worst && one.head == other.head && one.ledger == other.ledger &&
            one.problems == other.problems && one.facts == other.facts);
    PROMISE(std::ranges::equal(one.verdicts, other.verdicts, [](const EntryVerdict &a, const EntryVerdict &b) {
        return a.seq == b.seq && a.state == b.state && a.step == b.step;
    }));
}

/// Every verdict is in words, and the whole is no better than its worst entry.
void isConsistent(const ProofReport &report)
{
    for (const EntryVerdict &verdict : report.verdicts) {
        PROMISE(report.worst <= verdict.state);
        PROMISE((verdict.step == 0) == (verdict.state == EntryState::Valid) &&
                verdict.reason.empty() == (verdict.step == 0));
    }
    PROMISE(report.worst >= EntryState::UnknownNewer || !report.problems.empty());
}

const crypto::PublicKey &someKey()
{
    static const crypto::PublicKey key = crypto::SigningKey::fromSeed(Bytes(32, '\x2a'))->publicKey();
    return key;
}

} // namespace

void ledgerEntry(const std::uint8_t *data, std::size_t size)
{
    const BytesView bytes = bytesOf(data, size);
    const auto entry = decodeEntry(bytes);
    PROMISE(entry.ok() == viewEntry(bytes).ok());
    if (entry) {
        PROMISE(encodeEntry(*entry) == bytes);
        PROMISE(!entry->signatures.empty() && entry->signatures.size() <= 4);
    }
    const auto event = decodeEvent(entry ? BytesView(entry->payload) : bytes);
    if (event) {
        const auto written = encodeEvent(*event);
        PROMISE(written.ok() && *written == (entry ? BytesView(entry->payload) : bytes));
        PROMISE(subjectOf(*event) == subjectOf(*decodeEvent(*written)));
    }
}

void checkpointNote(const std::uint8_t *data, std::size_t size)
{
    const BytesView note = bytesOf(data, size);
    const auto read = readCheckpointUnverified(note);
    const auto verified = verifyCheckpoint(note, someKey());
    const auto cosigned = verifyCosignature(note, "countersign/fuzz/1", someKey());
    if (read) {
        PROMISE(note.starts_with(checkpointText(*read) + "\n"));
        const auto merged = mergeSignatures(note, note);
        PROMISE(merged.ok() && *merged == note); // one spelling
        PROMISE(!verified || verified->head == read->head);
        const auto more = cosign(note, "countersign/fuzz/1", *crypto::SigningKey::fromSeed(Bytes(32, '\x2a')),
                                 fromMillis(1'795'500'000'000));
        PROMISE(!more || *verifyCosignature(*more, "countersign/fuzz/1", someKey()) == fromMillis(1'795'500'000'000));
    } else {
        PROMISE(!verified && !cosigned);
    }
    if (const auto key = parseNoteKey(note))
        PROMISE(noteKeyText(key->first, key->second) == note);
}

/// Bytes: old size, new size, index, and hashes. The tree is known, so only its own proofs may pass.
void treeProof(const std::uint8_t *data, std::size_t size)
{
    if (size < 4)
        return;
    static const std::vector<Digest> leaves = [] {
        std::vector<Digest> made;
        for (int i = 0; i < 70; ++i)
            made.push_back(leafHash("entry " + std::to_string(i)));
        return made;
    }();
    const std::size_t newSize = 1 + data[0] % leaves.size();
    const std::uint64_t oldSize = data[1] % 80;
    const std::uint64_t index = data[2] % 80;
    const std::span tree = std::span(leaves).first(newSize);
    const Digest root = rootOf(tree);
    std::vector<Digest> path;
    const bool isGenuine = data[3] % 2 == 0; // begin with the right path, then change it
    if (isGenuine && index < newSize)
        path = inclusionProof(tree, index);
    const auto alter = [&](std::vector<Digest> hashes) {
        std::size_t at = 4;
        for (; at + 2 <= size && at < 20; at += 2) {
            const std::size_t where = data[at] % (hashes.size() + 1);
            if (data[at + 1] % 4 == 0 && where < hashes.size())
                hashes.erase(hashes.begin() + static_cast<std::ptrdiff_t>(where));
            else if (data[at + 1] % 4 == 1)
                hashes.insert(hashes.begin() + static_cast<std::ptrdiff_t>(where),
                              leaves[data[at + 1] % leaves.size()]);
            else if (data[at + 1] % 4 == 2 && where < hashes.size())
                hashes[where].bytes[data[at + 1] % 32] ^= 1;
        }
        for (; at + 32 <= size; at += 32)
            hashes.push_back(*Digest::fromBytes(bytesOf(data + at, 32)));
        return hashes;
    };
    path = alter(std::move(path));
    const bool isIncluded = verifyInclusion(leaves[index % leaves.size()], index, newSize, path, root).ok();
    PROMISE(isIncluded == (index < newSize && path == inclusionProof(tree, index)));

    std::vector<Digest> proof;
    if (isGenuine && oldSize > 0 && oldSize <= newSize)
        proof = consistencyProof(tree, oldSize);
    proof = alter(std::move(proof));
    const Digest oldRoot = rootOf(std::span(leaves).first(std::min<std::size_t>(oldSize, leaves.size())));
    const bool isConsistentProof = verifyConsistency(oldSize, oldRoot, newSize, root, proof).ok();
    PROMISE(isConsistentProof == (oldSize > 0 && oldSize <= newSize && proof == consistencyProof(tree, oldSize)));
}

void keyFile(const std::uint8_t *data, std::size_t size)
{
    // Longer than any passphrase may be: everything is read and judged, and no key derived.
    std::string typed(2000, 'x');
    const auto passphrase = crypto::Secret::takeFrom(typed);
    const BytesView bytes = bytesOf(data, size);
    const auto key = crypto::unwrapKey(bytes, passphrase);
    PROMISE(!key);
    if (key.error().kind == ErrorKind::Invalid)
        return;
    // Refused for the passphrase, or for want of the second secret: then it is a key in its one spelling, within the limits.
    PROMISE(key.error().kind == ErrorKind::Denied || key.error().kind == ErrorKind::NotFound);
    const auto file = json::readRestricted(bytes, 1U << 20);
    PROMISE(file.ok() && file->find("header")->integerOr("memoryKiB", 0) <= 1 << 20);
    const auto second = crypto::wrapSecretId(bytes);
    PROMISE(second.ok() && second->empty() == (key.error().kind == ErrorKind::Denied));
}

void proofBundle(const std::uint8_t *data, std::size_t size)
{
    const BytesView bytes = bytesOf(data, size);
    const auto bundle = decodeProof(bytes);
    if (!bundle)
        return;
    PROMISE(*encodeProof(*bundle) == bytes);
    const ProofReport report = verifyProof(*bundle);
    isConsistent(report);
    PROMISE(report.verdicts.empty() || report.verdicts.size() == bundle->items.size());
    if (report.worst >= EntryState::Flagged) { // nothing that was not signed passes
        PROMISE(!bundle->items.empty() && bundle->ledger.text() == "l:" + leafHash(bundle->items.front().entry).hex());
        for (const auto &item : bundle->items)
            PROMISE(
                verifyInclusion(leafHash(item.entry), item.seq, report.head.size, item.path, report.head.root).ok());
        for (const auto &evidence : bundle->evidence)
            PROMISE(crypto::sha256(evidence.bytes) == evidence.digest);
    }
}

void ledgerFile(const std::uint8_t *data, std::size_t size)
{
    const BytesView bytes = bytesOf(data, size);
    const auto read = [bytes](std::size_t atOnce) {
        LedgerFileReader reader([bytes, atOnce, at = std::size_t(0)](std::size_t most) mutable -> Result<Bytes> {
            const BytesView some = bytes.substr(std::min(at, bytes.size()), std::min(most, atOnce));
            at += some.size();
            return Bytes(some);
        });
        return verifyLedgerFile(reader);
    };
    const ProofReport whole = read(bytes.size() + 1);
    isConsistent(whole);
    samePaths(whole, read(7));
}

void pdfAttachment(const std::uint8_t *data, std::size_t size)
{
    const BytesView pdf = bytesOf(data, size);
    for (const char *name : {"bundle.countersign", "facts.json"}) {
        const auto found = extractAttachment(pdf, name);
        if (!found)
            PROMISE(!found.error().message.empty());
        else if (pdf.find("/FlateDecode") == BytesView::npos)
            PROMISE(pdf.find(*found) != BytesView::npos);
    }
}

} // namespace fuzz
