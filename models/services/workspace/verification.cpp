#include "models/services/workspace/verification.h"

#include "models/base/text.h"
#include "models/ledger/checkpoint.h"
#include "models/store/projection/projector.h"
#include "models/store/schema.h"

#include <algorithm>
#include <chrono>

namespace countersign::services {

namespace {

constexpr std::size_t kBatch = 2048;
constexpr std::size_t kMaxListed = 100;
using Seconds = std::chrono::duration<double>;

class Verifying
{
public:
    Verifying(database::Connection &connection, const Progress &progress) : m_live(connection), m_ledger(connection), m_progress(progress) {}

    Result<Verification> run()
    {
        const auto begin = std::chrono::steady_clock::now();
        // A schema that somebody changed is no reason not to look; one that has other tables is.
        if (const auto status = database::checkSchema(m_live, store::migrations(m_live.backend())); !status && status.error().kind != ErrorKind::Tampered)
            return status.error();
        auto scratch = database::Connection::openInMemory();
        if (!scratch)
            return scratch.error();
        m_scratch = std::move(*scratch);
        if (const auto status = store::prepareReplay(*m_scratch); !status)
            return status.error();
        if (const auto status = replayAndCompare(); !status)
            return status.error();
        m_result.seconds = Seconds(std::chrono::steady_clock::now() - begin).count();
        return std::move(m_result);
    }

private:
    Status replayAndCompare()
    {
        auto scratch = database::Transaction::begin(*m_scratch);
        if (!scratch)
            return scratch.error();
        m_projector.emplace(*m_scratch, [this](const Digest &digest) { return evidence(digest); });
        if (const auto status = replay(); !status)
            return status;
        // What others appended meanwhile; from here on we see one state, so that the tables are those of these very entries.
        std::optional<database::Transaction> state;
        if (!m_live.inTransaction()) {
            auto reading = database::Transaction::read(m_live);
            if (!reading)
                return reading.error();
            state.emplace(std::move(*reading));
        }
        if (const auto status = replay(); !status)
            return status;
        m_verifier.finish(m_accept);
        if (m_failure)
            m_failure = m_projector->settle();
        if (m_failure)
            m_failure = scratch->commit();
        if (!m_failure)
            return m_failure;
        noteLedger();
        for (const auto &step : {&Verifying::checkTree, &Verifying::checkCheckpoint, &Verifying::compare})
            if (const auto status = (this->*step)(); !status)
                return status;
        return {};
    }

    /// Entries after those that were fed. Their signatures are checked on all cores while this thread reads on and projects.
    Status replay()
    {
        const auto total = m_ledger.size();
        if (!total)
            return total.error();
        for (;;) {
            auto entries = m_ledger.read(m_fed, kBatch);
            if (!entries)
                return entries.error();
            if (entries->empty())
                return {};
            const std::uint64_t first = m_fed;
            m_fed += entries->size();
            m_verifier.feed(first, std::move(*entries), m_accept);
            if (!m_failure)
                return m_failure;
            m_progress(m_fed, *total, "replaying the ledger");
            if (m_progress.isCancelled())
                return Error{ErrorKind::Cancelled, "Verification was cancelled.", {}};
        }
    }

    void noteLedger()
    {
        for (const auto &verdict : m_verifier.problems())
            if (verdict.state != ledger::EntryState::Flagged)
                note("Entry " + std::to_string(verdict.seq) + " is " + std::string(ledger::entryStateWord(verdict.state)) + ": " + verdict.reason, static_cast<std::int64_t>(verdict.seq));
        const auto wrong = std::ranges::find_if(m_verifier.problems(), [](const ledger::EntryVerdict &verdict) { return verdict.state == ledger::EntryState::Invalid; });
        if (wrong != m_verifier.problems().end())
            m_result.provedEntries = wrong->seq;
        m_result.head = m_verifier.head();
        m_result.entries = m_result.head.size;
        m_result.signatures = m_verifier.signaturesChecked();
        m_result.worst = m_verifier.worst();
    }

    Status project(const ledger::VerifiedEntry &entry, const ledger::EntryVerdict &verdict)
    {
        if (m_result.origin.empty() && entry.event.kind == "ledger.genesis")
            m_result.origin = json::Value(entry.event.body).textOr("origin", {});
        // What was not validly signed is not part of the record, and the tables must not follow it.
        if (verdict.state == ledger::EntryState::Invalid || verdict.state == ledger::EntryState::UnknownNewer)
            return {};
        if (entry.event.evidence) {
            const auto bytes = evidence(*entry.event.evidence);
            if (!bytes && bytes.error().kind != ErrorKind::NotFound && bytes.error().kind != ErrorKind::Tampered)
                return bytes.error();
            if (!bytes) {
                note("Entry " + std::to_string(entry.seq) + ": " + bytes.error().message, static_cast<std::int64_t>(entry.seq));
                return {};
            }
        }
        if (const auto *scores = entry.event.kind == "metrics.computed" ? entry.event.body.find("scores") : nullptr; scores && scores->string()) {
            const auto digest = Digest::parse(*scores->string());
            const auto bytes = digest ? evidence(*digest) : Result<Bytes>(digest.error());
            if (!bytes)
                note("Entry " + std::to_string(entry.seq) + ": " + bytes.error().message, static_cast<std::int64_t>(entry.seq));
        }
        const auto status = m_projector->apply(entry.event, entry.seq);
        if (!status && (status.error().kind == ErrorKind::Tampered || status.error().kind == ErrorKind::NotFound || status.error().kind == ErrorKind::Invalid)) {
            note("Entry " + std::to_string(entry.seq) + ": " + status.error().text(), static_cast<std::int64_t>(entry.seq));
            return status.error().kind == ErrorKind::Tampered ? Status() : status;
        }
        return status;
    }

