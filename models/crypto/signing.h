#pragma once

#include "models/base/bytes.h"
#include "models/base/digest.h"
#include "models/base/id.h"
#include "models/base/random.h"

#include <array>
#include <cstdint>
#include <memory>

/// Ed25519 (RFC 8032) and the wrapping of signing keys. libsodium behind it; nothing else in the program includes it.
namespace countersign::crypto {

struct PublicKey {
    std::array<std::uint8_t, 32> bytes{};
    BytesView view() const { return {reinterpret_cast<const char *>(bytes.data()), bytes.size()}; }
    static Result<PublicKey> fromBytes(BytesView raw);
    auto operator<=>(const PublicKey &) const = default;
};

struct Signature {
    std::array<std::uint8_t, 64> bytes{};
    BytesView view() const { return {reinterpret_cast<const char *>(bytes.data()), bytes.size()}; }
    static Result<Signature> fromBytes(BytesView raw);
    auto operator<=>(const Signature &) const = default;
};

/// SHA-256 of the key type "ed25519" and the public key bytes.
Digest keyDigest(const PublicKey &key);
KeyId keyId(const PublicKey &key);
/// The computer that a device key stands for: "d:" and the first half of the key's digest.
DeviceId deviceId(const PublicKey &key);
/// What people compare on paper: the first 16 digits in groups of four, "3F7A 11C0 92D4 5B1E".
std::string fingerprint(const KeyId &key);

/// Bytes in guarded memory (sodium_malloc): never swapped, wiped when dropped, not in core dumps. Move only.
class Secret
{
public:
    Secret() = default;
    explicit Secret(std::size_t size);
    /// Copies, and wipes the source.
    static Secret takeFrom(std::string &text);
    ~Secret();
    Secret(Secret &&) noexcept;
    Secret &operator=(Secret &&) noexcept;
    std::size_t size() const { return m_size; }
    std::uint8_t *data() { return m_data; }
    const std::uint8_t *data() const { return m_data; }
    BytesView view() const { return {reinterpret_cast<const char *>(m_data), m_size}; }

private:
    std::uint8_t *m_data = nullptr;
    std::size_t m_size = 0;
};

/// An unlocked private key. Move only; wiped when dropped.
class SigningKey
{
public:
    static SigningKey generate(Randomness &randomness);
    /// The 32 bytes of RFC 8032's private key. Invalid for another size.
    static Result<SigningKey> fromSeed(BytesView seed);
    const PublicKey &publicKey() const { return m_public; }
    KeyId id() const { return keyId(m_public); }
    Signature sign(BytesView message) const;
    BytesView seed() const; ///< for wrapping and keychain storage only

private:
    SigningKey(Secret secret, PublicKey publicKey) : m_secret(std::move(secret)), m_public(publicKey) {}
    Secret m_secret; // libsodium's 64 bytes: seed, public key
    PublicKey m_public;
};

/// libsodium's strict rule (no small-order keys, canonical S): the normative verdict.
bool verify(const PublicKey &key, BytesView message, const Signature &signature);

/// How much work one guess of the passphrase costs (Argon2id, RFC 9106, one lane).
struct WrapCost {
    std::uint32_t passes = 3;
    std::uint32_t memoryKiB = 256U << 10;
};
/// Tests and the sample portfolio: 64 MiB, the floor that unwrapping accepts.
inline constexpr WrapCost kLowestCost{1, 64U << 10};

/// What a wrapped key can need besides the passphrase: 32 random bytes that one computer keeps, or that a person carries to
/// another one. The id names them in the key's header and is no secret.
struct WrapSecret {
    std::string id; ///< "w:" and half of a digest of the bytes
    Secret secret;
};
WrapSecret wrapSecretOf(Secret secret);

/// A signing key under a passphrase, as restricted canonical JSON with salt, cost, nonce and ciphertext
/// (XChaCha20-Poly1305 under Argon2id; the header is authenticated). With a second secret the key is under BLAKE2b, keyed with what Argon2id gave,
/// of that secret: neither opens it alone. The passphrase is normalised to NFC once, here and in unwrap.
/// Invalid: fewer than 8 characters.
Result<Bytes> wrapKey(const SigningKey &key, const Secret &passphrase, const WrapCost &cost, Randomness &randomness, const WrapSecret *second = nullptr);
/// Denied: wrong passphrase or altered file (they cannot be told apart). NotFound: it needs another second secret than this one.
/// Invalid: not a wrapped key, or a cost outside 64 MiB to 1 GiB and 1 to 10 passes (a hostile file is no denial of service).
Result<SigningKey> unwrapKey(BytesView wrapped, const Secret &passphrase, const WrapSecret *second = nullptr);
/// The id of the second secret that it needs; empty: the passphrase alone opens it. Invalid as for unwrapKey().
Result<std::string> wrapSecretId(BytesView wrapped);

} // namespace countersign::crypto
