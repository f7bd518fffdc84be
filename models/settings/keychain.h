#pragma once

#include "models/base/result.h"
#include "models/crypto/signing.h"

#include <chrono>
#include <string>

namespace countersign::settings {

/// The desktop's keychain (GNOME Keyring, KWallet, any Secret Service) through QtKeychain: it keeps the passwords of PostgreSQL
/// workspaces, so that they are neither typed each time nor written to a file, and what this computer adds to signing passphrases (wrapsecret.h).
/// Only those: never a signing passphrase or key. There is no fallback that stores in clear; without a keychain a person is asked.
///
/// A call waits for the answer, up to the time limit, and spins no event loop of the calling thread: call it from a background thread,
/// because a locked keychain may first ask a person for its password. Needs a QCoreApplication. Any thread; one request at a time, in order.
///
/// Errors: NotFound: there is no entry, so ask (a slow wallet can make one seem lost; do not overwrite or delete because of this).
/// Unsupported: this session has no keychain. Denied: it is locked, or access was refused. Io: no answer in time, or anything else.
class Keychain
{
public:
    static constexpr std::chrono::milliseconds kDefaultLimit = std::chrono::seconds(10);

    explicit Keychain(std::chrono::milliseconds limit = kDefaultLimit) : m_limit(limit) {}

    /// `location` is the workspace's database::Location text. An entry of other programs is never returned.
    Result<crypto::Secret> read(const std::string &location) const;
    /// Replaces an existing entry, then reads it back. Call it only after a login with this password worked and the person asked to keep it.
    Status write(const std::string &location, const crypto::Secret &password) const;
    /// NotFound when there was nothing to delete.
    Status remove(const std::string &location) const;

    /// Can this session keep a password? Writes, reads and deletes an entry of its own, because nothing less proves it.
    Status probe() const;

private:
    std::chrono::milliseconds m_limit;
};

} // namespace countersign::settings
