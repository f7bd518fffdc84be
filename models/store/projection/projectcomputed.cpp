// Computed sets and change requests, from their events.

#include "models/base/text.h"
#include "models/store/projection/projector.h"

namespace countersign::store {

namespace {

std::string actorName(const ledger::Event &event)
{
    const auto name = text::unescape(event.actor.name);
    return name ? *name : event.actor.name;
}

std::string evidenceText(const ledger::Event &event) { return event.evidence ? event.evidence->text() : std::string(); }

/// A member that is a list or an object, as it stands.
std::string documentText(const json::Value *value)
{
    const auto bytes = value ? json::canonical(*value) : Result<Bytes>(Bytes("[]"));
    return bytes ? *bytes : "[]";
}

} // namespace

void Projector::recordComputed(const Body &body, const ledger::Event &event, std::uint64_t seq)
{
    m_sql.run("INSERT INTO computed_set (import, no, version, note, log, log_digest, log_bytes, row_count, rejected, windows, cells, engine, rows_digest, document, scores, "
              "entry) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
              body.text("import"), body.integer("importNo"), body.text("version"), body.textOr("note"), body.text("log"), body.text("logDigest"),
              body.integer("logBytes"), body.integer("rows"), body.integer("rejected"), body.integer("windows"), body.integer("cells"), body.integer("engine"),
              body.text("rowsDigest"), evidenceText(event), body.textOr("scores"), seq);
}

void Projector::recordRecomputed(const Body &body, const ledger::Event &event, std::uint64_t seq)
{
    m_sql.run("INSERT INTO computed_check (entry, import, log, log_digest, engine, is_equal, compared, differences, at, actor) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
              seq, body.text("import"), body.text("log"), body.text("logDigest"), body.integer("engine"), body.flag("equal") ? 1 : 0, body.integer("compared"),
              body.integer("differences"), toMillis(event.time), actorName(event));
}

void Projector::proposeChange(const Body &body, const ledger::Event &event, std::uint64_t seq)
{
    m_sql.run("INSERT INTO change_request (id, version, kind, attributes, thresholds, bound, tolerance, import, summary, reason, legal_note, evidence, media, at, actor, entry) "
              "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
              body.text("change"), body.text("version"), body.text("changeKind"), documentText(body.find("attributes")), documentText(body.find("thresholds")),
              body.textOr("constraint"), body.realOrNone("tolerance"), body.textOr("basis"), body.text("summary"), body.text("reason"), body.textOr("legalNote"),
              evidenceText(event), body.textOr("media"), toMillis(event.time), actorName(event), seq);
}

void Projector::withdrawChange(const Body &body, const ledger::Event &event, std::uint64_t seq)
{
    const std::string id = body.text("change");
    if (!m_sql.integer("SELECT 1 FROM change_request WHERE id = ?", id))
        return m_sql.fail({ErrorKind::NotFound, "There is no change request " + id + " to withdraw.", {}});
    m_sql.run("UPDATE change_request SET withdrawal = ?, withdrawn_at = ?, withdrawn_by = ?, withdrawn_reason = ? WHERE id = ?", seq, toMillis(event.time), actorName(event),
              body.text("reason"), id);
}

} // namespace countersign::store
