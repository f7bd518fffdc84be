#include "models/services/review/receipts.h"

#include "models/base/text.h"
#include "models/ledger/entry.h"
#include "models/services/ledger/checkpoints.h"
#include "models/services/ledger/proofs.h"
#include "models/store/statements.h"

#include <algorithm>

namespace countersign::services {

Result<std::optional<std::pair<std::int64_t, Bytes>>> entryOf(Session &session, const std::string &id)
{
    std::string hex = id;
    std::erase(hex, '-');
    const auto raw = fromHex(hex);
    if (!raw)
        return Error{ErrorKind::Invalid, "An event id is a uuid.", {}};
    std::optional<std::pair<std::int64_t, Bytes>> found;
    store::Statements sql(session.connection());
    sql.each(
        "SELECT seq, bytes FROM entry WHERE id = ?",
        [&](const database::Query &row) { found.emplace(row.integer(0), row.bytes(1)); }, store::Blob{*raw});
    if (!sql.ok())
        return sql.status().error();
    return found;
}

Result<SignReceipt> readBack(Session &session, const std::string &id, const crypto::PublicKey &key)
{
    const auto stored = entryOf(session, id);
    if (!stored)
        return stored.error();
    if (!*stored)
        return Error{ErrorKind::Tampered, "The signature was committed and is not there. Run Verify.", {}};
    const auto &[seq, bytes] = **stored;
    const auto entry = ledger::decodeEntry(bytes);
    const auto event = entry ? ledger::decodeEvent(entry->payload) : Result<ledger::Event>(entry.error());
    if (!event)
        return event.error();
    if (!crypto::verify(key, ledger::preAuthenticationEncoding(ledger::kEventType, entry->payload),
                        entry->signatures.front().signature))
        return Error{
            ErrorKind::Tampered, "The signature that was stored does not verify. Do not rely on it; run Verify.", {}};
    const json::Value body(event->body);
    const auto sentence = text::unescape(body.textOr("sentence", body.textOr("reason", {})));
    SignReceipt receipt;
    receipt.event = id;
    receipt.signOff = SignOffId::of(body.textOr("signoff", {}));
    receipt.entry = seq;
    receipt.sentence = sentence ? *sentence : std::string();
    receipt.signedAt = event->time;
    receipt.utcOffsetMinutes = event->utcOffsetMinutes;
    receipt.fingerprint = crypto::fingerprint(event->actor.key);
    receipt.leaf = ledger::leafHash(bytes);
    receipt.head = session.verifiedHead();
    // The signature stands whether or not this computer could sign the tree's head as well.
    if (const auto note = publishCheckpoint(session))
        receipt.checkpoint = *note;
    return receipt;
}

Result<Bytes> receiptProof(Session &session, const SignReceipt &receipt)
{
    if (receipt.checkpoint.empty())
        return Error{ErrorKind::NotFound,
                     "No checkpoint was made over the signature. Make one, then: countersign-cli ledger prove " +
                         std::to_string(receipt.entry) + ".",
                     {}};
    const auto bundle =
        prove(session, {static_cast<std::uint64_t>(receipt.entry)}, {receipt.head.size, receipt.checkpoint});
    return bundle ? ledger::encodeProof(*bundle) : Result<Bytes>(bundle.error());
}

} // namespace countersign::services
