#pragma once

#include "models/ledger/keys.h"
#include "models/services/workspace/journal.h"

/// Internal to models/services: what founding a workspace, adding people and keys share.
namespace countersign::services {

/// Keeps a key under its owner's passphrase, in the journal's transaction.
Status storeWrapped(Session &session, const PersonId &person, const crypto::SigningKey &key,
                    const crypto::Secret &passphrase);
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
