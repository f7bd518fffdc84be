#include "models/services/workspace/rowauthors.h"

#include "models/ledger/entry.h"
#include "models/store/projection/projector.h"
#include "models/store/schema.h"

namespace countersign::services {

namespace {

constexpr std::size_t kBatch = 2048;

class Replaying
{
public:
    Replaying(store::LedgerStore &ledger, database::Connection &scratch, std::span<const store::TableDifference> rows)
        : m_writers(scratch, rows), m_projector(scratch, [&ledger](const Digest &digest) -> Result<Bytes> {
              auto found = ledger.evidence(digest);
              return found ? Result<Bytes>(std::move(found->bytes)) : Result<Bytes>(found.error());
          })
    {
    }

    Status watch(database::Connection &replayed) { return m_writers.watch(replayed); }

    // Entries of one change saw the same ledger. What follows from their rows together is settled after the last of them, as it was when
    // they were recorded; between them the rows may be in no state that ever was.
    Status apply(const Bytes &bytes, std::uint64_t seq)
    {
        const auto parts = ledger::decodeEntry(bytes);
        const auto event = parts ? ledger::decodeEvent(parts->payload) : Result<ledger::Event>(parts.error());
        if (!event)
            return {}; // the first replay said so
        if (event->seen.size != m_seen && m_projector.willSettle(m_writers.versions()))
            if (const auto status = m_projector.settle(); !status)
                return status;
        m_seen = event->seen.size;
        if (const auto status = m_writers.begin(seq); !status)
            return status;
        return m_projector.apply(*event, seq);
    }

    Result<std::vector<store::RowAuthor>> finish()
    {
        if (const auto status = m_projector.settle(); !status)
            return status.error();
        return m_writers.authors();
    }

private:
    store::LastWriters m_writers;
    store::Projector m_projector;
    std::uint64_t m_seen = 0;
};

} // namespace

Result<std::vector<store::RowAuthor>> rowAuthors(store::LedgerStore &ledger, const ReplayedEntries &entries, database::Connection &replayed,
                                                 std::span<const store::TableDifference> rows, const Progress &progress)
{
    auto scratch = database::Connection::openScratch();
    if (!scratch)
        return scratch.error();
    if (const auto indexes = store::prepareReplay(**scratch); !indexes)
        return indexes.error();
    auto transaction = database::Transaction::begin(**scratch);
    if (!transaction)
        return transaction.error();
    Replaying replaying(ledger, **scratch, rows);
    if (const auto status = replaying.watch(replayed); !status)
        return status.error();
    std::uint64_t seq = 0;
    while (seq < entries.size) {
        const auto batch = ledger.read(seq, static_cast<std::size_t>(std::min<std::uint64_t>(kBatch, entries.size - seq)));
        if (!batch)
            return batch.error();
        if (batch->empty())
            break;
        for (const auto &bytes : *batch) {
            if (!entries.skipped.contains(seq))
                if (const auto status = replaying.apply(bytes, seq); !status)
                    return status.error();
            ++seq;
        }
        progress(seq, entries.size, "finding who wrote what differs");
        if (progress.isCancelled())
            return Error{ErrorKind::Cancelled, "Verification was cancelled.", {}};
    }
    return replaying.finish();
}

} // namespace countersign::services
