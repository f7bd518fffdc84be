#include "ui/audit/entryfacts.h"

#include "models/ledger/entry.h"
#include "models/ledger/merkle.h"
#include "models/store/keyrecord.h"
#include "ui/audit/payloadtext.h"

namespace countersign::pages {

namespace {

Result<SignatureFacts> judgeSignature(services::Session &session, const ledger::Entry &entry, const ledger::EntrySignature &one, std::int64_t seq)
{
    const KeyId id = KeyId::of(one.key.hex());
    SignatureFacts facts;
    facts.fingerprint = crypto::fingerprint(id);
    const auto key = store::findKey(session.connection(), id);
    if (!key)
        return key.error();
    if (!*key)
        return facts;
    const store::KeyRecord &record = **key;
    facts.isDevice = record.keyClass == "device";
    facts.owner = record.ownerName.empty() ? record.owner : record.ownerName;
    if (!crypto::verify(record.key, ledger::preAuthenticationEncoding(ledger::kEventType, entry.payload), one.signature))
        facts.state = SignatureFacts::State::Wrong;
    else
        facts.state = record.revokedFrom && seq >= *record.revokedFrom ? SignatureFacts::State::Revoked : SignatureFacts::State::Valid;
    return facts;
}

Status proveInclusion(services::Session &session, EntryFacts &facts)
{
    facts.head = session.verifiedHead();
    if (static_cast<std::uint64_t>(facts.entry) >= facts.head.size) {
        facts.proofTrouble = "The entry lies beyond the verified tree.";
        return {};
    }
    const auto leaves = session.ledger().leaves(facts.head.size);
    if (!leaves)
        return leaves.error();
    const auto proof = ledger::inclusionProof(*leaves, static_cast<std::uint64_t>(facts.entry));
    facts.proofSteps = proof.size();
    if (const auto status = ledger::verifyInclusion(facts.leaf, static_cast<std::uint64_t>(facts.entry), facts.head.size, proof, facts.head.root); !status)
        facts.proofTrouble = status.error().message;
    return {};
}

} // namespace

Result<EntryFacts> readEntryFacts(services::Session &session, std::int64_t number)
{
    EntryFacts facts;
    facts.entry = number;
    const auto bytes = session.ledger().read(static_cast<std::uint64_t>(number), 1);
    if (!bytes)
        return bytes.error();
    if (bytes->empty())
        return Error{ErrorKind::NotFound, "There is no entry " + std::to_string(number) + ".", {}};
    const auto rows = store::trailRows(session.connection(), {number});
    if (!rows)
        return rows.error();
    if (!rows->empty())
        facts.row = rows->front();
    facts.leaf = ledger::leafHash(bytes->front());
    if (const auto status = proveInclusion(session, facts); !status)
        return status.error();

    const auto entry = ledger::decodeEntry(bytes->front());
    if (!entry) {
        facts.undecoded = entry.error().text();
        return facts;
    }
    facts.raw.assign(entry->payload.begin(), entry->payload.end());
    facts.plain = facts.raw;
    if (const auto value = json::readRestricted(entry->payload))
        facts.plain = indentedJson(*value);
    for (const ledger::EntrySignature &one : entry->signatures) {
        const auto signature = judgeSignature(session, *entry, one, number);
        if (!signature)
            return signature.error();
        facts.signatures.push_back(*signature);
    }
    if (auto event = ledger::decodeEvent(entry->payload))
        facts.event = std::move(*event);
    else
        facts.undecoded = event.error().text();
    return facts;
}

} // namespace countersign::pages
