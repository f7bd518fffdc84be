#pragma once

#include "models/services/keys/carry.h"
#include "models/services/workspace/journal.h"
#include "models/store/keyrecord.h"

#include <optional>
#include <string>
#include <vector>

/// How signing keys come, are confirmed, are replaced and end. The rules are those that a verification applies
/// (models/ledger/FORMAT.md, section 7, checks 6 and 10): what is recorded here is valid there.
namespace countersign::services {

/// A key with what only its entry says.
struct KeyFacts {
    store::KeyRecord record;
    std::string identity;          ///< how the owner's identity was checked; of a rotated or first key nothing
    std::optional<KeyPlace> place; ///< where it opens, as far as the database shows it; of a computer's key nothing
};
Result<std::vector<KeyFacts>> listKeys(Session &session);
/// By id, a beginning of it (with or without "k:"), or the fingerprint as it is printed. NotFound; Invalid: several.
Result<store::KeyRecord> findKey(Session &session, const std::string &text);

/// Whether a new key of a person has to be confirmed: the policy says so, and two administrators have keys.
Result<bool> needsConfirmation(Session &session);
/// "One administrator …" where nobody could notice what the only administrator enrols; otherwise empty. Verifications
/// and reports print it.
Result<std::string> administratorsRemark(database::Connection &connection);

/// Who signs what happens to keys.
struct KeySigner {
    const Person &person;
    const crypto::SigningKey &key;
};

struct BroughtKey {
    KeyId key;
    bool isAwaiting = false; ///< another administrator has to confirm it
    KeyPlace place = KeyPlace::Everywhere;
};
/// A new key for a person who has none, with its proof of possession. `identity`: how it was checked that this is that
/// person; the entry adds where the key is kept under its passphrase alone (carry.h). Denied: the signer is no
/// administrator. Conflict: there is a key already, or one that awaits confirmation. Invalid: a weak passphrase,
/// nothing said of identity.
Result<BroughtKey> enrolKey(Session &session, const Person &person, const std::string &identity,
                            const crypto::Secret &passphrase, const KeySigner &administrator);

/// The second administrator's word. `words`: the eight words of the key as its owner read them out; only when they are
/// those of the key that stands in the record is it confirmed. Denied: no administrator, or the one who proposed it, or
/// its owner. Conflict: it does not await confirmation. Invalid: other words, nothing said of how they were compared.
Status confirmKey(Session &session, const KeyId &key, const std::string &words, const std::string &identity,
                  const KeySigner &administrator);

/// The owner puts a new key under a new passphrase in the place of the old one, which signs for it and ends with that.
/// Conflict: `owner.key` is not in use. Invalid: a weak passphrase.
Result<BroughtKey> rotateKey(Session &session, const KeySigner &owner, const crypto::Secret &passphrase);

struct Revocation {
    std::vector<KeyId> keys; ///< all of one person, or one
    std::optional<std::uint64_t>
        since; ///< the first entry that their owner can no longer vouch for; nothing: from now on
    std::string reason;
};
/// The keys' ends, together. Owners revoke their own, administrators any. Conflict: ended before that already, or no
/// administrator would be left who could enrol anybody. Invalid: no reason, no key, a place that is still to come.
Status revokeKeys(Session &session, const Revocation &revocation, const KeySigner &signer);
/// Keys of a person that have not ended.
Result<std::vector<KeyId>> livingKeys(Session &session, const Person &person);
/// The number of the first entry that was recorded at that time or later; the ledger's size when there is none.
Result<std::uint64_t> firstEntrySince(Session &session, Instant time);

/// Administrators alone. Invalid: numbers out of bounds.
Status setSigningPolicy(Session &session, const ledger::SigningPolicy &policy, const KeySigner &administrator);

/// Opens the key and makes a signature with it that is checked and thrown away. Counts as an attempt: see
/// Session::unlock.
Result<KeyId> testUnlock(Session &session, const Person &person, const crypto::Secret &passphrase);

} // namespace countersign::services
