#include "models/ledger/verifier.h"

#include "models/ledger/judge.h"
#include "models/ledger/roster.h"
#include "models/ledger/workers.h"

#include <algorithm>
#include <array>
#include <deque>
#include <random>
#include <unordered_map>
#include <unordered_set>

namespace countersign::ledger {

namespace {

constexpr auto kKinds = std::to_array<std::string_view>({
    "bundle.freeze", "change.propose", "change.withdraw", "checkpoint.publish",
    "evidence.add", "evidence.cancel", "evidence.decline", "evidence.request", "evidence.review", "evidence.withdraw",
    "finding.answer", "finding.challenge", "finding.close", "finding.open", "finding.remediate", "finding.reopen", "finding.retest", "finding.update", "import.commit", "import.undo", "key.confirm",
    "key.enroll", "key.propose", "key.revoke", "key.rotate", "ledger.genesis", "metrics.computed", "metrics.import", "metrics.recomputed",
    "model.assess", "model.confirm", "model.govern", "model.register", "model.update", "person.add", "person.roles", "policy.publish", "policy.retire", "policy.set", "policy.signing", "release.issue", "release.revoke", "report.issue", "review.reject",
    "review.signoff", "review.withdraw", "run.record", "run.update", "schema.migrate", "security.clock_anomaly", "security.signature_discarded",
    "security.unlock_failed", "security.verification_failed", "version.artifact", "version.move", "version.register", "version.update",
    "waiver.decline", "waiver.end", "waiver.grant", "waiver.request"});

constexpr std::array<std::string_view, 6> kStateWords{"invalid", "disputed", "evidence-missing", "unknown-newer", "valid-flagged", "valid"};

constexpr std::size_t kAtOnce = 2048;  // entries decoded together
constexpr std::size_t kMostInWork = 8; // times so many whose signatures are being checked, and
constexpr std::size_t kMostBytesInWork = 64U << 20;
constexpr std::chrono::seconds kClockTolerance{120};

using Uuid = std::array<std::uint64_t, 2>;

/// Ids are chosen by whoever wrote the log; without the seed they could be chosen so that all fall together.
struct UuidHash {
    std::uint64_t seed = std::uint64_t{std::random_device()()} << 32 | std::random_device()();
    std::size_t operator()(const Uuid &id) const noexcept
    {
        std::uint64_t mixed = (id[0] ^ seed) * 0x9E3779B97F4A7C15U;
        mixed = (mixed ^ mixed >> 29 ^ id[1]) * 0xBF58476D1CE4E5B9U;
        return mixed ^ mixed >> 32;
    }
};

/// The 16 bytes of a UUID that was checked when the event was read.
Uuid uuidBits(std::string_view text)
{
    Uuid bits{};
    std::size_t digits = 0;
    for (const char c : text)
        if (c != '-') {
            std::uint64_t &half = bits[digits++ / 16];
            half = half << 4 | static_cast<std::uint64_t>(c <= '9' ? c - '0' : c - 'a' + 10);
        }
    return bits;
}

} // namespace

std::string_view entryStateWord(EntryState state) { return kStateWords[static_cast<std::size_t>(state)]; }

bool isKnownKind(std::string_view kind) { return std::ranges::binary_search(kKinds, kind); }

bool needsPersonKey(std::string_view kind)
{
    return kind == "ledger.genesis" || kind == "waiver.grant" || kind == "release.issue"
        || std::ranges::any_of(std::array<std::string_view, 4>{"review.", "policy.", "key.", "person."}, [kind](std::string_view prefix) { return kind.starts_with(prefix); });
}

struct Verifier::Private {
    WholeTree tree;
    LedgerId ledger;
    KeyRing ring;
    Roster roster;
    std::unordered_set<Uuid, UuidHash> ids;
    std::unordered_map<std::string, Uuid> heads; // subject -> id of its latest event
    std::map<std::string, Instant> latest;          // device -> newest time that it gave
    std::map<KeyId, std::vector<std::uint64_t>> signedBy;
    std::function<bool(const Digest &)> isStored;
    std::vector<EntryVerdict> problems; // ascending seq
    EntryState worst = EntryState::Valid;
    std::uint64_t signaturesChecked = 0;
    std::uint64_t rootSize = 0; // of the root that was compared last
    Digest root;