    Result<Bytes> evidence(const Digest &digest)
    {
        auto found = m_ledger.evidence(digest);
        if (!found)
            return found.error();
        ++m_result.evidence;
        return std::move(found->bytes);
    }

    Status checkTree()
    {
        const auto claimed = m_ledger.head(false);
        if (!claimed && claimed.error().kind != ErrorKind::Tampered && claimed.error().kind != ErrorKind::Invalid)
            return claimed.error();
        m_result.isTreeAsRecorded = claimed && claimed->size() == m_result.head.size && claimed->root() == m_result.head.root;
        if (!claimed)
            note(claimed.error().message, -1);
        else if (claimed->size() != m_result.head.size)
            note("The ledger recorded " + std::to_string(claimed->size()) + " entries and has " + std::to_string(m_result.head.size) + ".", -1);
        else if (!m_result.isTreeAsRecorded)
            note("The entries do not give the tree that was recorded with them.", -1);
        return {};
    }

    Status checkCheckpoint()
    {
        const auto note_ = m_ledger.latestCheckpoint();
        if (!note_)
            return note_.error();
        if (!*note_)
            return {};
        std::optional<ledger::Checkpoint> checkpoint;
        for (const auto &[id, key] : m_verifier.keys())
            if (key.keyClass == ledger::KeyClass::Device)
                if (const auto verified = ledger::verifyCheckpoint(**note_, key.key))
                    checkpoint = *verified;
        if (!checkpoint) {
            note("The newest checkpoint that was kept is not signed by a device of this workspace.", -1);
            return {};
        }
        const auto size = checkpoint->head.size;
        if (size > m_result.entries)
            note("A checkpoint of " + std::to_string(size) + " entries was kept; the ledger has only " + std::to_string(m_result.entries) + ".", -1);
        else if (m_verifier.rootAt(size) != checkpoint->head.root)
            note("The first " + std::to_string(size) + " entries are not those of the checkpoint that was kept.", -1);
        else
            m_result.checkpointSize = size;
        return {};
    }

    Status compare()
    {
        auto comparison = store::compareProjections(m_live, *m_scratch, m_progress);
        if (!comparison)
            return comparison.error();
        m_result.rows = comparison->rows;
        for (const auto &difference : comparison->first)
            note(difference.sentence(), difference.entry);
        m_result.problems += comparison->differences - comparison->first.size();
        return {};
    }

    void note(std::string sentence, std::int64_t entry)
    {
        ++m_result.problems;
        if (m_result.findings.size() >= kMaxListed)
            return;
        Finding finding{std::move(sentence), entry, {}, {}};
        if (entry >= 0) {
            const auto bytes = m_ledger.read(static_cast<std::uint64_t>(entry), 1);
            const auto parts = bytes && !bytes->empty() ? ledger::decodeEntry(bytes->front()) : Result<ledger::Entry>(Error{});
            const auto event = parts ? ledger::decodeEvent(parts->payload) : Result<ledger::Event>(Error{});
            if (event) {
                const auto name = text::unescape(event->actor.name);
                finding.entryAt = formatUtc(event->time);
                finding.entryBy = name ? *name : event->actor.name;
            }
        }
        m_result.findings.push_back(std::move(finding));
    }

    database::Connection &m_live;
    store::LedgerStore m_ledger;
    const Progress &m_progress;
    std::unique_ptr<database::Connection> m_scratch;
    ledger::Verifier m_verifier;
    std::optional<store::Projector> m_projector;
    ledger::Verifier::Accept m_accept = [this](ledger::VerifiedEntry &&entry, const ledger::EntryVerdict &verdict) {
        if (m_failure)
            m_failure = project(entry, verdict);
    };
    Status m_failure;
    std::uint64_t m_fed = 0; ///< entries read and given to the verifier
    Verification m_result;
};

std::string counted(std::uint64_t n, const char *one, const char *many) { return std::to_string(n) + " " + (n == 1 ? one : many); }

} // namespace

std::string Verification::sentence() const
{
    if (isIntact())
        return "The trail is intact: " + counted(entries, "entry", "entries") + ", " + counted(signatures, "signature", "signatures") + ", "
            + counted(rows, "table row", "table rows") + " as recorded.";
    std::string text = "The trail is not intact: " + counted(problems, "difference", "differences") + " found.";
    if (provedEntries)
        text += *provedEntries == 0 ? " No entry is proved." : " Entries 0 to " + std::to_string(*provedEntries - 1) + " remain proved.";
    else
        text += " All " + counted(entries, "entry", "entries") + " of the ledger remain proved; tables were changed behind the program's back.";
    return text;
}

Result<Verification> verifyWorkspace(database::Connection &connection, const Progress &progress) { return Verifying(connection, progress).run(); }

} // namespace countersign::services
