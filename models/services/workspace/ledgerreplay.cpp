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
    const auto total = end ? Result<std::uint64_t>(*end) : m_from.size();
    if (!total)
        return total.error();
    while (!end || m_fed < *end) {
        auto entries = m_from.read(m_fed, end ? static_cast<std::size_t>(std::min<std::uint64_t>(kBatch, *end - m_fed)) : kBatch);
        if (!entries)
            return entries.error();
        if (entries->empty())
            return {};
        if (m_hooks.read)
            m_hooks.read(*entries);
        const std::uint64_t first = m_fed;
        m_fed += entries->size();
        m_verifier.feed(first, std::move(*entries), m_accept);
        if (!m_failure)
            return m_failure;
        progress(m_fed, std::max(*total, m_fed), "replaying the ledger");
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

Status LedgerReplay::project(const ledger::VerifiedEntry &entry, const ledger::EntryVerdict &verdict)
{
    if (m_hooks.accept)
        if (const auto status = m_hooks.accept(entry); !status)
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
    if (const auto *scores = entry.event.kind == "metrics.computed" ? entry.event.body.find("scores") : nullptr; scores && scores->string()) {
        const auto digest = Digest::parse(*scores->string());
        const auto bytes = digest ? evidence(*digest) : Result<Bytes>(digest.error());
        if (!bytes)
            noteAt(entry.seq, bytes.error().message);
    }
    const auto status = m_projector.apply(entry.event, entry.seq);
    if (!status && (status.error().kind == ErrorKind::Tampered || status.error().kind == ErrorKind::NotFound || status.error().kind == ErrorKind::Invalid)) {
        noteAt(entry.seq, status.error().text());
        return status.error().kind == ErrorKind::Tampered ? Status() : status;
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
