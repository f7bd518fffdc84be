#pragma once

#include "models/base/id.h"
#include "models/base/random.h"
#include "models/crypto/signing.h"
#include "models/settings/folders.h"

namespace countersign::settings {

/// This computer, for one person: it signs what no person signs (imports, checkpoints) and is enrolled in each ledger it writes to.
/// Like a host key of SSH it is made at first use, has no passphrase and never leaves the computer. It proves where something was
/// written, not who decided it.
struct Device {
    DeviceId id;
    crypto::SigningKey key;
};

/// Where the 32 bytes of the private key are: "device.key" in the data folder, mode 0600.
std::filesystem::path deviceKeyFile(const Folders &folders);

/// Reads the device key; makes it where there is none. Two programs that start together get the same one.
/// Denied: the file is readable by others, belongs to somebody else, or is a symbolic link or no regular file; nothing is repaired
/// silently, because a key that others could read is no proof any more. Invalid: not 32 bytes. Io. Any thread.
Result<Device> deviceKey(const Folders &folders, Randomness &randomness);

} // namespace countersign::settings
