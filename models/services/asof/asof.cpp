#include "models/services/asof/asof.h"

#include "models/base/parallel.h"
#include "models/ledger/entry.h"
#include "models/services/workspace/ledgerreplay.h"
#include "models/store/schema.h"
#include "models/store/statements.h"

#include <deque>
#include <thread>

namespace countersign::services {

namespace {

constexpr std::size_t kBatch = 2048;
constexpr std::size_t kMostDamageTold = 3;
const Error kCancelled{ErrorKind::Cancelled, "Looking back was stopped.", {}};

/// Stands still at a moment of the past, in today's zone.
class PastClock final : public Clock
{
public:
    PastClock(Instant at, std::shared_ptr<const Clock> present) : m_at(at), m_present(std::move(present)) {}
    Instant now() const override { return m_at; }
    int utcOffsetMinutes(Instant t) const override { return m_present->utcOffsetMinutes(t); }

private:
    Instant m_at;
    std::shared_ptr<const Clock> m_present;
};

/// When an entry says that it was recorded; nothing of one that cannot be read.
std::optional<Instant> timeOf(const Bytes &bytes)
{
    const auto entry = ledger::decodeEntry(bytes);
    const auto event = entry ? ledger::decodeEvent(entry->payload) : Result<ledger::Event>(entry.error());
    return event ? std::optional(event->time) : std::nullopt;
}

/// The number of entries up to the last one that is not after `t`, looked for from the newest back; 0 when there is none.
Result<std::uint64_t> sizeAt(store::LedgerStore &ledger, Instant t, std::uint64_t head, const Progress &progress)
{
    for (std::uint64_t end = head; end > 0;) {
        const std::uint64_t begin = end - std::min<std::uint64_t>(kBatch, end);
        const auto entries = ledger.read(begin, static_cast<std::size_t>(end - begin));
        if (!entries)
            return entries.error();
        std::vector<std::optional<Instant>> times(entries->size());
        constexpr std::size_t kAtOnce = 64;
        forEachTask((times.size() + kAtOnce - 1) / kAtOnce, std::thread::hardware_concurrency(), [&](std::size_t task, unsigned) {
            for (std::size_t i = task * kAtOnce; i < std::min(times.size(), (task + 1) * kAtOnce); ++i)
                times[i] = timeOf((*entries)[i]);
        });
        for (std::size_t i = times.size(); i > 0; --i)
            if (times[i - 1] && *times[i - 1] <= t)
                return begin + i;
        end = begin;
        progress(head - end, head, "looking for that moment");
        if (progress.isCancelled())
            return kCancelled;
    }
    return 0;
}

/// Replays into a scratch database that also gets the entries themselves, so that it is a workspace of its own.
class LookingBack
{
public:
    LookingBack(Session &present, const AsOfPoint &point, const Progress &progress) : m_present(present), m_point(point), m_progress(progress) {}

    Result<std::unique_ptr<Session>> run()
    {
        if (const auto status = findSize(); !status)
            return status.error();
        auto scratch = database::Connection::openScratch();
        if (!scratch)
            return scratch.error();
        m_scratch = std::move(*scratch);
        auto indexes = store::prepareReplay(*m_scratch);
        if (!indexes)
            return indexes.error();
        if (const auto status = replay(); !status)
            return status.error();
        for (const std::string &index : *indexes)
            if (const auto status = m_scratch->exec(index); !status)
                return status.error();
        return Session::ofPast({std::move(m_scratch), environment(), m_asOf, m_damage, m_tree}, m_present);
    }

private:
    Status findSize()
    {
        const auto head = m_present.ledger().size(); // not what was verified: a damaged ledger can be looked back into as well
        if (!head)
            return head.error();
        m_asOf.headSize = *head;
        if (m_point.size && *m_point.size == 0)
            return Error{ErrorKind::NotFound, "Before its first entry there was nothing. The least is 1 entry.", {}};
        if (m_point.size && *m_point.size > m_asOf.headSize)
            return Error{ErrorKind::NotFound, "The ledger has " + std::to_string(m_asOf.headSize) + " entries; " + std::to_string(*m_point.size) + " is beyond its end.", {}};
        if (m_point.size) {
            m_asOf.size = *m_point.size;
            return {};
        }
        const auto size = sizeAt(m_present.ledger(), m_point.time, m_asOf.headSize, m_progress);
        if (!size)
            return size.error();
        if (*size == 0) {
            const auto first = m_present.ledger().read(0, 1);
            const auto began = first && !first->empty() ? timeOf(first->front()) : std::nullopt;
            return Error{ErrorKind::NotFound, "At " + formatUtc(m_point.time) + " there was nothing yet." + (began ? " The record begins at " + formatUtc(*began) + "." : ""), {}};
        }
        m_asOf.size = *size;
        return {};
    }

    Environment environment() const
    {
        Environment environment = m_present.environment();
        environment.clock = std::make_shared<PastClock>(m_asOf.at, environment.clock);
        environment.kept.clear(); // nothing is remembered of the past
        return environment;
    }

