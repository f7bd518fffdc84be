#pragma once

#include "models/policy/gate.h"

#include <string>
#include <vector>

namespace countersign::policy {

/// One signature that a gate asks for, with the persons whose signatures count for it.
struct CountedNeed {
    const SignOffNeed *need = nullptr;
    bool isMet = false;
    std::vector<const SignOff *> counted; ///< one a person, in the order of the ledger
    std::string sentence;                 ///< "Signed by Vera Sample, Validator, on 2026-03-02." or what is missing, and why signatures that are there do not count
};

/// Which signatures count for what. A signature counts once what it has to come after was signed, for nobody who signed what it has to be apart from,
/// and only from who is independent where that is asked for. Stale and withdrawn ones do not. Precondition: no need comes after itself (packcheck.h).
std::vector<CountedNeed> countSignatures(const Pack &pack, const std::vector<SignOffNeed> &needs, const GateFacts &facts);

} // namespace countersign::policy
