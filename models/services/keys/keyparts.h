#pragma once

#include "models/ledger/keys.h"
#include "models/services/keys/carry.h"
#include "models/services/workspace/journal.h"

/// Internal to models/services: what founding a workspace, adding people and keys share.
namespace countersign::services {

/// Places of wrapped_key besides the ids of second secrets.
inline constexpr const char *kEverywhere = "passphrase"; ///< the passphrase alone opens it
inline constexpr const char *kCarried = "carry";         ///< with words, on its way to another computer

/// A key with the copy of it that is kept.
struct WrappedKey {
    crypto::SigningKey key;
    std::string place; ///< kEverywhere, kCarried, or the id of the second secret
    Bytes wrapped;

    KeyPlace where() const { return place == kEverywhere ? KeyPlace::Everywhere : KeyPlace::ThisComputer; }
};
/// As this computer keeps keys. Asks the keychain and does the work of the passphrase, so call it before the ledger is
/// locked.
Result<WrappedKey> wrapHere(Session &session, crypto::SigningKey key, const crypto::Secret &passphrase);
/// The same of a new key.
Result<WrappedKey> newKey(Session &session, const crypto::Secret &passphrase);
/// Keeps the copy, in the caller's transaction; one of the same place is replaced.
Status keepKey(Session &session, const PersonId &person, const WrappedKey &key);
/// Records a key by `kind`: key.enroll or key.propose.
Status recordEnrolment(Journal &journal, const std::string &kind, const ledger::Enrolment &enrolment,
                       const Signer &signer);
/// A new key for a person, enrolled or proposed as the policy asks; gives whether it awaits confirmation.
/// Precondition: the signer is an administrator.
Result<bool> bringKey(Journal &journal, const PersonId &person, const std::string &identity,
                      const crypto::SigningKey &key, const Signer &signer);
/// Whether a verification would accept this signer for an event of that kind as entry `seq`, as the tables are now: the
/// key is enrolled for its actor, confirmed and has not ended, is of the class that the kind asks for, and the role is
/// held. Denied says which of them fails.
Status checkSigner(database::Connection &connection, const Signer &signer, const std::string &kind, std::uint64_t seq);
/// Denied: no administrator.
Status mustAdminister(const Person &person, const char *what);

} // namespace countersign::services
