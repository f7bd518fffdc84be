#include "models/ledger/judge.h"

#include "models/ledger/checkpoint.h"
#include "models/ledger/roster.h"

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
    if (const Status body = candidate.event ? checkBody(*candidate.event) : Status(); !body)
        candidate.fail(Canonical, body.error().message);
    if (candidate.event && !isKnownKind(candidate.event->kind))
        candidate.fail(KnownKind, "This program does not know events of the kind " + candidate.event->kind + "; a newer one wrote it.", EntryState::UnknownNewer);
    return candidate;
}

Status checkBody(const Event &event)
{
    const auto statusOf = [](const auto &read) { return read ? Status() : Status(read.error()); };
    const std::string &kind = event.kind;
    if (kind == "ledger.genesis") {
        const auto genesis = readGenesis(event.body);
        return genesis ? statusOf(readSigningPolicy(genesis->policy)) : Status(genesis.error());
    }
    if (kind == "key.enroll" || kind == "key.propose")
        return statusOf(readEnrolment(event.body));
    if (kind == "key.confirm")
        return statusOf(readConfirmation(event.body));
    if (kind == "key.rotate")
        return statusOf(readRotation(event.body));
    if (kind == "key.revoke")
        return statusOf(readRevocation(event.body));
    if (kind == "person.add" || kind == "person.roles")
        return statusOf(readRoles(event.body));
    if (kind == "policy.signing")
        return statusOf(readSigningPolicy(event.body));
    return {};
}

const EnrolledKey *checkpointSigner(const std::map<KeyId, EnrolledKey> &keys, std::string_view note, std::uint64_t size)
{
    for (const auto &[id, key] : keys)
        if (!key.isAwaitingConfirmation && !(key.revokedFrom && size > *key.revokedFrom) && verifyCheckpoint(note, key.key))
            return &key;
    return nullptr;
}

Result<std::vector<Cosigner>> cosignersOf(const std::map<KeyId, EnrolledKey> &keys, const LedgerId &ledger, std::string_view note, std::uint64_t size)
{
    std::vector<Cosigner> cosigners;
    for (const auto &[id, key] : keys) {
        if (key.keyClass != KeyClass::Device || (key.revokedFrom && size > *key.revokedFrom))
            continue;
        const auto time = verifyCosignature(note, cosignerName(ledger, DeviceId::of(key.owner)), key.key);
        if (time)
            cosigners.push_back({id, key.owner, *time});
        else if (time.error().kind == ErrorKind::Tampered)
            return time.error();
    }
    return cosigners;
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
        if (key->isAwaitingConfirmation)
            candidate.fail(KeyState, "It is signed by the key " + crypto::fingerprint(key->id) + ", which no second administrator had confirmed.");
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
    if (!genesis)
        return; // step 2 failed it
    const EnrolledKey key{crypto::keyId(genesis->key), genesis->key, KeyClass::Person, genesis->person, 0, {}, genesis->person, false};
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

const EnrolledKey *KeyRing::find(const KeyId &id) const
{
    const auto found = m_keys.find(id);
    return found == m_keys.end() ? nullptr : &found->second;
}

void KeyRing::judge(Candidate &candidate, const LedgerId &ledger) const
{
    const Event &event = *candidate.event;
    if (event.kind == "key.enroll" || event.kind == "key.propose") {
        const auto enrolment = readEnrolment(event.body);
        if (enrolment && event.kind == "key.propose" && enrolment->keyClass != KeyClass::Person)
            candidate.fail(KeyState, "Only a person's key is proposed; a device's is enrolled.");
        else if (enrolment)
            judgeNew(candidate, *enrolment, ledger);
    } else if (event.kind == "key.confirm") {
        if (const auto confirmation = readConfirmation(event.body))
            judgeConfirmation(candidate, *confirmation);
    } else if (event.kind == "key.rotate") {
        if (const auto rotation = readRotation(event.body))
            judgeRotation(candidate, *rotation, ledger);
    } else if (const auto revocation = readRevocation(event.body); revocation && !find(revocation->key)) {
        candidate.fail(KeyState, "It revokes a key that was not enrolled before it.");
    }
}

void KeyRing::judgeNew(Candidate &candidate, const Enrolment &enrolment, const LedgerId &ledger) const
{
    const KeyId id = crypto::keyId(enrolment.key);
    if (find(id))
        candidate.fail(KeyState, "The key " + crypto::fingerprint(id) + " is enrolled already.");
    else if (const Status proof = checkPossession(enrolment, ledger); !proof)
        candidate.fail(KeyState, proof.error().message);
}

void KeyRing::judgeConfirmation(Candidate &candidate, const Confirmation &confirmation) const
{
    const EnrolledKey *key = find(confirmation.key);
    const std::string confirmer = candidate.event->actor.person.text();
    if (!key || !key->isAwaitingConfirmation)
        candidate.fail(KeyState, "It confirms a key that does not await it.");
    else if (key->enrolledBy == confirmer || key->owner == confirmer)
        candidate.fail(KeyState, "The key must be confirmed by somebody who neither proposed it nor owns it.");
}

void KeyRing::judgeRotation(Candidate &candidate, const Rotation &rotation, const LedgerId &ledger) const
{
    const EnrolledKey *old = find(rotation.replaces);
    if (!old || candidate.event->actor.key != rotation.replaces || old->owner != rotation.next.owner)
        candidate.fail(KeyState, "A key is replaced by its owner, who signs with it for the last time.");
    else
        judgeNew(candidate, rotation.next, ledger);
}

const EnrolledKey *KeyRing::apply(const Candidate &candidate)
{
    const Event &event = *candidate.event;
    const std::uint64_t seq = candidate.verdict.seq;
    const auto bring = [&](const Enrolment &enrolment) {
        add({crypto::keyId(enrolment.key), enrolment.key, enrolment.keyClass, enrolment.owner, seq, {}, event.actor.person.text(), event.kind == "key.propose"});
    };
    if (event.kind == "key.enroll" || event.kind == "key.propose") {
        bring(*readEnrolment(event.body));
    } else if (event.kind == "key.confirm") {
        m_keys.at(readConfirmation(event.body)->key).isAwaitingConfirmation = false;
    } else if (event.kind == "key.rotate") {
        const auto rotation = readRotation(event.body);
        bring(rotation->next);
        m_keys.at(rotation->replaces).revokedFrom = seq + 1;
    } else {
        const auto revocation = readRevocation(event.body);
        EnrolledKey &key = m_keys.at(revocation->key);
        key.revokedFrom = std::min(key.revokedFrom.value_or(revocation->fromSize), revocation->fromSize);
        return &key;
    }
    return nullptr;
}

} // namespace countersign::ledger
