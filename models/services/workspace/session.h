#pragma once

#include "models/base/random.h"
#include "models/base/time.h"
#include "models/crypto/signing.h"
#include "models/database/connection.h"
#include "models/domain/people.h"
#include "models/ledger/event.h"
#include "models/ledger/merkle.h"
#include "models/services/asof/asofpoint.h"
#include "models/services/workspace/attemptlimit.h"
#include "models/services/workspace/memory.h"
#include "models/store/ledgerstore.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

/// The use cases: free functions that read, decide and append events. Windows and commands call the same ones.
namespace countersign::services {

/// What a session takes from outside. Tests freeze the clock, seed the randomness and make keys cheap.
struct Environment {
    std::shared_ptr<const Clock> clock = std::make_shared<SystemClock>();
    std::shared_ptr<Randomness> randomness = std::make_shared<SystemRandomness>();
    std::shared_ptr<const crypto::SigningKey> device; ///< this computer's key; none: nothing can be written without a passphrase
    crypto::WrapCost wrapCost;
    /// What this computer's keychain adds to a passphrase; `make`: also where there is none yet. Unsupported: no keychain; nothing set: the same.
    std::function<Result<std::shared_ptr<const crypto::WrapSecret>>(bool make)> wrapSecret;
    /// This person's folder for what must outlive a database: states of ledgers that were verified, signatures on their way. Empty: nowhere.
    std::filesystem::path kept;
    std::shared_ptr<AttemptLimits> attempts = std::make_shared<AttemptLimits>(); ///< wrong passphrases, over all sessions of the program
};

/// A key at hand, with the name it signs under.
struct Signer {
    const crypto::SigningKey *key = nullptr;
    ledger::Actor actor;
};

struct OpenRequest {
    database::Location location;
    std::string password;      ///< PostgreSQL
    bool readOnly = false;
    std::string person;        ///< id, login or name of who works here; empty: nobody yet
};

struct FounderRequest;

/// One open workspace on one thread: connection, ledger, who works, and the state of the tree that was recomputed from the bytes.
class Session
{
public:
    /// Opens, brings the schema up to date, and recomputes the tree from the entries' bytes. A workspace whose entries do not give the
    /// tree that it claims, or are no continuation of what this computer remembers, opens all the same, to be looked at and verified, but
    /// never written: see damage().
    /// NotFound, Denied, Io, Unsupported as Connection::open.
    static Result<std::unique_ptr<Session>> open(const OpenRequest &request, Environment environment);

    /// On a connection to a workspace as it is; as open() goes on from there.
    static Result<std::unique_ptr<Session>> over(std::unique_ptr<database::Connection> connection, Environment environment);

    /// A state of the past that openAsOf() replayed.
    struct Past {
        std::unique_ptr<database::Connection> connection;
        Environment environment; ///< its clock stands still
        AsOf asOf;
        std::optional<Error> damage;
        ledger::CompactTree tree;
    };
    /// Reads it; nothing can be written. Documents come from `present`, which must outlive it.
    static Result<std::unique_ptr<Session>> ofPast(Past past, Session &present);

    database::Connection &connection() { return *m_connection; }
    store::LedgerStore &ledger() { return m_ledger; }
    const Environment &environment() const { return m_environment; }
    Instant now() const { return m_environment.clock->now(); }

    const LedgerId &ledgerId() const { return m_ledgerId; }
    const std::string &origin() const { return m_origin; } ///< the workspace's name
    bool isSample() const { return m_isSample; }
    bool isReadOnly() const { return m_connection->isReadOnly(); }

    /// Which state of the past this is; nothing for the present.
    const std::optional<AsOf> &asOf() const { return m_asOf; }
    /// The session that this one looks back from; nullptr for the present.
    Session *present() const { return m_present; }

    /// What the database does against changes behind the program's back, and what one should know about where it lies: sentences. English.
    const std::string &databaseNote();
    /// Why nothing may be written: the ledger is not what it claims to be. Nothing while all is well.
    const std::optional<Error> &damage() const { return m_damage; }

    /// The state of this ledger that this computer remembers outside the database; nothing where it remembers none.
    const std::optional<KnownHead> &knownHead() const;
    /// Why the state verified last could not be remembered. Nothing while all is well.
    const std::optional<Error> &memoryTrouble() const { return m_memoryTrouble; }

