#include "models/services/workspace/genesis.h"

#include "models/base/text.h"
#include "models/ledger/entry.h"
#include "models/services/workspace/hints.h"

namespace countersign::services {

Result<Genesis> readGenesis(store::LedgerStore &ledger)
{
    const auto entries = ledger.read(0, 1);
    if (!entries)
        return entries.error();
    if (entries->empty())
        return Error{ErrorKind::NotFound, "The workspace was never finished. Make it again.", {}, hint::kMakeWorkspace};
    const auto entry = ledger::decodeEntry(entries->front());
    const auto event = entry ? ledger::decodeEvent(entry->payload) : Result<ledger::Event>(entry.error());
    if (!event || event->kind != "ledger.genesis")
        return Error{ErrorKind::Tampered, "The first entry of the ledger is not its beginning.", {}};
    Genesis genesis;
    genesis.ledger = LedgerId::of(ledger::leafHash(entries->front()).hex());
    const json::Value *origin = event->body.find("origin");
    const auto plain =
        origin && origin->string() ? text::unescape(*origin->string()) : Result<std::string>(std::string());
    genesis.origin = plain ? *plain : std::string();
    const json::Value *sample = event->body.find("sample");
    genesis.isSample = sample && sample->boolean() && *sample->boolean();
    return genesis;
}

} // namespace countersign::services
