// The projection of evidence: what was added, and what was decided about it. What expired, and what took another's place, is told when it is read.

#include "models/domain/evidence.h"
#include "models/store/projection/site.h"

namespace countersign::store {

namespace {

void note(ProjectionSite &site, const std::string &act, const std::string &text)
{
    site.sql.run("INSERT INTO exhibit_note (entry, exhibit, act, text, at, person, person_name) VALUES (?, ?, ?, ?, ?, ?, ?)", site.seq, site.body.text("evidence"), act, text,
                 site.at(), site.event.actor.person.text(), site.actorName());
}

void add(ProjectionSite &site)
{
    const BodyReader &body = site.body;
    const auto millis = [&body](std::string_view key) {
        const auto time = body.timeOrNone(key);
        return time ? std::optional(toMillis(*time)) : std::nullopt;
    };
    const auto no = site.sql.integer("SELECT coalesce(max(no), 0) + 1 FROM exhibit").value_or(1);
    site.sql.run("INSERT INTO exhibit (no, id, model, version, title, note, requirement, digest, name, media, size, reference, period_from, period_to, expires, replaces, state, "
                 "added_at, added_by, added_by_name, decided_at, decided_by, decided_by_name, reason, entry) "
                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, '', '', '', ?)",
                 no, body.text("evidence"), body.text("model"), body.textOr("version"), body.text("title"), body.textOr("note"), body.textOr("requirement"),
                 site.event.evidence ? site.event.evidence->text() : std::string(), body.textOr("name"), body.textOr("media"), body.integerOrNone("size").value_or(0),
                 body.textOr("reference"), millis("from"), millis("to"), millis("expires"), body.textOr("replaces"), ExhibitState::Awaiting, site.at(),
                 site.event.actor.person.text(), site.actorName(), site.seq);
    note(site, "add", body.textOr("note"));
    if (const std::string answers = body.textOr("answers"); !answers.empty())
        site.sql.run("UPDATE evidence_request SET state = ?, exhibit = ?, closed_at = ?, closed_by = ?, closed_by_name = ? WHERE id = ?", EvidenceRequestState::Answered,
                     body.text("evidence"), site.at(), site.event.actor.person.text(), site.actorName(), answers);
}

void decide(ProjectionSite &site, ExhibitState state)
{
    const std::string reason = site.body.textOr("reason");
    site.sql.run("UPDATE exhibit SET state = ?, decided_at = ?, decided_by = ?, decided_by_name = ?, reason = ? WHERE id = ?", state, site.at(),
                 site.event.actor.person.text(), site.actorName(), reason, site.body.text("evidence"));
    note(site, std::string(exhibitStateKey(state)), reason);
}

void review(ProjectionSite &site)
{
    const auto state = parseExhibitState(site.body.text("outcome"));
    if (!state || (*state != ExhibitState::Accepted && *state != ExhibitState::Rejected))
        return site.sql.fail({ErrorKind::Invalid, "A review of evidence neither accepts nor rejects it.", {}});
    // No program of ours records it; whoever writes with another one accepts nothing of their own.
    if (site.sql.text("SELECT added_by FROM exhibit WHERE id = ?", site.body.text("evidence")) != site.event.actor.person.text())
        decide(site, *state);
}

void withdraw(ProjectionSite &site) { decide(site, ExhibitState::Withdrawn); }

void request(ProjectionSite &site)
{
    const BodyReader &body = site.body;
    const auto due = body.timeOrNone("due");
    const auto no = site.sql.integer("SELECT coalesce(max(no), 0) + 1 FROM evidence_request").value_or(1);
    site.sql.run("INSERT INTO evidence_request (no, id, model, version, requirement, body, asked, due, state, exhibit, requested_at, requested_by, requested_by_name, closed_at, "
                 "closed_by, closed_by_name, reason, entry) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, NULL, '', '', '', ?)",
                 no, body.text("evidence"), body.text("model"), body.textOr("version"), body.textOr("requirement"), body.textOr("text"), body.text("person"),
                 due ? std::optional(toMillis(*due)) : std::nullopt, EvidenceRequestState::Open, site.at(), site.event.actor.person.text(), site.actorName(), site.seq);
}

template<EvidenceRequestState State>
void close(ProjectionSite &site)
{
    site.sql.run("UPDATE evidence_request SET state = ?, closed_at = ?, closed_by = ?, closed_by_name = ?, reason = ? WHERE id = ?", State, site.at(),
                 site.event.actor.person.text(), site.actorName(), site.body.text("reason"), site.body.text("evidence"));
}

} // namespace

const ProjectKinds &evidenceKinds()
{
    static const ProjectKinds kinds{
        {"evidence.add", add},
        {"evidence.review", review},
        {"evidence.withdraw", withdraw},
        {"evidence.request", request},
        {"evidence.decline", close<EvidenceRequestState::Declined>},
        {"evidence.cancel", close<EvidenceRequestState::Cancelled>},
    };
    return kinds;
}

} // namespace countersign::store
