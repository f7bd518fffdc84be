#include "models/store/projection/projector.h"

#include "models/store/projection/site.h"

#include "models/base/text.h"
#include "models/store/queries/trail.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace countersign::store {

namespace {

/// Events about inventory records move large members (tags, parameters, changes) into a document; its members read like the body's own.
bool hasDetails(const ledger::Event &event)
{
    static constexpr std::array<std::string_view, 6> kinds{"model.register", "model.update", "version.register", "version.update", "run.record", "run.update"};
    return event.evidence && std::ranges::find(kinds, event.kind) != kinds.end();
}

constexpr std::size_t kMaxDetails = 64U << 20;

} // namespace

Projector::Projector(database::Connection &connection, EvidenceLookup evidence) : m_sql(connection), m_evidence(std::move(evidence)) {}

Status Projector::apply(const ledger::Event &event, std::uint64_t seq)
{
    if (!hasDetails(event))
        return applyBody(Body(event.body), event, seq);
    json::Object members = event.body;
    const auto bytes = m_evidence(*event.evidence);
    if (!bytes)
        return bytes.error();
    const auto details = json::readRestricted(*bytes, kMaxDetails);
    if (!details || !details->object())
        return Error{ErrorKind::Tampered, "The details of an event are not a document of its kind.", {}};
    for (const auto &[key, value] : details->object()->members())
        members.set(key, value);
    return applyBody(Body(members), event, seq);
}

Status Projector::applyBody(const Body &body, const ledger::Event &event, std::uint64_t seq)
{
    m_changeNo = 0;
    beginEntry(event);

    using Handler = void (*)(Projector &, const Body &, const ledger::Event &, std::uint64_t);
    static constexpr Handler enrol = [](Projector &p, const Body &b, const ledger::Event &e, std::uint64_t s) {
        p.enrolKey(b.text("key"), b.text("class"), b.text("owner"), b.text("public"), e, s);
    };
    static const std::unordered_map<std::string_view, Handler> handlers{
        {"ledger.genesis", [](Projector &p, const Body &b, const ledger::Event &e, std::uint64_t s) {
             const json::Value *admin = b.find("admin");
             const json::Object *record = admin ? admin->object() : nullptr;
             const json::Value *key = admin ? admin->find("key") : nullptr;
             if (!record || !key)
                 return p.m_sql.fail({ErrorKind::Invalid, "The first event names no administrator.", {}});
             const Body person(*record);
             p.person(person, e);
             p.enrolKey(key->textOr("id", {}), "person", person.text("person"), key->textOr("public", {}), e, s);
             const json::Value *policy = b.find("policy");
             p.setSigningPolicy(policy && policy->object() ? *policy->object() : json::Object(), s);
         }},
        {"person.add", [](Projector &p, const Body &b, const ledger::Event &e, std::uint64_t) { p.person(b, e); }},
        {"person.roles", [](Projector &p, const Body &b, const ledger::Event &e, std::uint64_t) { p.person(b, e); }},
        {"key.enroll", enrol},
        {"key.propose", enrol},
        {"key.confirm", [](Projector &p, const Body &b, const ledger::Event &e, std::uint64_t s) { p.confirmKey(b, e, s); }},
        {"key.rotate", [](Projector &p, const Body &b, const ledger::Event &e, std::uint64_t s) { p.rotateKey(b, e, s); }},
        {"key.revoke", [](Projector &p, const Body &b, const ledger::Event &, std::uint64_t s) {
             p.endKey(b.text("key"), static_cast<std::uint64_t>(b.integer("fromSize")), s, b.text("reason"));
         }},
        {"policy.signing", [](Projector &p, const Body &, const ledger::Event &e, std::uint64_t s) { p.setSigningPolicy(e.body, s); }},
        {"model.register", [](Projector &p, const Body &b, const ledger::Event &, std::uint64_t s) { p.registerModel(b, s); }},
        {"model.update", [](Projector &p, const Body &b, const ledger::Event &, std::uint64_t s) { p.updateModel(b, s); }},
        {"version.register", [](Projector &p, const Body &b, const ledger::Event &, std::uint64_t s) { p.registerVersion(b, s); }},
        {"version.update", [](Projector &p, const Body &b, const ledger::Event &, std::uint64_t s) { p.updateVersion(b, s); }},
        {"run.record", [](Projector &p, const Body &b, const ledger::Event &, std::uint64_t s) { p.recordRun(b, s); }},
        {"run.update", [](Projector &p, const Body &b, const ledger::Event &, std::uint64_t s) { p.updateRun(b, s); }},
        {"metrics.import", [](Projector &p, const Body &b, const ledger::Event &e, std::uint64_t) { p.importObservations(b, e); }},
        {"import.commit", [](Projector &p, const Body &b, const ledger::Event &e, std::uint64_t s) { p.commitImport(b, e, s); }},
        {"import.undo", [](Projector &p, const Body &b, const ledger::Event &, std::uint64_t s) { p.undoImport(b, s); }},
        {"metrics.computed", [](Projector &p, const Body &b, const ledger::Event &e, std::uint64_t s) { p.recordComputed(b, e, s); }},
        {"metrics.recomputed", [](Projector &p, const Body &b, const ledger::Event &e, std::uint64_t s) { p.recordRecomputed(b, e, s); }},
        {"change.propose", [](Projector &p, const Body &b, const ledger::Event &e, std::uint64_t s) { p.proposeChange(b, e, s); }},
        {"change.withdraw", [](Projector &p, const Body &b, const ledger::Event &e, std::uint64_t s) { p.withdrawChange(b, e, s); }},
        {"bundle.freeze", [](Projector &p, const Body &b, const ledger::Event &e, std::uint64_t s) { p.freezeBundle(b, e, s); }},
        {"review.signoff", [](Projector &p, const Body &b, const ledger::Event &e, std::uint64_t s) { p.signOff(b, e, s); }},
        {"review.reject", [](Projector &p, const Body &b, const ledger::Event &e, std::uint64_t s) { p.signOff(b, e, s); }},
        {"review.withdraw", [](Projector &p, const Body &b, const ledger::Event &e, std::uint64_t s) { p.withdrawSignOff(b, e, s); }},
        {"report.issue", [](Projector &p, const Body &b, const ledger::Event &e, std::uint64_t s) { p.issueReport(b, e, s); }},
    };
    if (const auto handler = handlers.find(event.kind); handler != handlers.end())
        handler->second(*this, body, event, seq);
    else if (const auto kind = governanceKinds().find(event.kind); kind != governanceKinds().end()) {
        ProjectionSite site{m_sql, body, event, seq, m_touchedNow};
        kind->second(site);
    }
    const std::string subject = ledger::subjectOf(event);
    if (!subject.empty())
        m_sql.post("INSERT INTO subject_head (subject, event, entry) VALUES (?, ?, ?) "
                  "ON CONFLICT (subject) DO UPDATE SET event = excluded.event, entry = excluded.entry",
                  subject, "e:" + event.id, seq);
    leaveTrail(body, event, subject, seq);
    if (body.failure())
        return body.failure()->in("entry " + std::to_string(seq) + " (" + event.kind + ")");
    return m_sql.status();
}

