#include "models/ledger/roster.h"

#include "models/ledger/judge.h"

namespace countersign::ledger {

namespace {

constexpr std::string_view kAdministrator = "administrator";
constexpr std::string_view kDevice = "device";
constexpr std::int64_t kLongestSeries = 10; // minutes

Error denied(std::string sentence)
{
    return {ErrorKind::Denied, std::move(sentence), {}};
}

} // namespace

json::Object signingPolicyBody(const SigningPolicy &policy)
{
    json::Object body{{"confirmKeys", policy.confirmsKeys},
                      {"cosigners", policy.cosigners},
                      {"reauthentication", policy.reauthentication}};
    if (policy.reauthentication == "series")
        body.set("seriesMinutes", policy.seriesMinutes);
    return body;
}

Result<SigningPolicy> readSigningPolicy(const json::Object &body)
{
    const json::Value *confirms = body.find("confirmKeys");
    const json::Value *cosigners = body.find("cosigners");
    const json::Value *reauthentication = body.find("reauthentication");
    const json::Value *minutes = body.find("seriesMinutes");
    const Error malformed{ErrorKind::Invalid, "The signing policy is malformed.", {}};
    if ((confirms && !confirms->boolean()) || (cosigners && !cosigners->integer()) || (reauthentication && !reauthentication->string()) || (minutes && !minutes->integer()))
        return malformed;
    SigningPolicy policy;
    policy.confirmsKeys = confirms && *confirms->boolean();
    policy.cosigners = cosigners ? *cosigners->integer() : 0;
    policy.seriesMinutes = minutes ? *minutes->integer() : 0;
    if (reauthentication)
        policy.reauthentication = *reauthentication->string();
    const bool isSeries = policy.reauthentication == "series";
    if (policy.cosigners < 0 || policy.cosigners > 60 || (!isSeries && policy.reauthentication != "each-signature")
        || (isSeries ? policy.seriesMinutes < 1 || policy.seriesMinutes > kLongestSeries : policy.seriesMinutes != 0))
        return malformed;
    return policy;
}

Result<RoleGrant> readRoles(const json::Object &body)
{
    const Error malformed{ErrorKind::Invalid, "The person or the roles are malformed.", {}};
    const json::Value value(body);
    const auto person = PersonId::parse(value.textOr("person", {}));
    const json::Value *roles = value.find("roles");
    if (!person || !roles || !roles->array())
        return malformed;
    RoleGrant grant{person->text(), {}};
    for (const json::Value &role : *roles->array()) {
        if (!role.string())
            return malformed;
        grant.roles.insert(*role.string());
    }
    return grant;
}

bool Roster::holds(const std::string &person, const std::string &role) const
{
    const auto found = m_roles.find(person);
    return found != m_roles.end() && found->second.contains(role);
}

std::set<std::string> Roster::administratorsAt(std::uint64_t seq, const KeyRing &ring) const
{
    std::set<std::string> persons;
    for (const auto &[id, key] : ring.keys())
        if (key.keyClass == KeyClass::Person && key.isUsableAt(seq) && holds(key.owner, std::string(kAdministrator)))
            persons.insert(key.owner);
    return persons;
}

bool Roster::isChangedBy(std::string_view kind)
{
    return kind.starts_with("person.") || kind.starts_with("key.") || kind == "policy.signing";
}

Status Roster::judge(const Event &event, std::uint64_t seq, bool isPersonKey, const KeyRing &ring) const
{
    const std::string &role = event.actor.role;
    if (isPersonKey ? !holds(event.actor.person.text(), role) : role != kDevice)
        return denied(isPersonKey ? "Its signer did not hold the role " + role + " at that moment."
                                  : "A device's key signed in the role " + role + ".");
    if (!isChangedBy(event.kind))
        return {};
    if (event.kind.starts_with("key."))
        return judgeKey(event, seq, ring);
    if (role != kAdministrator)
        return denied("Only an administrator may sign " + event.kind + ".");
    const auto grant = event.kind.starts_with("person.") ? readRoles(event.body) : Result<RoleGrant>(Error{});
    if (const bool isKnown = grant && m_roles.contains(grant->person);
        grant && isKnown != (event.kind == "person.roles"))
        return denied(isKnown ? "The person was added before." : "It gives roles to a person who was never added.");
    return {};
}

/// The owner alone may rotate a key, and may revoke it; what else happens to persons' keys is an administrator's to
/// sign. A device's key is enrolled by whoever works there.
Status Roster::judgeKey(const Event &event, std::uint64_t seq, const KeyRing &ring) const
{
    const json::Value body(event.body);
    const std::string person = event.actor.person.text();
    const bool isAdministrator = event.actor.role == kAdministrator;
    if (event.kind == "key.rotate")
        return {}; // step 6 asks for the owner's own signature
    const auto found = ring.keys().find(KeyId::of(body.textOr("key", {})));
    if (event.kind == "key.revoke" && found != ring.keys().end() && found->second.owner == person)
        return {};
    const bool isDevice = event.kind == "key.enroll" && body.textOr("class", {}) == keyClassKey(KeyClass::Device);
    if (!isDevice && !isAdministrator)
        return denied("Only an administrator may sign " + event.kind + ".");
    if (event.kind == "key.enroll" && !isDevice && m_policy.confirmsKeys && administratorsAt(seq, ring).size() > 1)
        return denied("Two administrators have keys: a person's key must be proposed by one and confirmed by another.");
    return {};
}

void Roster::apply(const Event &event)
{
    if (event.kind == "ledger.genesis") {
        const auto genesis = readGenesis(event.body);
        if (!genesis)
            return;
        m_roles[genesis->person] = {genesis->roles.begin(), genesis->roles.end()};
        if (const auto policy = readSigningPolicy(genesis->policy))
            m_policy = *policy;
    } else if (event.kind == "policy.signing") {
        if (const auto policy = readSigningPolicy(event.body))
            m_policy = *policy;
    } else if (event.kind == "person.add" || event.kind == "person.roles") {
        if (auto grant = readRoles(event.body))
            m_roles[grant->person] = std::move(grant->roles);
    }
}

} // namespace countersign::ledger
