#include "models/settings/wrapsecret.h"

#include "models/settings/privatefile.h"

namespace countersign::settings {

namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kLongestId = 80;

/// What the keychain answered, said of a signing key.
Error explain(const Error &error)
{
    switch (error.kind) {
    case ErrorKind::Denied:
        return {ErrorKind::Denied,
                "The keychain is locked, or refused access, and the signing key needs what it keeps. Unlock it and try "
                "again.",
                {}};
    case ErrorKind::Unsupported:
        return {
            ErrorKind::Unsupported,
            "This session has no keychain, and the signing key needs what it keeps. Start GNOME Keyring or KWallet.",
            {}};
    case ErrorKind::Io:
        return {ErrorKind::Io,
                "The keychain did not answer as it should, and the signing key needs what it keeps. It may be waiting "
                "for you to unlock it: do that and try again.",
                {}};
    default:
        return error;
    }
}

/// The keychain keeps text.
crypto::Secret asText(const crypto::Secret &secret)
{
    std::string text = toHex(secret.view());
    return crypto::Secret::takeFrom(text);
}

Result<crypto::WrapSecret> fromText(const crypto::Secret &text)
{
    auto bytes = fromHex(text.view());
    if (!bytes || bytes->size() != kSecretBytes)
        return Error{ErrorKind::Tampered, "What the keychain keeps for signing keys is not what was put there.", {}};
    return crypto::wrapSecretOf(crypto::Secret::takeFrom(*bytes));
}

} // namespace

/// Empty where none was made.
Result<std::string> WrapSecrets::knownId() const
{
    auto id = readFile(idFile(), kLongestId);
    if (!id)
        return id.error();
    return id->value_or(std::string());
}

Status WrapSecrets::make(Randomness &randomness) const
{
    Bytes bytes = randomness.bytes(kSecretBytes);
    const crypto::WrapSecret secret = crypto::wrapSecretOf(crypto::Secret::takeFrom(bytes));
    if (const Status kept = m_keychain.write(m_entry, asText(secret.secret)); !kept)
        return kept.error().kind == ErrorKind::NotFound
                   ? Error{ErrorKind::Io, "The keychain did not keep what it was given. Nothing was changed.", {}}
                   : explain(kept.error());
    return createFile(idFile(), secret.id);
}

Result<std::shared_ptr<const crypto::WrapSecret>> WrapSecrets::secret(bool makes, Randomness &randomness) const
{
    const auto known = knownId();
    if (!known)
        return known.error();
    auto text = m_keychain.read(m_entry);
    if (!text && text.error().kind == ErrorKind::NotFound && known->empty() && makes) {
        if (const Status made = makePrivateFolder(m_folders.data); !made)
            return made.error();
        const FileLock lock(m_folders.data / "wrap.lock"); // two programs that start together get the same secret
        const auto other = knownId();
        if (!other)
            return other.error();
        if (other->empty())
            if (const Status made = make(randomness); !made)
                return made.error();
        return secret(false, randomness);
    }
    if (!text && text.error().kind == ErrorKind::NotFound && !known->empty())
        return Error{ErrorKind::Tampered,
                     "The keychain has lost what signing keys of this computer need. Open the wallet that kept it. If "
                     "it is gone for good, remove " +
                         idFile().native() + ", and have your key revoked and another one enrolled.",
                     {}};
    if (!text && text.error().kind == ErrorKind::NotFound)
        return Error{ErrorKind::NotFound, "No signing key was bound to this computer.", {}};
    if (!text)
        return explain(text.error());
    auto found = fromText(*text);
    if (!found)
        return found.error();
    if (!known->empty() && found->id != *known)
        return Error{ErrorKind::Tampered,
                     "The keychain gives another secret for signing keys than the one that was put there. Open the "
                     "wallet that has the right one.",
                     {}};
    return std::make_shared<const crypto::WrapSecret>(std::move(*found));
}

std::function<Result<std::shared_ptr<const crypto::WrapSecret>>(bool make)>
wrapSecretSource(const Folders &folders, const DeviceId &device, std::shared_ptr<Randomness> randomness)
{
    return [secrets = WrapSecrets(folders, device), randomness = std::move(randomness)](bool make) {
        return secrets.secret(make, *randomness);
    };
}

} // namespace countersign::settings
