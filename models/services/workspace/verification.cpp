#include "models/services/workspace/verification.h"

#include "models/base/text.h"
#include "models/ledger/checkpoint.h"
#include "models/services/workspace/ledgerreplay.h"
#include "models/services/workspace/rebuild.h"
#include "models/services/workspace/rowauthors.h"
#include "models/store/guards/objects.h"
#include "models/store/schema.h"

#include <algorithm>
#include <chrono>

namespace countersign::services {

namespace {

constexpr std::size_t kMaxListed = 100;
using Seconds = std::chrono::duration<double>;

std::string counted(std::uint64_t n, const char *one, const char *many) { return std::to_string(n) + " " + (n == 1 ? one : many); }

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
        // What stands for a table could run, without an end, when it is read.
        const auto foreign = store::foreignObjects(m_live);
        if (const auto status = foreign ? store::checkReadable(*foreign) : Status(foreign.error()); !status)
            return status.error();
        if (const auto status = checkTables(m_live); !status)
            return status.error();
        auto scratch = database::Connection::openScratch();
        if (!scratch)
            return scratch.error();
        m_scratch = std::move(*scratch);
        if (const auto indexes = store::prepareReplay(*m_scratch); !indexes)
            return indexes.error();
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
        m_replay.emplace(m_ledger, *m_scratch,
                         LedgerReplay::Hooks{.note = [this](const std::string &sentence, std::uint64_t entry) { note(sentence, static_cast<std::int64_t>(entry)); },
                                             .accept = [this](const ledger::VerifiedEntry &entry, const ledger::EntryVerdict &) {
                                                 if (m_result.origin.empty() && entry.event.kind == "ledger.genesis")
                                                     m_result.origin = json::Value(entry.event.body).textOr("origin", {});
                                                 return Status();
                                             },
                                             .cancelled = "Verification was cancelled."});
        if (const auto status = m_replay->replay({}, m_progress); !status)
            return status;
        // What others appended meanwhile; from here on we see one state, so that the tables are those of these very entries.
        std::optional<database::Transaction> state;
        if (!m_live.inTransaction()) {
            auto reading = database::Transaction::read(m_live);
            if (!reading)
                return reading.error();
            state.emplace(std::move(*reading));
        }
        if (const auto status = m_replay->replay({}, m_progress); !status)
            return status;
        auto replayed = m_replay->finish();
        if (replayed)
            replayed = scratch->commit();
        if (const auto status = noteObjects(); !status)
            return status;
        noteLedger();
        // Where entries do not follow from each other any more, there may be no tables to compare with.
        if (!replayed && m_result.problems == 0)
            return replayed;
        if (const auto status = checkTree(); !status)
            return status;
        if (const auto status = checkCheckpoints(); !status)
            return status;
        return replayed ? compare() : Status();
    }

    /// Triggers, functions and tables that are not the program's.
    Status noteObjects()
    {
        const auto foreign = store::foreignObjects(m_live);
        if (!foreign)
            return foreign.error();
        for (const auto &object : *foreign)
            note(object.sentence, -1);
        return {};
    }

