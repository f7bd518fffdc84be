#include "models/settings/keychain.h"

#include "models/base/random.h"
#include "models/base/text.h"
#include "models/settings/keychainlane.h"
#include "models/settings/secretservice.h"

#include <qt6keychain/keychain.h>

#include <cstring>

namespace countersign::settings {

namespace {

constexpr std::chrono::milliseconds kInspectionLimit = std::chrono::seconds(2);
const QString kService = QStringLiteral("countersign");

Error noKeychain()
{
    return {ErrorKind::Unsupported, "This session has no keychain that could keep the password, so you are asked for it each time. "
                                    "GNOME Keyring or KWallet provide one.", {}};
}

Error locked()
{
    return {ErrorKind::Denied, "The keychain is locked. Unlock it and try again, or give the password yourself.", {}};
}

/// What QtKeychain's code and the state of the Secret Service mean together.
Error explain(int code, const QString &message)
{
    if (code == QKeychain::NoBackendAvailable || code == QKeychain::NotImplemented)
        return noKeychain();
    if (code == QKeychain::AccessDeniedByUser)
        return {ErrorKind::Denied, "Access to the keychain was refused. Give the password yourself, or allow access next time.", {}};
    // libsecret hides a locked entry as "not found" when nobody answers its question for the keyring's password, and most other
    // trouble as "other".
    switch (secretServiceState(kInspectionLimit)) {
    case SecretServiceState::NoBus:
    case SecretServiceState::NoService:
        return noKeychain();
    case SecretServiceState::Locked:
        return locked();
    case SecretServiceState::Ready:
        break;
    }
    if (code == QKeychain::EntryNotFound)
        return {ErrorKind::NotFound, "The keychain has no password for this workspace.", {}};
    if (code == QKeychain::AccessDenied)
        return locked();
    return {ErrorKind::Io, "The keychain answered with an error: " + message.toStdString() + ".", {}};
}

/// Asks, and makes an Error of everything that is no success.
Result<KeychainAnswer> ask(KeychainRequest::Act act, const std::string &key, std::shared_ptr<const crypto::Secret> password,
                           std::chrono::milliseconds limit)
{
    // Without this, libsecret would start a D-Bus of its own where there is an X display.
    if (!hasSessionBus())
        return noKeychain();
    auto answer = askKeychain({act, kService, QString::fromStdString(key), std::move(password)}, limit);
    if (!answer)
        return Error{ErrorKind::Io, "The keychain did not answer within " + std::to_string(limit.count())
                         + " ms. It may be waiting for you to unlock it; do that and try again, or give the password yourself.", {}};
    if (answer->code != QKeychain::NoError)
        return explain(answer->code, answer->message);
    return *std::move(answer);
}

std::shared_ptr<const crypto::Secret> copyOf(const crypto::Secret &secret)
{
    auto copy = std::make_shared<crypto::Secret>(secret.size());
    if (secret.size() > 0)
        std::memcpy(copy->data(), secret.data(), secret.size());
    return copy;
}

} // namespace

Result<crypto::Secret> Keychain::read(const std::string &location) const
{
    auto answer = ask(KeychainRequest::Act::Read, location, nullptr, m_limit);
    if (!answer)
        return answer.error();
    return std::move(answer->password);
}

Status Keychain::write(const std::string &location, const crypto::Secret &password) const
{
    // The Secret Service keeps text that ends at the first NUL.
    if (!text::isUtf8(password.view()) || password.view().find('\0') != std::string_view::npos)
        return Error{ErrorKind::Invalid, "A password with a NUL character, or that is not UTF-8, cannot be kept in the keychain.", {}};
    if (const auto written = ask(KeychainRequest::Act::Write, location, copyOf(password), m_limit); !written)
        return written.error();
    const auto stored = read(location);
    if (!stored)
        return stored.error();
    if (stored->view() != password.view())
        return Error{ErrorKind::Io, "The keychain gave back another password than the one it was given. Do not rely on it.", {}};
    return {};
}

Status Keychain::remove(const std::string &location) const
{
    // Secret Services do not say whether there was something to delete.
    if (const auto existing = read(location); !existing)
        return existing.error();
    if (const auto removed = ask(KeychainRequest::Act::Remove, location, nullptr, m_limit); !removed)
        return removed.error();
    return {};
}

Status Keychain::probe() const
{
    SystemRandomness randomness;
    const std::string key = "test entry " + randomness.uuid();
    std::string text = toHex(randomness.bytes(16));
    if (const Status written = write(key, crypto::Secret::takeFrom(text)); !written)
        return written;
    return remove(key);
}

} // namespace countersign::settings
