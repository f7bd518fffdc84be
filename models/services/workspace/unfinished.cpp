#include "models/services/workspace/unfinished.h"

#include "models/base/text.h"
#include "models/services/workspace/genesis.h"
#include "models/services/workspace/memory.h"
#include "models/store/statements.h"

namespace countersign::services {

namespace {

constexpr std::size_t kBatch = 4096;

Error notThis(std::string sentence)
{
    return {ErrorKind::Tampered, std::move(sentence), {}};
}

/// Whether what is read here are tables: in a file that somebody brings they could be views that never end.
bool hasTables(database::Connection &connection)
{
    store::Statements sql(connection);
    return sql.integer("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('entry', 'ledger_head') AND sql LIKE 'CREATE TABLE %'") == 2;
}

/// Recomputed from the entries' bytes, which `memory` sees pass.
Result<ledger::CompactTree> wholeTree(store::LedgerStore &ledger, LedgerMemory &memory)
{
    const auto claimed = ledger.head(false);
    if (!claimed)
        return claimed.error();
    ledger::CompactTree tree;
    memory.recall(tree);
    for (bool isMore = true; isMore;) {
        const auto entries = ledger.read(tree.size(), kBatch);
        if (!entries)
            return entries.error();
        for (const auto &bytes : *entries) {
            tree.append(ledger::leafHash(bytes));
            memory.pass(tree);
        }
        isMore = !entries->empty();
    }
    if (tree.size() != claimed->size() || tree.root() != claimed->root())
        return notThis("Its entries do not give the tree that is recorded with them.");
    return tree;
}

Status judge(const Environment &environment, const database::Location &location, database::Connection &undone,
             database::Connection *found)
{
    const auto version = database::schemaVersion(undone);
    if (!version)
        return version.error();
    if (*version > 0 && !hasTables(undone))
        return notThis("Its ledger is no table of this program's.");
    store::LedgerStore ledger(undone);
    const auto genesis = *version > 0 ? readGenesis(ledger) : Result<Genesis>(Error{ErrorKind::NotFound, {}, {}});
    if (!genesis && genesis.error().kind != ErrorKind::NotFound)
        return genesis.error();
    LedgerMemory memory(environment, location, genesis ? genesis->ledger : LedgerId::of("none"),
                        genesis && genesis->isSample);
    // What is damaged there is told when the workspace is open, and is no reason to leave it unfinished.
    const auto here = memory.ledgerHere();
    const bool isKnownPlace = here && here->has_value();
    if (!genesis) // the program was making the workspace
        return isKnownPlace ? Status(notThis("No ledger is left in it, and this computer knows one at this place."))
                            : Status();
    if (found && hasTables(*found)) {
        store::LedgerStore before(*found);
        const auto other = readGenesis(before);
        if (other && other->ledger != genesis->ledger)
            return notThis("It is another workspace, “" + text::visible(genesis->origin) + "”; this one is “" +
                           text::visible(other->origin) + "”.");
    }
    if (isKnownPlace && **here != genesis->ledger)
        return notThis("It is another workspace, “" + text::visible(genesis->origin) +
                       "”, than the one that this computer knows at this place.");
    const auto tree = wholeTree(ledger, memory);
    if (!tree)
        return tree.error();
    const auto contradiction = memory.contradiction({tree->size(), tree->root()});
    return contradiction.empty() ? Status() : Status(notThis(contradiction));
}

} // namespace

std::function<Status(database::Connection &, database::Connection *)> undoneJudge(const Environment &environment,
                                                                                  const database::Location &location)
{
    return [environment, location](database::Connection &undone, database::Connection *found) {
        return judge(environment, location, undone, found);
    };
}

} // namespace countersign::services
