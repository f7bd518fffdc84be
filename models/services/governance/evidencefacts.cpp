#include "models/services/governance/evidencefacts.h"

#include "models/store/eventbody.h"
#include "models/store/queries/governance/evidence.h"

#include <algorithm>

namespace countersign::services {

namespace {

Result<std::vector<Exhibit>> exhibitsOf(Session &session, const VersionId &version)
{
    store::ExhibitFilter filter;
    filter.version = version;
    auto exhibits = store::listExhibits(session.connection(), filter);
    if (exhibits)
        std::ranges::reverse(*exhibits);
    return exhibits;
}

json::Object factsOf(const Exhibit &exhibit, Instant now)
{
    json::Object facts{{"by", store::textValue(exhibit.addedByName)}, {"entry", exhibit.entry}, {"number", exhibit.number()}, {"state", std::string(exhibitStateKey(exhibit.state))},
                       {"title", store::textValue(exhibit.title)}};
    const auto setText = [&facts](const char *member, const std::string &text) {
        if (!text.empty())
            facts.set(member, store::textValue(text));
    };
    const auto setTime = [&facts](const char *member, const std::optional<Instant> &time) {
        if (time)
            facts.set(member, store::timeValue(*time));
    };
    if (exhibit.digest)
        facts.set("digest", exhibit.digest->text());
    setText("name", exhibit.name);
    setText("reason", exhibit.reason);
    setText("reference", exhibit.reference);
    setText("replacedBy", exhibit.replacedBy);
    setText("requirement", exhibit.requirement);
    setTime("expires", exhibit.expires);
    setTime("from", exhibit.from);
    setTime("to", exhibit.to);
    if (exhibit.isExpired(now))
        facts.set("expired", true);
    return facts;
}

} // namespace

Result<json::Array> evidenceFacts(Session &session, const VersionId &version)
{
    const auto exhibits = exhibitsOf(session, version);
    if (!exhibits)
        return exhibits.error();
    json::Array facts;
    for (const Exhibit &exhibit : *exhibits)
        facts.emplace_back(factsOf(exhibit, session.now()));
    return facts;
}

Result<std::set<std::uint64_t>> evidenceEntries(Session &session, const VersionId &version)
{
    const auto exhibits = exhibitsOf(session, version);
    if (!exhibits)
        return exhibits.error();
    std::set<std::uint64_t> entries;
    for (const Exhibit &exhibit : *exhibits) {
        const auto notes = store::exhibitNotes(session.connection(), exhibit.id);
        if (!notes)
            return notes.error();
        for (const ExhibitNote &note : *notes)
            entries.insert(static_cast<std::uint64_t>(note.entry));
    }
    return entries;
}

} // namespace countersign::services
