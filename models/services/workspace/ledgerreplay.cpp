#include "models/services/workspace/ledgerreplay.h"

namespace countersign::services {

namespace {
constexpr std::size_t kBatch = 2048;
}

LedgerReplay::LedgerReplay(store::LedgerStore &from, database::Connection &scratch, Hooks hooks)
    : m_from(from), m_hooks(std::move(hooks)), m_projector(scratch, [this](const Digest &digest) { return evidence(digest); }),
      m_accept([this](ledger::VerifiedEntry &&entry, const ledger::EntryVerdict &verdict) {
          if (m_failure)
              m_failure = project(entry, verdict);
      })
{
}

Status LedgerReplay::replay(std::optional<std::uint64_t> end, const Progress &progress)
{
    const auto counted = end ? Result<std::uint64_t>(*end) : m_from.size();
    if (!counted && counted.error().kind != ErrorKind::Tampered)
        return counted.error();
    const std::uint64_t total = counted ? *counted : 0; // a damaged head is for others to tell
    while (!m_gap && (!end || m_fed < *end)) {
        auto rows = m_from.readStored(m_fed, end ? static_cast<std::size_t>(std::min<std::uint64_t>(kBatch, *end - m_fed)) : kBatch);
        if (!rows)
            return rows.error();
        if (rows->empty())
            return {};
        const std::uint64_t first = m_fed;
        std::vector<Bytes> entries;
        for (auto &row : *rows) {
            if (row.seq != m_fed) {
                m_gap = m_fed;
                m_hooks.note("Entry " + std::to_string(m_fed) + " is missing from the ledger; what comes after it cannot be judged.", m_fed);
                break;
            }
            ++m_fed;
            entries.push_back(std::move(row.bytes));
            m_beside.push_back(std::move(row));
        }
        if (m_hooks.read)
            m_hooks.read(entries);
        m_verifier.feed(first, std::move(entries), m_accept);
        if (!m_failure)
            return m_failure;
        progress(m_fed, std::max(total, m_fed), "replaying the ledger");
        if (progress.isCancelled())
            return Error{ErrorKind::Cancelled, m_hooks.cancelled, {}};
    }
    return {};
}

Status LedgerReplay::finish()
{
    m_verifier.finish(m_accept);
    if (m_failure)
        m_failure = m_projector.settle();
    return m_failure;
}

void LedgerReplay::noteAt(std::uint64_t entry, const std::string &sentence) { m_hooks.note("Entry " + std::to_string(entry) + ": " + sentence, entry); }

/// What stands beside an entry's bytes so that it is found: by its id when an outcome is unknown, by its leaf in proofs.
void LedgerReplay::checkBeside(const ledger::VerifiedEntry &entry)
{
    while (!m_beside.empty() && m_beside.front().seq < entry.seq)
        m_beside.pop_front(); // could not be decoded, and is invalid
    if (m_beside.empty() || m_beside.front().seq != entry.seq)
        return;
    std::string id = entry.event.id;
    std::erase(id, '-');
    const std::string number = "Entry " + std::to_string(entry.seq);
    if (toHex(m_beside.front().id) != id)
        m_hooks.note(number + " is kept under another id than its own: whoever looks for it does not find it.", entry.seq);
    if (m_beside.front().leaf != entry.leaf.view())
        m_hooks.note(number + " is kept with another leaf hash than that of its bytes: proofs made from it are wrong.", entry.seq);
    m_beside.pop_front();
}

Status LedgerReplay::project(const ledger::VerifiedEntry &entry, const ledger::EntryVerdict &verdict)
{
    checkBeside(entry);
    if (m_hooks.accept)
        if (const auto status = m_hooks.accept(entry, verdict); !status)
            return status;
    if (verdict.state == ledger::EntryState::Invalid || verdict.state == ledger::EntryState::UnknownNewer) {
        m_skipped.insert(entry.seq);
        return {};
    }
    if (entry.event.evidence) {
        const auto bytes = evidence(*entry.event.evidence);
        if (!bytes && bytes.error().kind != ErrorKind::NotFound && bytes.error().kind != ErrorKind::Tampered)
            return bytes.error();
        if (!bytes) {
            noteAt(entry.seq, bytes.error().message);
            m_skipped.insert(entry.seq);
            return {};
        }
    }
    for (const Digest &digest : ledger::evidenceOf(entry.event))
        if (digest != entry.event.evidence) // which nothing projected rests on
            if (const auto bytes = evidence(digest); !bytes)
                noteAt(entry.seq, bytes.error().message);
    const auto status = m_projector.apply(entry.event, entry.seq);
    const auto kind = status ? ErrorKind::Io : status.error().kind;
    // Wrong in itself, or resting on an entry that is no part of the record: told, and the replay goes on.
    if (kind == ErrorKind::Tampered || kind == ErrorKind::NotFound || kind == ErrorKind::Invalid || kind == ErrorKind::Conflict) {
        noteAt(entry.seq, status.error().text());
        return {};
    }
    return status;
}

Result<Bytes> LedgerReplay::evidence(const Digest &digest)
{
    auto found = m_from.evidence(digest);
    if (!found)
        return found.error();
    ++m_evidence;
    return std::move(found->bytes);
}

} // namespace countersign::services
