#pragma once

#include "ui/print/pdf.h"

namespace countersign::print {

/// What every issued report carries inside, under the names by which countersign-verify and other programs find it: the facts as they are
/// in the ledger ("facts.json") and the proof of their place in it ("bundle.countersign").
std::vector<Attachment> reportAttachments(const Bytes &facts, const Bytes &proof);
/// What a report of a past state carries: its facts stand in no entry, so they have a name of their own ("facts-as-of.json"), and a replay of
/// the ledger gives them again; the proof is that of the state.
std::vector<Attachment> asOfAttachments(const Bytes &facts, const Bytes &proof);

} // namespace countersign::print
