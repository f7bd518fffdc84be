#pragma once

#include "models/policy/packs/pack.h"

#include <string>
#include <vector>

/// A pack in words, the same wherever it is shown. English.
namespace countersign::policy {

/// "every model", "tier 1", "tiers 1 and 2".
std::string forTiersText(const std::vector<int> &tiers);

/// What a requirement asks for, a sentence each: "Every rule of the pack holds.", "There is: validation report."
std::vector<std::string> gateSentences(const Pack &pack, const GateRequirement &gate);
/// "2 signatures by an approver or a compliance officer, each in another role, as Approval, after \"validated\"."
std::string signOffSentence(const Pack &pack, const SignOffNeed &need);
/// What stands in a signature of this meaning: "Approval: released for use as stated".
std::string meaningText(const SigningMeaning &meaning);
/// "Validation report, of every model, by Approved, renewed after 1096 days; cannot be waived."
std::string evidenceSentence(const Pack &pack, const EvidenceNeed &need);
/// "AUC is at least .650, …; severity high." A guideline says that it is one.
std::string ruleSentence(const PackRule &rule);
/// What covers it: "Covered by the evidence Validation report, the gate of Approve."; "Not covered by Countersign."; and its note.
std::string coverSentence(const Pack &pack, const Obligation &obligation);
/// "checked 2026-12-01", "not checked against the text".
std::string checkedText(const std::optional<Instant> &checked);

/// A pack from its head to its last section. Lines that belong to the line before begin with two spaces more.
struct PackPart {
    std::string title; ///< empty: the head
    std::vector<std::string> lines;
};
std::vector<PackPart> packParts(const Pack &pack);

} // namespace countersign::policy
