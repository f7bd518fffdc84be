#include "models/services/asof/asofreport.h"

#include "models/ledger/checkpoint.h"
#include "models/services/ledger/proofs.h"
#include "models/services/review/reports.h"
#include "models/store/queries/queries.h"

#include <set>

namespace countersign::services {

namespace {

std::string noteOver(Session &present, const ledger::TreeHead &head)
{
    return ledger::signCheckpoint({ledger::checkpointOrigin(present.ledgerId()), head}, *present.environment().device);
}

/// The checkpoint of exactly that size that was kept, where there is one.
Result<std::string> keptNote(Session &present, std::uint64_t size)
{
    const auto notes = present.ledger().checkpoints();
    if (!notes)
        return notes.error();
    for (const auto &[entries, note] : *notes)
        if (entries == size)
            return note;
    return Error{ErrorKind::Denied,
                 "A report of the past carries the proof of its state, signed by this computer's key, which is not enrolled in this workspace; and no checkpoint of "
                     + std::to_string(size) + " entries was kept.",
                 {}};
}

Result<Bytes> proofOf(Session &past, const std::set<std::uint64_t> &entries)
{
    Session &present = *past.present();
    const ledger::TreeHead then{past.asOf()->size, past.asOf()->root};
    const auto isEnrolled = present.isDeviceEnrolled();
    if (!isEnrolled)
        return isEnrolled.error();
    const auto earlier = *isEnrolled ? Result<std::string>(noteOver(present, then)) : keptNote(present, then.size);
    if (!earlier)
        return earlier.error();
    const bool hasMore = *isEnrolled && present.verifiedHead().size > then.size;
    const SignedHead head = hasMore ? SignedHead{present.verifiedHead().size, noteOver(present, present.verifiedHead())} : SignedHead{then.size, *earlier};
    auto bundle = prove(present, entries, head);
    if (!bundle)
        return bundle.error();
    if (hasMore) {
        auto continuation = proveContinuation(present, *earlier, head);
        if (!continuation)
            return continuation.error();
        bundle->earlier = std::move(continuation->earlier);
    }
    return ledger::encodeProof(*bundle);
}

} // namespace

Result<json::Value> asOfFacts(Session &past, const VersionId &version)
{
    auto facts = reportFacts(past, version);
    if (!facts)
        return facts.error();
    json::Object object = *facts->object();
    const AsOf &asOf = *past.asOf();
    object.set("asOf", json::Object{{"at", formatUtc(asOf.at)}, {"lastEntryAt", formatUtc(asOf.lastEntryAt)}, {"root", asOf.root.text()}, {"size", asOf.size}});
    object.set("generatedBy", ""); // who looks back is no part of what was
    return json::Value(std::move(object));
}

Result<AsOfReport> asOfReport(Session &past, const VersionId &version)
{
    auto facts = asOfFacts(past, version);
    if (!facts)
        return facts.error();
    AsOfReport report;
    report.facts = std::move(*facts);
    const auto bytes = json::writeRestricted(report.facts);
    if (!bytes)
        return bytes.error();
    report.factsBytes = *bytes;
    const auto entries = reportedEntries(past, version);
    if (!entries)
        return entries.error();
    auto proof = proofOf(past, *entries);
    if (!proof)
        return proof.error();
    report.proof = std::move(*proof);
    report.document = report::auditDocument(report.facts, nullptr);
    report.fileName = report::asOfFileName(report.facts);
    return report;
}

} // namespace countersign::services
