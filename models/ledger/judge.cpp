#include "models/ledger/judge.h"

#include <algorithm>

namespace countersign::ledger {

void Candidate::fail(Step step, std::string reason, EntryState state)
{
    if (verdict.step == 0 || step < verdict.step || (verdict.state == EntryState::Disputed && state == EntryState::Invalid))
        verdict = {verdict.seq, state, step, std::move(reason)};
}

Candidate readCandidate(std::uint64_t seq, BytesView entry)
{
    Candidate candidate;
    candidate.verdict.seq = seq;
    candidate.leaf = leafHash(entry);
    auto view = viewEntry(entry);
    if (!view) {
        candidate.fail(Framing, view.error().message);
        return candidate;
    }
    candidate.payload = view->payload;
    candidate.signatures = std::move(view->signatures);
    auto event = decodeEvent(candidate.payload);
    if (event)
        candidate.event = std::move(*event);
    else if (event.error().kind == ErrorKind::Unsupported)
        candidate.fail(KnownKind, event.error().message, EntryState::UnknownNewer);
    else
        candidate.fail(Canonical, event.error().text());
    if (candidate.event && !isKnownKind(candidate.event->kind))
        candidate.fail(KnownKind, "This program does not know events of the kind " + candidate.event->kind + "; a newer one wrote it.", EntryState::UnknownNewer);
    return candidate;
}

bool areSignaturesGood(const Candidate &candidate, std::span<const EnrolledKey *const> signers)
{
    const Bytes message = preAuthenticationEncoding(kEventType, candidate.payload);
    for (std::size_t i = 0; i < signers.size(); ++i)
        if (!crypto::verify(signers[i]->key, message, candidate.signatures[i].signature))
            return false;
    return true;
}

void KeyRing::add(EnrolledKey key)
{
    const Digest digest = crypto::keyDigest(key.key);
    m_byDigest[digest] = &(m_keys[key.id] = std::move(key));
}

std::vector<const EnrolledKey *> KeyRing::signersOf(Candidate &candidate) const
{
    const Event &event = *candidate.event;
    std::vector<const EnrolledKey *> signers;
    for (const EntrySignature &signature : candidate.signatures) {
        const auto found = m_byDigest.find(signature.key);
        if (found == m_byDigest.end()) {
            candidate.fail(KeyState, "It is signed by a key that was not enrolled before it.");
            return {};
        }
        const EnrolledKey *key = found->second;
        if (key->revokedFrom && candidate.verdict.seq >= *key->revokedFrom)
            candidate.fail(KeyState, "It is signed by the key " + crypto::fingerprint(key->id) + ", which is revoked from entry " + std::to_string(*key->revokedFrom) + " on.");
        if (key->keyClass == KeyClass::Device && needsPersonKey(event.kind))
            candidate.fail(KeyState, "Only a person's key may sign " + event.kind + "; a device's key did.");
        if (std::ranges::find(signers, key) != signers.end())
            candidate.fail(KeyState, "One key signed it twice.");
        signers.push_back(key);
    }
    const EnrolledKey *actor = signers.front();
    if (event.actor.key != actor->id)
        candidate.fail(KeyState, "Its first signature is not by the key that the event names.");
    else if (actor->owner != (actor->keyClass == KeyClass::Person ? event.actor.person.text() : event.actor.device))
        candidate.fail(KeyState, "The key belongs to somebody else than the event names.");
    return signers;
}

void KeyRing::found(Candidate &candidate)
{
    const Event &event = *candidate.event;
    const auto genesis = readGenesis(event.body);
    if (!genesis) {
        candidate.fail(Canonical, genesis.error().message);
        return;
    }
    const EnrolledKey key{crypto::keyId(genesis->key), genesis->key, KeyClass::Person, genesis->person, 0, {}};
    if (candidate.signatures.size() != 1 || candidate.signatures[0].key != crypto::keyDigest(key.key) || event.actor.key != key.id
        || event.actor.person.text() != key.owner)
        candidate.fail(KeyState, "The first entry is not signed by the administrator whom it names.");
    else if (!checkPossession({KeyClass::Person, key.owner, {}, key.key, genesis->possession}, {}))
        candidate.fail(KeyState, "The administrator's key has not signed for its owner.");
    const EnrolledKey *const signer = &key;
    if (candidate.isUndecided() && !areSignaturesGood(candidate, {&signer, 1}))
        candidate.fail(Signatures, "The signature does not fit the event.");
    if (candidate.isUndecided())
        add(key);
}

void KeyRing::enrol(Candidate &candidate, const LedgerId &ledger)
{
    const auto enrolment = readEnrolment(candidate.event->body);
    if (!enrolment) {
        candidate.fail(Canonical, enrolment.error().message);
        return;
    }
    const KeyId id = crypto::keyId(enrolment->key);
    if (m_keys.contains(id))
        candidate.fail(KeyState, "The key " + crypto::fingerprint(id) + " is enrolled already.");
    else if (const Status proof = checkPossession(*enrolment, ledger); !proof)
        candidate.fail(KeyState, proof.error().message);
    else
        add({id, enrolment->key, enrolment->keyClass, enrolment->owner, candidate.verdict.seq, {}});
}

const EnrolledKey *KeyRing::revoke(Candidate &candidate)
{
    const auto revocation = readRevocation(candidate.event->body);
    if (!revocation) {
        candidate.fail(Canonical, revocation.error().message);
        return nullptr;
    }
    const auto key = m_keys.find(revocation->key);
    if (key == m_keys.end()) {
        candidate.fail(KeyState, "It revokes a key that was not enrolled before it.");
        return nullptr;
    }
    auto &from = key->second.revokedFrom;
    from = std::min(from.value_or(revocation->fromSize), revocation->fromSize);
    return &key->second;
}

} // namespace countersign::ledger
