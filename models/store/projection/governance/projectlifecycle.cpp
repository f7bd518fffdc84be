// The projection of a model's life: what governs it, its tier, the stages that its versions moved through.

#include "models/domain/lifecycle.h"
#include "models/store/projection/site.h"

namespace countersign::store {

namespace {

void touchModel(ProjectionSite &site, const std::string &model)
{
    site.sql.each("SELECT id FROM version WHERE model = ?", [&site](const database::Query &row) { site.touchedVersions.insert(row.text(0)); }, model);
}

void govern(ProjectionSite &site)
{
    const std::string model = site.body.text("model");
    site.sql.run("DELETE FROM model_pack WHERE model = ?", model);
    std::int64_t place = 0;
    for (const std::string &pack : site.body.texts("packs"))
        site.sql.run("INSERT INTO model_pack (model, pack, place) VALUES (?, ?, ?)", model, pack, place++);
    touchModel(site, model);
}

void setTier(ProjectionSite &site, std::int64_t tier)
{
    const std::string model = site.body.text("model");
    site.sql.run("UPDATE model SET tier = ?, updated_at = ? WHERE id = ?", tier, site.at(), model);
    touchModel(site, model);
}

void assess(ProjectionSite &site)
{
    const BodyReader &body = site.body;
    const bool isConfirmed = !body.flag("needsConfirmation");
    std::string answers;
    for (const auto &[factor, level] : body.pairs("answers"))
        answers += (answers.empty() ? "" : " ") + factor + "=" + level; // ids of a pack: no spaces
    site.sql.run("INSERT INTO tier_assessment (event, model, pack, pack_version, answers, points, computed, tier, reason, at, person, person_name, entry, is_confirmed, "
                 "confirmed_at, confirmed_by_name, confirmed_entry) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, '', NULL)",
                 "e:" + site.event.id, body.text("model"), body.text("pack"), body.text("packVersion"), answers, body.integer("points"), body.integerOrNone("computed"),
                 body.integer("tier"), body.textOr("reason"), site.at(), site.event.actor.person.text(), site.actorName(), site.seq, isConfirmed);
    if (isConfirmed)
        setTier(site, body.integer("tier"));
}

void confirm(ProjectionSite &site)
{
    site.sql.run("UPDATE tier_assessment SET is_confirmed = 1, confirmed_at = ?, confirmed_by_name = ?, confirmed_entry = ? WHERE event = ?", site.at(), site.actorName(),
                 site.seq, site.body.text("assessment"));
    setTier(site, site.body.integer("tier"));
}

void move(ProjectionSite &site)
{
    const BodyReader &body = site.body;
    const auto stage = parseStage(body.text("stage"));
    if (!stage)
        return site.sql.fail(stage.error());
    const std::string version = body.text("version");
    site.sql.run("UPDATE version SET stage = ?, stage_id = ?, updated_at = ? WHERE id = ?", *stage, body.text("to"), site.at(), version);
    site.sql.run("INSERT INTO stage_move (entry, version, from_stage, to_stage, stage, transition, pack, pack_version, reason, at, person, person_name, gate) "
                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                 site.seq, version, body.text("from"), body.text("to"), *stage, body.textOr("transition"), body.text("pack"), body.text("packVersion"), body.textOr("reason"),
                 site.at(), site.event.actor.person.text(), site.actorName(), site.event.evidence ? site.event.evidence->hex() : std::string());
    site.touchedVersions.insert(version);
}

} // namespace

const ProjectKinds &lifecycleKinds()
{
    static const ProjectKinds kinds{
        {"model.govern", govern},
        {"version.move", move},
        {"model.assess", assess},
        {"model.confirm", confirm},
    };
    return kinds;
}

} // namespace countersign::store
