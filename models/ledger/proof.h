#pragma once

#include "models/ledger/checkpoint.h"
#include "models/ledger/entry.h"
#include "models/ledger/verifier.h"

#include <map>
#include <string>
#include <vector>

namespace countersign::ledger {

/// Everything that lets a stranger check some entries of a log without the log: the entries, their inclusion proofs, one signed
/// checkpoint, the enrolment entries of the keys, and the evidence. Restricted canonical JSON, "countersign.proof/1".
struct ProofBundle {
    struct Item {
        std::uint64_t seq = 0;
        Bytes entry;
        std::vector<Digest> path;
    };
    struct Evidence {
        Digest digest;
        std::string media;
        Bytes bytes;
    };
    LedgerId ledger;
    std::string checkpoint;          ///< signed note
    std::vector<Item> items;         ///< ascending seq; includes genesis and the enrolments of every key that signed an item
    std::vector<Evidence> evidence;  ///< what the items name and the maker chose to include
};

Result<Bytes> encodeProof(const ProofBundle &bundle);
Result<ProofBundle> decodeProof(BytesView bytes);

/// What checking a bundle found: one verdict per item, the worst, and sentences for people.
struct ProofReport {
    EntryState worst = EntryState::Valid;
    TreeHead head;
    LedgerId ledger;
    std::vector<EntryVerdict> verdicts;
    std::vector<std::string> facts;    ///< what holds: "Entry 1207: review.signoff by Ana Ruiz …"
    std::vector<std::string> problems; ///< what does not
};
ProofReport verifyProof(const ProofBundle &bundle);

/// The facts attached to a report are those that its report.issue entry names as evidence. Tampered: they are not, or nothing was issued.
Status verifyFacts(const ProofBundle &bundle, BytesView facts);

/// The proof bundle inside a report PDF: found by its attachment name "bundle.countersign", stored as it is or by Flate.
/// NotFound: no such attachment. Invalid: not a PDF, or the attachment is damaged. Checks only that; the rest is verifyProof's.
Result<Bytes> extractAttachment(BytesView pdf, std::string_view name);

} // namespace countersign::ledger
