#pragma once

#include "models/crypto/signing.h"
#include "models/ledger/event.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// How keys come into a log and go: the bodies of ledger.genesis, key.enroll, key.propose, key.confirm, key.rotate and key.revoke, and the
/// proof that the applicant holds the private key. Services make them, the verifier reads them.
namespace countersign::ledger {

enum class KeyClass { Person, Device };
std::string_view keyClassKey(KeyClass keyClass); ///< "person", "device"

/// A key as the log enrolled it.
struct EnrolledKey {
    KeyId id;
    crypto::PublicKey key;
    KeyClass keyClass = KeyClass::Person;
    std::string owner;   ///< PersonId or DeviceId text
    std::uint64_t enrolledAt = 0;               ///< seq of the enrolling entry
    std::optional<std::uint64_t> revokedFrom;   ///< signatures at or after are invalid
    std::string enrolledBy;                     ///< PersonId text of who signed the enrolment
    bool isAwaitingConfirmation = false;        ///< proposed by one administrator; signs nothing until another confirms

    bool isUsableAt(std::uint64_t seq) const { return !isAwaitingConfirmation && (!revokedFrom || seq < *revokedFrom); }
};

/// A key asking to be enrolled.
struct Enrolment {
    KeyClass keyClass = KeyClass::Person;
    std::string owner;     ///< PersonId text for a person's key, DeviceId text for a device's
    std::string identity;  ///< how the owner's identity was checked; clean text
    crypto::PublicKey key;
    crypto::Signature possession;
};

/// The new key signs "<owner> <key id> <ledger id>" (DSSE, kKeyPossessionType). An empty ledger is the genesis of one.
crypto::Signature provePossession(const crypto::SigningKey &key, const std::string &owner, const LedgerId &ledger);
/// Tampered: the signature is not by that key over that owner and ledger.
Status checkPossession(const Enrolment &enrolment, const LedgerId &ledger);

/// The enrolment of a key that is at hand, proof included.
Enrolment enrolmentOf(const crypto::SigningKey &key, KeyClass keyClass, const std::string &owner, const std::string &identity, const LedgerId &ledger);
json::Object enrolmentBody(const Enrolment &enrolment);
/// Invalid: members missing, unknown or malformed, or a key id that is not that of the public key.
Result<Enrolment> readEnrolment(const json::Object &body);

/// A second administrator's word that the key proposed is its owner's: the fingerprints were compared.
struct Confirmation {
    KeyId key;
    std::string identity; ///< how it was checked; clean text
};
json::Object confirmationBody(const Confirmation &confirmation);
Result<Confirmation> readConfirmation(const json::Object &body);

/// A person's new key in the place of the old one, which signs for it and ends with that.
struct Rotation {
    KeyId replaces;
    Enrolment next; ///< a person's; `identity` is not part of it
};
json::Object rotationBody(const Rotation &rotation);
Result<Rotation> readRotation(const json::Object &body);

struct Revocation {
    KeyId key;
    std::uint64_t fromSize = 0; ///< entries numbered from here on are not signed by the owner any more
    std::string reason;         ///< clean text
};
json::Object revocationBody(const Revocation &revocation);
Result<Revocation> readRevocation(const json::Object &body);

/// The first entry's statement: who founds the record, on which rules.
struct Genesis {
    std::string origin;  ///< name of the workspace; clean text
    bool isSample = false;
    std::string person;  ///< PersonId text of the first administrator
    std::string name;
    std::string login;
    std::vector<std::string> roles; ///< roleKey each
    crypto::PublicKey key;
    crypto::Signature possession;
    json::Object policy; ///< as models/policy writes it
};
json::Object genesisBody(const Genesis &genesis);
Result<Genesis> readGenesis(const json::Object &body);

} // namespace countersign::ledger
