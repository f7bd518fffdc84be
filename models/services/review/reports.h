#pragma once

#include "models/base/json.h"
#include "models/report/auditdocument.h"
#include "models/services/workspace/session.h"

#include <cstdint>
#include <set>
#include <string>

namespace countersign::services {

/// Everything an audit report of a version says, as restricted JSON ("countersign.report/1"): the review inputs, stage and aliases, all
/// versions, every revision of the limits that judge it, sign-offs, evidence, the newest trail entries, workspace and program.
Result<json::Value> reportFacts(Session &session, const VersionId &version);

/// A report whose facts are in the ledger; what remains is to print it (ui/print).
struct IssuedReport {
    ReportId id;
    report::Issue issue;
    json::Value facts;
    Bytes factsBytes;          ///< attached as facts.json; their digest is in the ledger
    Bytes proof;               ///< attached as bundle.countersign: what countersign-verify checks
    report::Document document;
    std::string fileName;
};

/// Records the facts as evidence with a report.issue event, signs a checkpoint that includes it and builds document and proof.
/// Make sure before that the target can be written: an issue is not taken back.
Result<IssuedReport> issueReport(Session &session, const VersionId &version);

/// The ledger numbers of what a report tells one by one: sign-offs and their withdrawals, and every step of the evidence.
Result<std::set<std::uint64_t>> reportedEntries(Session &session, const VersionId &version);

/// The document as it would be, unissued.
Result<report::Document> previewReport(Session &session, const VersionId &version);

} // namespace countersign::services
