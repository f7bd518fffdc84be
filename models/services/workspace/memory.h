#pragma once

#include "models/base/time.h"
#include "models/crypto/signing.h"
#include "models/database/location.h"
#include "models/ledger/event.h"
#include "models/ledger/merkle.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace countersign::services {

struct Environment;

/// A state of a ledger that this computer has recomputed from the entries' bytes.
struct KnownHead {
    ledger::TreeHead head;
    Instant at{};          ///< when it was remembered
    bool isSigned = false; ///< by this computer's key
    std::string note;      ///< checkpoint and cosignature, as in the file
};

/// What this computer remembers of one ledger outside the ledger's database: the last state that it verified, and which
/// ledger was at that place. A database that was rolled back, cut off or exchanged as a whole passes every other check;
/// it does not pass this one.
///
/// In the folder Environment::kept, all files 0600, written whole and flushed, under a lock that other programs of this
/// person share:
///   heads/<ledger>.checkpoint   C2SP note with this computer's signature and timed cosignature; without a key
///   unsigned, and it says so places/<digest>.place       location, ledger id, signature evidence/… both states,
///   whenever they did not fit; and what was replaced on purpose
/// A state never goes back by itself. A file that is damaged or signed by another key is an alarm, and stays as it is.
/// With an empty folder nothing is remembered and nothing found wrong.
class LedgerMemory
{
public:
    LedgerMemory(const Environment &environment, const database::Location &location, const LedgerId &ledger,
                 bool isSample);

    /// Reads what is remembered, before the entries after `tree` are read; then pass() after each entry and judge() at
    /// the end.
    void recall(const ledger::CompactTree &tree);
    void pass(const ledger::CompactTree &tree)
    {
        if (m_known && tree.size() == m_known->head.size)
            m_rootThere = tree.root();
    }
    /// How the state found, behind recall() and pass(), contradicts the one remembered; empty where it continues it, or nothing is remembered.
    std::string contradiction(const ledger::TreeHead &found) const;
    /// Which ledger was at this place before, as far as this computer knows. Tampered: what it remembers of the place is damaged.
    Result<std::optional<LedgerId>> ledgerHere() const;

    /// Tampered (hint::kAcceptState): the state found does not continue the one remembered, which the sentence names,
    /// or what was remembered cannot be relied on. Both are kept as evidence then.
    Status judge(const ledger::TreeHead &found);
    /// The same when another ledger was at this place before.
    Status judgePlace(const ledger::TreeHead &found);

    /// Remembers a state that was judged, and the first time the place. Io: it cannot be written; everything else goes
    /// on.
    Status advance(const ledger::TreeHead &verified);
    /// Remembers this state in the place of whatever was there, which becomes evidence: somebody decided so.
    Status replace(const ledger::TreeHead &accepted);
    /// While somebody decides, judge() finds nothing and advance() does nothing.
    void setPaused(bool isPaused) { m_isPaused = isPaused; }

    const std::optional<KnownHead> &known() const { return m_known; }
    std::filesystem::path evidenceFolder() const { return m_folder / "evidence"; }
    bool isKept() const { return !m_folder.empty(); }

    /// A workspace is being made here: what was remembered of the one before becomes evidence.
    static void beginAnew(const Environment &environment, const database::Location &location);

private:
    std::filesystem::path headFile() const;
    std::filesystem::path placeFile() const;
    Result<std::optional<KnownHead>> readHead() const;
    std::string noteOf(const ledger::TreeHead &head) const;
    std::string placeText(const std::string &ledger) const;
    Status writePlace() const;
    Error alarm(const std::string &what, const ledger::TreeHead &found);
    std::string keepEvidence(const std::string &name, BytesView bytes) const;
    void keepReplaced(const std::filesystem::path &file) const;

    std::filesystem::path m_folder;
    std::shared_ptr<const crypto::SigningKey> m_device;
    std::shared_ptr<const Clock> m_clock;
    std::string m_place; ///< the same for every way to name it
    LedgerId m_ledger;
    bool m_isSample; ///< the same ledger on every computer: remembered by place
    bool m_isPaused = false;
    bool m_isPlaceKnown = false;
    std::optional<KnownHead> m_known;
    std::optional<Error> m_damage;     ///< of the file
    std::optional<Digest> m_rootThere; ///< root of as many entries as are remembered
};

} // namespace countersign::services
