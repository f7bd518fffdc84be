#pragma once

#include "models/services/review/review.h"

#include <optional>
#include <string>
#include <utility>

/// What a signer takes along, made from the committed bytes alone.
namespace countersign::services {

/// Number and bytes of the entry of an event id, when the ledger has it. Invalid: no uuid.
Result<std::optional<std::pair<std::int64_t, Bytes>>> entryOf(Session &session, const std::string &id);

/// Reads the entry back and verifies its signature; publishes a checkpoint over it where this computer may. Tampered:
/// the entry is not there, or its signature does not verify: what does not verify is never called recorded.
Result<SignReceipt> readBack(Session &session, const std::string &id, const crypto::PublicKey &key);

/// The receipt as a proof that countersign-verify checks without the workspace: the entry, what the signer's key rests
/// on, the path to the receipt's checkpoint. NotFound: the receipt has no checkpoint.
Result<Bytes> receiptProof(Session &session, const SignReceipt &receipt);

} // namespace countersign::services