void Projector::person(const Body &body, const ledger::Event &event)
{
    std::string roles;
    for (const auto &role : body.texts("roles"))
        roles += (roles.empty() ? "" : ",") + role;
    if (event.kind == "person.roles") {
        m_sql.run("UPDATE person SET roles = ? WHERE id = ?", roles, body.text("person"));
        return;
    }
    m_sql.run("INSERT INTO person (id, name, login, roles, since) VALUES (?, ?, ?, ?, ?)", body.text("person"), body.text("name"), body.text("login"), roles,
              toMillis(event.time));
}

void Projector::leaveTrail(const Body &body, const ledger::Event &event, const std::string &subject, std::uint64_t seq)
{
    const auto textOf = [&body](std::string_view key) {
        const json::Value *value = body.find(key);
        return value && value->string() ? body.textOr(key) : std::string();
    };
    const std::string version = textOf("version");
    std::string model = textOf("model");
    if (model.empty() && !version.empty())
        model = modelOfVersion(version);
    const auto names = [this](std::string_view sql, const std::string &id) { return id.empty() ? std::string() : m_sql.text(sql, id).value_or(std::string()); };
    TrailContext context;
    // What registers a model says its name itself.
    if (event.kind != "model.register")
        context.model = names("SELECT name FROM model WHERE id = ?", model);
    context.version = names("SELECT label FROM version WHERE id = ?", version);
    if (body.find("person") && (event.kind.starts_with("person.") || event.kind == "evidence.request"))
        context.person = names("SELECT name FROM person WHERE id = ?", body.textOr("person"));
    if (event.kind == "security.unlock_failed")
        context.person = names("SELECT name FROM person WHERE id = ?", textOf("person"));
    if (event.kind.starts_with("key."))
        context.person = names("SELECT p.name FROM person p JOIN enrolled_key k ON k.owner = p.id WHERE k.id = ?", textOf("key"));
    const auto actor = text::unescape(event.actor.name);
    m_sql.post("INSERT INTO trail (entry, kind, at, actor, actor_name, subject, model, version, import, summary) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", seq,
               event.kind, toMillis(event.time), event.actor.person.text(), actor ? *actor : event.actor.name, subject, model, version, textOf("import"),
               trailSummary(event.kind, body, context));
}

void Projector::noteChange(std::uint64_t seq, const std::string &subject, const std::string &field, const std::optional<std::string> &before,
                           const std::optional<std::string> &after, const std::string &import)
{
    m_sql.post("INSERT INTO change (entry, no, subject, field, old, new, import) VALUES (?, ?, ?, ?, ?, ?, ?)", seq, m_changeNo++, subject, field, before, after,
               import);
}

std::string Projector::modelOfVersion(const std::string &version)
{
    return m_sql.text("SELECT model FROM version WHERE id = ?", version).value_or(std::string());
}

void Projector::touchVersion(const std::string &version)
{
    if (!version.empty())
        m_touchedNow.insert(version);
}

void Projector::beginEntry(const ledger::Event &event)
{
    if (m_seen && *m_seen != event.seen.size) {
        endChange();
        m_newest = {};
    }
    m_seen = event.seen.size;
    m_newest = std::max(m_newest, event.time);
}

void Projector::endChange()
{
    for (const auto &version : m_touchedNow)
        m_touchedVersions[version] = m_newest;
    m_touchedNow.clear();
}

bool Projector::willSettle(const std::set<std::string> &versions) const
{
    return std::ranges::any_of(versions, [this](const std::string &version) { return m_touchedVersions.contains(version) || m_touchedNow.contains(version); });
}

} // namespace countersign::store