    /// Whether this computer has not remembered a state of this ledger today (UTC) before this session.
    bool isFirstToday() const { return m_isFirstToday; }
    /// Whether this session appended entries.
    bool hasAppended() const { return m_hasAppended; }

    /// Who works here; nobody when reading only.
    const std::optional<Person> &person() const { return m_person; }
    Status setPerson(const std::string &text);

    /// Reads the entries that others appended since, and recomputes. Tampered: the ledger got shorter or its past changed, or it does not
    /// continue what this computer remembers.
    Status catchUp();
    ledger::TreeHead verifiedHead() const { return {m_tree.size(), m_tree.root()}; }

    /// Denied: reading only. Tampered: damage().
    Status mayWrite() const;
    /// Whether this computer's key may sign here: enrolled, and not revoked.
    Result<bool> isDeviceEnrolled();
    /// This computer's key as signer for the current person. Denied: reading only, no device key, not enrolled in this workspace
    /// (hint::kEnrolDevice), revoked, or nobody works here (hint::kChoosePerson).
    Result<Signer> deviceSigner();
    /// Signs what is rehearsed and never kept: needs neither a person nor an enrolled key.
    Result<Signer> rehearsalSigner();
    /// A person's key, unlocked. Denied: wrong passphrase, no key, or too many wrong ones before (see attempts()): the fifth in a row closes
    /// signing as that person for a quarter of an hour, on every computer, and leaves security.unlock_failed in the ledger.
    Result<std::shared_ptr<crypto::SigningKey>> unlock(const Person &person, const crypto::Secret &passphrase);
    /// Where the signing policy allows a series: the key that a passphrase opened less than its minutes ago, for further signatures of that
    /// person in this session; otherwise nothing. The time runs from the passphrase and is not prolonged, by a clock that nobody sets.
    std::shared_ptr<crypto::SigningKey> seriesKey(const Person &person);
    /// Wipes what a series keeps: nobody is there, or somebody else works here.
    void forgetKeys() { m_series.reset(); }
    /// The same of the copy that was carried here under words (keys/carry.h). NotFound: none, or an older one.
    Result<std::shared_ptr<crypto::SigningKey>> unlockCarried(const Person &person, const crypto::Secret &passphrase, const crypto::WrapSecret &words,
                                                              std::chrono::milliseconds oldest);
    /// Wrong passphrases of a person, in this program and in the record.
    AttemptLimit attempts(const Person &person);
    Signer personSigner(const Person &person, Role role, const crypto::SigningKey &key) const;

private:
    friend class Journal;
    friend class StateAcceptance;
    friend Result<std::unique_ptr<Session>> createWorkspace(const FounderRequest &, const crypto::Secret &, Environment);
    Session(std::unique_ptr<database::Connection> connection, Environment environment);
    Status readGenesis();
    Status countAttempt(const std::string &key, int failures, std::int64_t opensAt);
    void closeSigning(const Person &person, const std::string &key);
    Result<std::shared_ptr<crypto::SigningKey>> tryPassphrase(const Person &person, const std::string &id, BytesView wrapped, const crypto::Secret &passphrase,
                                                              const crypto::WrapSecret *second);
    Status readOn();
    Status judgePlace();
    void remember();                  ///< the verified head, outside the database

    std::unique_ptr<database::Connection> m_connection;
    Environment m_environment;
    store::LedgerStore m_ledger;
    LedgerId m_ledgerId;
    std::string m_origin;
    bool m_isSample = false;
    std::optional<Person> m_person;
    std::optional<AsOf> m_asOf;
    Session *m_present = nullptr;
    ledger::CompactTree m_tree;
    std::string m_databaseNote;
    std::optional<Error> m_damage;
    struct Series {
        PersonId person;
        std::shared_ptr<crypto::SigningKey> key;
        std::chrono::steady_clock::time_point ends;
    };
    std::optional<Series> m_series;
    std::optional<LedgerMemory> m_memory;
    std::optional<Error> m_memoryTrouble;
    bool m_isFirstToday = false;
    bool m_hasAppended = false;
    std::optional<crypto::SigningKey> m_rehearsalKey; ///< where the computer has none
};

} // namespace countersign::services
