#include "models/base/json.h"
#include "models/base/text.h"
#include "models/crypto/sha256.h"
#include "models/crypto/signing.h"
#include "models/crypto/sodium.h"

#include <algorithm>
#include <sodium.h>

namespace countersign::crypto {

namespace {

constexpr std::string_view kFormat = "countersign.key/1";
constexpr std::string_view kFormatOfTwo = "countersign.key/2"; // with a second secret
constexpr std::size_t kShortest = 8;           // characters
constexpr std::size_t kLongest = 1024;         // bytes; more than anybody types, and no work for a pasted file
constexpr std::size_t kLargestFile = 4096;
constexpr WrapCost kHighestCost{10, 1U << 20};

bool isAcceptable(std::int64_t passes, std::int64_t memoryKiB)
{
    return passes >= kLowestCost.passes && passes <= kHighestCost.passes && memoryKiB >= kLowestCost.memoryKiB && memoryKiB <= kHighestCost.memoryKiB;
}

Error notAWrappedKey() { return {ErrorKind::Invalid, "This is not a signing key of Countersign, or it was cut off.", {}}; }
Error denied() { return {ErrorKind::Denied, "The passphrase does not open this key.", {}}; }

const std::uint8_t *raw(BytesView bytes) { return reinterpret_cast<const std::uint8_t *>(bytes.data()); }

/// The key-encryption key. One spelling of the passphrase, whichever way the keyboard composes letters.
Result<Secret> derive(const Secret &passphrase, BytesView salt, const WrapCost &cost)
{
    Secret normal;
    BytesView typed = passphrase.view();
    if (!text::isNfc(typed)) {
        std::string composed = text::toNfc(typed);
        normal = Secret::takeFrom(composed);
        typed = normal.view();
    }
    Secret key(crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
    if (crypto_pwhash(key.data(), key.size(), typed.data(), typed.size(), raw(salt), cost.passes, std::size_t{cost.memoryKiB} << 10,
                      crypto_pwhash_ALG_ARGON2ID13) != 0)
        return Error{ErrorKind::Io, "There is not enough free memory to open the signing key. Close other programs and try again.", {}};
    return key;
}

/// Both together, or the first alone.
Secret combined(Secret derived, const WrapSecret *second)
{
    if (!second)
        return derived;
    Secret key(derived.size());
    crypto_generichash(key.data(), key.size(), second->secret.data(), second->secret.size(), derived.data(), derived.size());
    return key;
}

struct Wrapped {
    Bytes header; // canonical, authenticated
    std::string key;
    WrapCost cost;
    Bytes salt;
    Bytes nonce;
    Bytes ciphertext;
    std::string second; // id of the second secret; empty: none
};

Result<Bytes> base64Of(const json::Value &object, std::string_view key, std::size_t size)
{
    const auto text = object.text(key);
    auto bytes = text ? fromBase64(*text) : Result<Bytes>(notAWrappedKey());
    if (!bytes || bytes->size() != size)
        return notAWrappedKey();
    return bytes;
}

Result<Wrapped> readWrapped(BytesView bytes)
{
    const auto file = json::readRestricted(bytes, kLargestFile, 2);
    const json::Value *header = file ? file->find("header") : nullptr;
    const std::string format = file ? file->textOr("format", {}) : std::string();
    const bool needsTwo = format == kFormatOfTwo;
    if (!header || (format != kFormat && !needsTwo) || file->object()->size() != 3 || !header->object() || header->object()->size() != (needsTwo ? 8U : 7U)
        || header->textOr("kdf", {}) != "argon2id" || header->textOr("cipher", {}) != "xchacha20-poly1305")
        return notAWrappedKey();
    const std::int64_t passes = header->integerOr("passes", 0);
    const std::int64_t memoryKiB = header->integerOr("memoryKiB", 0);
    const auto salt = base64Of(*header, "salt", crypto_pwhash_SALTBYTES);
    const auto nonce = base64Of(*header, "nonce", crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
    const auto ciphertext = base64Of(*file, "ciphertext", crypto_sign_SEEDBYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES);
    const auto key = header->text("key");
    const std::string second = needsTwo ? header->textOr("second", {}) : std::string();
    if (!salt || !nonce || !ciphertext || !key || (needsTwo && second.empty()))
        return notAWrappedKey();
    if (!isAcceptable(passes, memoryKiB))
        return Error{ErrorKind::Invalid, "This signing key asks for an amount of work that no key of Countersign has. It is damaged or hostile.", {}};
    return Wrapped{*json::writeRestricted(*header), *key, {static_cast<std::uint32_t>(passes), static_cast<std::uint32_t>(memoryKiB)}, *salt, *nonce, *ciphertext, second};
}

} // namespace

Result<Bytes> wrapKey(const SigningKey &key, const Secret &passphrase, const WrapCost &cost, Randomness &randomness, const WrapSecret *second)
{
    needSodium();
    const auto isFirstByte = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
    if (!text::isUtf8(passphrase.view()) || static_cast<std::size_t>(std::ranges::count_if(passphrase.view(), isFirstByte)) < kShortest)
        return Error{ErrorKind::Invalid, "A passphrase has at least 8 characters. Several words are best.", {}};
    if (passphrase.size() > kLongest)
        return Error{ErrorKind::Invalid, "A passphrase has at most 1,024 bytes.", {}};
    if (!isAcceptable(cost.passes, cost.memoryKiB))
        return Error{ErrorKind::Invalid, "The cost of a key is 64 MiB to 1 GiB of memory and 1 to 10 passes.", {}};
    const Bytes salt = randomness.bytes(crypto_pwhash_SALTBYTES);
    const Bytes nonce = randomness.bytes(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
    json::Object header{{"cipher", "xchacha20-poly1305"}, {"kdf", "argon2id"}, {"key", key.id().text()},
                              {"memoryKiB", std::int64_t{cost.memoryKiB}}, {"nonce", toBase64(nonce)}, {"passes", std::int64_t{cost.passes}},
                              {"salt", toBase64(salt)}};
    if (second)
        header.set("second", second->id);
    const auto authenticated = json::writeRestricted(header);
    auto derived = derive(passphrase, salt, cost);
    if (!derived)
        return derived.error();
    const Secret wrapping = combined(std::move(*derived), second);
    Bytes ciphertext(crypto_sign_SEEDBYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES, '\0');
    crypto_aead_xchacha20poly1305_ietf_encrypt(reinterpret_cast<std::uint8_t *>(ciphertext.data()), nullptr, raw(key.seed()), key.seed().size(),
                                               raw(*authenticated), authenticated->size(), nullptr, raw(nonce), wrapping.data());
    return json::writeRestricted(json::Object{{"ciphertext", toBase64(ciphertext)}, {"format", second ? kFormatOfTwo : kFormat}, {"header", header}});
}

WrapSecret wrapSecretOf(Secret secret)
{
    constexpr std::size_t kHalf = 32; // hexadecimal digits
    Sha256 hash;
    hash.add("countersign second secret");
    hash.add(secret.view());
    return {"w:" + hash.finish().hex().substr(0, kHalf), std::move(secret)};
}

Result<std::string> wrapSecretId(BytesView wrapped)
{
    const auto file = readWrapped(wrapped);
    return file ? Result<std::string>(file->second) : file.error();
}

Result<SigningKey> unwrapKey(BytesView wrapped, const Secret &passphrase, const WrapSecret *second)
{
    needSodium();
    const auto file = readWrapped(wrapped);
    if (!file)
        return file.error();
    if (!file->second.empty() && (!second || second->id != file->second))
        return Error{ErrorKind::NotFound, "This key needs a secret that is kept elsewhere.", {}};
    if (passphrase.size() > kLongest)
        return denied();
    auto derived = derive(passphrase, file->salt, file->cost);
    if (!derived)
        return derived.error();
    const Secret wrapping = combined(std::move(*derived), file->second.empty() ? nullptr : second);
    Secret seed(crypto_sign_SEEDBYTES);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(seed.data(), nullptr, nullptr, raw(file->ciphertext), file->ciphertext.size(), raw(file->header),
                                                   file->header.size(), raw(file->nonce), wrapping.data()) != 0)
        return denied();
    auto key = SigningKey::fromSeed(seed.view());
    if (!key || key->id().text() != file->key)
        return denied();
    return key;
}

} // namespace countersign::crypto