    Status replay()
    {
        using Type = database::BulkWriter::Type;
        auto transaction = database::Transaction::begin(*m_scratch);
        if (!transaction)
            return transaction.error();
        auto writer = database::BulkWriter::open(*m_scratch, "entry", {{"seq", Type::Integer}, {"id", Type::Blob}, {"bytes", Type::Blob}, {"leaf", Type::Blob}, {"received_at", Type::Integer}});
        if (!writer)
            return writer.error();
        m_entries = &*writer;
        LedgerReplay replay(m_present.ledger(), *m_scratch,
                            {.note = [this](const std::string &sentence, std::uint64_t) { damaged(sentence); },
                             .read = [this](std::span<const Bytes> entries) { m_waiting.insert(m_waiting.end(), entries.begin(), entries.end()); },
                             .accept = [this](const ledger::VerifiedEntry &entry, const ledger::EntryVerdict &verdict) { return keep(entry, verdict.state != ledger::EntryState::Invalid); },
                             .cancelled = kCancelled.message});
        if (const auto status = replay.replay(m_asOf.size, m_progress); !status)
            return status;
        if (const auto status = replay.finish(); !status)
            return status;
        if (replay.size() < m_asOf.size)
            return Error{ErrorKind::Tampered, "The ledger has only " + std::to_string(replay.size()) + " of " + std::to_string(m_asOf.headSize) + " entries by now. Run Verify.", {}};
        while (!m_waiting.empty())
            if (const auto status = keepWaiting({}, {}); !status)
                return status;
        if (const auto status = writer->finish(); !status)
            return status;
        for (const auto &verdict : replay.verifier().problems())
            if (verdict.state != ledger::EntryState::Flagged)
                damaged("Entry " + std::to_string(verdict.seq) + " is " + std::string(ledger::entryStateWord(verdict.state)) + ": " + verdict.reason);
        finishAsOf();
        if (const auto status = putHead(); !status)
            return status;
        return transaction->commit();
    }

    /// Appends the entry that was read first of those that wait.
    Status keepWaiting(std::optional<Digest> leaf, std::string id)
    {
        const Bytes &bytes = m_waiting.front();
        if (!leaf)
            leaf = ledger::leafHash(bytes);
        std::erase(id, '-');
        auto raw = fromHex(id);
        if (!raw || raw->size() != 16)
            raw = Bytes(leaf->view().substr(0, 16)); // of an entry that cannot be read or is not valid
        m_entries->add(static_cast<std::int64_t>(m_tree.size())).addBytes(*raw).addBytes(bytes).addBytes(leaf->view()).add(std::int64_t{0});
        m_tree.append(*leaf);
        m_waiting.pop_front();
        return m_entries->endRow();
    }

    /// An invalid entry may bear the id of another: it is filed under a name of its own.
    Status keep(const ledger::VerifiedEntry &entry, bool isItsOwn)
    {
        while (m_tree.size() < entry.seq)
            if (const auto status = keepWaiting({}, {}); !status)
                return status;
        m_times.push_back(entry.event.time);
        return keepWaiting(entry.leaf, isItsOwn ? entry.event.id : std::string());
    }

    void finishAsOf()
    {
        m_asOf.root = m_tree.root();
        m_asOf.lastEntryAt = m_times.empty() ? Instant{} : m_times.back();
        m_asOf.at = m_point.size ? m_asOf.lastEntryAt : m_point.time;
        m_asOf.laterClaims = static_cast<std::uint64_t>(std::ranges::count_if(m_times, [this](Instant t) { return t > m_asOf.at; }));
    }

    /// What a workspace keeps beside the entries: the head of the ledger, and the checkpoints over no more than these entries.
    Status putHead()
    {
        store::Statements sql(*m_scratch);
        sql.run("INSERT INTO ledger_head (id, size, tree) VALUES (1, ?, ?)", m_tree.size(), store::Blob{m_tree.serialized()});
        if (!sql.ok())
            return sql.status();
        const auto notes = m_present.ledger().checkpoints();
        if (!notes)
            return notes.error();
        store::LedgerStore past(*m_scratch);
        for (const auto &[size, note] : *notes)
            if (size <= m_asOf.size)
                if (const auto kept = past.putCheckpoint(size, note); !kept)
                    return kept.error();
        return {};
    }

    void damaged(const std::string &sentence)
    {
        if (++m_damaged > kMostDamageTold)
            return;
        if (!m_damage)
            m_damage = Error{ErrorKind::Tampered, "The ledger is damaged; what follows from the entries named is left out.", {}};
        m_damage->message += " " + sentence;
    }

    Session &m_present;
    const AsOfPoint &m_point;
    const Progress &m_progress;
    std::unique_ptr<database::Connection> m_scratch;
    database::BulkWriter *m_entries = nullptr;
    std::deque<Bytes> m_waiting; ///< read, and not yet accepted
    std::vector<Instant> m_times;
    ledger::CompactTree m_tree;
    AsOf m_asOf;
    std::optional<Error> m_damage;
    std::size_t m_damaged = 0;
};

} // namespace

Result<std::unique_ptr<Session>> openAsOf(Session &present, const AsOfPoint &point, const Progress &progress) { return LookingBack(present, point, progress).run(); }

} // namespace countersign::services
