#pragma once

#include "models/base/json.h"
#include "models/report/auditdocument.h"
#include "models/services/workspace/session.h"

#include <string>

namespace countersign::services {

/// The audit report of a version as of a past state. It is no issue: nothing is recorded of it. The same state and moment give the same facts,
/// whoever looks back and whenever.
struct AsOfReport {
    json::Value facts;
    Bytes factsBytes;          ///< attached as facts-as-of.json
    Bytes proof;               ///< attached as bundle.countersign
    report::Document document; ///< "as of …" with size and root on its first page
    std::string fileName;
};

/// `past` is what openAsOf() gave. The proof goes to the tree of that size: a checkpoint over it, the entries of sign-offs, evidence and keys,
/// and, signed now by this computer's key, that the ledger of today begins with it. Where this computer is not enrolled, a checkpoint of
/// exactly that size must have been kept. Denied: neither is there.
Result<AsOfReport> asOfReport(Session &past, const VersionId &version);

/// The facts alone, told apart from those of an issued report by their member "asOf".
Result<json::Value> asOfFacts(Session &past, const VersionId &version);

} // namespace countersign::services
