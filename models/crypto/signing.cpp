#include "models/crypto/signing.h"

#include "models/crypto/sha256.h"
#include "models/crypto/sodium.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <sodium.h>

namespace countersign::crypto {

namespace {

template<class T>
Result<T> fixedSize(BytesView raw, const char *what)
{
    T value;
    if (raw.size() != value.bytes.size())
        return Error{ErrorKind::Invalid, std::string(what) + " has " + std::to_string(value.bytes.size()) + " bytes, not " + std::to_string(raw.size()) + ".", {}};
    std::ranges::copy(raw, value.bytes.begin());
    return value;
}

const std::uint8_t *raw(BytesView bytes) { return reinterpret_cast<const std::uint8_t *>(bytes.data()); }

} // namespace

Result<PublicKey> PublicKey::fromBytes(BytesView raw) { return fixedSize<PublicKey>(raw, "A public key"); }
Result<Signature> Signature::fromBytes(BytesView raw) { return fixedSize<Signature>(raw, "A signature"); }

Digest keyDigest(const PublicKey &key)
{
    std::string message = "ed25519";
    message += key.view();
    return sha256(message);
}

KeyId keyId(const PublicKey &key) { return KeyId::of(keyDigest(key).hex()); }

DeviceId deviceId(const PublicKey &key) { return DeviceId::of(keyDigest(key).hex().substr(0, 32)); }

std::string fingerprint(const KeyId &key)
{
    std::string digits = key.text().substr(std::min<std::size_t>(2, key.text().size()), 16);
    std::ranges::transform(digits, digits.begin(), [](char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); });
    for (std::size_t at = 4; at < digits.size(); at += 5)
        digits.insert(at, 1, ' ');
    return digits;
}

Secret::Secret(std::size_t size) : m_size(size)
{
    needSodium();
    m_data = static_cast<std::uint8_t *>(sodium_malloc(size));
    if (!m_data)
        std::abort(); // no guarded memory left: a secret must not land elsewhere
    sodium_memzero(m_data, size);
}

Secret Secret::takeFrom(std::string &text)
{
    Secret secret(text.size());
    std::ranges::copy(text, secret.m_data);
    sodium_memzero(text.data(), text.size());
    text.clear();
    return secret;
}

Secret::~Secret() { sodium_free(m_data); }

Secret::Secret(Secret &&other) noexcept : m_data(std::exchange(other.m_data, nullptr)), m_size(std::exchange(other.m_size, 0)) {}

Secret &Secret::operator=(Secret &&other) noexcept
{
    std::swap(m_data, other.m_data);
    std::swap(m_size, other.m_size);
    return *this;
}

SigningKey SigningKey::generate(Randomness &randomness)
{
    Bytes bytes = randomness.bytes(crypto_sign_SEEDBYTES);
    const Secret seed = Secret::takeFrom(bytes);
    return std::move(*fromSeed(seed.view()));
}

Result<SigningKey> SigningKey::fromSeed(BytesView seed)
{
    if (seed.size() != crypto_sign_SEEDBYTES)
        return Error{ErrorKind::Invalid, "A private key has 32 bytes, not " + std::to_string(seed.size()) + ".", {}};
    Secret secret(crypto_sign_SECRETKEYBYTES);
    PublicKey publicKey;
    crypto_sign_seed_keypair(publicKey.bytes.data(), secret.data(), raw(seed));
    return SigningKey(std::move(secret), publicKey);
}

Signature SigningKey::sign(BytesView message) const
{
    Signature signature;
    crypto_sign_detached(signature.bytes.data(), nullptr, raw(message), message.size(), m_secret.data());
    return signature;
}

BytesView SigningKey::seed() const { return m_secret.view().substr(0, crypto_sign_SEEDBYTES); }

bool verify(const PublicKey &key, BytesView message, const Signature &signature)
{
    needSodium();
    return crypto_sign_verify_detached(signature.bytes.data(), raw(message), message.size(), key.bytes.data()) == 0;
}

} // namespace countersign::crypto
