#include "models/services/workspace/newer.h"

#include "models/ledger/entry.h"
#include "models/ledger/verifier.h"

#include <string_view>

namespace countersign::services {

namespace {

/// A payload ends with its members ledger, seen, time and v, none of which holds free text: the last "kind" before them is the event's own.
std::string_view kindOf(std::string_view payload)
{
    constexpr std::string_view member = R"("kind":")";
    const auto at = payload.rfind(member);
    if (at == std::string_view::npos)
        return {};
    const std::string_view rest = payload.substr(at + member.size());
    return rest.substr(0, rest.find('"'));
}

} // namespace

std::optional<std::string> newerThanKnown(std::uint64_t number, BytesView bytes)
{
    const auto entry = ledger::viewEntry(bytes);
    if (!entry)
        return {};
    const std::string_view payload(reinterpret_cast<const char *>(entry->payload.data()), entry->payload.size());
    if (payload.ends_with(R"(,"v":1})") && ledger::isKnownKind(kindOf(payload)))
        return {};
    const auto event = ledger::decodeEvent(entry->payload);
    std::string what;
    if (event && !ledger::isKnownKind(event->kind))
        what = "of a kind that this program does not know, " + event->kind;
    else if (!event && event.error().kind == ErrorKind::Unsupported)
        what = "written in a later form than this program knows";
    else
        return {};
    return "Entry " + std::to_string(number) + " of the ledger is " + what + ". A newer Countersign works in this workspace; with this one it is open for reading only, and what such "
           + "entries say is not shown. Update this program to record anything.";
}

} // namespace countersign::services
