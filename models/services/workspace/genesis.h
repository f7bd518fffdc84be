#pragma once

#include "models/base/id.h"
#include "models/store/ledgerstore.h"

namespace countersign::services {

/// What the first entry of a ledger says of it.
struct Genesis {
    LedgerId ledger; ///< by the entry's own leaf
    std::string origin;
    bool isSample = false;
};

/// NotFound: the ledger has no entries. Tampered: the first one is not a beginning.
Result<Genesis> readGenesis(store::LedgerStore &ledger);

} // namespace countersign::services
