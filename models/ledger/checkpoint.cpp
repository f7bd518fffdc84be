#include "models/ledger/checkpoint.h"

#include "models/base/text.h"
#include "models/crypto/sha256.h"
#include "models/ledger/bigendian.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace countersign::ledger {

namespace {

constexpr std::string_view kSignaturePrefix = "\u2014 "; // em dash, space
constexpr char kEd25519 = 1;
constexpr char kCosignature = 4;
constexpr std::size_t kLargestNote = 64U << 10;
constexpr std::size_t kMostSignatures = 64;

Error malformed(const char *what) { return {ErrorKind::Invalid, std::string("This is not a checkpoint: ") + what + ".", {}}; }

/// The first four bytes of SHA-256(name ‖ line feed ‖ type ‖ public key): a hint which key signed, no proof.
Bytes keyHint(std::string_view name, const crypto::PublicKey &key, char type = kEd25519)
{
    Bytes message(name);
    message += '\n';
    message += type;
    message += key.view();
    return Bytes(crypto::sha256(message).view().substr(0, 4));
}

bool isName(std::string_view name)
{
    return !name.empty() && name.find('+') == std::string_view::npos && name.find(' ') == std::string_view::npos && text::isClean(name);
}

/// One line without its end; no value where the text does not end in a line feed.
std::optional<std::string_view> takeLine(std::string_view &text)
{
    const auto end = text.find('\n');
    if (end == std::string_view::npos)
        return {};
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

std::optional<std::uint64_t> parseSize(std::string_view text)
{
    std::uint64_t size = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), size);
    if (code != std::errc() || end != text.data() + text.size() || (text.size() > 1 && text[0] == '0'))
        return {};
    return size;
}

struct NoteSignature {
    std::string_view name;
    Bytes value; // four bytes of key hint, then the signature
};

std::optional<NoteSignature> parseSignatureLine(std::string_view line)
{
    if (!line.starts_with(kSignaturePrefix))
        return {};
    line.remove_prefix(kSignaturePrefix.size());
    const auto space = line.find(' ');
    if (space == std::string_view::npos || !isName(line.substr(0, space)))
        return {};
    const auto value = fromBase64(line.substr(space + 1));
    if (!value || value->size() < 5)
        return {};
    return NoteSignature{line.substr(0, space), *value};
}

struct Note {
    Checkpoint checkpoint;
    std::string_view text; // what is signed
    std::vector<NoteSignature> signatures;
};

std::string keyText(const std::string &name, const crypto::PublicKey &key, char type)
{
    return name + '+' + toHex(keyHint(name, key, type)) + '+' + toBase64(Bytes(1, type) + Bytes(key.view()));
}

std::string signatureLine(std::string_view name, BytesView value) { return std::string(kSignaturePrefix) + std::string(name) + ' ' + toBase64(value) + '\n'; }

std::string written(const Note &note)
{
    std::string text = std::string(note.text) + '\n';
    for (const NoteSignature &signature : note.signatures)
        text += signatureLine(signature.name, signature.value);
    return text;
}

/// What a cosigner signs (C2SP tlog-cosignature).
std::string cosignedText(std::string_view text, std::uint64_t seconds)
{
    return "cosignature/v1\ntime " + std::to_string(seconds) + '\n' + std::string(text);
}

Result<Note> parseNote(std::string_view note)
{
    if (note.size() > kLargestNote)
        return malformed("it is too long");
    Note parsed;
    std::string_view rest = note;
    const auto origin = takeLine(rest);
    const auto size = takeLine(rest);
    const auto root = takeLine(rest);
    if (!origin || !size || !root || origin->empty() || !text::isClean(*origin))
        return malformed("it lacks the lines of origin, size and root");
    parsed.text = note.substr(0, note.size() - rest.size());
    const auto count = parseSize(*size);
    const auto hash = fromBase64(*root);
    const auto digest = hash ? Digest::fromBytes(*hash) : Result<Digest>(Error{});
    if (!count || !digest)
        return malformed("its size or root is malformed");
    parsed.checkpoint = {std::string(*origin), {*count, *digest}};
    const auto blank = takeLine(rest);
    if (!blank || !blank->empty())
        return malformed("an empty line must follow the root");
    while (!rest.empty()) {
        const auto line = takeLine(rest);
        auto signature = line ? parseSignatureLine(*line) : std::nullopt;
        if (!signature || parsed.signatures.size() == kMostSignatures)
            return malformed("a signature line is malformed");
        parsed.signatures.push_back(std::move(*signature));
    }
    if (parsed.signatures.empty())
        return malformed("it is not signed");
    return parsed;
}

} // namespace

std::string checkpointOrigin(const LedgerId &ledger)
{
    return "countersign/" + ledger.text().substr(std::min<std::size_t>(2, ledger.text().size()));
}

std::string checkpointText(const Checkpoint &checkpoint)
{
    return checkpoint.origin + '\n' + std::to_string(checkpoint.head.size) + '\n' + toBase64(checkpoint.head.root.view()) + '\n';
}

std::string signCheckpoint(const Checkpoint &checkpoint, const crypto::SigningKey &key)
{
    const std::string text = checkpointText(checkpoint);
    Bytes value = keyHint(checkpoint.origin, key.publicKey());
    value += key.sign(text).view();
    return text + '\n' + signatureLine(checkpoint.origin, value);
}

