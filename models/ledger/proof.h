#pragma once

#include "models/ledger/checkpoint.h"
#include "models/ledger/entry.h"
#include "models/ledger/verifier.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace countersign::ledger {

/// Everything that lets a stranger check some entries of a log without the log: the entries, their inclusion proofs, one signed
/// checkpoint, the entries that brought, confirmed, replaced or revoked the keys, and the evidence. Restricted canonical JSON,
/// "countersign.proof/1", and "/2" where it also shows that the ledger continues an earlier checkpoint.
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
    /// A checkpoint that others may have kept, and the proof that this one's tree begins with its tree.
    struct Earlier {
        std::string checkpoint;
        std::vector<Digest> proof; ///< RFC 6962 consistency proof; empty when both are about the same tree
    };
    LedgerId ledger;
    std::string checkpoint;          ///< signed note, with the cosignatures there were
    std::optional<Earlier> earlier;
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
    std::optional<TreeHead> continues;     ///< the state of an earlier checkpoint that was shown to be the beginning of this one
    std::vector<std::string> cosigners;    ///< ids of the devices that co-signed
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
