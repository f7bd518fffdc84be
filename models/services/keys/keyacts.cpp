// What is done with keys. Authority is checked here, inside the transaction whose lock keeps it true.

#include "models/base/text.h"
#include "models/crypto/words.h"
#include "models/services/keys/keyparts.h"
#include "models/services/keys/keys.h"
#include "models/services/workspace/hints.h"
#include "models/store/queries/queries.h"
#include "models/store/statements.h"

#include <algorithm>

namespace countersign::services {

namespace {

constexpr std::size_t kLongest = 2000; // bytes of what is said about identity or reason

Status checkSaid(const std::string &text, const char *what)
{
    if (text::isBlank(text))
        return Error{ErrorKind::Invalid, what, {}};
    if (text.size() > kLongest || !text::isUtf8(text))
        return Error{ErrorKind::Invalid, "That is longer than 2,000 bytes, or is no text.", {}};
    return {};
}

Role roleOf(const Person &person)
{
    return person.is(Role::Administrator) ? Role::Administrator : person.roles.front();
}

/// The key of whoever signs, as the record has it at this moment.
Status mustBeInUse(Session &session, const KeySigner &signer)
{
    const auto record = store::findKey(session.connection(), signer.key.id());
    if (!record)
        return record.error();
    if (!*record || (*record)->owner != signer.person.id.text() || (*record)->state() != store::KeyState::InUse)
        return Error{ErrorKind::Conflict,
                     "The key " + crypto::fingerprint(signer.key.id()) + " does not sign for " + signer.person.name +
                         " any more.",
                     {}};
    return {};
}

/// The transaction in which the signer's authority was checked.
Result<std::unique_ptr<Journal>> beginAs(Session &session, const KeySigner &signer, const char *administratorsOnly)
{
    if (administratorsOnly)
        if (const auto status = mustAdminister(signer.person, administratorsOnly); !status)
            return status.error();
    if (signer.person.roles.empty())
        return Error{ErrorKind::Denied, signer.person.name + " holds no role in this workspace.", {}};
    auto journal = Journal::begin(session);
    if (!journal)
        return journal;
    // As it is under the lock, not as it was when somebody chose the person.
    const auto now = store::findPerson(session.connection(), signer.person.id.text());
    if (!now)
        return now.error();
    if (now->roles != signer.person.roles)
        return Error{
            ErrorKind::Conflict, "The roles of " + signer.person.name + " were changed meanwhile. Try again.", {}};
    if (const auto status = mustBeInUse(session, signer); !status)
        return status.error();
    return journal;
}

} // namespace

Status mustAdminister(const Person &person, const char *what)
{
    if (!person.is(Role::Administrator))
        return Error{
            ErrorKind::Denied, std::string("Only an administrator ") + what + "; " + person.name + " is not one.", {}};
    return {};
}

Status recordEnrolment(Journal &journal, const std::string &kind, const ledger::Enrolment &enrolment,
                       const Signer &signer)
{
    const auto seq = journal.record({kind, ledger::enrolmentBody(enrolment), {}, {}, {}}, signer);
    return seq ? Status() : Status(seq.error());
}

Result<bool> bringKey(Journal &journal, const PersonId &person, const std::string &identity,
                      const crypto::SigningKey &key, const Signer &signer)
{
    const auto awaits = needsConfirmation(journal.session());
    if (!awaits)
        return awaits;
    const auto enrolment =
        ledger::enrolmentOf(key, ledger::KeyClass::Person, person.text(), text::escape(identity), journal.ledgerId());
    const auto status = recordEnrolment(journal, *awaits ? "key.propose" : "key.enroll", enrolment, signer);
    return status ? awaits : Result<bool>(status.error());
}

Result<BroughtKey> enrolKey(Session &session, const Person &person, const std::string &identity,
                            const crypto::Secret &passphrase, const KeySigner &administrator)
{
    if (const auto status = checkSaid(
            identity, "Say how it was checked that this is the person: a document that was seen, who knows them.");
        !status)
        return status.error();
    if (const auto status = mustAdminister(administrator.person, "enrols keys"); !status)
        return status.error();
    const auto fresh = newKey(session, passphrase);
    if (!fresh)
        return fresh.error();
    const auto journal = beginAs(session, administrator, "enrols keys");
    if (!journal)
        return journal.error();
    const auto keys = store::listKeys(session.connection());
    if (!keys)
        return keys.error();
    for (const auto &key : *keys) {
        if (key.owner != person.id.text() || key.revokedFrom)
            continue;
        return Error{ErrorKind::Conflict,
                     person.name +
                         (key.isAwaiting ? " has a key that awaits confirmation." : " has a signing key already."),
                     {}};
    }
    if (const auto status = keepKey(session, person.id, *fresh); !status)
        return status.error();
    const Signer signer = session.personSigner(administrator.person, Role::Administrator, administrator.key);
    const auto isAwaiting = bringKey(**journal, person.id, identity + placeRemark(fresh->where()), fresh->key, signer);
    if (!isAwaiting)
        return isAwaiting.error();
    if (const auto status = (*journal)->commit(); !status)
        return status.error();
    return BroughtKey{fresh->key.id(), *isAwaiting, fresh->where()};
}

Status confirmKey(Session &session, const KeyId &key, const std::string &words, const std::string &identity,
                  const KeySigner &administrator)
{
    if (const auto status = checkSaid(identity, "Say how the words were compared: on the telephone, face to face.");
        !status)
        return status;
    const auto journal = beginAs(session, administrator, "confirms keys");
    if (!journal)
        return journal.error();
    const auto record = store::findKey(session.connection(), key);
    if (!record)
        return record.error();
    if (!*record || (*record)->state() != store::KeyState::Awaiting)
        return Error{ErrorKind::Conflict,
                     "The key " + crypto::fingerprint(key) + " does not await confirmation.",
                     {},
                     hint::kListKeys};
    if ((*record)->enrolledBy == administrator.person.id.text() || (*record)->owner == administrator.person.id.text())
        return Error{ErrorKind::Denied,
                     "A key is confirmed by an administrator who neither proposed it nor owns it; " +
                         administrator.person.name + " did.",
                     {}};
    if (!crypto::areWordsOf(words, key))
        return Error{
            ErrorKind::Invalid,
            "Those are not the eight words of the key that awaits confirmation. Have its owner read them out again; "
            "if they stay different, somebody put another key in its place: revoke it.",
            {}};
    const Signer signer = session.personSigner(administrator.person, Role::Administrator, administrator.key);
    if (const auto seq = (*journal)->record(
            {"key.confirm", ledger::confirmationBody({key, text::escape(identity)}), {}, {}, {}}, signer);
        !seq)
        return seq.error();
    return (*journal)->commit();
}

Result<BroughtKey> rotateKey(Session &session, const KeySigner &owner, const crypto::Secret &passphrase)
{
    const auto next = newKey(session, passphrase);
    if (!next)
        return next.error();
    const auto journal = beginAs(session, owner, nullptr);
    if (!journal)
        return journal.error();
    if (const auto status = keepKey(session, owner.person.id, *next); !status)
        return status.error();
    const ledger::Rotation rotation{
        owner.key.id(),
        ledger::enrolmentOf(next->key, ledger::KeyClass::Person, owner.person.id.text(), {}, session.ledgerId())};
    const Signer signer = session.personSigner(owner.person, roleOf(owner.person), owner.key);
    if (const auto seq = (*journal)->record({"key.rotate", ledger::rotationBody(rotation), {}, {}, {}}, signer); !seq)
        return seq.error();
    if (const auto status = (*journal)->commit(); !status)
        return status.error();
    return BroughtKey{next->key.id(), false, next->where()};
}

namespace {

/// Whether these keys may end so, by this person.
Status checkRevocation(Session &session, const Revocation &revocation, const KeySigner &signer, std::uint64_t from)
{
    const auto keys = store::listKeys(session.connection());
    if (!keys)
        return keys.error();
    const auto ends = [&](const store::KeyRecord &key) {
        return std::ranges::find(revocation.keys, key.id) != revocation.keys.end();
    };
    if (std::ranges::count_if(*keys, ends) != static_cast<std::ptrdiff_t>(revocation.keys.size()))
        return Error{ErrorKind::NotFound, "One of the keys is not in this workspace.", {}, hint::kListKeys};
    const bool isAdministrator = signer.person.is(Role::Administrator);
    for (const auto &key : *keys) {
        if (!ends(key))
            continue;
        if (!isAdministrator && key.owner != signer.person.id.text())
            return Error{ErrorKind::Denied,
                         "Only an administrator revokes the keys of others; " + signer.person.name + " is not one.",
                         {}};
        if (key.revokedFrom && static_cast<std::uint64_t>(*key.revokedFrom) <= from)
            return Error{ErrorKind::Conflict,
                         "The key " + crypto::fingerprint(key.id) + " ended at entry " +
                             std::to_string(*key.revokedFrom) + ". Only an earlier place would change that.",
                         {}};
    }
    const auto administrators = store::signingAdministrators(session.connection());
    if (!administrators)
        return administrators.error();
    const bool isLeft = std::ranges::any_of(*keys, [&](const store::KeyRecord &key) {
        return !ends(key) && key.isPersons() && key.state() == store::KeyState::InUse &&
               std::ranges::find(*administrators, key.owner) != administrators->end();
    });
    if (!isLeft)
        return Error{ErrorKind::Conflict,
                     "No administrator would be left who could enrol anybody. Replace the key by a new one first, then "
                     "revoke the old one.",
                     {}};
    return {};
}

} // namespace

Status revokeKeys(Session &session, const Revocation &revocation, const KeySigner &signer)
{
    if (revocation.keys.empty())
        return Error{ErrorKind::Invalid, "Name the keys that shall end.", {}};
    if (const auto status = checkSaid(revocation.reason, "Say why the key ends: lost, copied, its owner left.");
        !status)
        return status;
    const auto journal = beginAs(session, signer, nullptr);
    if (!journal)
        return journal.error();
    const std::uint64_t next = (*journal)->nextEntry();
    if (revocation.since && *revocation.since > next)
        return Error{ErrorKind::Invalid,
                     "The ledger has " + std::to_string(next) +
                         " entries; a key cannot end at a place that is still to come.",
                     {}};
    // The own key last: a verification takes no further word from it.
    std::vector<KeyId> keys = revocation.keys;
    std::ranges::stable_partition(keys, [&](const KeyId &key) { return key != signer.key.id(); });
    const std::uint64_t from = revocation.since.value_or(next);
    if (const auto status = checkRevocation(session, revocation, signer, from); !status)
        return status;
    const Signer by = session.personSigner(signer.person, roleOf(signer.person), signer.key);
    for (const KeyId &key : keys) {
        // "From now on" counts from each one's own entry: what was signed before it stays undisputed, these words too.
        const std::uint64_t place = revocation.since.value_or((*journal)->nextEntry() + 1);
        if (const auto seq = (*journal)->record(
                {"key.revoke", ledger::revocationBody({key, place, text::escape(revocation.reason)}), {}, {}, {}}, by);
            !seq)
            return seq.error();
    }
    return (*journal)->commit();
}

Status setSigningPolicy(Session &session, const ledger::SigningPolicy &policy, const KeySigner &administrator)
{
    const json::Object body = ledger::signingPolicyBody(policy);
    if (!ledger::readSigningPolicy(body))
        return Error{ErrorKind::Invalid,
                     "A signing policy has 0 to 60 cosigners, and a series of signatures lasts 1 to 10 minutes.",
                     {}};
    const auto journal = beginAs(session, administrator, "sets the signing policy");
    if (!journal)
        return journal.error();
    const Signer signer = session.personSigner(administrator.person, Role::Administrator, administrator.key);
    if (const auto seq = (*journal)->record({"policy.signing", body, {}, {}, {}}, signer); !seq)
        return seq.error();
    return (*journal)->commit();
}

Result<KeyId> testUnlock(Session &session, const Person &person, const crypto::Secret &passphrase)
{
    const auto key = session.unlock(person, passphrase);
    if (!key)
        return key.error();
    const auto record = store::findKey(session.connection(), (*key)->id());
    if (!record)
        return record.error();
    const Bytes challenge = session.environment().randomness->bytes(32);
    if (!*record || !crypto::verify((*record)->key, challenge, (*key)->sign(challenge)))
        return Error{
            ErrorKind::Tampered, "The key opens, but its signatures are not those of the key in the record.", {}};
    return (*key)->id();
}

} // namespace countersign::services
