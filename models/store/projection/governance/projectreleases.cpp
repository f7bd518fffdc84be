// The projection of releases: files of versions by their digests, permissions to use them, and their revocation.

#include "models/store/projection/site.h"

namespace countersign::store {

namespace {

void addArtifact(ProjectionSite &site)
{
    const BodyReader &body = site.body;
    const auto digest = Digest::parse(body.text("digest"));
    if (!digest)
        return site.sql.fail(digest.error());
    site.sql.run("INSERT INTO artifact (version, digest, name, size, at, person, person_name, entry) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (version, digest) DO NOTHING",
                 body.text("version"), digest->hex(), body.text("name"), body.integer("size"), site.at(), site.event.actor.person.text(), site.actorName(), site.seq);
}

void issue(ProjectionSite &site)
{
    const BodyReader &body = site.body;
    const auto no = site.sql.integer("SELECT coalesce(max(no), 0) + 1 FROM release").value_or(1);
    site.sql.run("INSERT INTO release (id, no, model, version, expires, issued_at, issued_by, issued_by_name, entry, revoked_at, revoked_by_name, revoked_reason, revoked_entry) "
                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, '', '', NULL)",
                 body.text("release"), no, body.text("model"), body.text("version"), toMillis(body.time("expires")), site.at(), site.event.actor.person.text(),
                 site.actorName(), site.seq);
}

void revoke(ProjectionSite &site)
{
    site.sql.run("UPDATE release SET revoked_at = ?, revoked_by_name = ?, revoked_reason = ?, revoked_entry = ? WHERE id = ? AND revoked_entry IS NULL", site.at(),
                 site.actorName(), site.body.text("reason"), site.seq, site.body.text("release"));
}

} // namespace

const ProjectKinds &releaseKinds()
{
    static const ProjectKinds kinds{
        {"release.issue", issue},
        {"release.revoke", revoke},
        {"version.artifact", addArtifact},
    };
    return kinds;
}

} // namespace countersign::store
