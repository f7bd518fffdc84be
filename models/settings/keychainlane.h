#pragma once

#include "models/crypto/signing.h"

#include <QString>

#include <chrono>
#include <memory>
#include <optional>

namespace countersign::settings {

/// One request to QtKeychain. Internal to models/settings.
struct KeychainRequest {
    enum class Act { Read, Write, Remove };
    Act act = Act::Read;
    QString service;
    QString key;
    std::shared_ptr<const crypto::Secret> password{}; ///< of Write; shared, because an answer that comes too late still uses it
};

/// How it ended. `code` is a QKeychain::Error.
struct KeychainAnswer {
    int code = 0;
    QString message;
    crypto::Secret password; ///< of Read
};

/// Asks, and waits for the answer on the calling thread. Nothing when the time is over; the request itself goes on, and later ones wait
/// behind it, as a person may still be typing the keychain's password. Any thread; needs a QCoreApplication.
std::optional<KeychainAnswer> askKeychain(KeychainRequest request, std::chrono::milliseconds limit);

} // namespace countersign::settings
