#pragma once

#include "models/base/progress.h"
#include "models/ledger/entry.h"
#include "models/ledger/keys.h"
#include "models/ledger/merkle.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace countersign::ledger {

/// The verdict words of FORMAT.md, worst first.
enum class EntryState { Invalid, Disputed, EvidenceMissing, UnknownNewer, Flagged, Valid };
std::string_view entryStateWord(EntryState state); ///< "invalid", "valid-flagged" …

struct EntryVerdict {
    std::uint64_t seq = 0;
    EntryState state = EntryState::Valid;
    int step = 0;        ///< the numbered check of FORMAT.md that failed; 0 when none did
    std::string reason;  ///< a sentence
};

/// An entry that passed, decoded: replay needs not decode again.
struct VerifiedEntry {
    std::uint64_t seq = 0;
    Event event;
    Digest leaf;
    std::vector<Digest> signers;
};

/// Replays a log from its first entry and judges each. Feed batches in order; all cores read them and check their signatures.
/// Pure: no database, no clock. Memory grows by one id, two hashes and one number per entry.
class Verifier
{
public:
    /// Gets every entry that decodes, in order, valid or not, with its verdict. On the thread that feeds.
    using Accept = std::function<void(VerifiedEntry &&, const EntryVerdict &)>;

    Verifier();
    ~Verifier();

    /// Who answers whether evidence is stored and has that digest; without it the step is not made. Set before the first entry.
    /// Called from add(), in order, on its thread.
    void checkEvidence(std::function<bool(const Digest &)> isStored);

    /// Judges the next entries, all of them. `first` must be the number of entries fed so far. A key revoked later disputes entries that were
    /// accepted as valid before; problems() then holds them.
    void add(std::uint64_t first, std::span<const Bytes> entries, const Accept &accept = {});

    /// The same, without waiting: some thousands of entries stay in work while this returns and the caller reads the next ones, so that
    /// no core is ever idle. What is done meanwhile is accepted here; finish() waits for the rest. Only then are the results below complete.
    void feed(std::uint64_t first, std::vector<Bytes> entries, const Accept &accept = {});
    void finish(const Accept &accept = {});

    TreeHead head() const;                              ///< of everything fed
    Digest rootAt(std::uint64_t size) const;            ///< of the first `size` entries. Precondition: not more than were fed
    const std::map<KeyId, EnrolledKey> &keys() const;
    LedgerId ledger() const;                            ///< from the genesis entry
    const std::vector<EntryVerdict> &problems() const;  ///< every verdict that is not Valid, ascending seq
    EntryState worst() const;
    std::uint64_t signaturesChecked() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// Kinds that only a person key may sign: "review.", "policy.", "key.", "person." and "ledger.genesis".
bool needsPersonKey(std::string_view kind);
/// Whether this program knows the kind (else: unknown-newer).
bool isKnownKind(std::string_view kind);

} // namespace countersign::ledger