std::string cosignerName(const LedgerId &ledger, const DeviceId &device)
{
    return checkpointOrigin(ledger) + '/' + device.text().substr(std::min<std::size_t>(2, device.text().size()));
}

Result<std::string> cosign(std::string_view note, const std::string &name, const crypto::SigningKey &key, Instant time)
{
    auto parsed = parseNote(note);
    if (!parsed)
        return parsed.error();
    const auto seconds = static_cast<std::uint64_t>(toMillis(time) / 1000);
    Bytes value = keyHint(name, key.publicKey(), kCosignature);
    std::erase_if(parsed->signatures, [&](const NoteSignature &line) { return line.name == name && line.value.starts_with(value); });
    if (parsed->signatures.size() >= kMostSignatures)
        return malformed("it has as many signatures as it can hold");
    value += bigEndian(seconds, 8);
    value += key.sign(cosignedText(parsed->text, seconds)).view();
    parsed->signatures.push_back({name, std::move(value)});
    return written(*parsed);
}

Result<Instant> verifyCosignature(std::string_view note, const std::string &name, const crypto::PublicKey &key)
{
    const auto parsed = parseNote(note);
    if (!parsed)
        return parsed.error();
    constexpr std::size_t hintSize = 4;
    constexpr std::size_t timeSize = 8;
    constexpr std::uint64_t latest = 253'402'300'799; // the end of the year 9999
    const Bytes hint = keyHint(name, key, kCosignature);
    std::optional<Instant> signedAt;
    for (const NoteSignature &line : parsed->signatures) {
        if (line.name != name || !line.value.starts_with(hint))
            continue;
        const BytesView value = BytesView(line.value).substr(hintSize);
        const auto signature = value.size() > timeSize ? crypto::Signature::fromBytes(value.substr(timeSize)) : Result<crypto::Signature>(Error{});
        const std::uint64_t seconds = fromBigEndian(value.substr(0, timeSize));
        if (!signature || seconds > latest || !crypto::verify(key, cosignedText(parsed->text, seconds), *signature))
            return Error{ErrorKind::Tampered, "A cosignature does not fit the checkpoint's text.", {}};
        signedAt = fromMillis(static_cast<std::int64_t>(seconds) * 1000);
    }
    if (!signedAt)
        return Error{ErrorKind::NotFound, "The checkpoint is not co-signed by that key.", {}};
    return *signedAt;
}

Result<std::string> mergeSignatures(std::string_view note, std::string_view other)
{
    auto parsed = parseNote(note);
    const auto more = parseNote(other);
    if (!parsed || !more)
        return parsed ? more.error() : parsed.error();
    if (parsed->text != more->text)
        return Error{ErrorKind::Conflict, "The checkpoints are not about the same state of the ledger.", {}};
    for (const NoteSignature &line : more->signatures) {
        const auto isSame = [&](const NoteSignature &mine) { return mine.name == line.name && mine.value == line.value; };
        if (std::ranges::none_of(parsed->signatures, isSame))
            parsed->signatures.push_back(line);
    }
    if (parsed->signatures.size() > kMostSignatures)
        return malformed("it has more signatures than it can hold");
    return written(*parsed);
}

Result<Checkpoint> readCheckpointUnverified(std::string_view note)
{
    auto parsed = parseNote(note);
    if (!parsed)
        return parsed.error();
    return std::move(parsed->checkpoint);
}

Result<Checkpoint> verifyCheckpoint(std::string_view note, const crypto::PublicKey &key)
{
    auto parsed = parseNote(note);
    if (!parsed)
        return parsed.error();
    const Bytes hint = keyHint(parsed->checkpoint.origin, key);
    bool isSigned = false;
    for (const NoteSignature &line : parsed->signatures) {
        if (line.name != parsed->checkpoint.origin || !line.value.starts_with(hint))
            continue; // another signer's: neither for nor against
        const auto signature = crypto::Signature::fromBytes(BytesView(line.value).substr(4));
        if (!signature || !crypto::verify(key, parsed->text, *signature))
            return Error{ErrorKind::Tampered, "The checkpoint's signature does not fit its text.", {}};
        isSigned = true;
    }
    if (!isSigned)
        return Error{ErrorKind::Tampered, "The checkpoint is not signed by the key that was asked for.", {}};
    return std::move(parsed->checkpoint);
}

std::string noteKeyText(const std::string &name, const crypto::PublicKey &key) { return keyText(name, key, kEd25519); }
std::string cosignerKeyText(const std::string &name, const crypto::PublicKey &key) { return keyText(name, key, kCosignature); }

Result<NoteKey> parseNoteKey(std::string_view text)
{
    const Error bad{ErrorKind::Invalid, "A verifier key is written name+hash+key, as the checkpoint's maker published it.", {}};
    const auto first = text.find('+');
    const auto second = first == std::string_view::npos ? first : text.find('+', first + 1); // base64 holds further ones
    if (second == std::string_view::npos || !isName(text.substr(0, first)))
        return bad;
    const auto raw = fromBase64(text.substr(second + 1));
    if (!raw || raw->size() != 33 || raw->front() != kEd25519)
        return bad;
    const std::string name(text.substr(0, first));
    const auto key = crypto::PublicKey::fromBytes(BytesView(*raw).substr(1));
    if (text.substr(first + 1, second - first - 1) != toHex(keyHint(name, *key)))
        return bad;
    return NoteKey(name, *key);
}

} // namespace countersign::ledger
