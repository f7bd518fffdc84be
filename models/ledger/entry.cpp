#include "models/ledger/entry.h"

#include "models/ledger/bigendian.h"

namespace countersign::ledger {

namespace {

constexpr std::string_view kMagic = "CSG1";
constexpr std::size_t kSignatureSize = 32 + 64;

Error badFrame(const char *what) { return {ErrorKind::Invalid, what, {}}; }

} // namespace

Bytes preAuthenticationEncoding(std::string_view type, BytesView payload)
{
    Bytes bytes;
    bytes.reserve(payload.size() + type.size() + 40);
    bytes += "DSSEv1 ";
    bytes += std::to_string(type.size());
    bytes += ' ';
    bytes += type;
    bytes += ' ';
    bytes += std::to_string(payload.size());
    bytes += ' ';
    bytes += payload;
    return bytes;
}

Bytes encodeEntry(const Entry &entry)
{
    Bytes bytes;
    bytes.reserve(kMagic.size() + 5 + entry.payload.size() + entry.signatures.size() * kSignatureSize);
    bytes += kMagic;
    bytes += bigEndian(entry.payload.size(), 4);
    bytes += entry.payload;
    bytes.push_back(static_cast<char>(entry.signatures.size()));
    for (const EntrySignature &signature : entry.signatures) {
        bytes += signature.key.view();
        bytes += signature.signature.view();
    }
    return bytes;
}

Result<EntryView> viewEntry(BytesView bytes)
{
    if (!bytes.starts_with(kMagic) || bytes.size() < kMagic.size() + 5)
        return badFrame("The entry does not begin with CSG1 and a length.");
    const std::size_t length = fromBigEndian(bytes.substr(kMagic.size(), 4));
    bytes.remove_prefix(kMagic.size() + 4);
    if (bytes.size() < length + 1)
        return badFrame("The entry is shorter than its length says.");
    EntryView entry;
    entry.payload = bytes.substr(0, length);
    const std::size_t count = static_cast<std::uint8_t>(bytes[length]);
    bytes.remove_prefix(length + 1);
    if (count < 1 || count > 4)
        return badFrame("An entry has one to four signatures.");
    if (bytes.size() != count * kSignatureSize)
        return badFrame("The entry's signatures are cut off, or something follows them.");
    entry.signatures.reserve(count);
    for (; !bytes.empty(); bytes.remove_prefix(kSignatureSize))
        entry.signatures.push_back({*Digest::fromBytes(bytes.substr(0, 32)), *crypto::Signature::fromBytes(bytes.substr(32, 64))});
    return entry;
}

Result<Entry> decodeEntry(BytesView bytes)
{
    auto view = viewEntry(bytes);
    if (!view)
        return view.error();
    return Entry{Bytes(view->payload), std::move(view->signatures)};
}

Result<Bytes> seal(const Event &event, const crypto::SigningKey &key)
{
    auto payload = encodeEvent(event);
    if (!payload)
        return payload.error();
    const crypto::Signature signature = key.sign(preAuthenticationEncoding(kEventType, *payload));
    return encodeEntry({std::move(*payload), {{crypto::keyDigest(key.publicKey()), signature}}});
}

} // namespace countersign::ledger
