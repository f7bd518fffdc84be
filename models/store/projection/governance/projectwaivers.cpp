// The projection of waivers: asked for, granted or declined, ended. That a day has come is nobody's act and never written.

#include "models/domain/waivers.h"
#include "models/store/projection/site.h"

namespace countersign::store {

namespace {

void request(ProjectionSite &site)
{
    const BodyReader &body = site.body;
    const auto kind = parseRequirement(body.text("requirement"));
    if (!kind)
        return site.sql.fail(kind.error());
    const auto no = site.sql.integer("SELECT coalesce(max(no), 0) + 1 FROM waiver").value_or(1);
    site.sql.run("INSERT INTO waiver (no, id, model, version, kind, requirement, revision, slice, sentence, reason, control, until, state, requested_at, requested_by, "
                 "requested_by_name, entry, granted_at, granted_by, granted_by_name, granted_text, granted_entry, closed_at, closed_by, closed_by_name, closed_text, closed_entry) "
                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, '', '', '', NULL, NULL, '', '', '', NULL)",
                 no, body.text("waiver"), body.text("model"), body.text("version"), *kind, body.text("of"), body.integerOrNone("revision").value_or(0), body.textOr("slice"),
                 body.text("misses"), body.text("reason"), body.text("control"), toMillis(body.time("until")), WaiverState::Requested, site.at(),
                 site.event.actor.person.text(), site.actorName(), site.seq);
}

void grant(ProjectionSite &site)
{
    site.sql.run("UPDATE waiver SET state = ?, granted_at = ?, granted_by = ?, granted_by_name = ?, granted_text = ?, granted_entry = ? WHERE id = ?", WaiverState::Granted,
                 site.at(), site.event.actor.person.text(), site.actorName(), site.body.textOr("reason"), site.seq, site.body.text("waiver"));
    site.touchedVersions.insert(site.body.text("version"));
}

template<WaiverState State>
void close(ProjectionSite &site)
{
    site.sql.run("UPDATE waiver SET state = ?, closed_at = ?, closed_by = ?, closed_by_name = ?, closed_text = ?, closed_entry = ? WHERE id = ?", State, site.at(),
                 site.event.actor.person.text(), site.actorName(), site.body.textOr("reason"), site.seq, site.body.text("waiver"));
    site.touchedVersions.insert(site.body.text("version"));
}

} // namespace

const ProjectKinds &waiverKinds()
{
    static const ProjectKinds kinds{
        {"waiver.request", request},
        {"waiver.grant", grant},
        {"waiver.decline", close<WaiverState::Declined>},
        {"waiver.end", close<WaiverState::Ended>},
    };
    return kinds;
}

} // namespace countersign::store
