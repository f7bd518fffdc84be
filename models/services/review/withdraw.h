#pragma once

#include "models/services/workspace/session.h"
#include "models/store/queries/queries.h"

#include <string>

namespace countersign::services {

/// By its ledger number, its id, or an unambiguous beginning of the id. NotFound; Invalid when it fits two.
Result<store::SignOffRow> findSignOff(Session &session, const std::string &text);

/// "I, Ana Ruiz (aruiz), withdraw my signature of 14 May 2026 … on credit-pd version 3. Reason: …" What the person is shown before the passphrase.
std::string withdrawalSentence(const store::SignOffRow &row, const Person &person, const std::string &reason);

struct WithdrawRequest {
    std::string id;      ///< uuid of the event, made before the first attempt; the same id never signs twice
    SignOffId signOff;
    std::string reason;  ///< needed
};

/// The signer takes their signature back, by a new signature of their own; it counts no more and is still shown. Returns the ledger number.
/// Denied: another's signature. Conflict: withdrawn before, or something was recorded about the version meanwhile. Invalid: no reason.
Result<std::int64_t> withdrawSignOff(Session &session, const WithdrawRequest &request, const Person &person, const crypto::SigningKey &key);

} // namespace countersign::services
