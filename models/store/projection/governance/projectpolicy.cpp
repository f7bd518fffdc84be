// The projection of policy: limits that somebody set, and packs with theirs.

#include "models/store/projection/site.h"

namespace countersign::store {

namespace {

void set(ProjectionSite &site) { setRule(site, site.event.body); }

/// The limits that come with a pack, or end with it. The event carries them whole, so that it can be read alone.
void setRules(ProjectionSite &site)
{
    const json::Value *rules = site.body.find("rules");
    if (!rules || !rules->array())
        return site.sql.fail({ErrorKind::Invalid, "A pack's event has no list of limits.", {}});
    for (const json::Value &rule : *rules->array()) {
        if (!rule.object())
            return site.sql.fail({ErrorKind::Invalid, "A limit of a pack is no document.", {}});
        setRule(site, *rule.object());
    }
    // Whom a pack is for may change with it, also for limits that stay as they are.
    site.sql.each("SELECT DISTINCT s.version FROM series s JOIN rule r ON r.metric = s.metric WHERE r.pack = ? AND s.version <> ''",
                  [&site](const database::Query &row) { site.touchedVersions.insert(row.text(0)); }, site.body.text("pack"));
}

void publish(ProjectionSite &site)
{
    const BodyReader &body = site.body;
    site.sql.run("INSERT INTO pack (pack, version, title, document, note, is_default, effective_from, published_at, published_by, published_by_name, entry, retired_at, "
                 "retired_by_name, retired_reason, retired_entry) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, '', '', NULL)",
                 body.text("pack"), body.text("packVersion"), body.text("title"), site.event.evidence ? site.event.evidence->hex() : std::string(), body.textOr("note"),
                 body.flag("default"), toMillis(body.time("effectiveFrom")), site.at(), site.event.actor.person.text(), site.actorName(), site.seq);
    setRules(site);
}

void retire(ProjectionSite &site)
{
    site.sql.run("UPDATE pack SET retired_at = ?, retired_by_name = ?, retired_reason = ?, retired_entry = ? WHERE pack = ? AND retired_entry IS NULL", site.at(),
                 site.actorName(), site.body.text("reason"), site.seq, site.body.text("pack"));
    setRules(site);
}

} // namespace

const ProjectKinds &policyKinds()
{
    static const ProjectKinds kinds{
        {"policy.set", set},
        {"policy.publish", publish},
        {"policy.retire", retire},
    };
    return kinds;
}

} // namespace countersign::store
