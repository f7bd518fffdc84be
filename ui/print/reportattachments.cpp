#include "ui/print/reportattachments.h"

namespace countersign::print {

namespace {

// English, as the document itself: the file is read where our translations are not.
Attachment proofAttachment(const Bytes &proof)
{
    return {"bundle.countersign", proof, "application/vnd.countersign.proof", "Proof of the ledger entries, for countersign-verify"};
}

} // namespace

std::vector<Attachment> reportAttachments(const Bytes &facts, const Bytes &proof)
{
    return {{"facts.json", facts, "application/json", "The facts behind this report; their digest is in the ledger"}, proofAttachment(proof)};
}

std::vector<Attachment> asOfAttachments(const Bytes &facts, const Bytes &proof)
{
    return {{"facts-as-of.json", facts, "application/json", "The facts behind this report; replaying the ledger gives them again"}, proofAttachment(proof)};
}

} // namespace countersign::print
