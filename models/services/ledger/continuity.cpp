#include "models/services/ledger/continuity.h"

#include "models/ledger/entry.h"
#include "models/ledger/keys.h"
#include "models/ledger/proof.h"
#include "models/store/statements.h"

#include <algorithm>
#include <set>

namespace countersign::services {

namespace {

constexpr std::size_t kBatch = 4096;

/// Reads entries from the first on, at most `size`; `step` gets the tree after each, and the first one's bytes.
Result<ledger::CompactTree> walk(store::LedgerStore &store, std::uint64_t size,
                                 const std::function<void(const ledger::CompactTree &)> &step)
{
    ledger::CompactTree tree;
    while (tree.size() < size) {
        const auto entries =
            store.read(tree.size(), static_cast<std::size_t>(std::min<std::uint64_t>(kBatch, size - tree.size())));
        if (!entries)
            return entries.error();
        if (entries->empty())
            break;
        for (const auto &entry : *entries) {
            tree.append(ledger::leafHash(entry));
            step(tree);
        }
    }
    return tree;
}

struct FirstEntry {
    LedgerId id;
    bool isSample = false;
};

Result<std::optional<FirstEntry>> firstEntry(store::LedgerStore &store)
{
    const auto entries = store.read(0, 1);
    if (!entries)
        return entries.error();
    if (entries->empty())
        return std::optional<FirstEntry>();
    FirstEntry first{LedgerId::of(ledger::leafHash(entries->front()).hex()), false};
    const auto entry = ledger::decodeEntry(entries->front());
    const auto event = entry ? ledger::decodeEvent(entry->payload) : Result<ledger::Event>(entry.error());
    const auto genesis = event ? ledger::readGenesis(event->body) : Result<ledger::Genesis>(event.error());
    first.isSample = genesis && genesis->isSample;
    return std::optional(first);
}

} // namespace

std::size_t Witnesses::persons() const
{
    std::set<std::string> persons;
    for (const NoteSigner &cosigner : cosigners) {
        const auto isPublisher = [&](const NoteSigner &publisher) { return publisher.person == cosigner.person; };
        if (!cosigner.isRevoked && std::ranges::none_of(publishers, isPublisher))
            persons.insert(cosigner.person);
    }
    return persons.size();
}

std::string Witnesses::sentence() const
{
    const auto count = persons();
    if (count == 0 && wanted == 0)
        return "not co-signed";
    const std::string of = wanted > 0 ? " of " + std::to_string(wanted) : std::string();
    return "co-signed by " + std::to_string(count) + of +
           ((wanted > 0 ? wanted : static_cast<std::int64_t>(count)) == 1 ? " person" : " persons");
}

Result<Witnesses> witnessesOf(database::Connection &connection, const LedgerId &ledger, const std::string &note)
{
    Witnesses witnesses;
    store::Statements sql(connection);
    sql.each("SELECT k.owner, k.public, k.enrolled_by, COALESCE(p.name, ''), k.revoked_from FROM enrolled_key k LEFT "
             "JOIN person p ON p.id = k.enrolled_by "
             "WHERE k.class = 'device' ORDER BY k.enrolled_at",
             [&](const database::Query &row) {
                 const auto key = crypto::PublicKey::fromBytes(row.bytes(1));
                 if (!key)
                     return;
                 NoteSigner signer{DeviceId::of(row.text(0)), row.text(2), row.text(3), {}, !row.isNull(4)};
                 if (ledger::verifyCheckpoint(note, *key))
                     witnesses.publishers.push_back(signer);
                 if (const auto at =
                         ledger::verifyCosignature(note, ledger::cosignerName(ledger, signer.device), *key)) {
                     signer.at = *at;
                     witnesses.cosigners.push_back(signer);
                 }
             });
    witnesses.wanted = sql.integer("SELECT cosigners FROM signing_policy ORDER BY entry DESC LIMIT 1").value_or(0);
    return sql.ok() ? Result<Witnesses>(std::move(witnesses)) : Result<Witnesses>(sql.status().error());
}

Result<Continuity> compareWithKept(database::Connection &connection, const std::string &note)
{
    auto kept = ledger::readCheckpointUnverified(note);
    if (!kept)
        return kept.error();
    store::LedgerStore store(connection);
    const auto first = firstEntry(store);
    const auto tree = first ? walk(store, kept->head.size, [](const ledger::CompactTree &) {})
                            : Result<ledger::CompactTree>(first.error());
    if (!tree)
        return tree.error();
    Continuity continuity{std::move(*kept), {}, {}};
    const auto &head = continuity.kept.head;
    if (*first && ledger::checkpointOrigin((*first)->id) != continuity.kept.origin)
        continuity.problem = "The checkpoint is of another ledger, " + continuity.kept.origin + ".";
    else if (tree->size() < head.size)
        continuity.problem = "The checkpoint was made over " + std::to_string(head.size) +
                             " entries; the ledger has only " + std::to_string(tree->size()) +
                             ". Entries were cut off.";
    else if (tree->root() != head.root)
        continuity.problem = "The first " + std::to_string(head.size) + " entries are not those of the checkpoint.";
    if (*first) {
        auto witnesses = witnessesOf(connection, (*first)->id, note);
        if (!witnesses)
            return witnesses.error();
        continuity.witnesses = std::move(*witnesses);
    }
    return continuity;
}

Result<std::string> checkpointIn(BytesView file)
{
    const bool isPdf = file.substr(0, 1024).find("%PDF-") != BytesView::npos;
    if (!isPdf && !file.starts_with('{')) {
        const auto checkpoint = ledger::readCheckpointUnverified(file);
        return checkpoint ? Result<std::string>(std::string(file)) : Result<std::string>(checkpoint.error());
    }
    const auto attached = isPdf ? ledger::extractAttachment(file, "bundle.countersign") : Result<Bytes>(Bytes(file));
    const auto bundle = attached ? ledger::decodeProof(*attached) : Result<ledger::ProofBundle>(attached.error());
    return bundle ? Result<std::string>(bundle->checkpoint) : Result<std::string>(bundle.error());
}

Result<RememberedState> compareWithMemory(database::Connection &connection, const Environment &environment)
{
    RememberedState state;
    store::LedgerStore store(connection);
    const auto first = environment.kept.empty() ? Result<std::optional<FirstEntry>>(std::nullopt) : firstEntry(store);
    if (!first)
        return first.error();
    if (!*first)
        return state;
    LedgerMemory memory(environment, connection.location(), (*first)->id, (*first)->isSample);
    memory.recall({});
    state.known = memory.known();
    const auto tree = walk(store, UINT64_MAX, [&memory](const ledger::CompactTree &grown) { memory.pass(grown); });
    if (!tree)
        return tree.error();
    const ledger::TreeHead found{tree->size(), tree->root()};
    auto judged = memory.judge(found);
    if (judged)
        judged = memory.judgePlace(found);
    if (!judged)
        state.problem = judged.error();
    return state;
}

} // namespace countersign::services
