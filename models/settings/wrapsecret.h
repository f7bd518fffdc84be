#pragma once

#include "models/crypto/signing.h"
#include "models/settings/folders.h"
#include "models/settings/keychain.h"

#include <functional>
#include <memory>

namespace countersign::settings {

/// The 32 bytes that this computer adds to a person's passphrase, kept in the desktop's keychain: whoever has a stolen
/// workspace cannot try passphrases on it, and whoever sits at an unlocked desktop cannot sign without one. One for
/// each device key; it never leaves the computer. Its id, which is no secret, stands in "wrap.id" in the data folder:
/// so another secret, or none where there was one, is noticed and never silently replaced, because keys that need it
/// would be lost with it.
///
/// Errors of secret(): Unsupported: this session has no keychain, so a key is kept under its passphrase alone.
/// NotFound: none was made here. Denied: locked, or refused. Tampered: the keychain gave another secret, or lost it.
/// Io: no answer in time, or anything else. Waits for the keychain: call from a background thread. Any thread.
class WrapSecrets
{
public:
    WrapSecrets(Folders folders, const DeviceId &device, Keychain keychain = Keychain())
        : m_folders(std::move(folders))
        , m_entry("signing:" + device.text())
        , m_keychain(keychain)
    {
    }

    /// Read anew each time, and not kept. `make`: where there is none yet, one is made, written and read back.
    Result<std::shared_ptr<const crypto::WrapSecret>> secret(bool make, Randomness &randomness) const;

private:
    Result<std::string> knownId() const;
    Status make(Randomness &randomness) const;
    std::filesystem::path idFile() const { return m_folders.data / "wrap.id"; }

    Folders m_folders;
    std::string m_entry;
    Keychain m_keychain;
};

/// The same as a function, for who knows no settings. Keeps the randomness alive.
std::function<Result<std::shared_ptr<const crypto::WrapSecret>>(bool make)>
wrapSecretSource(const Folders &folders, const DeviceId &device, std::shared_ptr<Randomness> randomness);

} // namespace countersign::settings
