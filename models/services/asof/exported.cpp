#include "models/services/asof/exported.h"

#include "models/ledger/entry.h"
#include "models/ledger/ledgerfile.h"
#include "models/store/schema.h"
#include "models/store/statements.h"

#include <fstream>

namespace countersign::services {

namespace {

constexpr std::size_t kAtOnce = 1024; // entries

/// Files the parts of a ledger file where a workspace has them.
class Filing
{
public:
    explicit Filing(database::Connection &scratch) : m_scratch(scratch), m_store(scratch) {}

    Status begin()
    {
        store::Statements sql(m_scratch);
        sql.run("INSERT INTO ledger_head (id, size, tree) VALUES (1, 0, ?)", store::Blob{m_tree.serialized()});
        return sql.status();
    }

    Status take(ledger::LedgerFilePart &&part)
    {
        using Kind = ledger::LedgerFilePart::Kind;
        switch (part.kind) {
        case Kind::Evidence: {
            const auto digest = m_store.putEvidence(part.media, part.bytes);
            return digest ? Status() : Status(digest.error());
        }
        case Kind::Entry: return entry(std::move(part.bytes));
        case Kind::Checkpoint: {
            const auto note = ledger::readCheckpointUnverified(part.bytes);
            if (const auto status = note ? append() : Status(note.error()); !status)
                return status;
            const auto kept = m_store.putCheckpoint(note->head.size, part.bytes);
            return kept ? Status() : Status(kept.error());
        }
        case Kind::End: return append();
        }
        return {};
    }

private:
    Status entry(Bytes bytes)
    {
        const auto parts = ledger::decodeEntry(bytes);
        const auto event = parts ? ledger::decodeEvent(parts->payload) : Result<ledger::Event>(parts.error());
        // What cannot be read has no id; the replay judges it.
        m_entries.push_back({event ? event->id : ledger::leafHash(bytes).hex().substr(0, 32), std::move(bytes)});
        return m_entries.size() < kAtOnce ? Status() : append();
    }

    Status append()
    {
        const auto status = m_entries.empty() ? Status() : m_store.append(m_entries, 0, m_tree);
        m_entries.clear();
        return status;
    }

    database::Connection &m_scratch;
    store::LedgerStore m_store;
    ledger::CompactTree m_tree;
    std::vector<store::SealedEntry> m_entries;
};

Error unreadable(const std::filesystem::path &file) { return {ErrorKind::Io, "The ledger file cannot be read: " + file.string(), {}}; }

Status fill(database::Connection &scratch, const std::filesystem::path &file, const Progress &progress)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return unreadable(file);
    std::error_code ignored;
    const std::uint64_t size = std::filesystem::file_size(file, ignored);
    std::uint64_t done = 0;
    ledger::LedgerFileReader reader([&](std::size_t most) -> Result<Bytes> {
        Bytes bytes(most, '\0');
        stream.read(bytes.data(), static_cast<std::streamsize>(most));
        bytes.resize(static_cast<std::size_t>(stream.gcount()));
        if (stream.bad())
            return unreadable(file);
        done += bytes.size();
        return bytes;
    });
    auto transaction = database::Transaction::begin(scratch);
    if (!transaction)
        return transaction.error();
    Filing filing(scratch);
    if (const auto status = filing.begin(); !status)
        return status;
    for (std::uint64_t parts = 0;; ++parts) {
        auto part = reader.next();
        if (!part)
            return part.error().in(file.string());
        const bool isEnd = part->kind == ledger::LedgerFilePart::Kind::End;
        if (const auto status = filing.take(std::move(*part)); !status)
            return status;
        if (isEnd)
            return transaction->commit();
        if (parts % kAtOnce != 0)
            continue;
        progress(done, std::max(size, done), "reading the ledger file");
        if (progress.isCancelled())
            return Error{ErrorKind::Cancelled, "Reading the ledger file was stopped.", {}};
    }
}

} // namespace

bool isExportedLedger(const std::filesystem::path &file)
{
    std::ifstream stream(file, std::ios::binary);
    std::string beginning(ledger::kLedgerFileBeginning.size(), '\0');
    return stream.read(beginning.data(), static_cast<std::streamsize>(beginning.size())) && beginning == ledger::kLedgerFileBeginning;
}

Result<std::unique_ptr<Session>> openExported(const std::filesystem::path &file, Environment environment, const Progress &progress)
{
    auto scratch = database::Connection::openScratch();
    if (!scratch)
        return scratch.error();
    if (const auto indexes = store::prepareReplay(**scratch); !indexes)
        return indexes.error();
    if (const auto status = fill(**scratch, file, progress); !status)
        return status.error();
    if (const auto status = (*scratch)->makeReadOnly("This is an exported ledger. It is read and shown; nothing can be recorded in it."); !status)
        return status.error();
    environment.kept.clear(); // an export is an earlier state by its nature
    return Session::over(std::move(*scratch), std::move(environment));
}

} // namespace countersign::services