    struct Slot : Candidate {
        std::vector<const EnrolledKey *> signers; // whose signatures are still to be checked
        bool isForged = false;                    // written by whoever checks them, read when all are done
        bool hasPassed = false;                   // all steps but the signatures, at its place
    };
    /// Entries that were judged in order and whose signatures are being checked.
    struct Batch {
        std::vector<Bytes> bytes; // of entries that are ours; empty where the caller keeps them
        std::vector<Slot> slots;
        std::shared_ptr<Workers::Batch> signatures;
        std::size_t size = 0; // of all entries, bytes
        std::uint64_t first() const { return slots.front().verdict.seq; }
    };
    std::deque<std::unique_ptr<Batch>> inWork; // oldest first
    std::size_t bytesInWork = 0;
    Workers workers;                           // last: its threads are gone before what they work on

    void begin(std::unique_ptr<Batch> batch, std::span<const Bytes> entries);
    void settleOldest(const Accept &accept);
    void settleSome(const Accept &accept);
    void settleAll(const Accept &accept);
    void noteGap(std::uint64_t first, const Accept &accept);
    void judgeInOrder(Slot &slot);
    void judgeRecord(Slot &slot, const Event &event);
    void judgeKeys(Slot &slot, const Event &event);
    void dispute(const EnrolledKey &key, const Slot &revocation);
    void judgeTime(Slot &slot, const Event &event);
    void note(const EntryVerdict &verdict);
    const Digest &rootAt(std::uint64_t size);
};

Verifier::Verifier() : d(std::make_unique<Private>()) { d->root = d->tree.rootAt(0); }
Verifier::~Verifier() = default;

void Verifier::checkEvidence(std::function<bool(const Digest &)> isStored) { d->isStored = std::move(isStored); }

void Verifier::add(std::uint64_t first, std::span<const Bytes> entries, const Accept &accept)
{
    if (first != d->tree.size())
        return d->noteGap(first, accept);
    for (; !entries.empty(); entries = entries.subspan(std::min(kAtOnce, entries.size()))) {
        d->begin(std::make_unique<Private::Batch>(), entries.first(std::min(kAtOnce, entries.size())));
        d->settleSome(accept);
    }
    d->settleAll(accept); // the bytes are the caller's
}

void Verifier::feed(std::uint64_t first, std::vector<Bytes> entries, const Accept &accept)
{
    if (first != d->tree.size())
        return d->noteGap(first, accept);
    for (std::size_t at = 0; at < entries.size(); at += kAtOnce) {
        auto batch = std::make_unique<Private::Batch>();
        const auto from = entries.begin() + static_cast<std::ptrdiff_t>(at);
        batch->bytes.assign(std::make_move_iterator(from), std::make_move_iterator(from + static_cast<std::ptrdiff_t>(std::min(kAtOnce, entries.size() - at))));
        const std::span<const Bytes> bytes = batch->bytes;
        d->begin(std::move(batch), bytes);
        d->settleSome(accept);
    }
}

void Verifier::finish(const Accept &accept) { d->settleAll(accept); }

/// Reads the entries on all cores and judges them in order; their signatures are then under way.
void Verifier::Private::begin(std::unique_ptr<Batch> fresh, std::span<const Bytes> entries)
{
    Batch &batch = *inWork.emplace_back(std::move(fresh));
    const std::uint64_t base = tree.size();
    batch.slots.resize(entries.size());
    for (const auto &entry : entries)
        batch.size += entry.size();
    bytesInWork += batch.size;
    for (std::size_t i = 0; i < entries.size(); ++i)
        batch.slots[i].verdict.seq = base + i;
    const auto reading = workers.start(entries.size(), [&batch, entries, base](std::size_t i) {
        static_cast<Candidate &>(batch.slots[i]) = readCandidate(base + i, entries[i]);
    }, true);
    workers.finish(*reading);
    for (auto &slot : batch.slots)
        judgeInOrder(slot);
    batch.signatures = workers.start(batch.slots.size(), [&batch](std::size_t i) {
        Slot &slot = batch.slots[i];
        slot.isForged = !slot.signers.empty() && !areSignaturesGood(slot, slot.signers);
    });
}

void Verifier::Private::settleOldest(const Accept &accept)
{
    const std::unique_ptr<Batch> batch = std::move(inWork.front());
    workers.finish(*batch->signatures);
    inWork.pop_front();
    bytesInWork -= batch->size;
    for (auto &slot : batch->slots) {
        if (slot.isForged)
            slot.fail(Signatures, "A signature does not fit the event.");
        if (slot.hasPassed && !slot.isForged)
            judgeTime(slot, *slot.event);
        note(slot.verdict);
        if (!slot.event || !accept)
            continue;
        VerifiedEntry entry{slot.verdict.seq, std::move(*slot.event), slot.leaf, {}};
        for (const EntrySignature &signature : slot.signatures)
            entry.signers.push_back(signature.key);
        accept(std::move(entry), slot.verdict);
    }
}

void Verifier::Private::noteGap(std::uint64_t first, const Accept &accept)
{
    settleAll(accept);
    note({first, EntryState::Invalid, Framing, "Entries are missing before this one."});
}

/// Leaves as much in work as keeps all cores busy.
void Verifier::Private::settleSome(const Accept &accept)
{
    while (inWork.size() >= kMostInWork || (bytesInWork > kMostBytesInWork && !inWork.empty()))
        settleOldest(accept);
}

void Verifier::Private::settleAll(const Accept &accept)
{
    while (!inWork.empty())
        settleOldest(accept);
}

/// Everything that depends on the entries before: steps 4 to 11, but for the signatures, which are left to all cores.
void Verifier::Private::judgeInOrder(Slot &slot)
{
    const std::uint64_t seq = slot.verdict.seq;
    if (seq == 0)
        ledger = LedgerId::of(slot.leaf.hex());
    if (slot.event) {
        const Event &event = *slot.event;
        const bool isGenesis = event.kind == "ledger.genesis";
        if (isGenesis != (seq == 0))
            slot.fail(SameLedger, isGenesis ? "A second genesis entry cannot stand inside a log." : "The log does not begin with a genesis entry.");
        else if (!isGenesis && event.ledger != ledger)
            slot.fail(SameLedger, "It belongs to another ledger.");
        if (!ids.insert(uuidBits(event.id)).second)
            slot.fail(UniqueId, "An earlier entry has the same id.");
        if (slot.isUndecided())
            judgeKeys(slot, event);
        judgeRecord(slot, event);
    } else if (seq == 0) {
        slot.fail(SameLedger, "The log does not begin with a genesis entry.");
    }
    slot.hasPassed = slot.isUndecided();
    tree.append(slot.leaf);
}

/// Events of one transaction have all seen the same tree.
const Digest &Verifier::Private::rootAt(std::uint64_t size)
{
    if (size != rootSize) {
        root = tree.rootAt(size);
        rootSize = size;
    }
    return root;
}

/// Steps 6, 7 and 10. Where keys and roles come and go the signature must be known now; all others can wait.
void Verifier::Private::judgeKeys(Slot &slot, const Event &event)
{
    const std::uint64_t seq = slot.verdict.seq;
    if (seq == 0) {
        ring.found(slot);
        ++signaturesChecked;
        if (!slot.isUndecided())
            return;
        roster.apply(event);
        signedBy[event.actor.key].push_back(0);
        return;
    }
    const bool isAboutKeys = event.kind.starts_with("key.");
    auto signers = ring.signersOf(slot);
    if (isAboutKeys)
        ring.judge(slot, ledger);
    if (!slot.isUndecided())
        return;
    signaturesChecked += signers.size();
    const bool changesState = Roster::isChangedBy(event.kind);
    if (changesState && !areSignaturesGood(slot, signers))
        slot.fail(Signatures, "A signature does not fit the event.");
    if (const Status status = roster.judge(event, seq, signers.front()->keyClass == KeyClass::Person, ring); !status)
        slot.fail(PolicyInForce, status.error().message);
    if (changesState && slot.isUndecided()) {
        if (const EnrolledKey *key = isAboutKeys ? ring.apply(slot) : nullptr)
            dispute(*key, slot);
        roster.apply(event);
    }
    for (const EnrolledKey *signer : signers) // after the dispute: a revocation is judged by the state before it, also of its own key
        signedBy[signer->id].push_back(seq);
    if (!changesState)
        slot.signers = std::move(signers);
}

/// Entries that a key signed between the moment it is revoked from and the revocation itself: nobody can say any more who signed them.
void Verifier::Private::dispute(const EnrolledKey &key, const Slot &revocation)
{
    const std::string reason = "Its key was revoked later, from entry " + std::to_string(*key.revokedFrom) + " on, by entry " + std::to_string(revocation.verdict.seq) + ".";
    const auto &numbers = signedBy[key.id];
    for (auto seq = std::ranges::lower_bound(numbers, *key.revokedFrom); seq != numbers.end(); ++seq) {
        if (*seq >= inWork.front()->first()) {
            const auto batch = std::find_if(inWork.rbegin(), inWork.rend(), [&](const auto &one) { return one->first() <= *seq; });
            if (Slot &slot = (*batch)->slots[*seq - (*batch)->first()]; slot.verdict.state > EntryState::Disputed)
                slot.verdict = {*seq, EntryState::Disputed, KeyState, reason};
            continue;
        }
        worst = std::min(worst, EntryState::Disputed);
        const auto place = std::ranges::lower_bound(problems, *seq, {}, &EntryVerdict::seq);
        if (place == problems.end() || place->seq != *seq)
            problems.insert(place, {*seq, EntryState::Disputed, KeyState, reason});
        else if (place->state > EntryState::Disputed)
            *place = {*seq, EntryState::Disputed, KeyState, reason};
    }
}

/// Steps 8, 9 and 11. Heads move with every event that can be read, valid or not: the order of the log decides, not our verdict.
void Verifier::Private::judgeRecord(Slot &slot, const Event &event)
{
    const std::uint64_t seq = slot.verdict.seq;
    if (event.seen.size > seq)
        slot.fail(SeenRoot, "It claims to have seen entries that come after it.");
    else if (rootAt(event.seen.size) != event.seen.root)
        slot.fail(SeenRoot, "It was signed over another history: the first " + std::to_string(event.seen.size) + " entries were not these.");
    if (event.expects) {
        const auto head = heads.find(event.expects->subject);
        const std::string_view expected = event.expects->head; // empty, or "e:" and a UUID
        if (head == heads.end() ? !expected.empty() : expected.empty() || head->second != uuidBits(expected.substr(2)))
            slot.fail(ExpectedHead, "Its subject " + event.expects->subject + " had changed since the signer looked.");
    }
    if (std::string subject = subjectOf(event); !subject.empty())
        heads[std::move(subject)] = uuidBits(event.id);
    if (!slot.isUndecided() || !isStored)
        return;
    for (const Digest &digest : evidenceOf(event))
        if (!isStored(digest))
            slot.fail(EvidenceStored, "The evidence " + digest.shortHex() + " is not stored, or is not what was signed.", EntryState::EvidenceMissing);
}

/// Step 12, after the signatures: a forged time must not flag an honest one. What only a later revocation disputes counts as it did at
/// its place.
void Verifier::Private::judgeTime(Slot &slot, const Event &event)
{
    Instant &newest = latest.try_emplace(event.actor.device == "none" ? event.actor.key.text() : event.actor.device, event.time).first->second;
    if (event.time + kClockTolerance < newest)
        slot.fail(PlausibleTime, "Its time, " + formatUtc(event.time) + ", lies before " + formatUtc(newest) + ", which the same device gave earlier.", EntryState::Flagged);
    newest = std::max(newest, event.time);
}

void Verifier::Private::note(const EntryVerdict &verdict)
{
    if (verdict.state == EntryState::Valid)
        return;
    worst = std::min(worst, verdict.state);
    problems.push_back(verdict);
}

TreeHead Verifier::head() const { return {d->tree.size(), d->tree.rootAt(d->tree.size())}; }
Digest Verifier::rootAt(std::uint64_t size) const { return d->tree.rootAt(size); }
const std::map<KeyId, EnrolledKey> &Verifier::keys() const { return d->ring.keys(); }
LedgerId Verifier::ledger() const { return d->ledger; }
const std::vector<EntryVerdict> &Verifier::problems() const { return d->problems; }
EntryState Verifier::worst() const { return d->worst; }
std::uint64_t Verifier::signaturesChecked() const { return d->signaturesChecked; }

} // namespace countersign::ledger
