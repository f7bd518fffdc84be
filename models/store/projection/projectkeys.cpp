// The key part of the projector: how keys come and go, and the signing policy. What ledger::KeyRing and ledger::Roster
// keep in memory, as rows.

#include "models/ledger/roster.h"
#include "models/store/projection/projector.h"

#include <algorithm>

namespace countersign::store {

void Projector::enrolKey(const std::string &key, const std::string &keyClass, const std::string &owner,
                         const std::string &publicKey, const ledger::Event &event, std::uint64_t seq)
{
    const auto raw = fromBase64(publicKey);
    if (!raw)
        return m_sql.fail(raw.error().in("public key"));
    m_sql.run("INSERT INTO enrolled_key (id, class, owner, public, enrolled_at, enrolled_by, is_awaiting) VALUES (?, "
              "?, ?, ?, ?, ?, ?)",
              key, keyClass, owner, Blob{*raw}, seq, event.actor.person.text(), event.kind == "key.propose");
}

void Projector::confirmKey(const Body &body, const ledger::Event &event, std::uint64_t seq)
{
    m_sql.run("UPDATE enrolled_key SET is_awaiting = 0, confirmed_in = ?, confirmed_by = ? WHERE id = ?", seq,
              event.actor.person.text(), body.text("key"));
}

void Projector::rotateKey(const Body &body, const ledger::Event &event, std::uint64_t seq)
{
    const std::string key = body.text("key");
    const std::string old = body.text("replaces");
    enrolKey(key, "person", body.text("owner"), body.text("public"), event, seq);
    m_sql.run("UPDATE enrolled_key SET replaces = ? WHERE id = ?", old, key);
    m_sql.run("UPDATE enrolled_key SET replaced_by = ? WHERE id = ?", key, old);
    endKey(old, seq + 1, seq, {});
}

/// The least position counts, and its reason is the one that is told. What was signed between it and the first end is
/// disputed.
void Projector::endKey(const std::string &key, std::uint64_t from, std::uint64_t seq, const std::string &reason)
{
    const std::uint64_t end = std::max(from, seq);
    m_sql.run("UPDATE enrolled_key SET disputed_to = ? WHERE id = ? AND (disputed_to IS NULL OR disputed_to > ?)", end,
              key, end);
    m_sql.run("UPDATE enrolled_key SET revoked_from = ?, revoked_in = ?, reason = ? WHERE id = ? AND (revoked_from IS "
              "NULL OR revoked_from > ?)",
              from, seq, reason, key, from);
}

void Projector::setSigningPolicy(const json::Object &body, std::uint64_t seq)
{
    const auto policy = ledger::readSigningPolicy(body);
    if (!policy)
        return m_sql.fail(policy.error());
    m_sql.run("INSERT INTO signing_policy (entry, confirms_keys, cosigners, reauthentication, series_minutes) VALUES "
              "(?, ?, ?, ?, ?)",
              seq, policy->confirmsKeys, policy->cosigners, policy->reauthentication, policy->seriesMinutes);
}

} // namespace countersign::store
