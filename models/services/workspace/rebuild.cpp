#include "models/services/workspace/rebuild.h"

#include "models/services/workspace/journal.h"
#include "models/services/workspace/ledgerreplay.h"
#include "models/services/workspace/verification.h"
#include "models/store/eventbody.h"
#include "models/store/projection/revision.h"

#include <algorithm>

namespace countersign::services {

namespace {

constexpr std::size_t kMostSentences = 20; ///< of a security event, as FORMAT.md has it

Status replayInPlace(database::Connection &connection, const Progress &progress)
{
    auto transaction = database::Transaction::begin(connection);
    if (!transaction)
        return transaction.error();
    if (const auto status = store::clearProjections(connection); !status)
        return status;
    store::LedgerStore ledger(connection);
    LedgerReplay::Hooks hooks;
    hooks.note = [](const std::string &, std::uint64_t) {}; // what verification says of the same entries
    hooks.cancelled = "Making the tables anew was cancelled; they are as they were.";
    LedgerReplay replay(ledger, connection, std::move(hooks));
    if (const auto status = replay.replay({}, progress); !status)
        return status;
    if (const auto status = replay.finish(); !status)
        return status;
    if (const auto status = store::finishProjections(connection); !status)
        return status;
    return transaction->commit();
}

} // namespace

Status rebuildTables(database::Connection &connection, const Progress &progress)
{
    return database::asSchemaOwner(connection, "The tables of the workspace do not follow from its ledger as this program reads it", [&] { return replayInPlace(connection, progress); });
}

Status checkTables(database::Connection &connection)
{
    const auto revision = store::projectionRevision(connection);
    if (!revision)
        return revision.error();
    if (*revision == store::kProjectionRevision)
        return {};
    if (*revision > store::kProjectionRevision)
        return Error{ErrorKind::Unsupported, "The tables of the workspace were made by a newer Countersign. Update this program; nothing that is recorded changes.", {}};
    return Error{ErrorKind::Denied, "The tables of the workspace were made by an older Countersign. Open it once for writing, which makes them anew from the ledger.", {}};
}

Status bringTablesUpToDate(database::Connection &connection, const Progress &progress)
{
    const auto checked = checkTables(connection);
    if (checked || checked.error().kind != ErrorKind::Denied || connection.isReadOnly())
        return checked;
    return rebuildTables(connection, progress);
}

Result<std::uint64_t> repairTables(Session &session, const Progress &progress)
{
    if (const auto status = session.mayWrite(); !status)
        return status.error();
    const auto found = verifyWorkspace(session.connection(), progress);
    if (!found)
        return found.error();
    if (found->isIntact())
        return Error{ErrorKind::Conflict, "The tables are what follows from the ledger; there is nothing to repair.", {}};
    if (found->provedEntries || !found->isTreeAsRecorded)
        return Error{ErrorKind::Tampered, "The ledger itself was changed, and nothing can be made from it. Restore a backup: " + found->sentence(), {}};
    auto journal = SignedJournal::begin(session);
    if (!journal)
        return journal.error();
    std::vector<std::string> sentences;
    for (const auto &finding : found->findings)
        if (sentences.size() < kMostSentences)
            sentences.push_back(finding.sentence);
    const auto seq = journal->record({"security.verification_failed",
                                      {{"root", found->head.root.text()}, {"sentences", store::textArray(sentences)}, {"size", found->head.size}}, {}, {}, {}});
    if (!seq)
        return seq.error();
    if (const auto status = journal->journal->commit(); !status)
        return status.error();
    journal->journal.reset();
    if (const auto status = rebuildTables(session.connection(), progress); !status)
        return status.error();
    return found->problems;
}

} // namespace countersign::services
