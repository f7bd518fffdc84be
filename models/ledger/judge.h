#pragma once

#include "models/ledger/verifier.h"

#include <map>
#include <optional>
#include <span>
#include <vector>

/// Internal to models/ledger: the checks of one entry, shared by the replay of a whole log and by the check of a proof bundle.
namespace countersign::ledger {

/// The numbered checks of FORMAT.md, "Verification".
enum Step { Framing = 1, Canonical, KnownKind, SameLedger, UniqueId, KeyState, Signatures, SeenRoot, ExpectedHead, PolicyInForce, EvidenceStored, PlausibleTime, Included };

/// An entry on its way to a verdict. Views the bytes it was made from.
struct Candidate {
    Digest leaf;
    BytesView payload;
    std::vector<EntrySignature> signatures;
    std::optional<Event> event;
    EntryVerdict verdict;

    bool isUndecided() const { return verdict.state == EntryState::Valid; }
    /// Keeps the earliest step that failed; what is invalid is no longer merely disputed.
    void fail(Step step, std::string reason, EntryState state = EntryState::Invalid);
};

/// Steps 1 to 3 and the leaf hash. Touches nothing shared.
Candidate readCandidate(std::uint64_t seq, BytesView entry);

/// The keys that a log has enrolled so far.
class KeyRing
{
public:
    KeyRing() = default;
    KeyRing(const KeyRing &) = delete;
    KeyRing &operator=(const KeyRing &) = delete;

    const std::map<KeyId, EnrolledKey> &keys() const { return m_keys; }

    /// Step 6 for an entry after genesis: fails the candidate, or gives the keys of its signatures in order.
    std::vector<const EnrolledKey *> signersOf(Candidate &candidate) const;
    /// Steps 6 and 7 for the genesis entry; enrols the first key.
    void found(Candidate &candidate);
    /// Step 6 for what a key.… entry says about keys: fails the candidate where that is not sound.
    void judge(Candidate &candidate, const LedgerId &ledger) const;
    /// Takes in a key.… entry that was judged and is good. Gives the key that it revoked, whose earlier entries may now be disputed.
    const EnrolledKey *apply(const Candidate &candidate);

private:
    void add(EnrolledKey key);
    void judgeNew(Candidate &candidate, const Enrolment &enrolment, const LedgerId &ledger) const;
    void judgeConfirmation(Candidate &candidate, const Confirmation &confirmation) const;
    void judgeRotation(Candidate &candidate, const Rotation &rotation, const LedgerId &ledger) const;
    const EnrolledKey *find(const KeyId &id) const;

    std::map<KeyId, EnrolledKey> m_keys;
    std::map<Digest, EnrolledKey *> m_byDigest;
};

/// Step 2 for the bodies that verification reads. Invalid: one of them is malformed.
Status checkBody(const Event &event);
/// The enrolled key that signed a note about a tree of that size; nullptr when none did that could.
const EnrolledKey *checkpointSigner(const std::map<KeyId, EnrolledKey> &keys, std::string_view note, std::uint64_t size);
/// A colleague's program that signed a checkpoint as well.
struct Cosigner {
    KeyId key;
    std::string device;
    Instant time;
};
/// The enrolled devices that co-signed a note about a tree of that size. Tampered: a line of one of them does not verify, which makes the
/// whole note invalid.
Result<std::vector<Cosigner>> cosignersOf(const std::map<KeyId, EnrolledKey> &keys, const LedgerId &ledger, std::string_view note, std::uint64_t size);
/// Step 7 for one entry.
bool areSignaturesGood(const Candidate &candidate, std::span<const EnrolledKey *const> signers);

} // namespace countersign::ledger
