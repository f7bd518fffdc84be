#include "tests/faults/oracle.h"

#include "models/ledger/entry.h"
#include "models/ledger/event.h"
#include "models/ledger/merkle.h"
#include "models/services/review/pending.h"
#include "models/services/workspace/verification.h"

#include <algorithm>

namespace countersign::faults {

namespace {

struct Stored {
    Digest leaf; ///< of the bytes that are there
    std::int64_t times = 0;
};

/// Sign-offs of the ledger by the id in their own bytes.
Result<std::map<std::string, Stored>> signOffsIn(services::Session &session)
{
    std::map<std::string, Stored> found;
    for (std::uint64_t from = 0;;) {
        const auto entries = session.ledger().read(from, 2048);
        if (!entries)
            return entries.error();
        if (entries->empty())
            return found;
        for (const auto &bytes : *entries) {
            const auto entry = ledger::decodeEntry(bytes);
            const auto event = entry ? ledger::decodeEvent(entry->payload) : Result<ledger::Event>(entry.error());
            if (!event)
                return event.error();
            if (event->kind != "review.signoff")
                continue;
            auto &stored = found[event->id];
            stored.leaf = ledger::leafHash(bytes);
            ++stored.times;
        }
        from += entries->size();
    }
}

} // namespace

std::vector<std::string> Oracle::unknown() const
{
    std::vector<std::string> ids;
    for (const auto &[id, bundle] : m_intents)
        if (!m_acknowledged.contains(id))
            ids.push_back(id);
    return ids;
}

void Oracle::check(const Plan &plan, int run, services::Session &session, Tally &tally)
{
    const auto found = signOffsIn(session);
    if (!found) {
        tally.fail(plan, run, found.error().text());
        return;
    }
    for (const auto &[id, leaf] : m_acknowledged) {
        const auto stored = found->find(id);
        if (stored == found->end() || stored->second.leaf != leaf) {
            ++tally.lost;
            tally.fail(plan, run,
                       "event " + id + " was acknowledged and is " +
                           (stored == found->end() ? "gone" : "not the same bytes"));
        }
    }
    for (const auto &[id, stored] : *found) {
        if (stored.times != 1 || !m_intents.contains(id)) {
            ++tally.doubled;
            tally.fail(plan, run,
                       "event " + id + " is there " + std::to_string(stored.times) + " times, and was " +
                           (m_intents.contains(id) ? "" : "not ") + "intended");
        }
    }
    isIntact(plan, run, session, tally);
}

void Oracle::resolve(const Plan &plan, int run, services::Session &session, const crypto::SigningKey &key, Tally &tally)
{
    const auto before = signOffsIn(session);
    if (!before) {
        tally.fail(plan, run, before.error().text());
        return;
    }
    const auto pending = services::resolvePending(session);
    if (!pending) {
        tally.fail(plan, run, pending.error().text());
        return;
    }
    for (const auto &finding : *pending) {
        const bool isThere = before->contains(finding.signature.id);
        if (finding.state == services::PendingState::OtherBytes ||
            isThere != (finding.state == services::PendingState::Recorded))
            tally.fail(plan, run, "what became of " + finding.signature.id + ": " + finding.sentence);
    }
    for (const auto &id : unknown()) {
        const bool isThere = before->contains(id);
        ++(isThere ? tally.foundLater : tally.absentLater);
        const bool isKept = services::isPending(session, id); // the very bytes that were signed; else it is signed now
        const auto first =
            isKept && !isThere ? services::submitPending(session, id) : signOff(session, key, m_intents.at(id), id);
        const auto second = signOff(session, key, m_intents.at(id), id);
        if (!first || !second) {
            tally.fail(plan, run, "submitting " + id + " again failed: " + (first ? second : first).error().text());
            continue;
        }
        if (first->leaf != second->leaf || first->entry != second->entry ||
            (isThere && first->leaf != before->at(id).leaf)) {
            ++tally.doubled;
            tally.fail(plan, run, "submitting " + id + " again recorded another event");
        }
        acknowledged(id, first->leaf);
        ++tally.acknowledged;
    }
}

std::unique_ptr<services::Session> reopen(const Plan &plan, int run, const Workplace &place, Tally &tally)
{
    auto session = place.open();
    if (!session)
        tally.fail(plan, run, "it does not open again: " + session.error().text());
    else if ((*session)->damage())
        tally.fail(plan, run, "it calls itself damaged: " + (*session)->damage()->text());
    return session ? std::move(*session) : nullptr;
}

bool isIntact(const Plan &plan, int run, services::Session &session, Tally &tally)
{
    const auto verification = services::verifyWorkspace(session.connection(), {});
    if (!verification)
        tally.fail(plan, run, verification.error().text());
    else if (!verification->isIntact())
        tally.fail(plan, run,
                   verification->sentence() + " " +
                       (verification->findings.empty() ? "" : verification->findings.front().sentence));
    return verification && verification->isIntact();
}

} // namespace countersign::faults
