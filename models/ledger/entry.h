#pragma once

#include "models/crypto/signing.h"
#include "models/ledger/event.h"

#include <span>
#include <vector>

namespace countersign::ledger {

/// DSSE pre-authentication encoding of a payload: what is really signed.
/// `type` such as "application/vnd.countersign.event.v1+json".
Bytes preAuthenticationEncoding(std::string_view type, BytesView payload);
inline constexpr std::string_view kEventType = "application/vnd.countersign.event.v1+json";
inline constexpr std::string_view kKeyPossessionType = "application/vnd.countersign.key-pop.v1";

struct EntrySignature {
    Digest key; ///< crypto::keyDigest
    crypto::Signature signature;
};

/// A payload with its signatures, as stored: "CSG1", u32 length (big endian), payload, u8 count, count × (key 32, signature 64).
struct Entry {
    Bytes payload;
    std::vector<EntrySignature> signatures;
};

/// The same without a copy of the payload, which stays inside the bytes viewed.
struct EntryView {
    BytesView payload;
    std::vector<EntrySignature> signatures;
};

Bytes encodeEntry(const Entry &entry);
/// Strict: exact lengths, 1 to 4 signatures, no trailing bytes.
Result<Entry> decodeEntry(BytesView bytes);
Result<EntryView> viewEntry(BytesView bytes);
/// Encodes the event, signs it, and gives the entry's bytes.
Result<Bytes> seal(const Event &event, const crypto::SigningKey &key);

} // namespace countersign::ledger
