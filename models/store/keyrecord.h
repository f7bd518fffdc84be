#pragma once

#include "models/crypto/signing.h"
#include "models/database/connection.h"

#include <optional>
#include <string>

namespace countersign::store {

/// A key as the record has it.
struct KeyRecord {
    KeyId id;
    crypto::PublicKey key;
    std::string keyClass;  ///< "person", "device"
    std::string owner;     ///< PersonId or DeviceId text
    std::string ownerName; ///< printed name of a person; empty for a device
    std::int64_t enrolledAt = 0;             ///< entry
    std::optional<std::int64_t> revokedFrom; ///< entry
};
/// Nothing when no such key was ever enrolled.
Result<std::optional<KeyRecord>> findKey(database::Connection &connection, const KeyId &id);

} // namespace countersign::store