    void noteLedger()
    {
        const auto &verifier = m_replay->verifier();
        for (const auto &verdict : verifier.problems())
            if (verdict.state != ledger::EntryState::Flagged)
                note("Entry " + std::to_string(verdict.seq) + " is " + std::string(ledger::entryStateWord(verdict.state)) + ": " + verdict.reason, static_cast<std::int64_t>(verdict.seq));
        const auto wrong = std::ranges::find_if(verifier.problems(), [](const ledger::EntryVerdict &verdict) { return verdict.state == ledger::EntryState::Invalid; });
        if (wrong != verifier.problems().end())
            m_result.provedEntries = wrong->seq;
        else
            m_result.provedEntries = m_replay->gap();
        m_result.head = verifier.head();
        m_result.entries = m_result.head.size;
        m_result.signatures = verifier.signaturesChecked();
        m_result.evidence = m_replay->evidenceRead();
        m_result.worst = verifier.worst();
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

    Status checkCheckpoints()
    {
        const auto notes = m_ledger.checkpoints();
        if (!notes)
            return notes.error();
        for (const auto &[size, text] : *notes) {
            const auto checkpoint = signedByDevice(text);
            const std::string count = counted(size, "entry", "entries");
            if (!checkpoint)
                note("The checkpoint of " + count + " that was kept is not signed by a device of this workspace.", -1);
            else if (checkpoint->head.size != size)
                note("What was kept as the checkpoint of " + count + " is one of " + std::to_string(checkpoint->head.size) + ".", -1);
            else if (size > m_result.entries)
                note("A checkpoint of " + count + " was kept; the ledger has only " + std::to_string(m_result.entries) + ".", -1);
            else if (m_replay->verifier().rootAt(size) != checkpoint->head.root)
                note("The first " + count + " are not those of the checkpoint that was kept.", -1);
            else
                m_result.checkpointSize = size;
        }
        return {};
    }

    std::optional<ledger::Checkpoint> signedByDevice(const std::string &note) const
    {
        for (const auto &[id, key] : m_replay->verifier().keys())
            if (key.keyClass == ledger::KeyClass::Device)
                if (const auto verified = ledger::verifyCheckpoint(note, key.key))
                    return *verified;
        return {};
    }

    Status compare()
    {
        auto comparison = store::compareProjections(m_live, *m_scratch, m_progress);
        if (!comparison)
            return comparison.error();
        m_result.rows = comparison->rows;
        std::vector<store::RowAuthor> authors(comparison->first.size());
        if (!comparison->first.empty()) {
            auto found = rowAuthors(m_ledger, {m_replay->size(), m_replay->skipped()}, *m_scratch, comparison->first, m_progress);
            if (!found && (found.error().kind == ErrorKind::Cancelled || found.error().kind == ErrorKind::Io))
                return found.error();
            if (found) // else the differences stand without their authors
                authors = std::move(*found);
        }
        for (std::size_t i = 0; i < authors.size(); ++i) {
            const auto entry = authors[i].entry ? static_cast<std::int64_t>(*authors[i].entry) : -1;
            if (Discrepancy *finding = note(comparison->first[i].sentence(), entry)) {
                finding->row = comparison->first[i];
                finding->isRemoval = authors[i].isRemoval;
            }
        }
        m_result.problems += comparison->differences - comparison->first.size();
        return {};
    }

    Discrepancy *note(std::string sentence, std::int64_t entry)
    {
        ++m_result.problems;
        if (m_result.findings.size() >= kMaxListed)
            return nullptr;
        Discrepancy finding;
        finding.sentence = std::move(sentence);
        finding.entry = entry;
        if (entry >= 0) {
            const auto bytes = m_ledger.read(static_cast<std::uint64_t>(entry), 1);
            const auto parts = bytes && !bytes->empty() ? ledger::decodeEntry(bytes->front()) : Result<ledger::Entry>(Error{});
            const auto event = parts ? ledger::decodeEvent(parts->payload) : Result<ledger::Event>(Error{});
            if (event) {
                const auto name = text::unescape(event->actor.name);
                finding.entryKind = event->kind;
                finding.entryAt = formatUtc(event->time);
                finding.entryBy = name ? *name : event->actor.name;
            }
        }
        m_result.findings.push_back(std::move(finding));
        return &m_result.findings.back();
    }

    database::Connection &m_live;
    store::LedgerStore m_ledger;
    const Progress &m_progress;
    std::unique_ptr<database::Connection> m_scratch;
    std::optional<LedgerReplay> m_replay;
    Verification m_result;
};

} // namespace

std::string Discrepancy::provenance() const
{
    if (row && entry < 0)
        return row->kind == store::TableDifference::Kind::Extra ? "No entry of the ledger wrote it." : std::string();
    if (entry < 0)
        return {};
    std::string text = (!row ? "Entry " : isRemoval ? "Taken away by entry " : "Last written by entry ") + std::to_string(entry);
    if (!entryKind.empty())
        text += " (" + entryKind + ")";
    if (!entryAt.empty())
        text += " at " + entryAt;
    return text + (entryBy.empty() ? "" : " by " + entryBy) + ".";
}

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
