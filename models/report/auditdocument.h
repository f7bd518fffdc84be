#pragma once

#include "models/base/digest.h"
#include "models/base/json.h"
#include "models/report/document.h"

#include <cstdint>
#include <optional>
#include <string>

namespace countersign::report {

/// What is known of a report only once its facts are in the ledger.
struct Issue {
    std::string number;        ///< "R-0012"
    std::int64_t entry = 0;    ///< ledger number of the report.issue event
    Digest facts;
    std::uint64_t size = 0;    ///< of the checkpoint that includes the entry
    Digest root;
    std::string fingerprint;   ///< of the key that signed the checkpoint
    std::string origin;        ///< its first line: of which ledger it is
    /// The newest checkpoint that was kept before; the proof shows that the ledger continues it.
    struct Earlier {
        std::uint64_t size = 0;
        Digest root;
        std::string cosigned;  ///< "co-signed by 1 of 2 persons: Ben Ito"
    };
    std::optional<Earlier> earlier;
};

/// The audit report of one version from its facts ("countersign.report/1", services::reportFacts) and nothing else, so that the same
/// facts give the same pages, in the window and from the command line. Without an issue it is a preview, marked as such; or, where the facts have a
/// member "asOf", the report of a past state, which its first page names with size and root.
Document auditDocument(const json::Value &facts, const Issue *issue);

/// The pages on which a review is signed, from the frozen bundle ("countersign.bundle/1") and nothing else. `before` is the bundle the
/// signer saw last, or nullptr; what changed since is marked.
Document reviewDocument(const json::Value &bundle, const json::Value *before);

/// "credit-pd_3.2_model-audit_2026-05-14_R-0012.pdf": only characters that every file system takes.
std::string reportFileName(const json::Value &facts, const Issue &issue);
/// "credit-pd_3.2_model-audit_as-of_2026-05-14_1234.pdf".
std::string asOfFileName(const json::Value &facts);

} // namespace countersign::report
