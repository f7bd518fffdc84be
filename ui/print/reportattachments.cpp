#include "ui/print/reportattachments.h"

namespace countersign::print {

std::vector<Attachment> reportAttachments(const Bytes &facts, const Bytes &proof)
{
    // English, as the document itself: the file is read where our translations are not.
    return {{"facts.json", facts, "application/json", "The facts behind this report; their digest is in the ledger"},
            {"bundle.countersign", proof, "application/vnd.countersign.proof", "Proof of the ledger entries, for countersign-verify"}};
}

} // namespace countersign::print
