#pragma once

#include "models/crypto/signing.h"
#include "models/database/connection.h"
#include "models/ledger/roster.h"

#include <optional>
#include <string>
#include <vector>

namespace countersign::store {

/// What a key is good for now.
enum class KeyState {
    Awaiting, ///< proposed; signs nothing until a second administrator confirms it
    InUse,
    Replaced, ///< its owner put another in its place
    Revoked,
};

/// A key as the record has it. Numbers are those of entries.
struct KeyRecord {
    KeyId id;
    crypto::PublicKey key;
    std::string keyClass;  ///< "person", "device"
    std::string owner;     ///< PersonId or DeviceId text
    std::string ownerName; ///< printed name of a person; empty for a device
    std::int64_t enrolledAt = 0;
    std::optional<std::int64_t> revokedFrom; ///< what it signed from here on does not count
    std::string enrolledBy;                  ///< PersonId text of who signed for it; rotated keys: their owner
    std::string enrolledByName;
    bool isAwaiting = false;
    std::optional<std::int64_t> confirmedIn;
    std::string confirmedByName;
    std::optional<KeyId> replaces;
    std::optional<KeyId> replacedBy;
    std::optional<std::int64_t>
        disputedTo; ///< signatures in [revokedFrom, disputedTo) are disputed; those after are invalid
    std::optional<std::int64_t> revokedIn; ///< the entry that said so
    std::string reason;

    KeyState state() const;
    bool isPersons() const { return keyClass == "person"; }
    /// Entries whose signatures by it are disputed: a window that was declared as compromised.
    bool hasDisputedWindow() const { return revokedFrom && disputedTo && *revokedFrom < *disputedTo; }
};
/// All keys that were ever enrolled or proposed, in that order.
Result<std::vector<KeyRecord>> listKeys(database::Connection &connection);
/// Nothing when no such key was ever enrolled.
Result<std::optional<KeyRecord>> findKey(database::Connection &connection, const KeyId &id);

/// The signing policy in force.
Result<ledger::SigningPolicy> signingPolicy(database::Connection &connection);
/// PersonId texts of the administrators whose keys sign now.
Result<std::vector<std::string>> signingAdministrators(database::Connection &connection);

} // namespace countersign::store
